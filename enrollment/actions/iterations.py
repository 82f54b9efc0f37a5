"""Cancel an iteration with everything that hangs on it."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import carry_out, keep_history
from accounts.moves import Refused
from courses import actions as courses
from courses import workflow as iterations
from courses.models import Iteration
from enrollment import emails, workflow
from enrollment.models import Nomination
from enrollment.workflow import NominationState


@transaction.atomic
def cancel_iteration(iteration: Iteration, *, by, reason: str, carry_to: Iteration | None = None) -> Iteration:
    """Cancel, with a reason; each live nomination is cancelled, told, and carried to `carry_to` if given (rule 5.13)."""
    _refuse_as_target(iteration, carry_to)
    row = courses.lock(iteration)
    carry_out(row, "cancel", by=by, reason=reason, cancellation_reason=reason.strip())
    live = Nomination.objects.select_for_update(of=("self",)).live().filter(iteration=row)
    for nomination in live.select_related("person__user", "nation", "organisation"):
        nomination.iteration = row
        _cancel(nomination, by, reason, carry_to)
    Iteration.objects.filter(pk=row.pk).update(seats_taken=0)
    row.seats_taken = 0
    return row


def _cancel(nomination: Nomination, by, reason: str, carry_to: Iteration | None) -> None:
    was_sent = nomination.state not in workflow.WITH_THE_LIAISON
    was_expected = nomination.state in workflow.EXPECTED
    carry_out(nomination, "cancel", by=by, reason=reason)
    nomination.carried_on = _carry(nomination, carry_to, by) if carry_to and was_sent else None
    emails.tell_of_decision(nomination, "cancelled", person_too=was_expected)


def _carry(old: Nomination, to: Iteration, by) -> Nomination | None:
    """A submitted nomination of the same person for another iteration, keeping its first time of submission."""
    if Nomination.objects.live().filter(person=old.person, iteration=to).exists():
        return None
    fields = ("person", "nation", "organisation", "nominated_by", "priority", "is_alternate", "remarks", "checks")
    new = Nomination(iteration=to, carried_from=old, **{field: getattr(old, field) for field in fields})
    new.state, new.submitted_at = NominationState.SUBMITTED, old.submitted_at or timezone.now()
    keep_history(new, by=by, reason=_("Carried over from the cancelled %s") % old.iteration)
    new.save()
    return new


def _refuse_as_target(iteration: Iteration, carry_to: Iteration | None) -> None:
    if carry_to is None:
        return
    if carry_to.pk == iteration.pk or carry_to.course_id != iteration.course_id:
        raise Refused(_("Nominations can be carried to another iteration of the same course only."), field="carry_to")
    if carry_to.state not in iterations.TAKING_NOMINATIONS or carry_to.has_begun():
        raise Refused(_("%s takes no nominations.") % carry_to, field="carry_to")
