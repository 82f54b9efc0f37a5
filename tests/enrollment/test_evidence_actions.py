"""Evidence from the upload to the record: who may, what is kept, what is refused, what it proves."""

import errno
import os
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.moves import Refused
from enrollment.actions import evidence as actions
from enrollment.evidence_workflow import EvidenceState
from enrollment.models import Completion, Evidence
from enrollment.models.papers import VAULT
from enrollment.scans import Scan
from enrollment.tasks import sweep_evidence
from notifications.models import Notification
from partners.models import LanguageTest
from tests import make
from tests.support.digest import digest

pytestmark = pytest.mark.django_db

PAPER = Scan("scan.pdf", "application/pdf", make.PDF)


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
    return make.person(jordan)


def days(number: int) -> date:
    return timezone.localdate() + timedelta(days=number)


def told(event: str) -> list[str]:
    return sorted(Notification.objects.filter(event=f"evidence.{event}").values_list("email", flat=True))


def files() -> list:
    return [path for path in VAULT.folder.glob("**/*") if path.is_file()]


# Handing in.


def test_a_paper_is_kept_under_a_name_that_says_nothing_and_waits_to_be_checked(person, liaison):
    kept = make.evidence(person, by=liaison, original_name="Diploma of Rana.pdf")

    (path,) = files()
    assert path.read_bytes() == make.PDF
    assert path.suffix == ""
    assert "Rana" not in str(path)
    assert kept.original_name == "Diploma of Rana.pdf"
    assert (kept.state, kept.uploaded_by) == (EvidenceState.SUBMITTED, liaison)
    assert kept.history.get().history_user == liaison


def test_two_papers_with_the_same_bytes_are_two_files(person, liaison):
    make.evidence(person, by=liaison)
    make.evidence(person, by=liaison)

    assert len(files()) == 2


@pytest.mark.parametrize("kind", ["language", "completion", "clearance", "letter"])
def test_each_kind_is_open_to_liaison_and_office(person, liaison, office, kind):
    fields = {"nomination": make.nomination(person)} if kind == "letter" else {}

    for user in (liaison, office):
        assert make.evidence(person, kind, by=user, **fields).kind == kind


def test_a_person_brings_certificates_but_no_letter_and_no_clearance(person):
    nomination, herself = make.nomination(person), make.trainee(person)

    assert actions.kinds_open_to(herself, person, nomination) == ("language", "completion")


@pytest.mark.parametrize(
    "who", ["foreign liaison", "somebody", "nobody", "administrator", "instructor", "former liaison"]
)
@pytest.mark.parametrize("kind", ["language", "completion", "clearance", "letter"])
def test_nobody_else_hands_anything_in(person, jordan, who, kind):
    nomination = make.nomination(person)
    former = make.user()
    make.mandate(former, jordan, ends_on=days(-1))
    user = {
        "foreign liaison": make.liaison(make.nation("UA", "Ukraine")),
        "somebody": make.trainee(),
        "nobody": AnonymousUser(),
        "administrator": make.administrator(),
        "instructor": make.instructor(nomination.iteration),
        "former liaison": former,
    }[who]
    about = {"letter": {"nomination": nomination}, "completion": {"course": make.course()}}.get(kind, {})
    before = digest()

    with pytest.raises(Refused, match="not yours"):
        make.evidence(person, kind, by=user, **about)

    assert digest() == before
    assert files() == []


def test_the_paper_of_a_clearance_is_never_kept(person, liaison):
    statement = Evidence(person=person, kind="clearance", is_cleared=True, level="SECRET", expires_on=days(100))

    with pytest.raises(Refused, match="was not kept"):
        actions.hand_in(statement, PAPER, by=liaison)

    assert files() == []
    assert not Evidence.objects.exists()


def test_the_database_refuses_a_clearance_with_a_file_too(person, liaison):
    statement = make.evidence(person, "clearance", by=liaison)

    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.filter(pk=statement.pk).update(file_name="ab/cd")


