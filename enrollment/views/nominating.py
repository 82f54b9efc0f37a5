"""Put somebody forward: choose one of the own people, see what the record says, save as draft or submit."""

from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import moment
from accounts.access import liaison_only
from accounts.moves import Refused
from courses import wording
from courses.models import Iteration
from enrollment import actions
from enrollment.actions import obstacles
from enrollment.eligibility import Criteria, check
from enrollment.forms.nominations import NominateForm, NominationForm
from enrollment.models import Nomination
from enrollment.models.background import background_of, is_live_on
from enrollment.models.carrying import further_for
from enrollment.models.dossier import dossiers_for
from enrollment.models.evidence import candidate_of, criteria_of
from enrollment.views.answers import id_in, said
from interface import flash
from partners.models import Person

FOUND_AT_ONCE = 20
MOST_FURTHER = 6
PARTS = {"people": "enrollment/_nominate_people.html", "choice": "enrollment/_nominate_choice.html"}


@require_http_methods(["GET", "HEAD", "POST"])
@liaison_only
def nominate(request, pk: int):
    iteration = get_object_or_404(Iteration.objects.visible_to(request.user).for_lists(), pk=pk)
    if request.method == "POST":
        return _put_forward(request, iteration)
    chosen = _chosen(request)
    return _page(request, iteration, _form(request.user, iteration, chosen, initial={"person": chosen}), chosen)


@require_http_methods(["GET", "HEAD", "POST"])
@liaison_only
def nomination_edit(request, pk: int):
    """Change what the liaison said, while the nomination is with her."""
    nomination = get_object_or_404(Nomination.objects.visible_to(request.user).for_lists(), pk=pk)
    if request.method != "POST" and not nomination.is_changeable_by(request.user):
        flash.refuse(request, actions.NOT_CHANGEABLE)
        return redirect("enrollment:nomination", pk)
    fields = ("priority", "is_alternate", "remarks")
    form = NominationForm(request.POST or None, initial={name: getattr(nomination, name) for name in fields})
    if request.method == "POST" and form.is_valid():
        try:
            actions.revise(nomination, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            flash.tell(request, said(nomination, "revise"))
            return redirect("enrollment:nomination", nomination.pk)
    return render(request, "enrollment/nomination_form.html", {"nomination": nomination, "form": form})


def _form(user, iteration: Iteration, chosen: Person | None, *data, **options) -> NominateForm:
    """With the further iterations of the course for which the chosen person can be nominated as well."""
    now = moment.now()
    others = further_for(chosen, iteration)[:MOST_FURTHER] if chosen else []
    others = [each for each in others if not obstacles.is_too_late(each, now)]
    return NominateForm(*data, user=user, iteration=iteration, others=others, **options)


def _put_forward(request, iteration: Iteration):
    chosen = _own_people(request.user).filter(pk=id_in(request.POST.get("person"))).first()
    form = _form(request.user, iteration, chosen, request.POST)
    submits = request.POST.get("deed") == "submit"
    if form.is_valid():
        try:
            made = actions.nominate_for_several(by=request.user, submits=submits, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        else:
            flash.tell(request, _said_of_all(made, "submit" if submits else "draft"))
            return redirect("enrollment:nomination", made[0].pk)
    return _page(request, iteration, form, chosen)


def _said_of_all(made: list[Nomination], deed: str) -> str:
    if len(made) == 1:
        return said(made[0], deed)
    facts = {"person": made[0].person, "iterations": "; ".join(str(each.iteration) for each in made)}
    if deed == "draft":
        return _("Drafts saved for %(person)s, the one liked best first: %(iterations)s.") % facts
    return _("Submitted: %(person)s, the one liked best first: %(iterations)s. Not yet decided.") % facts


def _page(request, iteration: Iteration, form: NominateForm, chosen: Person | None):
    """The whole page, or the part of it that htmx asked for."""
    part, criteria = request.htmx.target, criteria_of(iteration)
    context = {"iteration": iteration, "form": form, "chosen": chosen, "criteria": _in_words(iteration)}
    if chosen:
        context |= _what_the_record_says(chosen, iteration, criteria, request.user)
    elif part != "choice":
        context |= _people(request, iteration)
    return render(request, PARTS.get(part, "enrollment/nominate.html"), context)


def _in_words(iteration: Iteration) -> list[str]:
    return wording.entry_criteria(iteration.course, iteration.course.prerequisite_links.all())


def _chosen(request) -> Person | None:
    if not request.GET.get("person"):
        return None
    pk = id_in(request.GET["person"])
    if pk is None:
        raise Http404
    return get_object_or_404(_own_people(request.user), pk=pk)


def _own_people(user):
    return Person.objects.sent_by_those_of(user).select_related("nation", "organisation")


def _people(request, iteration: Iteration) -> dict:
    """The own people whose names match the search; each knows whether she is nominated already."""
    words = request.GET.get("q", "")[:100]
    live = Nomination.objects.live().filter(iteration=iteration, person=OuterRef("pk"))
    found = _own_people(request.user).search(words).annotate(is_nominated=Exists(live))
    people = list(found[: FOUND_AT_ONCE + 1])
    return {"q": words, "people": people[:FOUND_AT_ONCE], "has_more_people": len(people) > FOUND_AT_ONCE}


def _what_the_record_says(person: Person, iteration: Iteration, criteria: Criteria, user) -> dict:
    dossier, now = dossiers_for([person])[person.pk], moment.now()
    closed = obstacles.to_nominating(person.sender, iteration)
    return {
        "findings": check(criteria, candidate_of(dossier)),
        "background": background_of(dossier, iteration, reader=user),
        "is_nominated": is_live_on(dossier, iteration),
        "may_draft": not closed,
        "obstacles": [each.sentence for each in obstacles.to_submitting(person.sender, iteration, now)],
        "is_late": obstacles.is_late(iteration, now),
        "when_closed": obstacles.when_closed(iteration),
    }
