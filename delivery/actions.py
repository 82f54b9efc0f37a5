"""What happens in the room: attendance by day, and each participant's outcome."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.moves import Refused, Role
from courses import actions as courses
from courses import workflow as iterations
from courses.models import Iteration
from courses.workflow import IterationState
from delivery.models import Attendance, Result
from enrollment import actions as enrollment
from enrollment import workflow
from enrollment.models import Nomination

OUTCOMES = ("record_attended", "record_passed", "record_failed", "record_no_show")


@transaction.atomic
def mark_attendance(iteration: Iteration, day: date, present: Iterable[Nomination], *, by) -> int:
    """Write the register of one day: who of those expected was there; says how many were.

    The first mark starts a confirmed iteration. Refuses a day that is not a training day or has not come,
    and an iteration whose books are closed.
    """
    row = courses.lock(iteration)
    _refuse_strangers(row, by)
    if row.state not in iterations.RECORDING:
        sentence = _("Attendance of %(iteration)s cannot be marked: its state is “%(state)s”.")
        raise Refused(sentence % {"iteration": row, "state": row.get_state_display()})
    if day not in row.training_days():
        raise Refused(_("%s is not a training day of this iteration.") % day)
    if day > row.today():
        raise Refused(_("%s has not come yet.") % day)
    if row.state == IterationState.CONFIRMED:
        courses.make_move(row, "start", by=by)
    here = {nomination.pk for nomination in present}
    register = list(Nomination.objects.on_the_register().filter(iteration=row))
    _refuse_who_is_not_on(register, here)
    for nomination in register:
        _mark(nomination, day, nomination.pk in here, by)
    return len(here)


@transaction.atomic
def record_result(
    nomination: Nomination, outcome: str, *, by, grade_text: str = "", remarks: str = "", left_early_on=None
) -> Nomination:
    """Record what became of a participant; `outcome` is one of OUTCOMES. Refuses before the iteration has begun."""
    iteration = courses.lock(nomination.iteration)
    if not iteration.has_begun():
        raise Refused(_("%s has not begun: there is no result to record.") % iteration)
    _refuse_unlike_the_course(nomination, outcome)
    row = enrollment.record_outcome(nomination, outcome, by=by)
    words = {"grade_text": grade_text.strip(), "remarks": remarks.strip(), "left_early_on": left_early_on}
    who = {"recorded_by": by, "recorded_at": timezone.now()}
    Result.objects.update_or_create(nomination=row, defaults={**words, **who})
    return row


@transaction.atomic
def complete(iteration: Iteration, *, by) -> Iteration:
    """End a running iteration. Refuses while somebody expected has no outcome."""
    row = courses.lock(iteration)
    open_ones = Nomination.objects.filter(iteration=row, state__in=workflow.EXPECTED).count()
    if open_ones:
        raise Refused(_("%s participants have no result yet: record who passed, attended or did not come.") % open_ones)
    return courses.make_move(row, "complete", by=by)


def _mark(nomination: Nomination, day: date, is_present: bool, by) -> None:
    mark = Attendance.objects.filter(nomination=nomination, day=day).first()
    if mark is None:
        Attendance.objects.create(nomination=nomination, day=day, is_present=is_present, marked_by=by)
    elif mark.is_present != is_present:
        mark.is_present, mark.marked_by, mark.marked_at = is_present, by, timezone.now()
        mark.save()


def _refuse_strangers(iteration: Iteration, by) -> None:
    if iteration.roles_of(by).isdisjoint({Role.COORDINATOR, Role.INSTRUCTOR}):
        raise Refused(_("Only the iteration's own instructors and the office mark attendance."))


def _refuse_who_is_not_on(register: list[Nomination], here: set[int]) -> None:
    if here - {nomination.pk for nomination in register}:
        raise Refused(
            _("Somebody in the list is no longer on the register. Look at the page again; nothing was saved.")
        )


def _refuse_unlike_the_course(nomination: Nomination, outcome: str) -> None:
    is_assessed = nomination.iteration.course.is_assessed
    if outcome == "record_attended" and is_assessed:
        raise Refused(_("This course is assessed: record passed or failed."))
    if outcome in ("record_passed", "record_failed") and not is_assessed:
        raise Refused(_("This course is not assessed: record attended."))