def test_a_certificate_without_its_paper_is_refused(person, liaison):
    with pytest.raises(Refused, match="Choose the file"):
        actions.hand_in(Evidence(person=person, kind="language", profile="3333", dated_on=days(-5)), None, by=liaison)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"dated_on": 1}, "dated_on"),
        ({"dated_on": -10, "expires_on": -11}, "expires_on"),
        ({"dated_on": -1000, "expires_on": -1}, "expires_on"),
    ],
)
def test_days_that_cannot_be_are_refused(person, liaison, facts, field):
    before = digest()

    with pytest.raises(Refused) as refusal:
        make.evidence(person, by=liaison, **{name: days(number) for name, number in facts.items()})

    assert refusal.value.field == field
    assert digest() == before
    assert files() == []


def test_a_flood_is_stopped(person, liaison):
    make.evidence(person, by=liaison)
    first = Evidence.objects.get()
    copies = [
        Evidence(
            person=person, kind="language", profile="3333", dated_on=days(-9), file_name=f"aa/{n}", uploaded_by=liaison
        )
        for n in range(actions.MOST_IN_A_DAY - 1)
    ]
    Evidence.objects.bulk_create(copies)

    with pytest.raises(Refused, match="Go on tomorrow"):
        make.evidence(person, by=liaison)

    Evidence.objects.filter(pk=first.pk).update(uploaded_at=timezone.now() - timedelta(days=2))
    assert make.evidence(person, by=liaison)


def test_an_anonymised_record_takes_nothing(jordan, liaison):
    gone = make.person(jordan, anonymised_at=timezone.now())

    with pytest.raises(Refused):
        make.evidence(gone, by=liaison)


def test_a_full_disk_is_said_and_leaves_no_row(person, liaison, monkeypatch):
    def full(*_arguments):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(Refused, match="could not be stored"):
        make.evidence(person, by=liaison)

    assert not Evidence.objects.exists()
    assert files() == []


@pytest.mark.parametrize("is_checked", [False, True])
@pytest.mark.parametrize("kind", ["language", "completion", "clearance"])
def test_the_same_sent_twice_is_kept_once(person, liaison, office, kind, is_checked):
    same = {"reference": "One", "course": make.course()} if kind == "completion" else {"reference": "One"}
    same |= {"expires_on": days(900)}
    first = make.evidence(person, kind, by=liaison, **same)
    if is_checked:
        actions.check(first, by=office)
    before = digest()

    second = make.evidence(person, kind, by=liaison, **same)

    assert second.pk == first.pk
    assert digest() == before
    assert len(files()) == (kind != "clearance")


def test_what_was_rejected_may_be_sent_again(person, liaison, office):
    first = actions.reject(make.evidence(person, by=liaison, reference="One"), by=office, reason="Unreadable")

    assert make.evidence(person, by=liaison, reference="One").pk != first.pk


# A newer one.


def test_a_newer_paper_takes_the_place_of_one_that_waits(person, liaison):
    older = make.evidence(person, by=liaison)

    newer = make.evidence(person, by=liaison)

    older.refresh_from_db()
    assert (older.state, older.replaced_by) == (EvidenceState.REPLACED, newer)
    assert newer.state == EvidenceState.SUBMITTED


def test_a_paper_for_something_else_takes_nobodys_place(person, liaison):
    first = make.evidence(person, "completion", by=liaison)
    make.evidence(person, "completion", by=liaison)
    make.evidence(person, "language", by=liaison)
    make.evidence(make.person(person.nation), "completion", by=liaison, course=first.course)

    first.refresh_from_db()

    assert first.state == EvidenceState.SUBMITTED


def test_what_is_checked_stands_until_the_newer_one_is_checked_too(person, liaison, office):
    old = actions.check(make.evidence(person, "clearance", by=liaison), by=office)
    new = make.evidence(person, "clearance", by=liaison)
    old.refresh_from_db()
    assert old.state == EvidenceState.CHECKED

    actions.check(new, by=office)

    old.refresh_from_db()
    assert (old.state, old.replaced_by_id) == (EvidenceState.REPLACED, new.pk)


