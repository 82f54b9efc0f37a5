"""A CSV file as one sheet of cells: its encoding and its separator are found out."""

import codecs
import csv
import io
from collections.abc import Iterator

from enrollment.spreadsheets import limits
from enrollment.spreadsheets.tables import Broken, Cell, Rows, text_cell
from interface.text import fold

SEPARATORS = (";", "\t", ",")
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def sheets(content: bytes, name: str, headings: dict[str, str]) -> Iterator[tuple[str, Rows]]:
    """The file as its only sheet, under its own name."""
    text = _decoded(content)
    yield name, _rows(text, _separator(text, headings))


def _decoded(content: bytes) -> str:
    """By its mark if it has one; else UTF-16 by its empty bytes, UTF-8 if it is that, and Windows-1252 at last."""
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return _try(content, encoding)
    if _looks_like_utf16(content):
        return _try(content, "utf-16-le" if content[1::2].count(0) >= content[::2].count(0) else "utf-16-be")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _try(content, "cp1252")


def _looks_like_utf16(content: bytes) -> bool:
    """Every second byte of Latin text in UTF-16 is empty; the headings at least are Latin."""
    head = content[:2000]
    return len(content) % 2 == 0 and len(head) > 1 and max(head[1::2].count(0), head[::2].count(0)) > len(head) // 4


def _try(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as fault:
        raise Broken("encoding", place=fault.start + 1) from fault


def _separator(text: str, headings: dict[str, str]) -> str:
    """The one that finds the most of our headings in the first lines."""
    lines = text.splitlines()[: limits.HEADING_ROWS]

    def known(separator: str) -> int:
        return max((_known_in(line, separator, headings) for line in lines), default=0)

    return max(SEPARATORS, key=known)


def _known_in(line: str, separator: str, headings: dict[str, str]) -> int:
    return sum(fold(part[:200].strip().strip('"')) in headings for part in line[:20000].split(separator))


def _rows(text: str, separator: str) -> Rows:
    csv.field_size_limit(limits.MOST_BYTES)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    try:
        for number, cells in enumerate(lines, 1):
            yield number, [_cell(cell) for cell in cells]
    except csv.Error as fault:
        raise Broken("quotes", row=number + 1) from fault


def _cell(text: str) -> Cell:
    """A spreadsheet program makes a formula of what begins like one; what was meant by it is unknown."""
    return Cell("", "formula") if text.lstrip().startswith("=") else text_cell(text)
