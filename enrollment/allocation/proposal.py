"""From boards and nominees to a proposal: who, and for everybody why."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

from enrollment.allocation.outcome import Outcome
from enrollment.allocation.problem import Board, Nominee, check
from enrollment.allocation.reasons import Reason, reasons_for


@dataclass(frozen=True)
class Proposal:
    """`chosen` and the keys of `reasons` are pks of nominees; a reason is given for every one.

    `shortfalls` names the floors that nobody can fill any further: (board, rule) -> seats missing.
    """

    chosen: frozenset[int]
    reasons: Mapping[int, Reason]
    shortfalls: Mapping[tuple[Hashable, str], int]


def propose(boards: Iterable[Board], nominees: Iterable[Nominee], *, seconds: float = 60) -> Proposal:
    """The one best selection by the published order. NotProven when `seconds` do not suffice to prove it."""
    # The solver and numpy cost 30 MB and a fifth of a second, which only a process that proposes shall pay.
    from enrollment.allocation.optimum import solve
    from enrollment.allocation.program import program_of

    boards, nominees = list(boards), list(nominees)
    check(boards, nominees)
    program = program_of(boards, nominees)
    seated = solve(program, seconds=seconds)
    chosen = [nominee for nominee, is_seated in zip(program.nominees, seated, strict=True) if is_seated]
    outcome = Outcome(boards, program.nominees, chosen)
    return Proposal(frozenset(nominee.pk for nominee in chosen), reasons_for(outcome), outcome.shortfalls())
