"""Certificate numbers and typed codes: how they are built, and how they are understood when people type them."""

import re

from django.utils.translation import gettext as _

from interface.text import fold

# Typed by people: no I, L, O or U, which are read as 1, 1, 0 and V. 12 of 32 signs hold 60 bits.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
MISREAD = str.maketrans("ILOU", "110V")
DASHES = re.compile(r"[\s_\-\u2010-\u2015\u2212\u00ad]+")


def prefix_of(text: str) -> str:
    """A prefix that survives being typed: capitals and digits, dashes between.

    >>> prefix_of("Jfc Naples")
    'JFC-NAPLES'
    """
    return DASHES.sub("-", re.sub(r"[^\w\s-]", "", fold(text))).strip("-").upper()[:12].strip("-") or "CERT"


STANDARD_FORMAT = "{prefix}-{year}-{number}"
STANDARD_DIGITS = 6
LONGEST = 40
PARTS = re.compile(r"[^\W\d_]+|[0-9]+")
FIELD = re.compile(r"\{(\w*)\}")


def number(shape: str, prefix: str, year: int, count: int, digits: int = STANDARD_DIGITS) -> str:
    """A number in the shape that its institution has set.

    >>> number("{prefix}-{year}-{number}", "NCGM", 2026, 123)
    'NCGM-2026-000123'
    """
    return shape.format(prefix=prefix, year=year, number=f"{count:0{digits}d}")


def trouble_with(shape: str) -> str:
    """Why numbers cannot have this shape, as a sentence; "" when they can.

    Year and number must both be there and stand apart, or two years' numbers could be the same.
    """
    names = FIELD.findall(shape)
    if sorted(names) != ["number", "prefix", "year"] or re.search(r"[{}]", FIELD.sub("", shape)):
        return _("Write {prefix}, {year} and {number} once each, such as {prefix}-{year}-{number}.")
    if re.search(r"\}\{", shape):
        return _("Put a dash or a stroke between the parts, or two different numbers could look the same.")
    if not re.fullmatch(r"[A-Za-z0-9/ .\-]*", FIELD.sub("", shape)) or len(FIELD.sub("", shape)) > 8:
        return _("Between the parts stand at most eight letters, digits, dashes, strokes, dots or spaces.")
    return ""


def key(text: str) -> str:
    """What makes two numbers the same for people: their letters and digits, without accents, case and leading zeros.

    >>> key(" ncgm 2026–123 ") == key("NCGM-2026-000123")
    True
    """
    parts = PARTS.findall(fold(DASHES.sub("-", text)))
    return "-".join(part.lstrip("0") or "0" if part.isdigit() else part for part in parts)[:LONGEST]


def understood_code(text: str) -> str:
    """The twelve signs that somebody meant.

    >>> understood_code("abcd-efgh jkmO")
    'ABCDEFGHJKM0'
    """
    return DASHES.sub("", text).upper().translate(MISREAD)


def grouped(code: str) -> str:
    """ABCD-EFGH-JKMN, as printed."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))
