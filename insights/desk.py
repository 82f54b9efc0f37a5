"""What needs the office today. Facts of iterations in, lines out; no database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from courses.clock import STEPS
from courses.models import Iteration
from courses.workflow import IterationState as S

WEEK = timedelta(days=7)
GO_NO_GO_NEAR = timedelta(days=14)
BEFORE_THE_START = {S.ANNOUNCED, S.OPEN, S.NOMINATIONS_CLOSED, S.CONFIRMED}
NOT_CONFIRMED_YET = {S.OPEN, S.NOMINATIONS_CLOSED}


@dataclass(frozen=True)
class Deadline:
    """One step of an iteration's clock that falls in the coming week, in the iteration's own zone."""

    iteration: Iteration
    label: str
    day: date


@dataclass(frozen=True)
class NextMove:
    """An iteration whose dates say that it should be moved on."""

    iteration: Iteration
    sentence: str


def deadlines(iterations: Iterable[Iteration]) -> list[Deadline]:
    """Steps due from today to a week ahead, the next first."""
    found = [
        Deadline(iteration, str(Iteration._meta.get_field(step).verbose_name).capitalize(), getattr(iteration, step))
        for iteration in iterations
        if iteration.state in BEFORE_THE_START
        for step in STEPS
        if getattr(iteration, step) and iteration.today() <= getattr(iteration, step) <= iteration.today() + WEEK
    ]
    return sorted(found, key=lambda deadline: (deadline.day, deadline.iteration.pk))


def below_minimum(iterations: Iterable[Iteration]) -> list[Iteration]:
    """Iterations whose go / no-go is near or past, with fewer seats taken than their minimum."""
    return [
        iteration
        for iteration in iterations
        if iteration.state in NOT_CONFIRMED_YET
        and iteration.seats_taken < iteration.minimum
        and iteration.go_no_go_on
        and iteration.today() >= iteration.go_no_go_on - GO_NO_GO_NEAR
    ]


def next_moves(iterations: Iterable[Iteration]) -> list[NextMove]:
    return [NextMove(iteration, sentence) for iteration in iterations if (sentence := _next_move(iteration))]


def _next_move(iteration: Iteration) -> str:
    today, state = iteration.today(), iteration.state
    if state == S.OPEN and iteration.nominations_close_on and today > iteration.nominations_close_on:
        return _("The nomination deadline has passed: close nominations.")
    if state == S.NOMINATIONS_CLOSED and iteration.go_no_go_on and today >= iteration.go_no_go_on:
        return _("Go / no-go is due: confirm it or cancel it.")
    if state == S.CONFIRMED and today >= iteration.starts_on:
        return _("It begins: start it.")
    if state == S.RUNNING and today > iteration.ends_on:
        return _("It has ended: record results and complete it.")
    if state == S.COMPLETED and today > iteration.ends_on + 4 * WEEK:
        return _("It was completed a month ago: close the books.")
    return ""
