"""A selection with everything counted, and what happens to it when one takes the place of another."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from enum import IntEnum

from enrollment.allocation.problem import Board, Nominee, Rule


class Step(IntEnum):
    """The published order."""

    FLOORS = 1
    SEATS = 2
    RANK = 3
    PREFERENCE = 4
    SPREAD = 5
    TIME = 6


class Outcome:
    """`nominees` stand in order of submission; `chosen` are those of them who are proposed."""

    def __init__(self, boards: Iterable[Board], nominees: list[Nominee], chosen: list[Nominee]):
        self.boards = {board.key: board for board in boards}
        self.nominees = nominees
        self.seat_of = {nominee.person: nominee for nominee in chosen}
        self.chosen_on: dict[Hashable, list[Nominee]] = defaultdict(list)
        self._rules = {board.key: {rule.key: rule for rule in board.rules} for board in self.boards.values()}
        self._rules_of: dict[int, dict[str, Rule]] = {}
        self._in_rule, self._of_sender = Counter(), Counter()
        for board in self.boards.values():
            self._in_rule.update({(board.key, rule): count for rule, count in board.seated.items()})
            self._of_sender.update({(board.key, sender): count for sender, count in board.seated_by_sender.items()})
        for nominee in chosen:
            self.chosen_on[nominee.board].append(nominee)
            self._of_sender[nominee.board, nominee.sender] += 1
            self._in_rule.update((nominee.board, rule) for rule in self.rules_of(nominee))

    def rules_of(self, nominee: Nominee) -> dict[str, Rule]:
        """The rules of the board that the nominee counts towards."""
        if nominee.pk not in self._rules_of:
            rules = self._rules[nominee.board]
            self._rules_of[nominee.pk] = {key: rules[key] for key in sorted(nominee.fills & rules.keys())}
        return self._rules_of[nominee.pk]

    def is_full(self, board: Hashable) -> bool:
        return len(self.chosen_on[board]) >= self.boards[board].capacity_free

    def full_ceilings(self, nominee: Nominee) -> dict[str, Rule]:
        """The ceilings that leave no room for one more like this nominee."""
        return {
            key: rule
            for key, rule in self.rules_of(nominee).items()
            if rule.ceiling is not None and self._in_rule[nominee.board, key] >= rule.ceiling
        }

    def floors_kept_by(self, nominee: Nominee) -> list[Rule]:
        """The floors that would be short without this seated nominee."""
        return [rule for key, rule in self.rules_of(nominee).items() if self._in_rule[nominee.board, key] <= rule.floor]

    def shortfalls(self) -> dict[tuple[Hashable, str], int]:
        short = {
            (board.key, rule.key): rule.floor - self._in_rule[board.key, rule.key]
            for board in self.boards.values()
            for rule in board.rules
        }
        return {where: missing for where, missing in short.items() if missing > 0}

    def step_of_change(self, leaver: Nominee, comer: Nominee) -> Step:
        """The first step of the published order at which `comer` in place of `leaver` makes a difference."""
        if self._change_of_shortfall(leaver, comer):
            return Step.FLOORS
        if leaver.standing != comer.standing:
            return Step.RANK
        if leaver.preference != comer.preference:
            return Step.PREFERENCE
        return Step.SPREAD if self._change_of_spread(leaver, comer) else Step.TIME

    def _change_of_shortfall(self, leaver: Nominee, comer: Nominee) -> int:
        leaving = {(leaver.board, key): rule.floor for key, rule in self.rules_of(leaver).items()}
        coming = {(comer.board, key): rule.floor for key, rule in self.rules_of(comer).items()}
        lost = sum(self._in_rule[where] <= floor for where, floor in leaving.items() if where not in coming)
        won = sum(self._in_rule[where] < floor for where, floor in coming.items() if where not in leaving)
        return lost - won

    def _change_of_spread(self, leaver: Nominee, comer: Nominee) -> int:
        from_, to = (leaver.board, leaver.sender), (comer.board, comer.sender)
        return 0 if from_ == to else 2 * (self._of_sender[to] + 1 - self._of_sender[from_])
