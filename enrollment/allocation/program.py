"""The question as whole numbers: columns, rows between two bounds, and the published order as a list of costs.

Columns: first one per nominee (1: seated) in order of submission; then one per floor (seats it is short of); then the
steps of each sender's staircase on a board: the k-th seat costs 2k - 1, so that the steps taken add up to k squared.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field

import numpy as np

from enrollment.allocation.problem import Board, Nominee, Rule, in_order_of_submission

NO_BOUND = 2**40


@dataclass(frozen=True)
class Row:
    """lower <= sum of coefficients times columns <= upper."""

    columns: np.ndarray
    coefficients: np.ndarray
    lower: int
    upper: int


@dataclass
class Program:
    nominees: list[Nominee]
    upper: list[int]
    rows: list[Row] = field(default_factory=list)
    shortfalls: list[tuple[int, int, list[int]]] = field(default_factory=list)
    staircases: list[tuple[range, int, list[int]]] = field(default_factory=list)

    def add(self, lower: int, upper: int, ones: list[int], minus_ones: list[int] | range = ()) -> None:
        if ones or minus_ones:
            columns = np.array([*ones, *minus_ones], dtype=np.int32)
            signs = np.array([1] * len(ones) + [-1] * len(minus_ones), dtype=np.int64)
            self.rows.append(Row(columns, signs, lower, upper))

    def new_columns(self, bounds: list[int]) -> range:
        start = len(self.upper)
        self.upper += bounds
        return range(start, len(self.upper))

    def complete(self, seated: np.ndarray) -> np.ndarray:
        """The whole solution that belongs to a choice of nominees: what floors are short of, and steps in order."""
        solution = np.zeros(len(self.upper), dtype=np.int64)
        solution[: len(seated)] = seated
        for column, needed, members in self.shortfalls:
            solution[column] = max(0, needed - int(seated[members].sum()))
        for steps, _, members in self.staircases:
            solution[steps.start : steps.start + int(seated[members].sum())] = 1
        return solution


def program_of(boards: list[Board], nominees: list[Nominee]) -> Program:
    ordered = in_order_of_submission(nominees)
    program = Program(ordered, [1] * len(ordered))
    on_board, of_person = defaultdict(list), defaultdict(list)
    for column, nominee in enumerate(ordered):
        on_board[nominee.board].append(column)
        of_person[nominee.person].append(column)
    for board in sorted(boards, key=lambda board: str(board.key)):
        _add_board(program, board, on_board[board.key])
    for columns in of_person.values():
        if len(columns) > 1:
            program.add(-NO_BOUND, 1, columns)
    return program


def _add_board(program: Program, board: Board, columns: list[int]) -> None:
    program.add(-NO_BOUND, max(0, board.capacity_free), columns)
    for rule in sorted(board.rules, key=lambda rule: rule.key):
        members = [column for column in columns if rule.key in program.nominees[column].fills]
        _add_rule(program, rule, board.seated.get(rule.key, 0), members)
    by_sender: dict[Hashable, list[int]] = defaultdict(list)
    for column in columns:
        by_sender[program.nominees[column].sender].append(column)
    for sender, members in by_sender.items():
        _add_sender(program, board.seated_by_sender.get(sender, 0), members, max(0, board.capacity_free))


def _add_rule(program: Program, rule: Rule, already: int, members: list[int]) -> None:
    if rule.ceiling is not None:
        program.add(-NO_BOUND, max(0, rule.ceiling - already), members)
    needed = rule.floor - already
    if needed > 0 and members:
        (column,) = program.new_columns([needed])
        program.add(needed, NO_BOUND, [*members, column])
        program.shortfalls.append((column, needed, members))


def _add_sender(program: Program, already: int, members: list[int], free: int) -> None:
    steps = program.new_columns([1] * min(len(members), free))
    program.add(0, 0, members, steps)
    program.staircases.append((steps, already, members))


def levels(program: Program) -> Iterator[np.ndarray]:
    """What is to be as small as possible, one after another; a cost per column."""
    yield _costs(program, {column: 1 for column, _, _ in program.shortfalls})
    yield _costs(program, dict.fromkeys(range(len(program.nominees)), -1))
    yield from _as_many_as_possible(program, [nominee.standing for nominee in program.nominees])
    yield from _as_many_as_possible(program, [nominee.preference for nominee in program.nominees])
    yield _costs(
        program,
        {
            column: 2 * (already + place) + 1
            for steps, already, _ in program.staircases
            for place, column in enumerate(steps)
        },
    )
    yield _costs(program, {column: column + 1 for column in range(len(program.nominees))})


def _as_many_as_possible(program: Program, kinds: list) -> Iterator[np.ndarray]:
    """Of the first kind, then of the second, ...; of the last one there are then as many as are left."""
    for wanted in sorted(set(kinds))[:-1]:
        yield _costs(program, {column: -1 for column, kind in enumerate(kinds) if kind == wanted})


def _costs(program: Program, by_column: dict[int, int]) -> np.ndarray:
    costs = np.zeros(len(program.upper), dtype=np.int64)
    costs[list(by_column)] = list(by_column.values())
    return costs
