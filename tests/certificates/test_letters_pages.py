"""The pages of letters: who gets which, asking, watching, downloading, and who is kept out."""

import io
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from certificates import files
from certificates.models import Letter
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def iteration():
    return make.iteration(make.course("GToT"))


@pytest.fixture
def office(signed_in):
    return signed_in(make.coordinator())


@pytest.fixture
def jordan(signed_in):
    return signed_in(make.liaison(make.nation("JO", "Jordan")))


@pytest.fixture
def ukraine(signed_in):
    return signed_in(make.liaison(make.nation("UA", "Ukraine")))


def of(code: str, iteration, state: str = "refused", **fields):
    return make.nomination(make.person(make.nation(code), **fields), iteration, state=state)


def at(name: str, *args) -> str:
    return reverse(f"certificates:{name}", args=args)


def text(answer) -> str:
    return answer.content.decode()


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


# An iteration's letters


def test_the_page_says_who_gets_which_who_has_it_and_who_gets_none_and_why(office, iteration):
    of("JO", iteration, "waitlisted", family_name="Able")
    of("JO", iteration, "submitted", family_name="Baker")
    there = make.letter(of("UA", iteration, "selected", family_name="Charlie"))

    page = text(office.get(at("letters", iteration.pk)))

    assert "Make 1 missing letter" in page
    assert "Waiting list" in page
    assert "None yet." in page
    assert there.reference in page
    assert "1 nominee gets no letter" in page
    assert "Not decided yet." in page


def test_one_button_asks_for_all_missing_ones(office, iteration):
    for state in ("selected", "waitlisted", "refused"):
        of("JO", iteration, state)

    answer = office.post(at("letters_make", iteration.pk), follow=True)

    assert Letter.objects.count() == 3
    assert "3 letters are being made." in text(answer)
    assert "0 / 3" in text(answer)
    assert "Make" not in text(answer).partition("<main")[2].partition("progress-line")[0]


def test_pressing_twice_asks_once_and_says_so(office, iteration):
    of("JO", iteration)
    office.post(at("letters_make", iteration.pk))

    answer = office.post(at("letters_make", iteration.pk), follow=True)

    assert "everybody who gets one has it" in text(answer)
    assert Letter.objects.count() == 1


def test_while_files_are_made_the_page_asks_again_and_then_no_more(office, iteration):
    letter = make.letter(of("JO", iteration), state="queued")
    waiting = text(office.get(at("letters", iteration.pk), headers={"HX-Request": "true"}))
    Letter.objects.update(**ready())

    done = text(office.get(at("letters", iteration.pk), headers={"HX-Request": "true"}))

    assert 'hx-trigger="every 1s"' in waiting
    assert "<html" not in waiting
    assert 'hx-trigger="every 1s"' not in done
    assert at("letter_download", letter.pk) in done


def test_a_failed_one_shows_its_cause_and_stops_nothing(office, iteration):
    make.letter(of("JO", iteration), state="failed")
    make.letter(of("JO", iteration, "waitlisted"))

    page = text(office.get(at("letters", iteration.pk)))

    assert "The printed name is too long." in page
    assert "Finished, with faults." in page


def test_a_liaison_sees_and_asks_for_the_own_nation_only(jordan, iteration):
    of("UA", iteration, family_name="Foreigner")
    own = of("JO", iteration, family_name="Own")

    page = text(jordan.get(at("letters", iteration.pk)))
    jordan.post(at("letters_make", iteration.pk))

    assert "Own" in page
    assert "Foreigner" not in page
    assert [letter.nomination for letter in Letter.objects.all()] == [own]


def test_a_draft_iteration_is_no_liaisons_business(jordan):
    assert jordan.get(at("letters", make.iteration(state="draft").pk)).status_code == 404


def test_the_zip_holds_what_holds_today_under_names_of_their_own(office, iteration):
    overtaken = make.letter(of("JO", iteration, "waitlisted", family_name="Haddad"))
    type(overtaken.nomination).objects.update(state="refused")
    letters = [make.letter(overtaken.nomination), make.letter(of("UA", iteration, family_name="Kovalenko"))]

    answer = office.get(at("letters_zip", iteration.pk))

    with zipfile.ZipFile(io.BytesIO(body(answer))) as archive:
        names = archive.namelist()
        contents = {archive.read(name) for name in names}
    assert contents == {f"%PDF-1.7 of {letter.reference}".encode() for letter in letters}
    assert f"refused-gtot-haddad-{letters[0].reference.lower()}.pdf" in names
    assert "attachment" in answer["Content-Disposition"]


def test_a_liaisons_zip_holds_the_own_nation_only(jordan, iteration):
    own = make.letter(of("JO", iteration))
    make.letter(of("UA", iteration))

    with zipfile.ZipFile(io.BytesIO(body(jordan.get(at("letters_zip", iteration.pk))))) as archive:
        assert [archive.read(name) for name in archive.namelist()] == [f"%PDF-1.7 of {own.reference}".encode()]


def test_a_zip_of_nothing_is_a_sentence(office, iteration):
    make.letter(of("JO", iteration), state="queued")

    assert "No letter is ready yet." in text(office.get(at("letters_zip", iteration.pk), follow=True))


def test_a_zip_with_a_damaged_file_is_a_sentence(office, iteration):
    damage(make.letter(of("JO", iteration)))

    assert "cannot be read" in text(office.get(at("letters_zip", iteration.pk), follow=True))


# A nomination's letters


def test_the_nominations_page_leads_to_its_letters(office, iteration):
    nomination = of("JO", iteration)

    assert at("nomination_letters", nomination.pk) in text(
        office.get(reverse("enrollment:nomination", args=[nomination.pk]))
    )


