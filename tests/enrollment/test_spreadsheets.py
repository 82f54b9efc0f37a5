"""Spreadsheets in and out: what is read, what is refused, in every language of the site; and files read by a worker."""

import io
import random
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from openpyxl import Workbook, load_workbook

from accounts.moves import Refused
from enrollment import actions, tasks
from enrollment.models import ImportedRow, Nomination, NominationImport
from enrollment.spreadsheets import columns, limits, reader
from enrollment.spreadsheets.template import template
from interface.text import fold
from tests import make
from tests.support import bad_spreadsheets

HEADINGS = {
    "family name": "family_name",
    "given names": "given_names",
    "priority": "priority",
    "slp tested on": "slp_on",
}


def read(content: bytes, name: str = "people.csv") -> dict:
    return reader.read(content, name, HEADINGS)


def texts(table: dict) -> list[dict]:
    return [row["cells"] for row in table["rows"]]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_template_is_read_back_in_every_language(language):
    with override(language):
        content = template("A course", [], ["Officers from OF-2."], [])
    sheet = load_workbook(io.BytesIO(content))
    names = {cell.value for cell in sheet.worksheets[0][1]}

    known = columns.headings()

    assert len(names) == len(columns.COLUMNS)
    assert {known.get(fold(name)) for name in names} == set(columns.BY_KEY)
    assert sheet.worksheets[1]["A3"].value == "Officers from OF-2."


def test_numbers_and_days_are_read_as_they_are_meant():
    book = Workbook()
    book.active.append(["Family name", "Priority", "SLP tested on"])
    book.active.append(["Haddad", 3.0, date(2025, 3, 31)])
    stream = io.BytesIO()
    book.save(stream)

    table = read(stream.getvalue(), "people.xlsx")

    assert texts(table) == [{"family_name": "Haddad", "priority": "3", "slp_on": "2025-03-31"}]


def test_headings_may_stand_below_a_title_and_blank_rows_do_not_count():
    table = read(b"Our nominees;;\n\nFamily name;Priority\n\nHaddad;1\n;\nNasser;2\n")

    assert [row["row"] for row in table["rows"]] == [5, 7]


def test_something_without_a_heading_is_told():
    table = read(b"Family name;Priority\nHaddad;1;stray\n")

    assert table["rows"][0]["faults"] == [["C", "", "no_heading"]]


@pytest.mark.parametrize("kind", sorted(bad_spreadsheets.UNREADABLE))
def test_a_file_that_is_none_is_refused_with_a_sentence(kind):
    made = bad_spreadsheets.UNREADABLE[kind](random.Random(kind))
    content, _ending = made if isinstance(made, tuple) else (made, "xlsx")

    with pytest.raises(reader.NotReadable) as refusal:
        reader.read(content, kind, columns.headings())

    assert str(refusal.value).endswith(".")


def test_exactly_the_most_rows_are_read():
    rows = "".join(f"Name{n}\n" for n in range(limits.MOST_ROWS))

    assert len(read(b"Family name\n" + rows.encode())["rows"]) == limits.MOST_ROWS


@pytest.mark.django_db
def test_a_long_file_is_read_by_a_worker_while_the_page_says_how_far_it_is(signed_in):
    liaison, iteration = make.liaison(), make.iteration()
    client = signed_in(liaison)
    rows = "".join(
        f"Name{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}{chr(97 + n // 676)}k;Rania;n{n}@example.org;{'x' * 20}\n"
        for n in range(1200)
    )
    file = io.BytesIO(("Family name;Given names;E-mail;Remarks\n" + rows).encode())
    file.name = "long.csv"

    sent = client.post(reverse("enrollment:import_new", args=[iteration.pk]), {"file": file}, follow=True)
    source = NominationImport.objects.get()
    waiting = source.state
    is_rung_for = NominationImport.objects.waiting().filter(pk=source.pk).exists()
    tasks.read_import(source.pk)
    part = client.get(
        reverse("enrollment:import", args=[source.pk]), headers={"HX-Request": "true", "HX-Target": "progress"}
    )

    assert waiting == "reading"
    assert is_rung_for
    assert "Waiting for a worker" in sent.content.decode()
    source.refresh_from_db()
    assert (source.state, source.total, source.done, source.content) == ("preview", 1200, 1200, None)
    assert part.headers["HX-Refresh"] == "true"


@pytest.mark.django_db
def test_a_preview_that_nobody_confirms_is_forgotten():
    jordan, iteration = make.nation(), make.iteration()
    source = make.preview_of_a_spreadsheet(jordan, iteration, by=make.liaison(jordan))
    NominationImport.objects.update(uploaded_at=timezone.now() - timedelta(days=15))

    tasks.sweep()

    source.refresh_from_db()
    assert source.state == "discarded"
    assert not ImportedRow.objects.exists()


@pytest.mark.django_db
def test_a_mandate_that_ended_confirms_nothing():
    jordan, iteration = make.nation(), make.iteration()
    liaison = make.liaison(jordan)
    source = make.preview_of_a_spreadsheet(jordan, iteration, by=liaison)
    source.rows.filter(outcome="alike").delete()
    liaison.mandates.update(ends_on=timezone.localdate() - timedelta(days=1))
    liaison = type(liaison).objects.get(pk=liaison.pk)

    with pytest.raises(Refused):
        actions.confirm_import(source, by=liaison, submits=False, leaves_errors_out=False)

    assert not Nomination.objects.exists()
