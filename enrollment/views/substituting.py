"""A sender's own changes after selection: somebody else comes, or seats are turned back."""

from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import liaison_only
from accounts.moves import Refused
from courses.models import Iteration
from enrollment import actions, workflow
from enrollment.eligibility import check
from enrollment.forms.substituting import SubstituteForm, TurnBackForm
from enrollment.models import Nomination
from enrollment.models.background import background_of
from enrollment.models.dossier import dossiers_for
from enrollment.models.evidence import candidate_of, criteria_of
from enrollment.models.holding import quotas_of
from enrollment.views.answers import id_in
from interface import dates, flash
from partners.models import Person
from partners.models.sender import senders_of

FOUND_AT_ONCE = 20
PARTS = {"people": "enrollment/_nominate_people.html", "choice": "enrollment/_substitute_choice.html"}
HAS_A_PLACE = workflow.LIVE - workflow.WITH_THE_LIAISON - workflow.TO_DECIDE


@require_http_methods(["GET", "HEAD", "POST"])
@liaison_only
def substitute(request, pk: int):
    """Another of the own people takes the place: choose, see the criteria, say why."""
    row = _own_nomination(request.user, pk)
    if not actions.may_still_be_substituted(row):
        flash.refuse(request, _too_late(row))
        return redirect("enrollment:nomination", pk)
    people, data = _people_for(row), request.POST if request.method == "POST" else None
    form = SubstituteForm(data, people=people)
    if form.is_valid():
        try:
            new = actions.substitute(row, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        else:
            facts = {"new": new.person, "old": row.person}
            flash.tell(request, _("%(new)s comes instead of %(old)s. The place has to be confirmed next.") % facts)
            return redirect("enrollment:nomination", new.pk)
    chosen = people.filter(pk=id_in(data.get("person"))).first() if data else _chosen(people, request.GET.get("person"))
    return _page(request, row, form, chosen)


@require_http_methods(["GET", "HEAD", "POST"])
@liaison_only
def turn_back(request, pk: int):
    """Give back seats that nobody of ours will take; what that means is said before."""
    iteration = get_object_or_404(Iteration.objects.visible_to(request.user).for_lists(), pk=pk)
    quotas = quotas_of(senders_of(request.user)).filter(iteration=iteration, unnamed__gt=0)
    form = TurnBackForm(request.POST if request.method == "POST" else None, quotas=quotas)
    if form.is_valid():
        try:
            actions.turn_back(by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        else:
            flash.tell(request, _said_of(form.cleaned_data["count"]))
            return redirect("enrollment:ranking", pk)
    context = {"iteration": iteration, "form": form, "quotas": quotas, "is_late": iteration.is_after_go_no_go()}
    return render(request, "enrollment/turn_back.html", context)


def _said_of(count: int) -> str:
    sentence = ngettext(
        "%(count)s seat turned back. It goes to whom it is due.",
        "%(count)s seats turned back. They go to whom they are due.",
        count,
    )
    return sentence % {"count": count}


def _own_nomination(user, pk: int) -> Nomination:
    rows = Nomination.objects.visible_to(user).for_lists()
    row = get_object_or_404(rows, pk=pk)
    if not row.is_sent_by_those_of(user):
        raise Http404
    return row


def _too_late(row: Nomination) -> str:
    last_day = row.iteration.last_substitution_on or row.iteration.starts_on
    sentence = _(
        "Nobody can take this place now: substitutions are for a selected or confirmed nominee until the end of "
        "%(day)s (%(zone)s), and within %(hours)s hours of a withdrawal."
    )
    facts = {"day": dates.day(last_day), "zone": dates.zone_name(row.iteration.zone)}
    return sentence % {**facts, "hours": row.iteration.substitution_grace_hours}


def _people_for(row: Nomination):
    """The sender's people but her who leaves; `is_nominated` are those who have a place here already."""
    placed = Nomination.objects.filter(iteration=row.iteration_id, person=OuterRef("pk"), state__in=HAS_A_PLACE)
    own = Person.objects.of_sender(row.sender).exclude(pk=row.person_id).select_related("nation", "organisation")
    return own.annotate(is_nominated=Exists(placed))


def _chosen(people, sent: str | None) -> Person | None:
    if not sent:
        return None
    pk = id_in(sent)
    if pk is None:
        raise Http404
    return get_object_or_404(people, pk=pk)


def _page(request, row: Nomination, form: SubstituteForm, chosen: Person | None):
    """The whole page, or the part of it that htmx asked for."""
    part = request.htmx.target
    context = {
        "nomination": row,
        "iteration": row.iteration,
        "form": form,
        "chosen": chosen,
        "is_late": row.iteration.is_after_go_no_go(),
    }
    if chosen:
        context |= _what_the_record_says(chosen, row.iteration, request.user)
    elif part != "choice":
        context |= _found(request, row)
    return render(request, PARTS.get(part, "enrollment/substitute.html"), context)


def _found(request, row: Nomination) -> dict:
    words = request.GET.get("q", "")[:100]
    people = list(_people_for(row).search(words)[: FOUND_AT_ONCE + 1])
    return {"q": words, "people": people[:FOUND_AT_ONCE], "has_more_people": len(people) > FOUND_AT_ONCE}


def _what_the_record_says(person: Person, iteration: Iteration, user) -> dict:
    dossier = dossiers_for([person])[person.pk]
    findings = check(criteria_of(iteration), candidate_of(dossier))
    return {
        "findings": findings,
        "background": background_of(dossier, iteration, reader=user),
        "is_barred": any(finding.is_in_the_way for finding in findings),
    }
