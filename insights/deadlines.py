"""The steps of iterations' clocks that come next, each in its iteration's own zone. Iterations in, lines out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from courses.models import Iteration
from courses.workflow import BEFORE_THE_DEADLINE, UPCOMING, IterationState

LABELS = {
    "nominations_close_on": _("Nominations close"),
    "warn_holders_on": _("Holders of unnamed seats are warned"),
    "notification_on": _("Decisions are told by"),
    "take_back_on": _("Unnamed seats are taken back"),
    "go_no_go_on": _("Go / no-go"),
    "joining_instructions_on": _("Joining instructions go out"),
    "last_substitution_on": _("Last day to replace a participant"),
    "starts_on": _("First day"),
}
# A step that an iteration has behind it, whatever its date says, is none to wait for.
WAITED_FOR_IN = {
    "nominations_close_on": UPCOMING & BEFORE_THE_DEADLINE,
    "go_no_go_on": UPCOMING - {IterationState.CONFIRMED},
}


@dataclass(frozen=True)
class Deadline:
    """One step of one iteration and its day, which counts to its end in the iteration's zone (rule 5.4)."""

    iteration: Iteration
    label: str
    day: date


def coming(iterations: Iterable[Iteration], within: timedelta) -> list[Deadline]:
    """Steps due from today to `within` ahead, the next first."""
    found = [
        Deadline(iteration, LABELS[step], day)
        for iteration in iterations
        for step, day in _steps(iteration)
        if timedelta(0) <= day - iteration.today() <= within
    ]
    return sorted(found, key=lambda deadline: (deadline.day, deadline.iteration.pk))


def _steps(iteration: Iteration) -> list[tuple[str, date]]:
    steps = [step for step in LABELS if iteration.state in WAITED_FOR_IN.get(step, UPCOMING)]
    return [(step, day) for step in steps if (day := getattr(iteration, step))]
