"""When two spellings may be one person: “Muhammad / Mohamed”, “Đoković / Djokovic”. Plain values in and out."""

import re

from interface.text import fold

# Letters that one transliteration writes and another does not, the longer first.
SAME_SOUND = [
    ("tch", "s"),
    ("sch", "s"),
    ("ch", "s"),
    ("sh", "s"),
    ("zh", "z"),
    ("dj", "d"),
    ("dh", "d"),
    ("th", "t"),
    ("kh", "k"),
    ("gh", "g"),
    ("ph", "f"),
    ("ks", "x"),
    ("ck", "k"),
    ("q", "k"),
    ("w", "v"),
]


def skeleton(name: str) -> str:
    """What stays of a Latin name when vowels, doubled letters and habits of transliteration go.

    >>> skeleton("Muhammad") == skeleton("Mohamed")
    True
    >>> skeleton("Đoković") == skeleton("Djokovic")
    True
    """
    letters = re.sub(r"[^a-z]", "", fold(name))
    for written, spoken in SAME_SOUND:
        letters = letters.replace(written, spoken)
    bare = letters[:1] + re.sub(r"[aeiouyh]", "", letters[1:])
    return re.sub(r"(.)\1+", r"\1", bare)


def sounds_alike(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """True when family and given names sound alike, also with the two exchanged or given names left out at the end."""
    return _pair_alike(one, other) or _pair_alike(one, (other[1], other[0]))


def _pair_alike(one: tuple[str, str], other: tuple[str, str]) -> bool:
    family, given = skeleton(one[0]), _given(one[1])
    other_family, other_given = skeleton(other[0]), _given(other[1])
    return family == other_family and bool(family) and (given == other_given or _one_begins(given, other_given))


def _given(names: str) -> list[str]:
    return [skeleton(name) for name in re.split(r"[\s-]+", names.strip()) if name]


def _one_begins(one: list[str], other: list[str]) -> bool:
    """“Rania Maria” and “Rania”; but nothing at all is no beginning."""
    shorter, longer = sorted((one, other), key=len)
    return bool(shorter) and longer[: len(shorter)] == shorter
