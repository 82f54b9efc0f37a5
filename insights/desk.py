"""What needs the office today. Facts of iterations in, lines out; no database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from courses.models import Iteration
from courses.workflow import UPCOMING
from courses.workflow import IterationState as S

WEEK = timedelta(days=7)
GO_NO_GO_NEAR = timedelta(days=14)
TAKE_BACK_NEAR = timedelta(days=14)
OPENING_NEAR = timedelta(days=28)
WAITING_COUNTS = {S.OPEN, S.NOMINATIONS_CLOSED, S.CONFIRMED}
NOT_CONFIRMED_YET = {S.OPEN, S.NOMINATIONS_CLOSED}


@dataclass(frozen=True)
class NextMove:
    """An iteration whose dates say that it should be moved on."""

    iteration: Iteration
    sentence: str


def below_minimum(iterations: Iterable[Iteration]) -> list[Iteration]:
    """Iterations whose go / no-go is near or past, with fewer seats taken than their minimum."""
    return [
        iteration
        for iteration in iterations
        if iteration.state in NOT_CONFIRMED_YET
        and iteration.seats_taken < iteration.minimum
        and iteration.today() >= _go_no_go(iteration) - GO_NO_GO_NEAR
    ]


def unnamed(iterations: Iterable[Iteration]) -> list[Iteration]:
    """Iterations whose unnamed seats are taken back soon; each says how many as `held`."""
    return [
        iteration
        for iteration in iterations
        if iteration.held
        and iteration.take_back_on
        and iteration.state in UPCOMING
        and timedelta(0) <= iteration.take_back_on - iteration.today() <= TAKE_BACK_NEAR
    ]


def waiting_beside_free_seats(iterations: Iterable[Iteration]) -> list[Iteration]:
    """Iterations with seats that nobody holds, and people who wait: `open_seats` and `waiting` of each."""
    return [each for each in iterations if each.waiting and each.open_seats and each.state in WAITING_COUNTS]


def next_moves(iterations: Iterable[Iteration]) -> list[NextMove]:
    return [NextMove(iteration, sentence) for iteration in iterations if (sentence := _next_move(iteration))]


def _next_move(iteration: Iteration) -> str:
    today, state = iteration.today(), iteration.state
    deadline = iteration.nominations_close_on or iteration.starts_on
    if state == S.ANNOUNCED and today >= deadline - OPENING_NEAR:
        return _("The nomination deadline comes near, and nobody can nominate yet: open nominations.")
    if state == S.OPEN and today > deadline:
        return _("The nomination deadline has passed: close nominations.")
    if state == S.NOMINATIONS_CLOSED and today >= _go_no_go(iteration):
        return _("Go / no-go is due: confirm it or cancel it.")
    if state == S.CONFIRMED and today >= iteration.starts_on:
        return _("It begins: start it.")
    if state == S.RUNNING and today > iteration.ends_on:
        return _("It has ended: record the results and complete it.")
    if state == S.COMPLETED and today > iteration.ends_on + 4 * WEEK:
        return _("It ended four weeks ago: close the books.")
    return ""


def _go_no_go(iteration: Iteration) -> date:
    return iteration.go_no_go_on or iteration.starts_on
