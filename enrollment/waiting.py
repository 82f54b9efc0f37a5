"""Whose turn it is on a waiting list, by the published order. Plain values in, plain values out.

The order: who fills a guarantee that nobody fills yet; principals before alternates; the nation's own rank; whose
sender has fewer seated; who was submitted first.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from enrollment.seating import Kind, Obstacle, Plan, obstacle


@dataclass(frozen=True)
class Entry:
    """One nominee who waits. `submitted_at` is a timestamp in seconds."""

    pk: int
    kind: Kind
    sender: str
    priority: int
    is_alternate: bool
    submitted_at: float


@dataclass(frozen=True)
class Turns:
    """For one free seat: who gets it, and who stood before her and was passed over, each with the reason."""

    winner: Entry | None
    passed_over: tuple[tuple[Entry, Obstacle], ...]


def in_order(plan: Plan, entries: Iterable[Entry]) -> list[Entry]:
    needs = plan.needs()
    seated_of: dict[str, int] = {}
    for kind, count in plan.seated.items():
        seated_of[kind.sender] = seated_of.get(kind.sender, 0) + count

    def key(entry: Entry) -> tuple:
        fills_a_guarantee = any(part in needs for part in entry.kind)
        seated = seated_of.get(entry.kind.sender, 0)
        return (not fills_a_guarantee, entry.is_alternate, entry.priority, seated, entry.submitted_at, entry.pk)

    return sorted(entries, key=key)


def turns(plan: Plan, entries: Iterable[Entry], may: Callable[[Entry], bool] = lambda entry: True) -> Turns:
    """The first of the order who can be seated under all rules, and `may`: asked last, of as few as possible.

    A plan that is full passes everybody over. Who may not is no longer in line, and has not been passed over.
    """
    passed_over: list[tuple[Entry, Obstacle]] = []
    for entry in in_order(plan, entries):
        found = obstacle(plan, entry.kind)
        if found is not None:
            passed_over.append((entry, found))
        elif may(entry):
            return Turns(entry, tuple(passed_over))
    return Turns(None, tuple(passed_over))


def passed_over_for(plan: Plan, entries: Iterable[Entry], chosen: Entry) -> list[Entry]:
    """Who stands before `chosen` in the published order and could be seated now: passed over, if she gets the seat."""
    ordered = in_order(plan, {*entries, chosen})
    return [entry for entry in ordered[: ordered.index(chosen)] if obstacle(plan, entry.kind) is None]
