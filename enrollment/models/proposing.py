"""The best selection for a board, by the published order of allocation/, with one sentence for everybody why."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from enrollment import allocation
from enrollment.models.board import Board, Row
from enrollment.seating import Plan, holdings
from enrollment.workflow import NominationState

SECONDS = 20  # a coordinator waits for it; 300 nominees take less than one


@dataclass(frozen=True)
class Proposed:
    """`choices` by nomination id, as the board's form takes them; `why` says one sentence to everybody shown.

    `kept` names the guarantees that nobody here can fill, with the seats that stay free for them.
    """

    choices: dict[int, str]
    why: dict[int, str]
    kept: tuple[tuple[str, int], ...] = ()


def propose_for(board: Board) -> Proposed:
    """Changes nothing. Seats already given stay; who is not eligible stays undecided. NotProven after 20 seconds."""
    candidates = [row for row in board.shown if row.may_be_selected]
    found, kept = _best(board, candidates)
    choices = {row.pk: _choice(row, row.pk in found.chosen) for row in candidates}
    why = {row.pk: _why_not_asked(row) for row in board.shown if row.pk not in found.reasons}
    why |= {pk: allocation.say(reason) for pk, reason in found.reasons.items()}
    names = {rule.key: rule.name for rule in board.places.plan.rules}
    return Proposed({pk: choice for pk, choice in choices.items() if choice}, why, _named(kept, names))


def _best(board: Board, candidates: list[Row]) -> tuple[allocation.Proposal, Counter]:
    """The optimum of what can be saved: a seat guaranteed to somebody who is not here stays free until its release.

    Filling guarantees comes first in the order, so giving fewer seats leaves the same ones to be kept.
    """
    plan, nominees = board.places.plan, [_nominee(board, row) for row in candidates]
    free = plan.capacity - plan.taken
    while True:
        found = allocation.propose([_asked(board, free)], nominees, seconds=SECONDS)
        kept = _to_be_kept(plan, [row for row in candidates if row.pk in found.chosen], board)
        over = plan.taken + len(found.chosen) + kept.total() - plan.capacity
        if over <= 0:
            return found, kept
        free = len(found.chosen) - over


def _to_be_kept(plan: Plan, chosen: Iterable[Row], board: Board) -> Counter:
    """The seats that the guarantees still need beside those chosen, by rule key."""
    kinds = Counter(board.places.kind_of(row.nomination) for row in chosen)
    then = replace(plan, seated=plan.seated + kinds)
    return Counter(holdings(replace(then, capacity=then.taken + sum(then.needs().values()))))


def _asked(board: Board, free: int) -> allocation.Board:
    plan = board.places.plan
    senders: Counter = Counter()
    for kind, count in plan.seated.items():
        senders[kind.sender] += count
    return allocation.Board(
        key=board.iteration.pk,
        capacity_free=max(0, free),
        rules=tuple(allocation.Rule(rule.key, rule.name, rule.floor, rule.ceiling) for rule in plan.rules),
        seated={rule.key: plan.used(rule) for rule in plan.rules},
        seated_by_sender=dict(senders),
        name=str(board.iteration),
    )


def _nominee(board: Board, row: Row) -> allocation.Nominee:
    nomination, kind = row.nomination, board.places.kind_of(row.nomination)
    return allocation.Nominee(
        pk=row.pk,
        person=nomination.person_id,
        board=board.iteration.pk,
        sender=kind.sender,
        fills=frozenset(kind),
        rank=nomination.priority,
        is_alternate=nomination.is_alternate,
        submitted_at=(nomination.submitted_at or nomination.created_at).timestamp(),
        preference=nomination.preference,
        sender_name=str(nomination.sender),
    )


def _choice(row: Row, is_chosen: bool) -> str:
    """Who waits already goes on waiting without a new decision."""
    if is_chosen:
        return "select"
    return "waitlist" if "waitlist" in row.open else ""


def _why_not_asked(row: Row) -> str:
    if row.nomination.state == NominationState.OFFERED:
        return _("Offered a seat, which is kept until the answer.")
    if row.is_seated:
        return _("Seated already: a proposal takes no seat away.")
    if row.nomination.state == NominationState.RETURNED:
        return _("Not proposed: the nomination is back with the liaison.")
    return _("Not proposed, left undecided: %(bar)s") % {"bar": row.bar}


def _named(kept: Counter, names: dict[str, str]) -> tuple[tuple[str, int], ...]:
    return tuple((names[key], count) for key, count in sorted(kept.items()) if count > 0)
