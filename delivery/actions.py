"""What happens in the room: attendance by day, and each participant's outcome."""

from collections.abc import Iterable
from dataclasses import dataclass
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
ASSESSED = ("record_passed", "record_failed", "record_no_show")
NOT_ASSESSED = ("record_attended", "record_no_show")


@dataclass(frozen=True)
class Entry:
    """What is to be recorded of one participant; `outcome` is one of OUTCOMES."""

    nomination: Nomination
    outcome: str
    grade_text: str = ""
    remarks: str = ""
    left_early_on: date | None = None


class EntriesRefused(Refused):
    """Some lines of a list cannot be recorded, so none was; `lines` are the refusals by nomination id."""

    def __init__(self, lines: dict[int, Refused]) -> None:
        super().__init__(_("Nothing was saved: mend the lines that are marked."))
        self.lines = lines


@transaction.atomic
def mark_attendance(
    iteration: Iteration,
    day: date,
    present: Iterable[Nomination],
    *,
    by,
    among: Iterable[Nomination] | None = None,
) -> int:
    """Write the register of one day: who was there; says how many were.

    Absent are the others of `among`, by default of the whole register; who is in neither keeps her mark. The first mark
    starts a confirmed iteration. Refuses a day that is not a training day or has not come, and closed books.
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
    listed = {nomination.pk for nomination in (register if among is None else among)} | here
    _refuse_who_is_not_on(register, listed)
    for nomination in register:
        if nomination.pk in listed:
            _mark(nomination, day, nomination.pk in here, by)
    return len(here)


@transaction.atomic
def record_result(
    nomination: Nomination, outcome: str, *, by, grade_text: str = "", remarks: str = "", left_early_on=None
) -> Nomination:
    """Record what became of a participant; `outcome` is one of OUTCOMES. Refuses before the iteration has begun.

    Under the Chatham House rule no remarks are kept by person.
    """
    iteration = courses.lock(nomination.iteration)
    if not iteration.has_begun():
        raise Refused(_("%s has not begun: there is no result to record.") % iteration)
    _refuse_unlike_the_course(nomination, outcome)
    _refuse_remarks(iteration, remarks)
    _refuse_leaving(iteration, outcome, left_early_on)
    row = enrollment.record_outcome(nomination, outcome, by=by)
    words = {"grade_text": grade_text.strip(), "remarks": remarks.strip(), "left_early_on": left_early_on}
    who = {"recorded_by": by, "recorded_at": timezone.now()}
    Result.objects.update_or_create(nomination=row, defaults={**words, **who})
    return row


@transaction.atomic
def record_results(iteration: Iteration, entries: Iterable[Entry], *, by) -> int:
    """Record a whole list, or nothing of it: EntriesRefused names each line that stands in the way. Says how many."""
    row = courses.lock(iteration)
    recorded, refused = 0, {}
    for entry in entries:
        words = {"grade_text": entry.grade_text, "remarks": entry.remarks, "left_early_on": entry.left_early_on}
        try:
            _refuse_another_iteration_s(entry.nomination, row)
            record_result(entry.nomination, entry.outcome, by=by, **words)
            recorded += 1
        except Refused as refusal:
            refused[entry.nomination.pk] = refusal
    if refused:
        raise EntriesRefused(refused)
    return recorded


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


def _refuse_another_iteration_s(nomination: Nomination, iteration: Iteration) -> None:
    if nomination.iteration_id != iteration.pk:
        raise Refused(_("Somebody in the list takes part in another iteration. Nothing was saved."))


def _refuse_remarks(iteration: Iteration, remarks: str) -> None:
    if iteration.is_chatham_house and remarks.strip():
        raise Refused(_("Under the Chatham House rule no remarks are kept by person."), field="remarks")


def _refuse_leaving(iteration: Iteration, outcome: str, left_early_on: date | None) -> None:
    if left_early_on is None:
        return
    if outcome == "record_no_show":
        raise Refused(_("Who did not come cannot have left early."), field="left_early_on")
    if not iteration.starts_on <= left_early_on <= iteration.ends_on:
        raise Refused(_("That day is not one of the iteration."), field="left_early_on")
