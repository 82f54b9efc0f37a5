"""What we promise, proved: a module per guarantee, each with `prove(*, long)` and a positive control.

`make test` runs the short forms through test_guarantees.py, `make prove G=G11` the long ones through tests/prove.py.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """The answer of a proof: does it hold, and the figure that says so in one line."""

    holds: bool
    text: str

    def __and__(self, other: "Figure") -> "Figure":
        return Figure(self.holds and other.holds, f"{self.text}; {other.text}")
