"""The letter as a file: what it says, in which state, to whom. With the real worker's task and real WeasyPrint."""

import hashlib
import io
import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from pypdf import PdfReader

from certificates import files, tasks
from certificates.letters import actions
from certificates.letters.kinds import LetterKind
from certificates.models import Letter
from notifications.jobs import MOST_ATTEMPTS
from notifications.models import Notification
from tests import make

# WeasyPrint leaves its colour profile open.
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::ResourceWarning")]

A4 = (595.28, 841.89)
NAMES = {
    "Arabic": "محمد عبد الرحمن بن خالد الهاشمي",
    "Cyrillic": "Їванна Ґалаґанівна Ђурђевић",
    "Georgian": "ნინო ჯავახიშვილი-წერეთელი",
    "Greek": "Αικατερίνη Παπαδοπούλου-Ξενάκη",
    "Latin": "Țepeș-Șerban Őrsi Åsa Øvergård Ğüneş",
}
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=https://evil.example/x.png>',
    "{{ printed }}{% debug %}",
    "</p><style>p{display:none}</style>",
    "&lt;b&gt; &amp; O'Brien",
    "file:///etc/passwd",
]


@pytest.fixture
def office():
    return make.coordinator()


def made(nomination, by) -> Letter:
    letter = actions.make(nomination, by=by)
    tasks.make_letter(letter.pk)
    row = Letter.objects.get(pk=letter.pk)
    assert row.is_made, row.failure
    return row


def pdf(letter: Letter) -> bytes:
    return files.path_of(letter.file_name).read_bytes()


def text(letter: Letter) -> str:
    """As pdftotext reads it, in lines of one space."""
    path = files.path_of(letter.file_name)
    return " ".join(subprocess.run(["pdftotext", path, "-"], check=True, capture_output=True, text=True).stdout.split())


# What each state says

# state of the nomination, of the iteration → kind, what it must say, what it must never say
PLACE_WORDS = ("accepted", "you may travel", "your place", "you may book")
MATRIX = {
    ("selected", "nominations open"): (
        "do-not-travel",
        ("Do not travel yet", "not confirmed yet", "say whether you take the place", "not a letter of acceptance"),
        ("accepted", "You may travel", "You may book"),
    ),
    ("confirmed", "nominations closed"): (
        "do-not-travel",
        ("Do not travel yet", "You have said that you take the place", "not a letter of acceptance"),
        ("accepted", "You may travel", "You may book"),
    ),
    ("selected", "confirmed"): (
        "accepted",
        ("You are accepted", "You have not confirmed your place yet", "before you have confirmed your place"),
        ("You may travel", "You may book"),
    ),
    ("confirmed", "confirmed"): (
        "accepted",
        ("You are accepted, and your place is confirmed", "You may travel"),
        ("Do not travel", "waiting list", "Not selected"),
    ),
    ("waitlisted", "nominations closed"): (
        "waiting",
        ("On the waiting list", "Waiting. No place is given.", "This is a decision"),
        (*PLACE_WORDS, "selected", "offered"),
    ),
    ("waitlisted", "confirmed"): ("waiting", ("Waiting. No place is given.",), (*PLACE_WORDS, "selected")),
    ("offered", "nominations closed"): (
        "offered",
        ("A place is offered. It is not taken yet.", "The offer stands until 1 March 2031, 12:00 Stockholm time"),
        ("accepted", "your place", "you may travel", "you may book", "selected"),
    ),
    ("offered", "confirmed"): ("offered", ("An offer is no place yet.",), ("accepted", "you may travel")),
    ("refused", "nominations open"): (
        "refused",
        ("Not selected", "please tell it yourself"),
        (*PLACE_WORDS, "is selected", "waiting"),
    ),
    ("refused", "confirmed"): ("refused", ("Not selected",), (*PLACE_WORDS, "is selected", "waiting")),
    ("cancelled", "cancelled"): (
        "cancelled",
        ("The iteration is cancelled", "must not travel", "not carried over"),
        (*PLACE_WORDS, "selected", "waiting"),
    ),
}
FIELDS = {"offered": {"answer_by": datetime(2031, 3, 1, 11, tzinfo=UTC)}}


