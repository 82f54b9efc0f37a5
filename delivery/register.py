"""The attendance sheet as a page shows it: participants by training days, and one day to be marked."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from courses import workflow as iterations
from courses.models import Iteration
from delivery.models import Attendance
from enrollment.models import Nomination


@dataclass(frozen=True)
class Day:
    """A column of the sheet, and a button above it; with `why_not` it cannot be opened."""

    on: date
    is_chosen: bool
    is_marked: bool
    why_not: str


@dataclass(frozen=True)
class Line:
    """A participant: a mark for each day that has come (None where there is none yet), and the tick of the form."""

    nomination: Nomination
    marks: list[bool | None]
    is_ticked: bool
    per_cent: int


@dataclass(frozen=True)
class Sheet:
    """`chosen` is the day in the form; None when no day can be marked, and then `why_not` says why."""

    iteration: Iteration
    days: list[Day]
    lines: list[Line]
    chosen: Day | None
    why_not: str

    @classmethod
    def of(cls, iteration: Iteration, wanted: date | None, ticked: list[str] | None = None) -> "Sheet":
        """The sheet with `wanted` as the day to mark, else today or the last day before. `ticked` are ids as sent."""
        register = Nomination.objects.on_the_register().filter(iteration=iteration).by_name()
        register = list(register.select_related("person", "nation", "organisation"))
        marks = _marks(register)
        come = [day for day in iteration.training_days() if day <= iteration.today()]
        chosen_on = _chosen(iteration, wanted, come)
        marked = {day for _pk, day in marks}
        days = [_day(iteration, day, day == chosen_on, day in marked) for day in iteration.training_days()]
        lines = [_line(nomination, come, marks, chosen_on, ticked, len(days)) for nomination in register]
        chosen = next((day for day in days if day.is_chosen), None)
        return cls(iteration, days, lines, chosen, _why_not(iteration, come))

    @property
    def days_come(self) -> list[Day]:
        return [day for day in self.days if day.on <= self.iteration.today()]


def _marks(register: list[Nomination]) -> dict[tuple[int, date], bool]:
    rows = Attendance.objects.filter(nomination__in=register)
    return {(pk, day): is_present for pk, day, is_present in rows.values_list("nomination", "day", "is_present")}


def _chosen(iteration: Iteration, wanted: date | None, come: list[date]) -> date | None:
    if not come or iteration.state not in iterations.RECORDING:
        return None
    return wanted if wanted in come else come[-1]


def _day(iteration: Iteration, day: date, is_chosen: bool, is_marked: bool) -> Day:
    return Day(day, is_chosen, is_marked, _("not yet") if day > iteration.today() else "")


def _line(nomination: Nomination, come: list[date], marks: dict, chosen_on, ticked, days: int) -> Line:
    own = [marks.get((nomination.pk, day)) for day in come]
    is_ticked = str(nomination.pk) in ticked if ticked is not None else bool(marks.get((nomination.pk, chosen_on)))
    return Line(nomination, own, is_ticked, 100 * own.count(True) // days)


def _why_not(iteration: Iteration, come: list[date]) -> str:
    if iteration.state not in iterations.RECORDING:
        state = iteration.get_state_display()
        return _("Attendance cannot be marked now: the iteration's state is “%s”.") % state
    if not come:
        return _("The first training day has not come yet.")
    return ""
