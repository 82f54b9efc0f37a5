"""Issue, retry, replace, revoke: what changes, what is recorded, what is refused."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.moves import Refused
from certificates import actions
from certificates.actions import Act
from certificates.models import Certificate, IssueBatch, NumberSeries
from enrollment.models import Nomination
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return make.coordinator()


@pytest.fixture
def iteration():
    return make.running_iteration(make.course("GToT"), state="running")


def numbers() -> list[str]:
    return list(Certificate.objects.order_by("number").values_list("number", flat=True))


def year() -> int:
    return timezone.localdate().year


# The preview


def test_the_preview_says_what_each_participant_gets_and_why_not(iteration):
    make.passed(make.person(family_name="Able"), iteration)
    make.attended(make.nomination(make.person(family_name="Baker"), iteration, state="failed"))
    make.attended(make.nomination(make.person(family_name="Charlie"), iteration, state="passed"), days=1)
    make.nomination(make.person(family_name="Delta"), iteration, state="no-show")
    make.nomination(make.person(family_name="Echo"), iteration, state="confirmed")
    make.nomination(make.person(family_name="Foxtrot"), iteration, state="submitted")

    found = [
        (each.nomination.person.family_name, each.entitlement.kind, each.entitlement.why_not)
        for each in _look(iteration)
    ]

    assert found == [
        ("Able", "completion", ""),
        ("Baker", "", "Did not pass."),
        ("Charlie", "", "Attended 33 % of the days; 80 % are needed."),
        ("Delta", "", "Did not come."),
        ("Echo", "", "No result recorded yet."),
    ]


def test_the_preview_costs_the_same_for_one_and_for_many(iteration, django_assert_num_queries):
    make.passed(to=iteration)
    with django_assert_num_queries(4):
        _look(iteration)
    for _ in range(3):
        make.passed(to=iteration)

    with django_assert_num_queries(4):
        _look(iteration)


def test_a_certificate_that_the_record_no_longer_bears_out_is_pointed_at(iteration, office):
    nomination = make.passed(to=iteration)
    make.certificate(nomination, by=office)
    Nomination.objects.filter(pk=nomination.pk).update(state="failed")

    (candidate,) = _look(iteration)

    assert candidate.has_lost_it
    assert not candidate.is_to_issue


def _look(iteration) -> list:
    return actions.preview(type(iteration).objects.select_related("course").get(pk=iteration.pk))


# Issuing


def test_everybody_who_is_entitled_gets_a_number_in_order_of_names(iteration, office):
    make.passed(make.person(family_name="Zulu"), iteration)
    make.passed(make.person(family_name="Alfa"), iteration)
    make.attended(make.nomination(to=iteration, state="failed"))

    batch = actions.issue(iteration, by=office)

    given = {each.nomination.person.family_name: each.number for each in Certificate.objects.all()}
    assert given == {"Alfa": f"NCGM-{year()}-000001", "Zulu": f"NCGM-{year()}-000002"}
    assert batch.progress() == {"total": 2, "made": 0, "failed": 0, "last_made_at": None}
    assert (batch.started_by, batch.tells_trainees) == (office, False)


def test_what_is_printed_is_frozen_on_the_day_of_issue(iteration, office):
    person = make.person(printed_name="Şule Öztürk")
    make.passed(person, iteration)
    actions.issue(iteration, by=office)
    person.printed_name = "Somebody Else"
    person.save()
    iteration.course.title = "Another title"
    iteration.course.save()

    printed = Certificate.objects.get().printed

    assert printed["printed_name"] == "Şule Öztürk"
    assert printed["course_title"] == "GToT Course"
    assert printed["number"] == numbers()[0]


def test_issuing_again_gives_only_to_those_who_have_none(iteration, office):
    make.passed(to=iteration)
    actions.issue(iteration, by=office)
    make.passed(to=iteration)

    actions.issue(iteration, by=office)

    assert numbers() == [f"NCGM-{year()}-000001", f"NCGM-{year()}-000002"]


def test_issuing_for_nobody_is_refused_and_leaves_no_trace(iteration, office):
    make.passed(to=iteration)
    actions.issue(iteration, by=office)

    with pytest.raises(Refused, match="nobody to issue"):
        actions.issue(iteration, by=office)

    assert IssueBatch.objects.count() == 1
    assert NumberSeries.objects.get().last == 1


@pytest.mark.parametrize("state", ["nominations open", "confirmed", "cancelled"])
def test_before_the_iteration_runs_nothing_is_issued(office, state):
    iteration = make.running_iteration(state=state)
    make.passed(to=iteration)

    with pytest.raises(Refused, match="cannot be issued"):
        actions.issue(iteration, by=office)

    assert not Certificate.objects.exists()


@pytest.mark.parametrize("who", ["liaison", "instructor", "administrator", "trainee"])
def test_only_a_coordinator_issues(iteration, who):
    make.passed(to=iteration)
    user = make.instructor(iteration) if who == "instructor" else getattr(make, who)()

    with pytest.raises(Refused, match="Only a training coordinator"):
        actions.issue(iteration, by=user)


def test_a_rolled_back_issue_leaves_no_gap(iteration, office):
    make.passed(to=iteration)
    for _ in range(3):
        with transaction.atomic():
            actions.issue(iteration, by=office)
            transaction.set_rollback(True)

    actions.issue(iteration, by=office)

    assert numbers() == [f"NCGM-{year()}-000001"]


def test_each_institution_counts_for_itself(office):
    for name in ("NCGM", "CMDR COE", "NCGM"):
        iteration = make.running_iteration(make.course(institution=make.organisation(name)), state="running")
        make.passed(to=iteration)
        actions.issue(iteration, by=office)

    assert numbers() == [f"CMDRCOE-{year()}-000001", f"NCGM-{year()}-000001", f"NCGM-{year()}-000002"]


def test_the_year_of_a_number_is_that_of_the_iteration_s_own_zone(office, time_machine_at):
    iteration = make.running_iteration(state="running", time_zone="Pacific/Auckland")
    make.passed(to=iteration)
    time_machine_at("2026-12-31 12:00")

    actions.issue(iteration, by=office)

    certificate = Certificate.objects.get()
    assert certificate.number == "NCGM-2027-000001"
    assert certificate.printed["issued_on"] == "1 January 2027"


@pytest.fixture
def time_machine_at(monkeypatch):
    """Sets the clock that Django reads: an instant in UTC."""

    def set_to(text: str) -> None:
        from datetime import UTC, datetime

        instant = datetime.fromisoformat(text).replace(tzinfo=UTC)
        monkeypatch.setattr(timezone, "now", lambda: instant)

    return set_to


def test_two_live_certificates_of_a_kind_are_impossible_in_the_database(iteration, office):
    first = make.certificate(make.passed(to=iteration), by=office)
    first.pk, first.number, first.code = None, "NCGM-1999-000001", "another"

    with pytest.raises(IntegrityError), transaction.atomic():
        first.save()


# Revoking and issuing again


def test_revoking_is_recorded_with_who_when_and_why(iteration, office):
    certificate = make.certificate(make.passed(to=iteration), by=office)

    actions.revoke(certificate, by=office, reason=" Copied the test ")

    row = Certificate.objects.get()
    assert (row.state, row.revocation_reason) == ("revoked", "Copied the test")
    assert timezone.now() - row.revoked_at < timedelta(minutes=1)
    last = row.history.latest()
    assert (last.history_user, last.history_change_reason) == (office, "Revoke: Copied the test")


@pytest.mark.parametrize("deed", [actions.revoke, actions.replace])
def test_revoking_and_replacing_need_a_reason(iteration, office, deed):
    certificate = make.certificate(make.passed(to=iteration), by=office)

    with pytest.raises(Refused) as refusal:
        deed(certificate, by=office, reason="  ")

    assert refusal.value.field == "reason"
    assert Certificate.objects.get().state == "issued"
    assert NumberSeries.objects.get().last == 1


@pytest.mark.parametrize("name", ["retry", "replace", "revoke"])
def test_only_a_coordinator_moves_certificates(iteration, office, name):
    state = "failed" if name == "retry" else "issued"
    certificate = make.certificate(make.passed(to=iteration), by=office, state=state)

    with pytest.raises(Refused, match="not yours"):
        actions.make_move(certificate, name, by=make.liaison(), reason="Why")

    assert Certificate.objects.get().state == state


def test_an_unknown_move_is_refused(iteration, office):
    certificate = make.certificate(make.passed(to=iteration), by=office)

    with pytest.raises(Refused):
        actions.make_move(certificate, "issue", by=office)


def test_who_lost_a_certificate_gets_another_only_when_named(iteration, office):
    nomination = make.passed(to=iteration)
    revoked = make.certificate(nomination, by=office, state="revoked")
    make.passed(to=iteration)

    actions.issue(iteration, by=office)
    assert Certificate.objects.filter(nomination=nomination).count() == 1

    actions.issue(iteration, Act(again=[nomination]), by=office)
    new = Certificate.objects.get(nomination=nomination, state="queued")
    revoked.refresh_from_db()
    assert revoked.state == "revoked"
    assert revoked.replaced_by == new
    assert new.number == f"NCGM-{year()}-000003"


def test_naming_somebody_who_has_one_gives_no_second(iteration, office):
    nomination = make.passed(to=iteration)
    make.certificate(nomination, by=office)

    with pytest.raises(Refused, match="nobody"):
        actions.issue(iteration, Act(again=[nomination]), by=office)


def test_replacing_gives_a_new_number_and_the_words_of_today(iteration, office):
    person = make.person(printed_name="Wrong Name")
    old = make.certificate(make.passed(person, iteration), by=office)
    person.printed_name = "Right Name"
    person.save()

    new = actions.replace(old, by=office, reason="The name was misspelt")

    old.refresh_from_db()
    assert (old.state, old.replaced_by, old.printed["printed_name"]) == ("replaced", new, "Wrong Name")
    assert (new.state, new.printed["printed_name"]) == ("queued", "Right Name")
    assert new.number == f"NCGM-{year()}-000002"
    assert {old.code, old.typed_code}.isdisjoint({new.code, new.typed_code})
    assert old.history.count() == 2  # queued by the action; the move once, not twice


def test_what_the_record_no_longer_bears_out_is_not_replaced(iteration, office):
    nomination = make.passed(to=iteration)
    certificate = make.certificate(nomination, by=office)
    Nomination.objects.filter(pk=nomination.pk).update(state="failed")

    with pytest.raises(Refused, match="Did not pass"):
        actions.replace(certificate, by=office, reason="Why")

    assert Certificate.objects.get().state == "issued"


# Trying again


def test_a_failed_certificate_keeps_its_number_and_takes_its_words_from_the_mended_record(iteration, office):
    person = make.person(printed_name="\U00012345")
    certificate = make.certificate(make.passed(person, iteration), by=office, state="failed", attempts=5)
    person.printed_name = "Rania Haddad"
    person.save()

    actions.retry(certificate, by=office)

    row = Certificate.objects.get()
    assert (row.state, row.number) == ("queued", certificate.number)
    assert (row.attempts, row.parked_at, row.failure) == (0, None, "")
    assert row.printed["printed_name"] == "Rania Haddad"
    assert row.printed["issued_on"] == certificate.printed["issued_on"]
    assert Certificate.objects.waiting().filter(pk=row.pk).exists()


def test_trying_again_is_refused_when_the_participant_is_no_longer_entitled(iteration, office):
    nomination = make.passed(to=iteration)
    certificate = make.certificate(nomination, by=office, state="failed")
    Nomination.objects.filter(pk=nomination.pk).update(state="no-show")

    with pytest.raises(Refused, match="Did not come"):
        actions.retry(certificate, by=office)

    assert Certificate.objects.get().state == "failed"


def test_a_stale_page_is_told_what_happened_meanwhile(iteration, office):
    certificate = make.certificate(make.passed(to=iteration), by=office)
    actions.revoke(certificate, by=office, reason="Why")

    with pytest.raises(Refused, match="the state is now “Revoked”"):
        actions.replace(certificate, by=office, reason="Why")
