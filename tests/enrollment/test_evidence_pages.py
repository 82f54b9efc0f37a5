"""The pages of evidence: handing in, the office's queue, the check, and files that only their readers get."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from enrollment.actions import evidence as actions
from enrollment.models import Evidence
from enrollment.models.papers import VAULT
from partners.models import LanguageTest
from tests import make
from tests.enrollment.test_evidence_scans import HOSTILE, PNG, archive
from tests.support.digest import digest

pytestmark = pytest.mark.django_db


@pytest.fixture
def jordan():
    return make.nation("JO", "Jordan")


@pytest.fixture
def liaison(jordan):
    return make.liaison(jordan)


@pytest.fixture
def office():
    return make.coordinator()


@pytest.fixture
def person(jordan):
    return make.person(jordan, family_name="Haddad", given_names="Rana")


def day(number: int) -> str:
    return str(timezone.localdate() + timedelta(days=number))


def language(**changes) -> dict:
    facts = {"kind": "language", "profile": "3232", "dated_on": day(-30), "reference": "Institute"}
    return {**facts, "file": upload("scan.pdf", make.PDF), **changes}


def upload(name: str, content: bytes, kind: str = "application/pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=kind)


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


# Handing in.


def test_a_liaison_hands_in_a_certificate_on_the_persons_page(signed_in, liaison, person):
    browser = signed_in(liaison)
    assert f"/people/{person.pk}/evidence/new/" in browser.get(f"/people/{person.pk}/nominations/").content.decode()

    answer = browser.post(f"/people/{person.pk}/evidence/new/", language(), follow=True)

    kept = Evidence.objects.get()
    assert (kept.person, kept.profile, kept.reference, kept.uploaded_by) == (person, "3232", "Institute", liaison)
    assert "counts as not proven" in text_of(answer)
    assert "To be checked" in text_of(answer)


def test_from_a_nomination_one_comes_back_to_it_and_reads_that_it_waits(signed_in, liaison, person):
    nomination = make.nomination(person, make.iteration(make.course(slp_minimum="3232")), nominated_by=liaison)
    browser, page = signed_in(liaison), f"/nominations/{nomination.pk}/"
    before = browser.get(page).content.decode()
    assert f"{page}evidence/new/?kind=language" in before

    answer = browser.post(f"{page}evidence/new/", language(), follow=True)

    assert answer.redirect_chain == [(page, 302)]
    assert "not checked yet." in text_of(answer)
    assert f'href="/evidence/{Evidence.objects.get().pk}/"' in answer.content.decode()


def test_the_page_says_what_is_missing_and_by_when_in_the_iterations_zone(signed_in, liaison, person):
    adl = make.course("ADL 169")
    course = make.course(slp_minimum="3232", clearance="NATO SECRET")
    make.prerequisite(course, adl)
    iteration = make.iteration(course, nominations_close_on=timezone.localdate() + timedelta(days=10))
    nomination = make.nomination(person, iteration, nominated_by=liaison)

    page = signed_in(liaison).get(f"/nominations/{nomination.pk}/").content.decode()

    assert "It is needed when nominations close: at the end of" in page
    assert "(Europe/Stockholm)" in page
    for query in ("kind=language", "kind=completion&amp;course=ADL+169", "kind=clearance"):
        assert f'href="/nominations/{nomination.pk}/evidence/new/?{query}"' in page


@pytest.mark.parametrize(
    ("closed", "told", "starts", "says"),
    [(-5, 20, 60, "before decisions are told"), (-50, -20, 10, "The time for it has passed: hand it in at once")],
)
def test_after_the_deadline_the_next_date_is_named(signed_in, liaison, person, closed, told, starts, says):
    today = timezone.localdate()
    iteration = make.iteration(make.course(slp_minimum="3232"), starts_on=today + timedelta(days=starts))
    type(iteration).objects.update(
        nominations_close_on=today + timedelta(days=closed), notification_on=today + timedelta(days=told)
    )
    nomination = make.nomination(person, iteration, nominated_by=liaison)

    assert says in text_of(signed_in(liaison).get(f"/nominations/{nomination.pk}/"))


def test_where_all_is_proven_nothing_is_asked_for(signed_in, liaison, person):
    nomination = make.nomination(person, nominated_by=liaison)

    page = text_of(signed_in(liaison).get(f"/nominations/{nomination.pk}/"))

    assert "Something is missing" not in page


def test_a_letter_goes_with_its_nomination(signed_in, liaison, person, office):
    nomination = make.nomination(person, nominated_by=liaison)
    facts = {"kind": "letter", "dated_on": day(-3), "reference": "MoD 12/26", "file": upload("letter.png", PNG)}

    signed_in(liaison).post(f"/nominations/{nomination.pk}/evidence/new/", facts)

    letter = Evidence.objects.get()
    assert (letter.nomination, letter.person, letter.content_type) == (nomination, person, "image/png")
    assert f"/evidence/{letter.pk}/" in signed_in(office).get(f"/nominations/{nomination.pk}/").content.decode()


def test_a_letter_needs_a_nomination(signed_in, liaison, person):
    facts = {"kind": "letter", "file": upload("letter.pdf", make.PDF)}

    answer = signed_in(liaison).post(f"/people/{person.pk}/evidence/new/", facts)

    assert answer.status_code == 200
    assert not Evidence.objects.exists()


def test_a_clearance_is_stated_without_a_paper(signed_in, liaison, person):
    url, facts = f"/people/{person.pk}/evidence/new/", {"kind": "clearance", "is_cleared": "yes"}
    browser = signed_in(liaison)
    assert 'type="file"' not in browser.get(url, {"kind": "clearance"}).content.decode()

    unsaid = browser.post(url, facts)
    assert "Say up to which level." in text_of(unsaid)
    assert "Say until when." in text_of(unsaid)

    browser.post(url, {**facts, "level": "SECRET", "expires_on": day(900)})

    stated = Evidence.objects.get()
    assert (stated.is_cleared, stated.level, stated.file_name) == (True, "SECRET", "")


def test_no_clearance_has_no_level(signed_in, liaison, person):
    facts = {"kind": "clearance", "is_cleared": "no", "level": "SECRET", "expires_on": day(900)}

    signed_in(liaison).post(f"/people/{person.pk}/evidence/new/", facts)

    stated = Evidence.objects.get()
    assert (stated.is_cleared, stated.level, stated.expires_on) == (False, "", None)


def test_who_sends_the_paper_of_a_clearance_is_told_that_it_was_not_kept(signed_in, liaison, person):
    facts = {"kind": "clearance", "is_cleared": "yes", "level": "SECRET", "expires_on": day(900)}

    answer = signed_in(liaison).post(
        f"/people/{person.pk}/evidence/new/", {**facts, "file": upload("clearance.pdf", make.PDF)}
    )

    assert "does not belong here and was not kept" in text_of(answer)
    assert not Evidence.objects.exists()
    assert not list(VAULT.folder.glob("*/*"))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_a_sentence_and_what_was_typed_is_kept(signed_in, liaison, person, name):
    browser = signed_in(liaison)
    before = digest()

    answer = browser.post(f"/people/{person.pk}/evidence/new/", language(file=upload(*HOSTILE[name])))

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Bring a PDF, a PNG or a JPEG" in page or "No file was submitted" in page
    assert 'value="3232"' in page
    assert "please choose it again" in page
    assert digest() == before
    assert not list(VAULT.folder.glob("*/*"))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"profile": "9999"}, "four levels"),
        ({"profile": ""}, "required"),
        ({"dated_on": ""}, "required"),
        ({"dated_on": "yesterday"}, "valid date"),
        ({"dated_on": day(3)}, "has not come yet"),
        ({"expires_on": day(-2)}, "proves nothing any more"),
        ({"expires_on": "0001-01-01"}, "Write a year between"),
        ({"file": ""}, "required"),
    ],
)
def test_bad_facts_are_refused_beside_their_field(signed_in, liaison, person, changes, says):
    answer = signed_in(liaison).post(f"/people/{person.pk}/evidence/new/", language(**changes))

    assert says in text_of(answer)
    assert not Evidence.objects.exists()


def test_the_course_that_the_link_named_is_chosen(signed_in, liaison, person):
    course = make.course("ADL 169")
    url = f"/people/{person.pk}/evidence/new/"

    page = signed_in(liaison).get(url, {"kind": "completion", "course": "ADL 169"}).content.decode()

    assert f'<option value="{course.pk}" selected>' in page
    assert signed_in(liaison).get(url, {"kind": "completion", "course": "x'\"<"}).status_code == 200


def test_a_course_that_is_not_published_cannot_be_named(signed_in, liaison, person):
    hidden = make.course(is_published=False)
    facts = {"kind": "completion", "course": hidden.pk, "dated_on": day(-3), "file": upload("a.pdf", make.PDF)}

    answer = signed_in(liaison).post(f"/people/{person.pk}/evidence/new/", facts)

    assert answer.status_code == 200
    assert not Evidence.objects.exists()


def test_a_trainee_hands_in_her_own_and_cannot_state_a_clearance(signed_in, person):
    herself = make.trainee(person)
    browser, url = signed_in(herself), f"/people/{person.pk}/evidence/new/"

    page = browser.get(url).content.decode()
    browser.post(url, {"kind": "clearance", "is_cleared": "yes", "level": "SECRET", "expires_on": day(900)})
    assert not Evidence.objects.exists()
    browser.post(url, language())

    assert "Security clearance" not in page
    assert Evidence.objects.get().uploaded_by == herself


def test_strangers_find_no_such_person_and_administrators_hand_nothing_in(signed_in, person):
    nomination = make.nomination(person)
    foreign, administrator = make.liaison(make.nation("UA", "Ukraine")), make.administrator()

    for url in (f"/people/{person.pk}/evidence/new/", f"/nominations/{nomination.pk}/evidence/new/"):
        assert signed_in(foreign).post(url, language()).status_code == 404
        assert signed_in(administrator).post(url, language()).status_code == 403
    assert not Evidence.objects.exists()


# The queue and the check.


def test_the_desk_leads_to_what_waits_and_the_queue_has_the_oldest_first(signed_in, office, jordan):
    papers = [make.evidence(make.person(jordan, family_name=name)) for name in ("Younger", "Older")]
    Evidence.objects.filter(pk=papers[1].pk).update(uploaded_at=timezone.now() - timedelta(days=9))
    done = actions.check(make.evidence(make.person(jordan, family_name="Done")), by=office)
    browser = signed_in(office)

    desk, queue = browser.get("/desk/").content.decode(), browser.get("/evidence/").content.decode()

    assert f"/evidence/{papers[0].pk}/" in desk
    assert "/evidence/" in desk
    assert queue.index("Older") < queue.index("Younger")
    assert f"/evidence/{done.pk}/" not in queue
    assert f"/evidence/{done.pk}/" in browser.get("/evidence/?state=checked").content.decode()


def test_a_liaison_lists_the_own_evidence_alone(signed_in, liaison, person):
    own = make.evidence(person, by=liaison)
    foreign = make.evidence(make.person(make.nation("UA", "Ukraine")))

    for path in ("/evidence/", "/evidence/?format=csv", "/evidence/?q=Haddad"):
        page = signed_in(liaison).get(path).content.decode()
        assert "Haddad" in page
        assert foreign.person.family_name not in page
    assert f"/evidence/{own.pk}/" in signed_in(liaison).get("/evidence/").content.decode()


def test_the_office_checks_with_one_click_and_it_counts(signed_in, office, person):
    nomination = make.nomination(person, make.iteration(make.course(slp_minimum="3333")))
    paper = make.evidence(person)
    browser = signed_in(office)
    assert "Accept as checked" in browser.get(f"/evidence/{paper.pk}/").content.decode()

    answer = browser.post(f"/evidence/{paper.pk}/move/", {"move": "check"}, follow=True)

    assert answer.redirect_chain == [("/evidence/", 302)]
    assert "the liaison is told" in text_of(answer)
    assert LanguageTest.objects.get().person == person
    page = browser.get(f"/nominations/{nomination.pk}/").content.decode()
    assert "SLP 3333 on record." in page
    assert f'href="/evidence/{paper.pk}/"' in page


def test_a_rejection_asks_for_its_reason_and_keeps_the_page(signed_in, office, person):
    paper = make.evidence(person)
    browser, url = signed_in(office), f"/evidence/{paper.pk}/move/"

    unsaid = browser.post(url, {"move": "reject", "reason": " "})
    assert unsaid.status_code == 200
    assert "Give a reason" in text_of(unsaid)
    assert Evidence.objects.get().state == "submitted"

    browser.post(url, {"move": "reject", "reason": "Another name on it"})

    assert "Another name on it" in text_of(browser.get(f"/evidence/{paper.pk}/"))


def test_the_liaison_reads_why_on_nomination_person_and_evidence(signed_in, office, liaison, person):
    nomination = make.nomination(person, make.iteration(make.course(slp_minimum="3333")), nominated_by=liaison)
    paper = actions.reject(make.evidence(person, by=liaison), by=office, reason="Another name on it")
    browser = signed_in(liaison)

    for path in (f"/nominations/{nomination.pk}/", f"/people/{person.pk}/nominations/", f"/evidence/{paper.pk}/"):
        assert "Another name on it" in text_of(browser.get(path)), path
    assert "Hand in a newer one" in text_of(browser.get(f"/evidence/{paper.pk}/"))


@pytest.mark.parametrize("move", ["", "nonsense", "replace"])
def test_an_unknown_move_changes_nothing(signed_in, office, person, move):
    paper = make.evidence(person)

    answer = signed_in(office).post(f"/evidence/{paper.pk}/move/", {"move": move}, follow=True)

    assert "There is no such move here." in text_of(answer)
    assert Evidence.objects.get().state == "submitted"


def test_who_comes_second_is_told_what_happened_in_the_meantime(signed_in, office, person):
    paper = make.evidence(person)
    actions.check(paper, by=office)

    answer = signed_in(office).post(f"/evidence/{paper.pk}/move/", {"move": "check"}, follow=True)

    assert "the state is now “Checked”" in text_of(answer)
    assert LanguageTest.objects.count() == 1


def test_a_waiver_says_of_what_why_and_by_whom_wherever_findings_are_shown(signed_in, office, liaison, person):
    iteration = make.iteration(make.course(slp_minimum="3333"))
    nomination = make.nomination(person, iteration, nominated_by=liaison)
    nomination.waivers.create(criterion="slp", reason="Taught in French", granted_by=office)

    for user in (office, liaison):
        for path in (f"/nominations/{nomination.pk}/", f"/iterations/{iteration.pk}/nominations/"):
            page = text_of(signed_in(user).get(path))
            assert "Waived" in page, path
            assert "English, SLP 3333" in page, path
            assert "Karin Coordinator: Taught in French" in page, path


# Files: only through the check (G5), and inert (G26).


@pytest.fixture
def stored(person, liaison, office) -> dict[str, Evidence]:
    nomination = make.nomination(person, nominated_by=liaison)
    return {
        "paper": make.evidence(person, by=liaison),
        "checked": actions.check(make.evidence(person, "completion", by=liaison), by=office),
        "letter": make.evidence(person, "letter", by=liaison, nomination=nomination),
    }


def test_every_file_reaches_its_readers_and_nobody_else(stored, signed_in, person, liaison, office):
    viewers = {
        "anonymous": Client(),
        "trainee": signed_in(make.trainee(person)),
        "another trainee": signed_in(make.trainee()),
        "instructor": signed_in(make.instructor(stored["letter"].nomination.iteration)),
        "liaison": signed_in(liaison),
        "foreign liaison": signed_in(make.liaison(make.nation("UA", "Ukraine"))),
        "coordinator": signed_in(office),
        "administrator": signed_in(make.administrator()),
    }
    readers = {"liaison", "coordinator", "administrator"}

    got = {
        (name, viewer): _bytes(client.get(f"/evidence/{row.pk}/file/"))
        for name, row in stored.items()
        for viewer, client in viewers.items()
    }

    allowed = {pair for pair, content in got.items() if content == make.PDF}
    assert allowed == {(name, viewer) for name in stored for viewer in readers} | {
        ("paper", "trainee"),
        ("checked", "trainee"),
    }
    assert all(make.PDF not in content for pair, content in got.items() if pair not in allowed)


@pytest.mark.parametrize("who", ["nobody", "liaison", "office"])
def test_no_raw_path_leads_to_a_file(stored, signed_in, liaison, office, who):
    browser = {"nobody": Client(), "liaison": signed_in(liaison), "office": signed_in(office)}[who]
    name = stored["paper"].file_name

    for folder in ("media", "private", "private/evidence", "evidence", "static", "static/evidence", "var/private"):
        answer = browser.get(f"/{folder}/{name}")
        assert answer.status_code == 404, folder
    for path in (f"/static/../private/evidence/{name}", f"/evidence/..%2f{name}", f"/{settings.MEDIA_ROOT}/{name}"):
        answer = browser.get(path)
        assert answer.status_code in (301, 404), path
        assert make.PDF not in _bytes(answer)


def test_a_file_is_a_download_that_no_browser_opens_or_guesses_about(stored, signed_in, office):
    answer = signed_in(office).get(f"/evidence/{stored['paper'].pk}/file/")

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="scan.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd.pdf",
        "a%0d%0aSet-Cookie: x=1.pdf",
        "certificate\u202efdp.exe.pdf",
        'quote"; filename="evil.html.pdf',
        "شهادة.pdf",
        "x" * 3000 + ".pdf",
    ],
)
def test_a_strange_name_is_one_harmless_file_name_in_the_answer(signed_in, liaison, person, name):
    browser = signed_in(liaison)
    browser.post(f"/people/{person.pk}/evidence/new/", language(file=upload(name, make.PDF)))

    answer = browser.get(f"/evidence/{Evidence.objects.get().pk}/file/")

    disposition = answer["Content-Disposition"]
    assert disposition.startswith("attachment; filename")
    assert disposition.count("filename") - disposition.count("filename=evil") <= 2
    assert not re.search(r"[\r\n\u202e/\\]", disposition.replace("utf-8''", ""))
    assert "Set-Cookie" not in answer.headers
    assert disposition.rstrip('"').endswith(".pdf")


def test_what_hides_behind_a_picture_does_not_come_back(signed_in, liaison, person):
    browser = signed_in(liaison)
    browser.post(f"/people/{person.pk}/evidence/new/", language(file=upload("a.png", PNG + archive(), "text/html")))

    answer = browser.get(f"/evidence/{Evidence.objects.get().pk}/file/")

    assert answer["Content-Type"] == "image/png"
    assert _bytes(answer) == PNG


def test_a_file_that_is_gone_is_said_without_a_trace(stored, signed_in, office):
    VAULT.remove(stored["paper"].file_name)

    answer = signed_in(office).get(f"/evidence/{stored['paper'].pk}/file/", follow=True)

    assert "cannot be read at the moment" in text_of(answer)


def test_a_statement_has_no_file(signed_in, office, person):
    stated = make.evidence(person, "clearance")

    assert signed_in(office).get(f"/evidence/{stated.pk}/file/").status_code == 404


@pytest.mark.parametrize("count", [1, 3, 40])
def test_the_queue_costs_the_same_for_few_and_for_many(signed_in, office, jordan, count, django_assert_max_num_queries):
    for _n in range(count):
        make.evidence(make.person(jordan))
        make.evidence(kind="letter", nomination=make.nomination(make.person(jordan)))

    browser = signed_in(office)

    with django_assert_max_num_queries(4):
        browser.get("/evidence/")


def _bytes(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content
