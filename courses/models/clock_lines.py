"""An iteration's clock as its pages show it: what is due when, what was done when, and what it did."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.text import capfirst

from courses import workflow
from courses.models.clock_step import ClockStep
from courses.models.iteration import Iteration


@dataclass(frozen=True)
class ClockLine:
    """One mark of the timeline. `state` is a word of interface/states.py, empty for the iteration's own days."""

    label: str
    day: date
    state: str = ""
    step: str = ""
    due_at: datetime | None = None
    is_a_deadline: bool = False
    done_at: datetime | None = None
    was_late: bool = False
    report: str = ""
    failure: str = ""

    @property
    def parked(self) -> bool:
        return self.state == "parked"


def clock_lines(iteration: Iteration, *, tells_reports: bool) -> list[ClockLine]:
    """The steps of the clock and the iteration's own days, in order of time; one query.

    Reports and failures name holders of all nations: `tells_reports` is for the office alone.
    """
    steps = list(iteration.clock_steps.all())
    for step in steps:
        step.iteration = iteration
    lines = [*(_line(step, tells_reports) for step in steps), *_own_days(iteration)]
    return sorted(lines, key=lambda line: (line.day, line.is_a_deadline))


def _own_days(iteration: Iteration) -> list[ClockLine]:
    names = ("starts_on", "ends_on")
    return [
        ClockLine(capfirst(Iteration._meta.get_field(name).verbose_name), getattr(iteration, name)) for name in names
    ]


def _line(step: ClockStep, tells_reports: bool) -> ClockLine:
    return ClockLine(
        label=step.get_step_display(),
        day=step.due_on,
        state=state_of(step),
        step=step.step,
        due_at=step.falls_due_at,
        is_a_deadline=step.is_a_deadline,
        done_at=step.done_at,
        was_late=step.was_late,
        report=step.report if tells_reports else "",
        failure=step.failure if tells_reports and not step.done_at else "",
    )


def state_of(step: ClockStep) -> str:
    if step.done_at:
        return "done late" if step.was_late else "done"
    if step.parked_at:
        return "parked"
    if step.is_done_by_hand:
        return "done by hand"
    if step.iteration.state in workflow.ON_THE_CLOCK:
        return "overdue" if step.is_overdue else "planned"
    return "planned" if step.iteration.state == workflow.IterationState.DRAFT else "not taken"
