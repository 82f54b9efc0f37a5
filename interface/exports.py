"""The one writer of spreadsheets: every export of the site goes through it, so none runs code at its reader's.

Text cells are typed as text, and text that a spreadsheet could take for a formula gets a leading apostrophe (G24).
"""

import csv
import io
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from interface import dates

ROW_LIMIT = 50_000
TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00")
# What XML 1.0, and so XLSX, cannot hold.
UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LONGEST_CELL = 32_767


@dataclass(frozen=True)
class Column:
    """One column of an export: its heading, and what it takes from a row."""

    heading: str
    value: Callable[[object], object]
    width: int = 18


def safe_text(text: str) -> str:
    """The text as no spreadsheet will run it; what a cell cannot hold is left out."""
    marked = f"'{text}" if text.startswith(TRIGGERS) else text
    return UNSTORABLE.sub("", marked)[:LONGEST_CELL]


def cell_value(value: object) -> str | int | float | Decimal | date:
    """Numbers and days stay what they are; everything else becomes safe text, instants with their offset."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return dates.zoned_iso(value)
    if isinstance(value, int | float | Decimal | date):
        return value
    return safe_text(str(value))


def csv_bytes(columns: Iterable[Column], rows: Iterable) -> bytes:
    """RFC 4180 in UTF-8 with the mark that makes Excel read it as such."""
    columns = list(columns)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([safe_text(str(column.heading)) for column in columns])
    for row in rows:
        writer.writerow([cell_value(column.value(row)) for column in columns])
    return text.getvalue().encode("utf-8-sig")


def xlsx_bytes(columns: Iterable[Column], rows: Iterable) -> bytes:
    columns = list(columns)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Perspective")
    sheet.freeze_panes = "A2"
    for number, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    cell = partial(typed_cell, sheet)
    sheet.append([cell(safe_text(str(column.heading)), is_bold=True) for column in columns])
    for row in rows:
        sheet.append([cell(cell_value(column.value(row))) for column in columns])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def typed_cell(sheet, value, is_bold: bool = False) -> WriteOnlyCell:
    """A cell that holds text as text whatever it looks like, a day as a day, a number as a number."""
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
    elif isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    if is_bold:
        cell.font = Font(bold=True)
    return cell


WRITERS = {
    "csv": (csv_bytes, "text/csv; charset=utf-8"),
    "xlsx": (xlsx_bytes, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def as_file(name: str, kind: str, columns: Iterable[Column], rows: Iterable) -> HttpResponse:
    """The rows as a download, built to the end before anything is answered. `kind` is "csv" or "xlsx"."""
    write, content_type = WRITERS[kind]
    response = HttpResponse(write(columns, rows), content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, file_name(name, kind))
    return response


def file_name(name: str, kind: str) -> str:
    """Letters, digits and hyphens only, with the day: 'people-2026-07-06.xlsx'."""
    return f"{slugify(name)[:80] or 'perspective'}-{timezone.localdate():%Y-%m-%d}.{kind}"
