"""The one writer of spreadsheets: CSV and XLSX whose cells can never act at the reader's."""

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _

MOST_ROWS = 50_000
TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Column:
    """A heading, and what a row shows under it: a function of the row."""

    heading: str
    value: Callable


def answer(kind: str, name: str, columns: list[Column], rows: Iterable) -> HttpResponse:
    """A file of `rows` as kind "csv" or "xlsx", whole before it is sent. `name` becomes the file's name."""
    table = [[str(column.heading) for column in columns]]
    table += [[_plain(column.value(row)) for column in columns] for row in rows]
    content, mime = (_csv(table), "text/csv; charset=utf-8") if kind == "csv" else (_xlsx(table), XLSX)
    response = HttpResponse(content, content_type=mime)
    response["Content-Disposition"] = f'attachment; filename="{slugify(name) or "table"}.{kind}"'
    return response


def safe(text: str) -> str:
    """Text that a spreadsheet shows and does not run: a leading apostrophe where it would begin a formula."""
    text = "".join(letter for letter in text if letter in "\t\r\n" or ord(letter) >= 32)
    return f"'{text}" if text.startswith(TRIGGERS) else text


def _plain(value) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        return value
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M %Z").strip()
    if isinstance(value, date):
        return value.isoformat()
    return safe(str(value))


def _csv(table: list[list]) -> bytes:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\r\n").writerows(table)
    return stream.getvalue().encode("utf-8-sig")


def _xlsx(table: list[list]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in table:
        cells = [WriteOnlyCell(sheet, value) for value in row]
        for cell, value in zip(cells, row, strict=True):
            if isinstance(value, str):
                cell.data_type = "s"  # text, whatever it begins with
        sheet.append(cells)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
