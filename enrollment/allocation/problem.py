"""What is asked: boards with their rules, and the nominees."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field


class NotProven(Exception):
    """No proven optimum within the time given; nothing is known about the best selection."""


@dataclass(frozen=True)
class Rule:
    """A quota of one board: `floor` seats are guaranteed, `ceiling` is the most (None: no ceiling)."""

    key: str
    name: str
    floor: int = 0
    ceiling: int | None = None


@dataclass(frozen=True)
class Board:
    """One iteration: its free seats, its rules, and how many are seated already, whom no proposal unseats."""

    key: Hashable
    capacity_free: int
    rules: tuple[Rule, ...] = ()
    seated: Mapping[str, int] = field(default_factory=dict)
    seated_by_sender: Mapping[Hashable, int] = field(default_factory=dict)
    name: str = ""

    def __str__(self) -> str:
        return self.name or str(self.key)


@dataclass(frozen=True)
class Nominee:
    """One nomination. `fills` holds the keys of all rules it counts towards; `preference` 1 is the sender's first.

    `submitted_at` is any number that grows with time. A person has one nomination for each board asked for.
    """

    pk: int
    person: Hashable
    board: Hashable
    sender: Hashable
    fills: frozenset[str] = frozenset()
    rank: int = 1
    is_alternate: bool = False
    submitted_at: float = 0.0
    preference: int = 1
    sender_name: str = ""

    @property
    def standing(self) -> tuple[bool, int]:
        """The smaller, the earlier in the order of ranks."""
        return self.is_alternate, self.rank


def in_order_of_submission(nominees: Iterable[Nominee]) -> list[Nominee]:
    return sorted(nominees, key=lambda nominee: (nominee.submitted_at, nominee.pk))


def check(boards: Iterable[Board], nominees: Iterable[Nominee]) -> None:
    """ValueError for what the caller must never send: the same thing twice, or a nominee of no board."""
    keys = [board.key for board in boards]
    pks = [nominee.pk for nominee in nominees]
    if len(set(keys)) < len(keys) or len(set(pks)) < len(pks):
        raise ValueError("A board or a nominee is given twice.")
    for board in boards:
        if len({rule.key for rule in board.rules}) < len(board.rules):
            raise ValueError(f"Board {board.key!r} has two rules with the same key.")
    strangers = {nominee.board for nominee in nominees} - set(keys)
    if strangers:
        raise ValueError(f"Nominees of boards that are not given: {sorted(map(str, strangers))}.")
