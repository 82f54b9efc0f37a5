"""The best solution of a program, proven. HiGHS searches in floating point; what it finds is checked in whole numbers.

For each level the solver gives a solution and a weight for every row. The solution is rounded and held against every
row exactly. Any weights prove a bound that no solution can beat (weak duality); rounded to fractions of `DENOMINATOR`
they prove it in whole numbers, so a tolerance of the solver can cost time, never truth. Columns whose other value would
break the bound are fixed for all later levels. Where the relaxed solution is not whole or the bound not tight, the
solver branches; its own bound must then come within half a unit of a value that is a whole number.
"""

import highspy
import numpy as np

from enrollment.allocation.problem import NotProven
from enrollment.allocation.program import NO_BOUND, Program, Row, levels

DENOMINATOR = 720_720  # divisible by every number up to 16, as the weights of such programs are
TIES_AT_ONCE = 10
WHOLE = 1e-6
HALF_A_UNIT = 0.5
INTEGER, CONTINUOUS = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous


def solve(program: Program, *, seconds: float) -> np.ndarray:
    """The one best choice: 0 or 1 per nominee, in the program's order."""
    if not program.nominees:
        return np.zeros(0, dtype=np.int64)
    optimum = Optimum(program, seconds)
    for costs in levels(program):
        optimum.settle(costs)
    _settle_ties(optimum, len(program.nominees))
    return optimum.best[: len(program.nominees)]


def _settle_ties(optimum: "Optimum", nominees: int) -> None:
    """Of what is equal in everything, the earliest: read as a binary number, the choice is the greatest."""
    open_ = optimum.open_columns(nominees)
    while len(open_):
        now = open_[:TIES_AT_ONCE]
        costs = np.zeros_like(optimum.lower)
        costs[now] = -(2 ** np.arange(len(now) - 1, -1, -1, dtype=np.int64))
        optimum.settle(costs)
        optimum.fix(now, optimum.best[now])
        open_ = optimum.open_columns(nominees)


class Optimum:
    """The solutions that are still best in every level settled so far; `best` is one of them."""

    def __init__(self, program: Program, seconds: float):
        self.program = program
        self.lower = np.zeros(len(program.upper), dtype=np.int64)
        self.upper = np.array(program.upper, dtype=np.int64)
        self.best = program.complete(np.zeros(len(program.nominees), dtype=np.int64))
        self.rows = Rows()
        self.highs = _highs(self.upper, seconds)
        for row in program.rows:
            self._add(row)

    def open_columns(self, among: int) -> np.ndarray:
        return np.flatnonzero(self.lower[:among] < self.upper[:among])

    def settle(self, costs: np.ndarray) -> None:
        """Find the least cost, prove it, and hold it for all later levels."""
        open_ = np.flatnonzero((costs != 0) & (self.lower < self.upper))
        if not len(open_):
            return
        self.highs.changeColsCost(len(costs), _numbers(len(costs)), costs.astype(float))
        found, weights = self._relaxed()
        bound, reduced = self.rows.bound(costs, weights, self.lower, self.upper)
        if found is None or costs @ found > _rounded_up(bound):
            found = self._branched(costs)
        self.best = found
        self._fix_what_costs_more(int(costs @ found), bound, reduced)
        self._add(Row(open_.astype(np.int32), costs[open_], -NO_BOUND, int(costs[open_] @ found[open_])))

    def fix(self, columns: np.ndarray, values: np.ndarray) -> None:
        self.lower[columns] = self.upper[columns] = values
        self.highs.changeColsBounds(len(columns), columns.astype(np.int32), values.astype(float), values.astype(float))

    def _fix_what_costs_more(self, value: int, bound: int, reduced: np.ndarray) -> None:
        """A column that leaves its bound adds at least its reduced cost to what no solution can beat."""
        beyond = (bound + np.abs(reduced) > value * DENOMINATOR) & (self.lower < self.upper)
        columns = np.flatnonzero(beyond)
        if len(columns):
            self.fix(columns, np.where(reduced[columns] > 0, self.lower[columns], self.upper[columns]))

    def _relaxed(self) -> tuple[np.ndarray | None, np.ndarray]:
        """The solution without the demand for whole numbers (None if not whole), and the weights of the rows."""
        self._run()
        solution = self.highs.getSolution()
        return self._checked(solution.col_value), np.array(solution.row_dual)

    def _branched(self, costs: np.ndarray) -> np.ndarray:
        nominees = len(self.program.nominees)
        self.highs.clearSolver()  # what it remembers of the relaxed solution only misleads it here
        self.highs.changeColsIntegrality(nominees, _numbers(nominees), np.full(nominees, INTEGER))
        self._run()
        found = self._checked(self.highs.getSolution().col_value)
        bound = self.highs.getInfo().mip_dual_bound
        self.highs.changeColsIntegrality(nominees, _numbers(nominees), np.full(nominees, CONTINUOUS))
        if found is None or costs @ found - bound > HALF_A_UNIT:
            raise NotProven("The solver's answer did not stand the check.")
        return found

    def _run(self) -> None:
        self.highs.run()
        status = self.highs.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            raise NotProven(f"No proven optimum: {self.highs.modelStatusToString(status)}.")

    def _checked(self, values: list[float]) -> np.ndarray | None:
        """The whole solution next to `values`, if they are whole and it keeps every row and bound."""
        values = np.array(values[: len(self.program.nominees)])
        seated = np.rint(values).astype(np.int64)
        solution = self.program.complete(seated)
        is_within = (self.lower <= solution).all() and (solution <= self.upper).all()
        if np.abs(values - seated).max() > WHOLE or not is_within or not self.rows.hold(solution):
            return None
        return solution

    def _add(self, row: Row) -> None:
        self.rows.add(row)
        least = -highspy.kHighsInf if row.lower == -NO_BOUND else float(row.lower)
        most = highspy.kHighsInf if row.upper == NO_BOUND else float(row.upper)
        self.highs.addRow(least, most, len(row.columns), row.columns, row.coefficients.astype(float))


