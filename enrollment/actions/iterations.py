"""Cancel an iteration with everything that hangs on it."""

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.actions import carry_out, keep_history
from accounts.moves import Refused
from courses import workflow as iterations
from courses.models import Iteration
from enrollment import emails, workflow
from enrollment.actions import seats
from enrollment.models import Nomination, Waiver
from enrollment.models.carrying import will_be_carried
from enrollment.models.evidence import checks_on_record
from enrollment.workflow import NominationState

FROM_A_CANCELLED_ONE = gettext_noop("Carried over from the cancelled iteration")


@transaction.atomic
def cancel_iteration(iteration: Iteration, *, by, reason: str, carry_to: Iteration | None = None) -> Iteration:
    """Cancel, with a reason; live nominations are cancelled, told, and carried to `carry_to` if given (rule 5.13).

    Refuses once outcomes are recorded: who passed has passed.
    """
    row, target = lock_both(iteration, carry_to)
    row.guard("cancel", by)
    _refuse_as_target(row, target)
    live = list(_live_nominations(row))
    _refuse_what_has_an_outcome(live)
    carry_out(row, "cancel", by=by, reason=reason, cancellation_reason=reason.strip())
    prefetch_related_objects([row], "team__person__user")
    carried = will_be_carried(live, target) if target else set()
    for nomination in live:
        nomination.iteration = row
        _cancel(nomination, by, reason, target if nomination.pk in carried else None)
    seats.empty(row, by=by, why=gettext_noop("Iteration cancelled"))
    emails.tell_of_cancellation(row)
    return row


def lock_both(iteration: Iteration, carry_to: Iteration | None) -> tuple[Iteration, Iteration | None]:
    """Both rows fresh and locked, in the order of their ids, as everybody who locks two does."""
    ids = [each.pk for each in (iteration, carry_to) if each is not None]
    rows = Iteration.objects.select_for_update(of=("self",)).select_related("course").order_by("pk")
    locked = {row.pk: row for row in rows.filter(pk__in=ids)}
    return locked[iteration.pk], locked[carry_to.pk] if carry_to else None


def _live_nominations(iteration: Iteration):
    rows = Nomination.objects.select_for_update(of=("self",)).live().filter(iteration=iteration).order_by("pk")
    return rows.select_related("person__user", "nation", "organisation")


def _cancel(nomination: Nomination, by, reason: str, target: Iteration | None) -> None:
    was_expected = nomination.state in workflow.EXPECTED
    decision = {"decision_reason": reason.strip(), "reason_code": "", "decided_by": by, "decided_at": timezone.now()}
    decision |= {"seat": None, "answer_by": None}
    was_expected = was_expected and not nomination.is_under_embargo
    carry_out(nomination, "cancel", by=by, reason=reason, **decision)
    nomination.carried_on = carry(nomination, target, by) if target else None
    emails.call_back(nomination)
    emails.tell_of_decision(nomination, "cancelled", person_too=was_expected)


def carry(old: Nomination, to: Iteration, by, why: str = FROM_A_CANCELLED_ONE) -> Nomination:
    """A submitted nomination of the same person for `to`, with its waivers and its first time of submission."""
    fields = ("person", "nation", "organisation", "nominated_by", "priority", "is_alternate", "preference", "remarks")
    new = Nomination(iteration=to, carried_from=old, **{field: getattr(old, field) for field in fields})
    new.state, new.submitted_at = NominationState.SUBMITTED, old.submitted_at or timezone.now()
    keep_history(new, by=by, reason=f"{why}: {old.iteration}")
    new.save()
    Waiver.objects.bulk_create(_waivers_for(new, old))
    new.checks = checks_on_record(new, to)
    new.save_without_historical_record(update_fields=["checks"])
    return new


def _waivers_for(new: Nomination, old: Nomination) -> list[Waiver]:
    """The same exceptions as on the old one: its course and its criteria are the same."""
    return [
        Waiver(
            nomination=new,
            criterion=each.criterion,
            reason=each.reason,
            granted_by_id=each.granted_by_id,
            granted_at=each.granted_at,
        )
        for each in old.waivers.all()
    ]


def _refuse_as_target(iteration: Iteration, carry_to: Iteration | None) -> None:
    if carry_to is None:
        return
    if carry_to.pk == iteration.pk or carry_to.course_id != iteration.course_id:
        raise Refused(_("Nominations can be carried to another iteration of the same course only."), field="carry_to")
    if carry_to.state not in iterations.TAKING_NOMINATIONS or carry_to.has_begun():
        raise Refused(_("%s takes no nominations.") % carry_to, field="carry_to")


def _refuse_what_has_an_outcome(live: list[Nomination]) -> None:
    with_outcome = [each for each in live if each.state in workflow.HAS_A_SEAT - workflow.EXPECTED]
    if with_outcome:
        sentence = _("%(count)s have an outcome already, %(person)s among them. Complete the iteration instead.")
        raise Refused(sentence % {"count": len(with_outcome), "person": with_outcome[0].person})