@pytest.mark.parametrize("states", MATRIX, ids=" in ".join)
def test_each_state_has_its_own_words_and_none_of_another(states, office):
    state, held = states
    kind, must, never = MATRIX[states]
    iteration = make.iteration(make.course(title="Training of Trainers"), state=held)

    letter = made(make.nomination(to=iteration, state=state, **FIELDS.get(state, {})), office)

    said = text(letter)
    assert letter.kind == kind
    assert [words for words in must if words not in said] == []
    assert [words for words in never if words.lower() in said.lower()] == []


@pytest.mark.parametrize("state", ["selected", "confirmed", "waitlisted", "offered", "refused"])
@pytest.mark.parametrize("held", ["nominations open", "nominations closed"])
def test_every_letter_before_go_says_not_to_travel_or_book(state, held, office):
    letter = made(make.nomination(to=make.iteration(state=held), state=state, **FIELDS.get(state, {})), office)

    assert "Do not travel or book" in text(letter)
    assert "confirmed" in text(letter)


def test_every_kind_has_a_case_here():
    assert {kind for kind, *_ in MATRIX.values()} == set(LetterKind)


# What else it says


def test_it_names_course_days_place_zone_deadlines_and_its_reference(office):
    sweden = make.nation("SE", "Sweden")
    iteration = make.iteration(
        make.course(title="Training of Trainers", level=300, code="GEN-GO-35433"),
        starts_on=timezone.localdate().replace(year=2031, month=7, day=7),
        place="Kungsängen",
        nation=sweden,
        reference="2031-02",
        time_zone="Europe/Stockholm",
        go_no_go_on=timezone.localdate().replace(year=2031, month=6, day=9),
    )

    letter = made(make.nomination(make.person(rank="Major"), iteration, state="selected"), office)

    said = text(letter)
    for words in ("Training of Trainers", "Level 300", "GEN-GO-35433", "7–9 July 2031", "Kungsängen, Sweden"):
        assert words in said
    for words in ("2031-02", "Stockholm time", "decided by 9 June 2031", letter.reference, "Dear Major Given"):
        assert words in said
    assert f"/nominations/{letter.nomination_id}/" in said


def test_the_reason_is_printed_as_told_with_its_paragraphs(office):
    nomination = make.nomination(
        state="refused", reason_code="criteria", decision_reason="English 1111 on record.\n\n2222 is asked for <now>."
    )

    said = text(made(nomination, office))

    assert "Entry criteria not met. English 1111 on record. 2222 is asked for <now>." in said


def test_a_letter_to_the_person_tells_no_reason(office):
    nomination = make.nomination(state="selected", decision_reason="Better than Ukraine's.")

    assert "Ukraine" not in text(made(nomination, office))


def test_a_cancelled_one_says_where_the_nomination_goes(office):
    nomination = make.nomination(to=make.iteration(state="cancelled"), state="cancelled")
    other = make.iteration(make.course(title="Another Course"))
    make.nomination(nomination.person, other, carried_from=nomination)

    said = text(made(nomination, office))

    assert "carried over to Another Course" in said
    assert "not yet decided" in said


def test_the_language_of_whoever_asks_changes_nothing(office):
    from django.utils import translation

    with translation.override("fr"):
        letter = made(make.nomination(state="waitlisted"), office)

    assert "Waiting. No place is given." in text(letter)


# Names


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_names_of_any_script_are_printed_with_their_latin_form(name, office):
    person = make.person(printed_name=name, given_names="Given", family_name="Latinform")

    letter = made(make.nomination(person, state="selected"), office)

    pages = PdfReader(io.BytesIO(pdf(letter))).pages
    read = "".join(text(letter).split()) + "".join("".join(page.extract_text().split()) for page in pages)
    assert all(word in read or word[::-1] in read for word in name.split())
    assert "Given Latinform" in text(letter)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_printed_literally(name, office):
    person = make.person(printed_name=name, given_names="", family_name=name[:80], service=name)

    said = text(made(make.nomination(person, state="selected", decision_reason=name), office))

    assert "".join(name.split()) in "".join(said.split())