class Rows:
    """All rows so far, for the proofs: everything in whole numbers."""

    def __init__(self):
        self.rows: list[Row] = []

    def add(self, row: Row) -> None:
        self.rows.append(row)

    def hold(self, solution: np.ndarray) -> bool:
        return all(row.lower <= row.coefficients @ solution[row.columns] <= row.upper for row in self.rows)

    def bound(
        self, costs: np.ndarray, weights: np.ndarray, lower: np.ndarray, upper: np.ndarray
    ) -> tuple[int, np.ndarray]:
        """What no solution costs less than, and each column's reduced cost; both times DENOMINATOR."""
        weights = np.rint(weights * DENOMINATOR).astype(np.int64)
        reduced, bound = costs * DENOMINATOR, 0
        for row, weight in zip(self.rows, weights.tolist(), strict=True):
            side = row.lower if weight > 0 else row.upper
            if weight and abs(side) != NO_BOUND:
                reduced[row.columns] -= weight * row.coefficients
                bound += weight * side
        return bound + int(np.minimum(reduced * lower, reduced * upper).sum()), reduced


def _highs(upper: np.ndarray, seconds: float) -> highspy.Highs:
    """One thread and a fixed seed: the answer does not hang on them, but its time shall not vary either."""
    highs = Quiet()
    gaps = {"mip_rel_gap": 0.0, "mip_abs_gap": HALF_A_UNIT}
    for name, value in {"threads": 1, "random_seed": 0, "time_limit": float(seconds), **gaps}.items():
        highs.setOptionValue(name, value)
    highs.addVars(len(upper), np.zeros(len(upper)), upper.astype(float))
    return highs


class Quiet(highspy.Highs):
    """HiGHS greets on standard output as soon as its callbacks are set up, before it can be told not to."""

    def enableCallbacks(self):  # noqa: N802 - the library's name
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()


def _numbers(count: int) -> np.ndarray:
    return np.arange(count, dtype=np.int32)


def _rounded_up(bound: int) -> int:
    return -(-bound // DENOMINATOR)