def test_what_was_rejected_stays_rejected(person, liaison, office):
    rejected = actions.reject(make.evidence(person, by=liaison), by=office, reason="Unreadable")

    make.evidence(person, by=liaison)

    rejected.refresh_from_db()
    assert rejected.state == EvidenceState.REJECTED


# Checking.


def test_a_checked_language_certificate_puts_the_test_on_record(person, liaison, office):
    paper = make.evidence(person, by=liaison, profile="3232", expires_on=days(700), reference="Language Institute")

    actions.check(paper, by=office)

    test = LanguageTest.objects.get()
    assert (test.person, test.language, test.profile) == (person, "English", "3232")
    assert (test.tested_on, test.expires_on, test.issuer) == (paper.dated_on, days(700), "Language Institute")


def test_a_checked_certificate_of_a_test_on_record_completes_it(person, liaison, office):
    paper = make.evidence(person, by=liaison, expires_on=days(700), reference="Institute")
    make.language_test(person, paper.profile, tested_on=paper.dated_on)

    actions.check(paper, by=office)

    test = LanguageTest.objects.get()
    assert (test.expires_on, test.issuer) == (days(700), "Institute")


def test_a_checked_certificate_of_completion_puts_it_on_record(person, liaison, office):
    paper = make.evidence(person, "completion", by=liaison, reference="ADL-1", expires_on=days(400))

    actions.check(paper, by=office)

    done = Completion.objects.get()
    assert (done.person, done.course, done.completed_on) == (person, paper.course, paper.dated_on)
    assert (done.reference, done.expires_on, done.recorded_by) == ("ADL-1", days(400), office)


def test_a_completion_on_record_is_completed_and_not_doubled(person, liaison, office):
    paper = make.evidence(person, "completion", by=liaison, reference="ADL-1")
    make.completion(person, paper.course, paper.dated_on)

    actions.check(paper, by=office)

    assert Completion.objects.get().reference == "ADL-1"


def test_a_letter_and_a_clearance_put_nothing_else_on_record(person, liaison, office):
    for kind, fields in (("clearance", {}), ("letter", {"nomination": make.nomination(person)})):
        actions.check(make.evidence(person, kind, by=liaison, **fields), by=office)

    assert not LanguageTest.objects.exists()
    assert not Completion.objects.exists()


def test_the_liaisons_are_told_and_nobody_elses(person, jordan, liaison, office):
    deputy = make.liaison(jordan, name="Deputy")
    make.liaison(make.nation("UA", "Ukraine"))

    actions.check(make.evidence(person, by=liaison), by=office)
    actions.reject(make.evidence(person, "completion", by=liaison), by=office, reason="Another name on it")

    assert told("checked") == told("rejected") == sorted([liaison.email, deputy.email])
    assert "Another name on it" in Notification.objects.filter(event="evidence.rejected").first().body


def test_who_brought_it_herself_is_told_too(person, liaison, office):
    herself = make.trainee(person)

    actions.check(make.evidence(person, by=herself), by=office)

    assert told("checked") == sorted([liaison.email, herself.email])


def test_a_letter_is_told_to_those_who_nominate_whoever_sends_the_person_now(person, liaison, office):
    letter = make.evidence(person, "letter", by=liaison, nomination=make.nomination(person))
    person.nation = make.nation("UA", "Ukraine")
    person.save()
    make.liaison(person.nation)

    actions.check(letter, by=office)

    assert told("checked") == [liaison.email]


def test_every_deed_keeps_who_and_why(person, liaison, office):
    paper = make.evidence(person, by=liaison)

    actions.reject(paper, by=office, reason="Unreadable")

    entry = paper.history.latest()
    assert (entry.history_user, entry.history_change_reason) == (office, "Reject: Unreadable")
    assert paper.history.count() == 2


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_rejection_needs_its_reason(person, liaison, office, reason):
    paper = make.evidence(person, by=liaison)
    before = digest()

    with pytest.raises(Refused) as refusal:
        actions.reject(paper, by=office, reason=reason)

    assert refusal.value.field == "reason"
    assert digest() == before


