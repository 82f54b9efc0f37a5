"""Move a nominee to another iteration of the course, with place and evidence: what it means, then the move."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import coordinator_only
from accounts.moves import Refused
from courses.models import Iteration
from enrollment import actions, workflow
from enrollment.forms.transferring import TransferForm
from enrollment.models import Nomination
from enrollment.models.places import Places
from enrollment.seating import obstacle
from enrollment.views.answers import id_in
from enrollment.workflow import NominationState
from interface import flash

TRANSFER = next(move for move in workflow.NOMINATION_MOVES if move.name == "transfer")


@require_http_methods(["GET", "HEAD", "POST"])
@coordinator_only
def transfer(request, pk: int):
    """Targets with their free seats; `show` says what moving to the chosen one means, and changes nothing."""
    row = _nomination(request.user, pk)
    if not row.may("transfer", request.user):
        flash.refuse(request, row.too_late_for(TRANSFER))
        return redirect("enrollment:nomination", pk)
    only_shows = request.method != "POST" or "show" in request.POST
    typed = {name: (request.POST or request.GET).get(name, "") for name in ("to", "reason")}
    form = TransferForm(row, request.user, **({"initial": typed} if only_shows else {"data": request.POST}))
    if form.is_valid():
        try:
            new = actions.transfer(row, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        else:
            flash.tell(request, _said(new))
            return redirect("enrollment:nomination", new.pk)
    return render(request, "enrollment/transfer.html", _context(row, form))


def _nomination(user, pk: int) -> Nomination:
    rows = Nomination.objects.visible_to(user).for_lists().select_related("seat")
    return get_object_or_404(rows, pk=pk)


def _context(row: Nomination, form: TransferForm) -> dict:
    targets = list(form.fields["to"].queryset)
    chosen = id_in(str(form["to"].value() or ""))
    there = _nominated_at(row, targets)
    target = next((each for each in targets if each.pk == chosen), None)
    return {
        "nomination": row,
        "iteration": row.iteration,
        "form": form,
        "targets": [(each, each.pk in there) for each in targets],
        "target": target,
        "consequence": _consequence(row, target, there) if target else "",
        "is_possible": target is not None and not _obstacle(row, target, there),
    }


def _nominated_at(row: Nomination, targets: list[Iteration]) -> set[int]:
    """Where the person is nominated already, so that she cannot be moved there."""
    there = Nomination.objects.live().filter(person=row.person_id, iteration__in=targets)
    return set(there.values_list("iteration", flat=True))


def _consequence(row: Nomination, target: Iteration, there: set[int]) -> str:
    """What moving there means, in a sentence; or why it cannot be done."""
    facts = {"person": row.person, "to": target}
    if why_not := _obstacle(row, target, there):
        return why_not
    if row.state in workflow.EXPECTED:
        return _("%(person)s gets a seat on %(to)s, in the same state; the seat here is free again.") % facts
    if row.state == NominationState.WAITLISTED:
        return _("%(person)s waits on the list of %(to)s, in the order of its first submission.") % facts
    return _("%(person)s is submitted for %(to)s and is not yet decided there.") % facts


def _obstacle(row: Nomination, target: Iteration, there: set[int]) -> str:
    if target.pk in there:
        return _("%(person)s is nominated for %(to)s already.") % {"person": row.person, "to": target}
    if row.state not in workflow.EXPECTED:
        return ""
    places = Places(target)
    found = obstacle(places.plan, places.kind_of(row))
    return _("Not possible: %s.") % found.sentence if found else ""


def _said(new: Nomination) -> str:
    facts = {"person": new.person, "to": new.iteration, "state": new.get_state_display()}
    return _("Moved: %(person)s is now “%(state)s” for %(to)s. The liaison is told.") % facts
