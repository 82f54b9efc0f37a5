"""Who would sit together: a group counted by nation, framework, sex, category and grade. Plain values; no database.

Everybody is a set of short keys, such as {"n41", "f3", "sw", "cm", "g2"}. The page's script counts the same keys, so
that the figures on the screen and those of the server are one definition.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from partners.grades import parse

WOMEN, MEN, NOT_STATED = "sw", "sm", "sn"
SEXES = {"woman": WOMEN, "man": MEN, "not stated": NOT_STATED}
MILITARY, CIVILIANS, POLICE = "cm", "cc", "cp"
CATEGORIES = {"military": MILITARY, "civilian": CIVILIANS, "police": POLICE}
NATION, ORGANISATION, FRAMEWORK = "n", "o", "f"
ALL = "all"
BANDS = {"g1": "OF-1 – OF-3", "g2": "OF-4 – OF-5", "g3": "OF-6 – OF-10", "g4": "WO", "g5": "OR"}
NO_GRADE = "g0"
STATED = (WOMEN, MEN)  # shares of the sexes are over those who stated one (rule 5.14)
EVERYBODY = (MILITARY, CIVILIANS, POLICE)


def keys_of(
    *, nation: int | None, organisation: int | None, framework: int | None, sex: str, category: str, grade: str
):
    """The keys of one person, the sender's first."""
    sender = f"{NATION}{nation}" if nation else f"{ORGANISATION}{organisation}"
    keys = [sender, f"{FRAMEWORK}{framework}"] if framework else [sender]
    return (*keys, SEXES[sex], CATEGORIES[category], band_of(grade))


def band_of(grade: str) -> str:
    found = parse(grade)
    if found is None:
        return NO_GRADE
    if found.scale != "OF":
        return "g4" if found.scale == "WO" else "g5"
    return "g1" if found.level <= 3 else "g2" if found.level <= 5 else "g3"


def key_of_rule(key: str) -> str:
    """The key that a quota's own key of seating.py counts: "nation:41" is "n41", "category:civilian" is "cc"."""
    kind, _colon, which = key.partition(":")
    return CATEGORIES[which] if kind == "category" else f"{kind[0]}{which}"


class Tally:
    """The counts of a group of people, each given by her keys."""

    def __init__(self, people: Iterable[Iterable[str]]) -> None:
        people = [tuple(keys) for keys in people]
        self.total = len(people)
        self._counts = Counter(key for keys in people for key in keys)

    def of(self, key: str) -> int:
        return self.total if key == ALL else self._counts[key]

    def different(self, letter: str) -> int:
        """How many different keys begin with `letter`: of NATION, the nations."""
        return sum(key.startswith(letter) for key in self._counts)

    def share(self, key: str, among: Iterable[str]) -> int | None:
        """In whole per cent, rounded down; None where nobody is to be counted."""
        whole = sum(self._counts[each] for each in among)
        return 100 * self._counts[key] // whole if whole else None


@dataclass(frozen=True)
class Measure:
    """What an aim looks at: people with `key`, as a share `among` others; or, with a `letter`, different senders."""

    key: str = ""
    among: tuple[str, ...] = ()
    letter: str = ""

    def value(self, tally: Tally, *, is_share: bool) -> int | None:
        if self.letter:
            return tally.different(self.letter)
        return tally.share(self.key, self.among) if is_share else tally.of(self.key)


MEASURES = {
    "women": Measure(WOMEN, STATED),
    "men": Measure(MEN, STATED),
    "nations": Measure(letter=NATION),
    "frameworks": Measure(letter=FRAMEWORK),
    "military": Measure(MILITARY, EVERYBODY),
    "civilians": Measure(CIVILIANS, EVERYBODY),
    "police": Measure(POLICE, EVERYBODY),
}
