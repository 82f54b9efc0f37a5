"""Why in and why not, as plain data that is true of the proposal.

A reason comes from exchanges: put one who is left out in the place of one who is seated, and see at which step of the
published order the selection gets worse. The nearest rival is the one beaten at the latest step.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from enrollment.allocation.outcome import Outcome, Step
from enrollment.allocation.problem import Nominee, Rule


class Code(StrEnum):
    # Seated.
    GUARANTEED = "guaranteed"  # without this one a floor would be short
    UNRIVALLED = "unrivalled"  # nobody left out could have this seat instead
    AHEAD = "ahead"  # others could, the nearest of them beaten at `step`
    # Not seated.
    TWICE = "twice"  # the person is seated here by another nomination
    ELSEWHERE = "elsewhere"  # the person is seated on another board
    NO_SEAT = "no_seat"  # nothing was free to begin with
    CEILING_TAKEN = "ceiling_taken"  # those seated before the proposal reach a ceiling
    CEILING = "ceiling"  # reached with proposed ones, the nearest of them ahead at `step`
    FULL = "full"  # all seats go to others, the nearest of them ahead at `step`


SEATED = {Code.GUARANTEED, Code.UNRIVALLED, Code.AHEAD}


@dataclass(frozen=True)
class Reason:
    """`facts` are texts, numbers and lists of them: fit to be stored as JSON and said later, in any language."""

    code: Code
    facts: Mapping = field(default_factory=dict)

    @property
    def is_seated(self) -> bool:
        return self.code in SEATED

    def as_dict(self) -> dict:
        return {"code": str(self.code), "facts": dict(self.facts)}

    @classmethod
    def from_dict(cls, stored: Mapping) -> "Reason":
        return cls(Code(stored["code"]), stored["facts"])


def reasons_for(outcome: Outcome) -> dict[int, Reason]:
    """One reason for every nominee, by pk."""
    rivals: dict[int, list[Step]] = {nominee.pk: [] for nominee in outcome.seat_of.values()}
    reasons = {}
    for nominee in outcome.nominees:
        seat = outcome.seat_of.get(nominee.person)
        if seat is None:
            exchanges = _exchanges(outcome, nominee)
            for leaver, step in exchanges:
                rivals[leaver.pk].append(step)
            reasons[nominee.pk] = _why_left_out(outcome, nominee, exchanges)
        elif seat is not nominee:
            reasons[nominee.pk] = _why_not_here(outcome, nominee, seat)
    reasons |= {seat.pk: _why_seated(outcome, seat, rivals[seat.pk]) for seat in outcome.seat_of.values()}
    return reasons


def _exchanges(outcome: Outcome, comer: Nominee) -> list[tuple[Nominee, Step]]:
    """Each seated nominee whose seat `comer` could have within all ceilings, and the step at which that loses."""
    full = outcome.full_ceilings(comer).keys()
    return [
        (leaver, outcome.step_of_change(leaver, comer))
        for leaver in outcome.chosen_on[comer.board]
        if full <= leaver.fills
    ]


def _why_seated(outcome: Outcome, nominee: Nominee, rivals: list[Step]) -> Reason:
    choice = {"sender": _sender(nominee), "rank": nominee.rank, "is_alternate": nominee.is_alternate}
    kept = outcome.floors_kept_by(nominee)
    if kept:
        return Reason(Code.GUARANTEED, {**choice, "floors": [[rule.name, rule.floor] for rule in kept]})
    if not rivals:
        return Reason(Code.UNRIVALLED, choice)
    return Reason(Code.AHEAD, {**choice, "others": len(rivals), "step": int(max(rivals))})


def _why_left_out(outcome: Outcome, nominee: Nominee, exchanges: list[tuple[Nominee, Step]]) -> Reason:
    free = outcome.boards[nominee.board].capacity_free
    if free <= 0:
        return Reason(Code.NO_SEAT)
    full = outcome.full_ceilings(nominee)
    holders = [each for each in outcome.chosen_on[nominee.board] if not full or full.keys() & each.fills]
    taken = [rule for key, rule in full.items() if not any(key in holder.fills for holder in holders)]
    if taken:
        return Reason(Code.CEILING_TAKEN, _ceilings(taken))
    # No exchange at all: every one who could leave frees a part of what is needed only.
    facts = {
        "step": int(max((step for _, step in exchanges), default=Step.SEATS)),
        "all_rank_before": all(holder.standing < nominee.standing for holder in holders),
    }
    if full:
        return Reason(Code.CEILING, {**_ceilings(full.values()), **facts})
    return Reason(Code.FULL, {"seats": free, **facts})


def _why_not_here(outcome: Outcome, nominee: Nominee, seat: Nominee) -> Reason:
    if seat.board == nominee.board:
        return Reason(Code.TWICE, {"sender": _sender(seat)})
    facts = {
        "board": str(outcome.boards[seat.board]),
        "sender": _sender(seat),
        "preference": seat.preference,
        "here": "",
    }
    if seat.preference <= nominee.preference:
        return Reason(Code.ELSEWHERE, facts)
    return Reason(Code.ELSEWHERE, {**facts, **_why_not_preferred(outcome, nominee, seat)})


def _why_not_preferred(outcome: Outcome, nominee: Nominee, seat: Nominee) -> dict:
    """What keeps a person from the iteration that the sender prefers to the one with the seat."""
    full = outcome.full_ceilings(nominee)
    if full:
        return {"here": "ceiling", **_ceilings(full.values())}
    if outcome.is_full(nominee.board):
        return {"here": "full"}
    return {"here": "floors" if outcome.step_of_change(seat, nominee) == Step.FLOORS else "rank"}


def _ceilings(rules: Iterable[Rule]) -> dict:
    return {"ceilings": [[rule.name, rule.ceiling] for rule in rules]}


def _sender(nominee: Nominee) -> str:
    return nominee.sender_name or str(nominee.sender)
