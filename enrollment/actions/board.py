"""What the office decides on a whole board at once: all of it, or nothing."""

from collections import Counter
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from accounts.actions import keep_history, only_coordinators
from accounts.moves import Refused
from courses import actions as courses
from courses.models import Iteration
from enrollment.actions import seats, selection
from enrollment.models import Aim, Nomination
from enrollment.models.board import CHOICES, Board
from enrollment.models.places import Places
from enrollment.models.trail import Version, version_of
from enrollment.seating import obstacle

# Seats are given before anybody is put on the waiting list, and refusals close the ranks behind them.
IN_TURN = {"refuse": 0, "select": 1, "waitlist": 2}
AIMS_CHANGED = gettext_noop("Aims changed")
NOT_OF_HERE = gettext_lazy(
    "The list names somebody who is not nominated here. Nothing was changed; look at the page again."
)


class Overtaken(Refused):
    """Somebody decided meanwhile: nothing is written before the newer state was looked at."""


@dataclass(frozen=True)
class Choice:
    """What is to be decided on one nominee: "select", "waitlist" or "refuse", a refusal with its reason."""

    nomination: Nomination
    move: str
    reason: str = ""
    code: str = Nomination.RefusalCode.OTHER


@dataclass(frozen=True)
class Goal:
    """An aim as the office wants it: see the model Aim."""

    about: str
    at_least: int
    is_share: bool = False


@transaction.atomic
def decide_board(iteration: Iteration, choices: Sequence[Choice], *, by, seen: Version) -> Counter:
    """Make all decisions of a board in one transaction, or none; says how many of each.

    Refuses with Overtaken when the board is no longer as `seen`; where one decision cannot be made, names the person.
    """
    only_coordinators(by, _("Only a training coordinator may decide on nominations."))
    row = courses.lock(iteration)
    if version_of(row) != seen:
        raise Overtaken(_("Nothing was changed: somebody decided meanwhile. Look at what is new, then save again."))
    _refuse_a_bad_list(row, choices)
    for choice in in_turn(choices):
        _decide(choice, by)
    iteration.seats_taken = Iteration.objects.values_list("seats_taken", flat=True).get(pk=row.pk)
    return Counter(choice.move for choice in choices)


def foresee_board(board: Board, choices: Iterable[Choice], *, by) -> dict[int, str]:
    """What `decide_board` would answer to each, by nomination id: its refusal's sentence, or "". Changes nothing."""
    rows, places = board.by_pk(), copy(board.places)
    return {choice.nomination.pk: _foreseen(choice, rows, places, by) for choice in in_turn(choices)}


def in_turn(choices: Iterable[Choice]) -> list[Choice]:
    return sorted(choices, key=lambda choice: (IN_TURN.get(choice.move, 9), choice.nomination.pk))


@transaction.atomic
def set_aims(iteration: Iteration, goals: Sequence[Goal], *, by) -> list[Aim]:
    """Make these the aims of an iteration; those not named end. They are shown on the board and decide nothing."""
    only_coordinators(by, _("Only a training coordinator may set aims."))
    row = courses.lock(iteration)
    known = {aim.about: aim for aim in row.aims.all()}
    for about in known.keys() - {goal.about for goal in goals}:
        keep_history(known[about], by=by, reason=AIMS_CHANGED)
        known[about].delete()
    return [_keep_aim(known.get(goal.about) or Aim(iteration=row, about=goal.about), goal, by) for goal in goals]


def _keep_aim(aim: Aim, goal: Goal, by) -> Aim:
    if aim.pk and (aim.at_least, aim.is_share) == (goal.at_least, goal.is_share):
        return aim
    aim.at_least, aim.is_share = goal.at_least, goal.is_share
    keep_history(aim, by=by, reason=AIMS_CHANGED)
    aim.save()
    return aim


def _refuse_a_bad_list(iteration: Iteration, choices: Sequence[Choice]) -> None:
    if not choices:
        raise Refused(_("Nothing is chosen. Choose for at least one nominee."))
    pks = [choice.nomination.pk for choice in choices]
    is_of_here = all(choice.nomination.iteration_id == iteration.pk for choice in choices)
    if not is_of_here or len(set(pks)) < len(pks) or any(choice.move not in CHOICES for choice in choices):
        raise Refused(str(NOT_OF_HERE))


def _decide(choice: Choice, by) -> None:
    words = {"reason": choice.reason, "code": choice.code}
    try:
        selection.DECISIONS[choice.move](choice.nomination, by, words)
    except Refused as refusal:
        sentence = _("Nothing was changed. %(person)s: %(why)s")
        facts = {"person": choice.nomination.person, "why": refusal.sentence}
        raise Refused(sentence % facts, refusal.field) from refusal


def _foreseen(choice: Choice, rows: dict, places: Places, by) -> str:
    nomination = choice.nomination
    try:
        nomination.guard(choice.move, by)
        if choice.move != "refuse":
            selection.refuse_outside_selection(nomination)
        if choice.move == "select":
            _take(nomination, rows[nomination.pk].bar, places)
    except Refused as refusal:
        return refusal.sentence
    return ""


def _take(nomination: Nomination, bar: str, places: Places) -> None:
    """Give a seat in thought: the next one is looked at beside it."""
    if bar:
        raise Refused(bar)
    kind = places.kind_of(nomination)
    seats.refuse_for(obstacle(places.plan, kind), nomination.iteration)
    places.plan = places.plan.with_(kind)