def test_very_long_names_break_and_stay_on_the_page(office):
    person = make.person(printed_name="W" * 150, given_names="X" * 80, family_name="Y" * 80, rank="R" * 60)

    letter = made(make.nomination(person, state="selected"), office)

    ends = []
    for page in PdfReader(io.BytesIO(pdf(letter))).pages:
        page.extract_text(visitor_text=lambda words, m, t, _f, _s: ends.append(t[4] * m[0] + m[4]))
    assert max(ends) < A4[0]
    assert "W" * 150 in "".join(text(letter).split())


# The file


def test_it_is_one_page_of_a4_tagged_with_language_title_and_page_number(office):
    letter = made(make.nomination(state="refused"), office)

    reader = PdfReader(io.BytesIO(pdf(letter)))
    size, catalog = reader.pages[0].mediabox, reader.trailer["/Root"]
    assert (float(size.width), float(size.height)) == pytest.approx(A4, abs=0.01)
    assert len(reader.pages) == 1
    assert catalog["/Lang"] == "en"
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/StructTreeRoot"]
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title.startswith("Refusal: ")
    assert f"{letter.reference} Page 1 / 1" in text(letter)


def test_a_long_reason_goes_over_the_page_and_every_page_bears_the_reference(office):
    nomination = make.nomination(state="refused", decision_reason="\n".join(["A sentence of some length. " * 12] * 12))

    letter = made(nomination, office)

    pages = PdfReader(io.BytesIO(pdf(letter))).pages
    assert len(pages) >= 2
    assert all(letter.reference in page.extract_text() for page in pages)


def test_the_same_letter_gives_the_same_bytes(office):
    letter = made(make.nomination(state="refused"), office)
    Letter.objects.update(made_at=None, file_name="", sha256="")

    tasks.make_letter(letter.pk)

    again = Letter.objects.get(pk=letter.pk)
    assert again.sha256 == letter.sha256 == hashlib.sha256(pdf(again)).hexdigest()


# The work


def test_made_twice_it_is_made_once(office):
    letter = made(make.nomination(state="refused"), office)

    tasks.make_letter(letter.pk)

    assert Letter.objects.get().attempts == 1


def test_a_letter_that_no_typeface_has_is_set_aside_and_who_asked_is_told(office):
    letter = actions.make(make.nomination(make.person(printed_name="\U00012345"), state="refused"), by=office)

    tasks.make_letter(letter.pk)

    row = Letter.objects.get()
    assert row.state == "failed"
    assert "U+12345" in row.failure
    message = Notification.objects.get(event="letter.failed")
    assert message.recipient == office
    assert row.failure in message.body


def test_a_worker_that_dies_each_time_leaves_a_letter_that_failed(office):
    letter = actions.make(make.nomination(state="refused"), by=office)
    for _ in range(MOST_ATTEMPTS):
        assert Letter.objects.claim(letter.pk) is not None
        Letter.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    tasks.make_letter(letter.pk)

    assert Letter.objects.get().state == "failed"
    assert Notification.objects.filter(event="letter.failed").count() == 1


def test_a_paused_worker_cannot_write_over_its_successor(office):
    letter = actions.make(make.nomination(state="refused"), by=office)
    paused = Letter.objects.claim(letter.pk)
    Letter.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    tasks.make_letter(letter.pk)

    tasks._give_up_letter(paused, "Too late")

    assert Letter.objects.get().is_made
    assert not Notification.objects.filter(event="letter.failed").exists()


def test_the_sweep_rings_for_letters_that_wait_and_for_no_others(office, monkeypatch):
    rung: list[int] = []
    monkeypatch.setattr(tasks.make_letter, "delay", rung.append)
    waiting = actions.make(make.nomination(state="refused"), by=office)
    make.letter(by=office)
    make.letter(by=office, state="failed")

    tasks.sweep()

    assert rung == [waiting.pk]
