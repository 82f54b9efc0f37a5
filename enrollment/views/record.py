"""A person's record in enrolment: her nominations, what she completed elsewhere, and the papers that speak for her."""

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import liaison_or_coordinator, signed_in
from accounts.moves import Refused
from enrollment import actions
from enrollment.actions.evidence import kinds_open_to
from enrollment.forms.nominations import CompletionForm
from enrollment.models import Evidence, Nomination
from enrollment.models.embargo import as_she_knows_them
from interface import flash
from partners.models import Person


@require_safe
@signed_in
def person_nominations(request, pk: int):
    """A page of its own, and a part of the person's page."""
    person = _person(request.user, pk)
    return _page(request, person, CompletionForm(user=request.user))


@require_POST
@liaison_or_coordinator
def completion_add(request, pk: int):
    person, form = _person(request.user, pk), CompletionForm(request.POST, user=request.user)
    if form.is_valid():
        try:
            actions.record_completion(person, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        else:
            flash.tell(request, _("Completion recorded. It counts as evidence from now on."))
            return redirect("enrollment:person_nominations", pk)
    return _page(request, person, form)


def _person(user, pk: int) -> Person:
    return get_object_or_404(Person.objects.visible_to(user).select_related("nation", "organisation"), pk=pk)


def _untold(person: Person, user) -> list[Nomination]:
    """Her own nominations of which she is not yet told the decision, as she knows them; they have no page meanwhile."""
    if person.user_id != user.pk:
        return []
    rows = Nomination.objects.untold_to(user).exclude(pk__in=Nomination.objects.visible_to(user).values("pk"))
    return as_she_knows_them(rows.for_lists().order_by("-iteration__starts_on", "-pk"))


def _page(request, person: Person, form: CompletionForm):
    user = request.user
    nominations = Nomination.objects.visible_to(user).filter(person=person).order_by("-iteration__starts_on", "-pk")
    context = {
        "person": person,
        "nominations": nominations.select_related("iteration__course", "nation", "organisation"),
        "untold": _untold(person, user),
        "completions": person.completions.select_related("course", "recorded_by"),
        "may_record": user.is_coordinator or (user.is_liaison and person.is_sent_by_those_of(user)),
        "papers": Evidence.objects.visible_to(user).filter(person=person).for_lists(),
        "hand_in_url": reverse("enrollment:person_evidence_new", args=[person.pk])
        if kinds_open_to(user, person)
        else "",
        "form": form,
    }
    is_part = request.htmx and not request.htmx.boosted
    return render(
        request, "enrollment/_person_nominations.html" if is_part else "enrollment/person_nominations.html", context
    )