@pytest.mark.parametrize("move", ["check", "reject"])
@pytest.mark.parametrize("state", list(EvidenceState))
@pytest.mark.parametrize("who", ["liaison", "person", "foreign liaison", "administrator", "instructor", "coordinator"])
def test_the_table_decides_who_may_move_from_which_state(person, liaison, office, move, state, who):
    paper = make.evidence(person, by=liaison)
    Evidence.objects.filter(pk=paper.pk).update(state=state)
    user = {
        "liaison": lambda: liaison,
        "person": lambda: make.trainee(person),
        "foreign liaison": lambda: make.liaison(make.nation("UA", "Ukraine")),
        "administrator": make.administrator,
        "instructor": lambda: make.instructor(make.iteration()),
        "coordinator": lambda: office,
    }[who]()
    is_legal = who == "coordinator" and state == EvidenceState.SUBMITTED
    before = digest()

    if is_legal:
        assert actions.make_move(paper, move, by=user, reason="Why").state != state
        return
    with pytest.raises(Refused):
        actions.make_move(paper, move, by=user, reason="Why")
    assert digest() == before


@pytest.mark.parametrize("name", ["replace", "", "nonsense"])
def test_a_name_that_is_no_button_is_refused(person, office, name):
    with pytest.raises(Refused, match="no such move"):
        actions.make_move(make.evidence(person), name, by=office)


def test_two_coordinators_decide_once(person, liaison, office):
    stale = make.evidence(person, by=liaison)
    actions.check(Evidence.objects.get(pk=stale.pk), by=office)

    with pytest.raises(Refused, match="Checked"):
        actions.reject(stale, by=make.coordinator(), reason="Too late")


# Letters.


@pytest.mark.parametrize("state", ["withdrawn", "refused", "cancelled", "passed", "no-show"])
def test_a_nomination_that_is_over_takes_no_letter(person, liaison, state):
    nomination = make.nomination(person, state=state)

    with pytest.raises(Refused):
        make.evidence(person, "letter", by=liaison, nomination=nomination)


def test_the_office_reads_no_letter_of_a_draft_and_the_person_none_at_all(person, liaison, office):
    nomination = make.nomination(person, state="draft")
    make.evidence(person, "letter", by=liaison, nomination=nomination)
    herself = make.trainee(person)

    assert [len(Evidence.objects.visible_to(user)) for user in (liaison, office, herself)] == [1, 0, 0]

    type(nomination).objects.update(state="submitted", submitted_at=timezone.now())
    assert [len(Evidence.objects.visible_to(user)) for user in (liaison, office, herself)] == [1, 1, 0]


def test_papers_follow_the_person_and_letters_stay_with_the_nomination(person, liaison):
    nomination = make.nomination(person)
    paper = make.evidence(person, by=liaison)
    letter = make.evidence(person, "letter", by=liaison, nomination=nomination)
    person.nation = make.nation("UA", "Ukraine")
    person.save()

    ukraine = make.liaison(person.nation)

    assert list(Evidence.objects.visible_to(ukraine)) == [paper]
    assert list(Evidence.objects.visible_to(liaison)) == [letter]


def test_nobody_sees_anything_without_signing_in(person):
    make.evidence(person)

    assert not Evidence.objects.visible_to(AnonymousUser()).exists()


# Files that nobody needs.


def test_a_file_whose_row_never_came_to_be_is_swept_and_others_stay(person, liaison):
    make.evidence(person, by=liaison)
    (kept,) = files()
    VAULT.write("ab/orphan", b"x")
    part = VAULT.folder / "ab" / "left.part"
    part.write_bytes(b"x")

    sweep_evidence()
    assert len(files()) == 3, "its writer may still be at work"

    an_hour_ago = timezone.now().timestamp() - 3700
    for path in files():
        os.utime(path, (an_hour_ago, an_hour_ago))
    sweep_evidence()
    sweep_evidence()

    assert files() == [kept]


def test_there_is_nothing_to_sweep_before_the_first_paper():
    sweep_evidence()

    assert files() == []
