"""From the cells of sheets to the rows of the one that has our headings. Plain values only, in the child process."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from enrollment.spreadsheets import limits
from interface.text import fold


class Broken(Exception):
    """The file as a whole cannot be used; `code` names its sentence in sentences.py, `params` fill it."""

    def __init__(self, code: str, **params) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(frozen=True)
class Cell:
    """The text of a cell; `fault` is the code of what is wrong with it."""

    text: str = ""
    fault: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.text.strip() and not self.fault


@dataclass
class Table:
    """The sheet with our headings. `columns` by index: (key, heading as written)."""

    sheet: str
    columns: dict[int, tuple[str, str]]
    unknown: dict[int, str]
    rows: list[dict] = field(default_factory=list)
    text: int = 0


Rows = Iterator[tuple[int, list[Cell]]]


def read(sheets: Iterable[tuple[str, Rows]], headings: dict[str, str]) -> dict:
    """The rows of the first sheet whose headings are known. `headings` are folded texts with the keys they mean."""
    names = []
    for name, rows in sheets:
        names.append(name)
        rows = _not_too_wide(rows)
        if found := _headed(name, rows, headings):
            return _filled(found, rows)
    raise Broken("wrong_sheet", sheets=", ".join(names)[:200])


def text_cell(text: str) -> Cell:
    """A cell of text, looked at for what no record can hold."""
    if len(text) > limits.LONGEST_CELL:
        return Cell(text[:40], "too_long")
    if any(_is_unfit(letter) for letter in text):
        return Cell("", "control")
    return Cell(text)


def letter_of(index: int) -> str:
    """0 is A, 25 is Z, 26 is AA."""
    letters, index = "", index + 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _is_unfit(letter: str) -> bool:
    return letter not in "\t\r\n" and unicodedata.category(letter) in ("Cc", "Cs")


def _not_too_wide(rows: Rows) -> Rows:
    for number, cells in rows:
        while cells and cells[-1].is_empty:
            cells.pop()
        if len(cells) > limits.MOST_COLUMNS:
            raise Broken("too_many_columns", most=limits.MOST_COLUMNS, row=number)
        if cells:
            yield number, cells


def _headed(name: str, rows: Rows, headings: dict[str, str]) -> Table | None:
    for _turn in range(limits.HEADING_ROWS):
        _number, cells = next(rows, (0, []))
        columns = {
            index: (headings[fold(cell.text)], cell.text.strip())
            for index, cell in enumerate(cells)
            if fold(cell.text) in headings
        }
        if {"family_name", "record"} & {key for key, _text in columns.values()}:
            _refuse_twins(columns)
            unknown = {i: c.text.strip()[:60] for i, c in enumerate(cells) if i not in columns and not c.is_empty}
            return Table(name, columns, unknown)
    return None


def _refuse_twins(columns: dict[int, tuple[str, str]]) -> None:
    seen: dict[str, str] = {}
    for key, text in columns.values():
        if key in seen:
            raise Broken("column_twice", one=seen[key][:60], other=text[:60])
        seen[key] = text


def _filled(table: Table, rows: Rows) -> dict:
    for number, cells in rows:
        row = _row(table, number, cells)
        if not (row["cells"] or row["faults"]):
            continue
        table.rows.append(row)
        if len(table.rows) > limits.MOST_ROWS:
            raise Broken("too_many_rows", most=limits.MOST_ROWS)
        if table.text > limits.MOST_TEXT:
            raise Broken("too_much_text", most=limits.MOST_TEXT)
    if not table.rows:
        raise Broken("no_rows", sheet=table.sheet)
    columns = {key: [letter_of(index), heading] for index, (key, heading) in table.columns.items()}
    return {"sheet": table.sheet, "columns": columns, "unknown": list(table.unknown.values()), "rows": table.rows}


def _row(table: Table, number: int, cells: list[Cell]) -> dict:
    texts, faults = {}, []
    for index, cell in enumerate(cells):
        if cell.is_empty:
            continue
        key, heading = table.columns.get(index, ("", ""))
        if key and cell.fault:
            faults.append([letter_of(index), heading, cell.fault])
        elif key:
            texts[key] = cell.text.strip()
            table.text += len(cell.text)
        elif index not in table.unknown:
            faults.append([letter_of(index), "", "no_heading"])
    return {"row": number, "cells": texts, "faults": faults}
