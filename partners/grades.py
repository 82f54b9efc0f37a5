"""STANAG 2116 grades: OF-1 to OF-10, OR-1 to OR-9, WO-1 to WO-5. They compare inside their own scale only."""

from dataclasses import dataclass

SCALES = {"OF": 10, "OR": 9, "WO": 5}
CHOICES = [(f"{scale}-{level}", f"{scale}-{level}") for scale, most in SCALES.items() for level in range(1, most + 1)]


@dataclass(frozen=True)
class Grade:
    scale: str
    level: int

    def __str__(self) -> str:
        return f"{self.scale}-{self.level}"


def parse(text: str) -> Grade | None:
    """The grade written as “OF-3”; None for an empty or unknown text."""
    scale, _dash, level = text.strip().upper().partition("-")
    if scale not in SCALES or not level.isdecimal() or not 1 <= int(level) <= SCALES[scale]:
        return None
    return Grade(scale, int(level))
