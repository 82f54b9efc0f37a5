"""The workbook that a liaison fills in: headings with their meaning, lists of choices, the entry criteria."""

import io
from collections.abc import Iterable

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from enrollment.spreadsheets import limits
from enrollment.spreadsheets.columns import COLUMNS, OF_THE_PERSON, Column
from partners.models import Person

MOST_PEOPLE = limits.MOST_ROWS - 500
LONGEST_LIST = 255  # what the format allows for a list in a cell's rule
BOLD = Font(bold=True)
WRAPPED = Alignment(wrap_text=True, vertical="top")
FORBIDDEN_IN_TITLE = str.maketrans(dict.fromkeys("[]:*?/\\", "-"))


def template(title: str, facts: list[str], criteria: list[str], people: Iterable[Person]) -> bytes:
    """An XLSX with a sheet to fill in for one iteration; `people` come prefilled, each with “no” to be nominated."""
    book = Workbook()
    _fill_in(book.active, people)
    _tell(book.create_sheet(_("Entry criteria").translate(FORBIDDEN_IN_TITLE)[:31]), title, [*facts, "", *criteria])
    _explain(book.create_sheet(_("Columns").translate(FORBIDDEN_IN_TITLE)[:31]))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _fill_in(sheet, people: Iterable[Person]) -> None:
    sheet.title = _("Nominations").translate(FORBIDDEN_IN_TITLE)[:31]
    sheet.freeze_panes = "A2"
    for number, column in enumerate(COLUMNS, 1):
        _head(sheet, number, column)
    for row, person in enumerate(people, 2):
        for number, column in enumerate(COLUMNS, 1):
            _write(sheet.cell(row, number), _value(column, person))


def _head(sheet, number: int, column: Column) -> None:
    cell, letter = sheet.cell(1, number), get_column_letter(number)
    _write(cell, str(column.heading))
    cell.font = BOLD
    cell.comment = Comment(str(column.explanation), "Perspective")
    sheet.column_dimensions[letter].width = max(12, len(str(column.heading)) + 4)
    # Text, so that no program makes a day of “3-2” or a number of a telephone.
    sheet.column_dimensions[letter].number_format = "@"
    names = [str(label) for _value, label in column.choices]
    if names and len(",".join(names)) < LONGEST_LIST:
        rule = DataValidation(type="list", formula1=f'"{",".join(names)}"', allow_blank=True)
        rule.error, rule.prompt = _("Choose from the list."), str(column.explanation)[:LONGEST_LIST]
        rule.add(f"{letter}2:{letter}{limits.MOST_ROWS + 1}")
        sheet.add_data_validation(rule)


def _value(column: Column, person: Person) -> str | int:
    """What the record says under a heading: a choice by its name, nothing where it says nothing."""
    if column.key == "record":
        return person.pk
    if column.key == "nominate":
        return str(dict(column.choices)[False])
    if column.key == "printed_name" and not person.has_other_script:
        return ""  # so that it follows a corrected name
    value = getattr(person, column.key) if column.key in OF_THE_PERSON else ""
    return str(dict(column.choices).get(value, value))


def _write(cell, value: str | int) -> None:
    cell.value = value
    if isinstance(value, str):
        cell.data_type, cell.number_format = "s", "@"  # text, whatever it begins with


def _tell(sheet, title: str, lines: list[str]) -> None:
    sheet.column_dimensions["A"].width = 100
    for number, line in enumerate([title, *lines], 1):
        _write(sheet.cell(number, 1), line)
        sheet.cell(number, 1).alignment = WRAPPED
    sheet.cell(1, 1).font = BOLD


def _explain(sheet) -> None:
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24, 80
    lines = [(str(each.heading), _explanation(each)) for each in COLUMNS]
    for number, line in enumerate([(_("Column"), _("What stands in it")), *lines], 1):
        for place, text in enumerate(line, 1):
            _write(sheet.cell(number, place), text)
            sheet.cell(number, place).alignment = WRAPPED
    for cell in sheet[1]:
        cell.font = BOLD


def _explanation(column: Column) -> str:
    names = ", ".join(str(label) for _value, label in column.choices)
    return f"{column.explanation} {_('One of: %(names)s.') % {'names': names}}" if names else str(column.explanation)