@pytest.mark.parametrize("who", ["office", "jordan"])
def test_office_and_liaison_ask_for_one_letter(who, request, iteration):
    client, nomination = request.getfixturevalue(who), of("JO", iteration)
    page = text(client.get(at("nomination_letters", nomination.pk)))

    answer = client.post(at("letter_make", nomination.pk), follow=True)

    assert "Make the letter: Refusal" in page
    letter = Letter.objects.get()
    assert f"Letter {letter.reference} is being made." in text(answer)


def test_the_way_back_is_on_this_site_only(office, iteration):
    nomination = of("JO", iteration)
    own = reverse("enrollment:nomination", args=[nomination.pk])

    assert office.post(at("letter_make", nomination.pk), {"next": own}).url == own
    answer = office.post(at("letter_make", nomination.pk), {"next": "https://evil.example/"})
    assert answer.url == at("nomination_letters", nomination.pk)


def test_an_undecided_one_is_a_sentence(office, iteration):
    answer = office.post(at("letter_make", of("JO", iteration, "submitted").pk), follow=True)

    assert "Not decided yet." in text(answer)
    assert not Letter.objects.exists()


def test_the_overtaken_letter_stays_and_is_marked(office, iteration):
    letter = make.letter(of("JO", iteration, "waitlisted"))
    type(letter.nomination).objects.update(state="refused")

    page = text(office.get(at("nomination_letters", letter.nomination_id)))

    assert "Overtaken" in page
    assert "Do not rely on this letter." in page
    assert at("letter_download", letter.pk) in page
    assert "Make the letter: Refusal" in page


def test_a_failed_one_is_tried_again_from_here(jordan, iteration):
    letter = make.letter(of("JO", iteration), state="failed")
    page = text(jordan.get(at("nomination_letters", letter.nomination_id)))

    jordan.post(at("letter_retry", letter.pk))

    assert "Try again" in page
    assert Letter.objects.get().state == "queued"


def test_the_person_is_told_neither_the_kind_nor_the_reason_of_what_is_not_written_to_her(signed_in, iteration):
    trainee = make.trainee()
    letter = make.letter(make.nomination(trainee.person, iteration, state="waitlisted", decision_reason="Ceiling"))

    page = text(signed_in(trainee).get(at("nomination_letters", letter.nomination_id)))

    assert letter.reference not in page
    assert "Ceiling" not in page
    assert "Make the letter" not in page
    assert "No letter yet." in page


# Downloads


def test_the_file_is_served_as_it_was_written_as_an_attachment(office, iteration):
    letter = make.letter(of("JO", iteration, family_name="Şahin"))

    answer = office.get(at("letter_download", letter.pk))

    assert body(answer) == f"%PDF-1.7 of {letter.reference}".encode()
    assert f'attachment; filename="refused-gtot-sahin-{letter.reference.lower()}.pdf"' in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_the_person_downloads_her_own_letter_and_finds_it_on_her_page(signed_in, iteration):
    trainee = make.trainee()
    letter = make.letter(make.nomination(trainee.person, iteration, state="selected"))
    client = signed_in(trainee)

    assert at("letter_download", letter.pk) in text(client.get(reverse("insights:me")))
    assert body(client.get(at("letter_download", letter.pk))).startswith(b"%PDF")


def test_her_refusal_is_not_hers_to_download(signed_in, iteration):
    trainee = make.trainee()
    letter = make.letter(make.nomination(trainee.person, iteration, state="refused"))

    assert signed_in(trainee).get(at("letter_download", letter.pk)).status_code == 404


def test_a_foreign_liaison_meets_nothing(ukraine, iteration):
    letter = make.letter(of("JO", iteration), state="failed")

    gets = [at("letter_download", letter.pk), at("nomination_letters", letter.nomination_id)]
    posts = [at("letter_retry", letter.pk), at("letter_make", letter.nomination_id)]
    assert [ukraine.get(path).status_code for path in gets] == [404, 404]
    assert [ukraine.post(path).status_code for path in posts] == [404, 404]


@pytest.mark.parametrize("who", ["trainee", "instructor"])
def test_asking_is_for_office_and_liaisons(who, signed_in, iteration):
    nomination = of("JO", iteration, "selected")
    user = make.trainee(nomination.person) if who == "trainee" else make.instructor(iteration)
    client = signed_in(user)

    for path in (at("letters_make", iteration.pk), at("letter_make", nomination.pk)):
        assert client.post(path).status_code == 403
    assert client.get(at("letters", iteration.pk)).status_code == 403


@pytest.mark.parametrize(("state", "sentence"), [("queued", "still being made"), ("damaged", "cannot be read")])
def test_a_file_that_is_not_there_or_not_whole_is_a_sentence(state, sentence, office, iteration):
    letter = make.letter(of("JO", iteration), state="made" if state == "damaged" else state)
    if state == "damaged":
        damage(letter)

    assert sentence in text(office.get(at("letter_download", letter.pk), follow=True))


# How often the database is asked


def test_making_all_letters_reads_no_more_for_many_than_for_few(office):
    counts = []
    for size in (2, 12):
        iteration = make.iteration()
        for _ in range(size):
            of("JO", iteration)
        with CaptureQueriesContext(connection) as queries:
            office.post(at("letters_make", iteration.pk))
        counts.append(sum(each["sql"].startswith("SELECT") for each in queries))

    assert counts[0] == counts[1]


def ready() -> dict:
    from django.utils import timezone

    name, sha256 = files.keep(b"%PDF-1.7 one")
    return {"file_name": name, "sha256": sha256, "made_at": timezone.now()}


def damage(letter: Letter) -> None:
    files.path_of(letter.file_name).write_bytes(b"%PDF damaged")
