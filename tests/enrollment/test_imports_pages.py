"""Nominate from a spreadsheet, through the pages: template, upload, preview, answers, import, undo."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from enrollment import actions
from enrollment.models import ImportedRow, Nomination, NominationImport
from partners.models import Person
from tests import make
from tests.support.digest import digest

pytestmark = pytest.mark.django_db
IMPORTS = frozenset({"enrollment.NominationImport", "enrollment.ImportedRow"})
HEAD = "Family name;Given names;E-mail;NATO grade;Priority\n"


@pytest.fixture
def jordan():
    return make.nation("JO", "Jordan")


@pytest.fixture
def liaison(jordan):
    return make.liaison(jordan)


@pytest.fixture
def client(signed_in, liaison):
    return signed_in(liaison)


@pytest.fixture
def iteration():
    return make.iteration()


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def send(client, iteration, content: bytes | str, name: str = "people.csv", **fields):
    content = content.encode() if isinstance(content, str) else content
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("enrollment:import_new", args=[iteration.pk]), {"file": file, **fields}, follow=True)


def workbook(*rows, title="Nominations") -> bytes:
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def move(client, source, deed: str, **fields):
    return client.post(reverse(f"enrollment:import_{deed}", args=[source.pk]), fields, follow=True)


# The template.


def test_the_template_is_read_back_with_the_people_in_it(client, jordan, iteration):
    make.person(jordan, family_name="Haddad", given_names="=Rania", sex="woman")

    answer = client.get(reverse("enrollment:import_template", args=[iteration.pk]) + "?people=1")

    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    assert [cell.value for cell in sheet[2]][1:4] == ["no", "Haddad", "=Rania"]
    assert sheet["D2"].data_type == "s"
    assert len(sheet.data_validations.dataValidation) >= 5
    page = send(client, iteration, answer.content, "nominations.xlsx")
    assert "Passed over" in text_of(page)


def test_the_template_holds_nobody_of_another_nation(client, iteration):
    make.person(make.nation("UA"), family_name="Shevchenko")

    answer = client.get(reverse("enrollment:import_template", args=[iteration.pk]) + "?people=1")

    assert load_workbook(io.BytesIO(answer.content)).worksheets[0].max_row == 1


# The preview.


def test_nothing_is_written_before_it_is_confirmed(client, iteration):
    before = digest(without=IMPORTS)

    page = send(client, iteration, HEAD + "Haddad;Rania;rania@example.org;OF-3;1\n")

    assert "New person" in text_of(page)
    assert digest(without=IMPORTS) == before


def test_a_known_person_shows_what_would_change(client, jordan, iteration):
    make.person(jordan, family_name="Haddad", given_names="Rania", email="rania@example.org", grade="OF-2")

    page = send(client, iteration, HEAD + "Haddad;Rania;RANIA@example.org;OF-3;1\n")

    assert "Known person" in text_of(page)
    assert "<del><bdi>OF-2</bdi></del> → <ins><bdi>OF-3</bdi></ins>" in text_of(page)


def test_a_name_that_sounds_alike_is_for_the_liaison_to_decide(client, jordan, iteration):
    known = make.person(jordan, family_name="Muhammad", given_names="Rania", email="other@example.org")
    send(client, iteration, HEAD + "Mohamed;Rania;rania@example.org;OF-3;1\n")
    source = NominationImport.objects.get()
    row = source.rows.get()

    blocked = move(client, source, "confirm")
    move(client, source, "decide", **{f"row-{row.pk}": known.pk})
    move(client, source, "confirm")

    assert "Say first who they are" in text_of(blocked)
    known.refresh_from_db()
    assert known.family_name == "Mohamed"
    assert Nomination.objects.get().person == known


def test_somebody_of_another_nation_is_never_looked_at(client, iteration):
    foreign = make.person(make.nation("UA"), family_name="Haddad", given_names="Rania", email="rania@example.org")

    page = send(client, iteration, f"Record no.;{HEAD}{foreign.pk};Haddad;Rania;rania@example.org;OF-3;1\n")

    assert "None of your people has this record number." in text_of(page)
    assert ImportedRow.objects.get().suspects == []


def test_an_error_names_sheet_row_and_column(client, iteration):
    page = send(client, iteration, workbook(["Family name", "NATO grade"], ["Haddad", "Major"]), "people.xlsx")

    text = text_of(page)
    assert "Sheet “Nominations”, row 2" in text
    assert "column B" in text
    assert "Write a NATO grade such as OF-3" in text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_every_usual_csv_is_read(client, iteration, encoding, separator):
    lines = [["prénom", "NOM", "E-Mail", "grade"], ["Zoë", "Müller", "z@example.org", "of3"]]
    content = "\r\n".join(separator.join(line) for line in lines)

    send(client, iteration, content.encode(encoding), "list.csv")

    row = ImportedRow.objects.get()
    assert row.values == {"given_names": "Zoë", "family_name": "Müller", "email": "z@example.org", "grade": "OF-3"}


# Confirmed and undone.


def test_confirming_writes_people_and_drafts_by_the_actions_of_the_page(client, liaison, iteration):
    send(client, iteration, HEAD + "Haddad;Rania;rania@example.org;OF-3;2\nNasser;Omar;;OF-4;1\n")

    page = move(client, NominationImport.objects.get(), "confirm")

    assert "Imported." in text_of(page)
    first = Nomination.objects.get(person__family_name="Haddad")
    assert (first.state, first.priority, first.nominated_by) == ("draft", 2, liaison)
    assert first.history.get().history_change_reason == "Drafted: From a spreadsheet"
    assert first.person.history.get().history_change_reason == "Entered: From a spreadsheet"


def test_they_can_be_submitted_at_once(client, iteration):
    send(client, iteration, HEAD + "Haddad;Rania;rania@example.org;OF-3;1\n")

    move(client, NominationImport.objects.get(), "confirm", submits="on")

    assert Nomination.objects.get().state == "submitted"


def test_rows_with_errors_block_until_they_are_left_out(client, iteration):
    send(client, iteration, HEAD + "Haddad;Rania;rania@example.org;OF-3;1\nNasser;Omar;no address;OF-4;1\n")
    source = NominationImport.objects.get()

    blocked = move(client, source, "confirm")
    nobody = Person.objects.count()
    move(client, source, "confirm", leaves_errors_out="on")

    assert "1 rows have errors" in text_of(blocked)
    assert nobody == 0
    assert [each.person.family_name for each in Nomination.objects.all()] == ["Haddad"]


def test_a_row_that_is_refused_leaves_nothing_behind(client, jordan, liaison, iteration):
    known = make.person(jordan, family_name="Nasser", given_names="Omar", email="omar@example.org")
    send(client, iteration, HEAD + "Haddad;Rania;rania@example.org;OF-3;1\nNasser;Omar;omar@example.org;OF-3;1\n")
    actions.nominate(known, iteration, by=liaison)
    before = digest()

    page = move(client, NominationImport.objects.get(), "confirm")

    assert "Row 3 (Nasser, Omar): Nasser, Omar is already nominated" in text_of(page)
    assert digest() == before


def test_the_same_file_is_taken_once(client, iteration):
    content = HEAD + "Haddad;Rania;rania@example.org;OF-3;1\n"
    send(client, iteration, content)
    again = send(client, iteration, content)
    move(client, NominationImport.objects.get(), "confirm")
    before = digest()

    once_more = send(client, iteration, content)

    assert "has sent this very file already" in text_of(again)
    assert "has been imported already. Nothing was changed." in text_of(once_more)
    assert digest() == before


def test_undoing_takes_all_of_it_back(client, jordan, iteration):
    known = make.person(jordan, family_name="Nasser", given_names="Omar", email="omar@example.org", grade="OF-2")
    head = HEAD.replace("\n", ";English SLP;SLP tested on\n")
    rows = (
        "Haddad;Rania;rania@example.org;OF-3;1;3232;2025-03-31\nNasser;Omar;omar@example.org;OF-4;1;3333;31.03.2025\n"
    )
    send(client, iteration, head + rows)
    source = NominationImport.objects.get()
    move(client, source, "confirm")
    written = Nomination.objects.count(), known.language_tests.count()

    page = move(client, source, "undo")

    assert "all that the import wrote is taken back" in text_of(page)
    known.refresh_from_db()
    assert written == (2, 1)
    assert (Nomination.objects.count(), known.language_tests.count(), known.grade) == (0, 0, "OF-2")
    assert list(Person.objects.all()) == [known]


def test_undoing_withdraws_what_was_submitted(client, iteration):
    send(client, iteration, HEAD + "Haddad;Rania;rania@example.org;OF-3;1\n")
    source = NominationImport.objects.get()
    move(client, source, "confirm", submits="on")

    page = move(client, source, "undo")

    assert Nomination.objects.get().state == "withdrawn"
    assert "stays on record: Haddad, Rania" in text_of(page)


def test_an_import_is_not_undone_after_a_decision(client, iteration):
    send(client, iteration, HEAD + "Haddad;Rania;rania@example.org;OF-3;1\nNasser;Omar;;OF-4;1\n")
    source = NominationImport.objects.get()
    move(client, source, "confirm", submits="on")
    nomination = Nomination.objects.first()
    actions.return_for_completion(nomination, by=make.coordinator(), reason="Which post?")
    actions.submit(nomination, by=source.uploaded_by)
    before = digest()

    page = move(client, source, "undo")

    assert "The office has decided on" in text_of(page)
    assert digest() == before


# Whose it is.


@pytest.mark.parametrize("deed", ["", "_decide", "_confirm", "_discard", "_undo"])
def test_a_foreign_import_does_not_exist(client, signed_in, iteration, deed):
    send(client, iteration, HEAD + "Haddad;Rania;rania@example.org;OF-3;1\n")
    foreigner = signed_in(make.liaison(make.nation("UA")))
    address = reverse(f"enrollment:import{deed}", args=[NominationImport.objects.get().pk])
    before = digest()

    answer = foreigner.post(address) if deed else foreigner.get(address)

    assert answer.status_code == 404
    assert digest() == before


# What is no spreadsheet.


def test_a_file_that_cannot_be_read_leaves_nothing(client, iteration):
    before = digest(without=IMPORTS)

    page = send(client, iteration, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 100, "old.xls")

    assert "protected by a password, or is an Excel file of before 2007" in text_of(page)
    assert page.status_code == 200
    assert digest(without=IMPORTS) == before
    assert NominationImport.objects.filter(content__isnull=False).count() == 0
