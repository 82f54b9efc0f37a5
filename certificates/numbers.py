"""Certificate numbers and typed codes: how they are built, and how they are understood when people type them."""

import re

from interface.text import fold

# Typed by people: no I, L, O or U, which are read as 1, 1, 0 and V. 12 of 32 signs hold 60 bits.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
MISREAD = str.maketrans("ILOU", "110V")
DASHES = re.compile(r"[\s_\-\u2010-\u2015\u2212\u00ad]+")
SHAPE = re.compile(r"(.+)-(\d{4})-0*(\d{1,9})")


def prefix_of(text: str) -> str:
    """A prefix that survives being typed: capitals and digits, dashes between.

    >>> prefix_of("Jfc Naples")
    'JFC-NAPLES'
    """
    return DASHES.sub("-", re.sub(r"[^\w\s-]", "", fold(text))).strip("-").upper()[:12].strip("-") or "CERT"


def number(prefix: str, year: int, count: int) -> str:
    return f"{prefix}-{year}-{count:06d}"


def understood_number(text: str) -> str:
    """The number that somebody meant: any dash, space or case, leading zeros or not.

    >>> understood_number(" ncgm 2026–123 ")
    'NCGM-2026-000123'
    """
    tidy = DASHES.sub("-", text.strip()).strip("-").upper()
    found = SHAPE.fullmatch(tidy)
    return number(prefix_of(found[1]), int(found[2]), int(found[3])) if found else tidy


def understood_code(text: str) -> str:
    """The twelve signs that somebody meant.

    >>> understood_code("abcd-efgh jkmO")
    'ABCDEFGHJKM0'
    """
    return DASHES.sub("", text).upper().translate(MISREAD)


def grouped(code: str) -> str:
    """ABCD-EFGH-JKMN, as printed."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))
