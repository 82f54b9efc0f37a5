"""The one writer of files: no cell acts at the reader's, and what went in can be read."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime

import pytest
from openpyxl import load_workbook

from interface.exports import Column, answer

PAYLOADS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\x00=1+1",
    '=HYPERLINK("http://127.0.0.1")',
    "=cmd|' /C calc'!A0",
    '=IMPORTXML(CONCAT("http://127.0.0.1/", A1), "//a")',
]
VALUES = [Column("Value", lambda row: row)]


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_csv_cell_begins_a_formula(payload):
    [_heading, [cell]] = rows_of(answer("csv", "x", VALUES, [payload]).content)

    assert cell.startswith("'") or cell[0] not in "=+-@\t\r\n\x00"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_xlsx_cell_is_a_formula(payload):
    content = answer("xlsx", "x", VALUES, [payload]).content

    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert load_workbook(io.BytesIO(content)).active["A2"].data_type == "s"


@pytest.mark.parametrize("text", ['Łódź; "quoted", comma', "رانيا", "line\nbreak", "", "Ελένη"])
def test_text_comes_back_as_it_went_in(text):
    [_heading, *rest] = rows_of(answer("csv", "x", VALUES, [text]).content)

    assert rest == [[text]]


def test_numbers_dates_and_ticks_are_written_plainly():
    values = [3, 2.5, True, None, date(2026, 7, 6), datetime(2026, 7, 6, 9, tzinfo=UTC)]

    rows = rows_of(answer("csv", "x", VALUES, values).content)[1:]

    assert [row[0] for row in rows] == ["3", "2.5", "yes", "", "2026-07-06", "2026-07-06 09:00 UTC"]


def test_the_name_of_a_file_cannot_break_its_header():
    response = answer("csv", 'a"\r\nSet-Cookie: x=1', VALUES, [])

    assert "\n" not in response["Content-Disposition"]
    assert response["Content-Disposition"].count('"') == 2
