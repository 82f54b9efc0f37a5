"""A worker makes what is queued: once, under a lease, and whatever fails is told."""

import hashlib
import resource
import signal
from datetime import timedelta

import pytest
from django.utils import timezone

from certificates import actions, files, renderer, tasks
from certificates.actions import Act
from certificates.models import Certificate
from notifications.jobs import MOST_ATTEMPTS
from notifications.models import Notification
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return make.coordinator()


@pytest.fixture
def queued(office):
    """A queued certificate whose holder is to be told."""
    iteration = make.running_iteration(make.course("GToT"), state="running")
    nomination = make.passed(make.person(email="rania@example.org"), iteration)
    actions.issue(iteration, Act(tells_trainees=True), by=office)
    return Certificate.objects.get(nomination=nomination)


def fresh(certificate: Certificate) -> Certificate:
    return Certificate.objects.get(pk=certificate.pk)


def print_name(certificate: Certificate, name: str) -> None:
    printed = {**certificate.printed, "printed_name": name}
    Certificate.objects.filter(pk=certificate.pk).update(printed=printed)


# Making one


def test_a_queued_certificate_gets_its_file_and_its_holder_is_told(queued):
    tasks.make_certificates(queued.batch_id)

    row = fresh(queued)
    pdf = files.path_of(row.file_name).read_bytes()
    assert row.state == "issued"
    assert pdf.startswith(b"%PDF")
    assert hashlib.sha256(pdf).hexdigest() == row.sha256
    assert row.lease_until is None
    message = Notification.objects.get(event="certificate.issued")
    assert message.email == "rania@example.org"
    assert row.number in message.body
    assert "/me/" in message.body


def test_the_history_says_that_the_system_made_it(queued):
    tasks.make_certificates(queued.batch_id)

    last = fresh(queued).history.latest()

    assert (last.history_user, last.history_change_reason, last.state) == (None, "Made", "issued")


def test_nobody_is_told_when_the_office_did_not_wish_it(queued):
    queued.batch.tells_trainees = False
    queued.batch.save()

    tasks.make_certificates(queued.batch_id)

    assert not Notification.objects.exists()


def test_a_holder_without_an_address_is_no_obstacle(queued):
    person = queued.nomination.person
    person.email, person.user = "", None
    person.save()

    tasks.make_certificates(queued.batch_id)

    assert fresh(queued).state == "issued"


def test_made_twice_it_is_made_once(queued):
    for _ in range(3):
        tasks.make_certificates(queued.batch_id)

    assert fresh(queued).attempts == 1
    assert fresh(queued).history.count() == 2
    assert Notification.objects.count() == 1


def test_a_number_that_is_not_there_is_passed_over():
    tasks.make_certificates(10**9)


# Failing


def test_what_cannot_be_printed_fails_at_once_and_the_office_is_told_why(queued, office):
    print_name(queued, "\U00012345")

    tasks.make_certificates(queued.batch_id)

    row = fresh(queued)
    assert row.state == "failed"
    assert row.parked_at is not None
    assert row.lease_until is None
    assert row.file_name == ""
    message = Notification.objects.get()
    assert (message.event, message.recipient) == ("certificate.failed", office)
    assert row.failure
    assert row.failure in message.body
    assert row.number in message.subject


def test_failing_and_telling_are_one_write(queued, settings):
    """Where the message cannot be written, the failure is not either: the sweep finds the row again."""
    print_name(queued, "\U00012345")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [], "APP_DIRS": False}]

    tasks.make_certificates(queued.batch_id)

    row = fresh(queued)
    assert row.state == "queued"
    assert "certificate_failed" in row.failure
    assert row.due_at > timezone.now()
    assert not Notification.objects.exists()


def test_each_failure_is_told_anew(queued, office):
    print_name(queued, "\U00012345")
    tasks.make_certificates(queued.batch_id)
    person = queued.nomination.person
    person.printed_name = "\U00012345"
    person.save()
    actions.retry(fresh(queued), by=office)

    tasks.make_certificates(queued.batch_id)

    assert fresh(queued).state == "failed"
    assert Notification.objects.filter(event="certificate.failed").count() == 2


def test_one_that_fails_does_not_stop_the_others(queued, office):
    other = make.passed(to=queued.nomination.iteration)
    actions.issue(queued.nomination.iteration, by=office)
    print_name(queued, "\U00012345")

    for pk in Certificate.objects.values_list("pk", flat=True):
        tasks.make_certificates(pk)

    assert fresh(queued).state == "failed"
    assert Certificate.objects.get(nomination=other).state == "issued"


@pytest.fixture
def full_disk():
    """No file of this process grows beyond a byte."""
    before, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


def test_a_full_disk_gives_the_job_back_with_the_cause_and_leaves_no_file(queued, full_disk):
    tasks.make_certificates(queued.batch_id)

    row = fresh(queued)
    assert row.state == "queued"
    assert row.failure.startswith("OSError")
    assert (row.attempts, row.lease_until) == (1, None)
    assert row.due_at > timezone.now()
    assert [path for path in files.folder().glob("**/*") if path.is_file()] == []
    assert not Notification.objects.exists()


def test_a_disk_that_stays_full_is_given_up_after_the_last_attempt_and_told(queued, full_disk, office):
    for _ in range(MOST_ATTEMPTS):
        Certificate.objects.update(due_at=timezone.now())
        tasks.make_certificates(queued.batch_id)

    assert fresh(queued).state == "failed"
    assert Notification.objects.get().recipient == office


def test_a_job_that_kills_its_worker_each_time_is_given_up_and_told(queued):
    for _ in range(MOST_ATTEMPTS):
        assert Certificate.objects.claim(queued.pk) is not None  # and then the worker is gone
        Certificate.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    tasks.make_certificates(queued.batch_id)

    row = fresh(queued)
    assert row.state == "failed"
    assert "did not come to an end 5 times" in row.failure
    assert Notification.objects.get().event == "certificate.failed"


def test_a_document_that_takes_too_long_fails_with_that_reason(queued, settings):
    settings.RENDER_SECONDS = 0.0001

    tasks.make_certificates(queued.batch_id)

    assert fresh(queued).state == "failed"
    assert "took longer" in fresh(queued).failure
    renderer.stop()


# Leases


def test_what_another_worker_holds_is_left_alone(queued):
    Certificate.objects.claim(queued.pk)

    tasks.make_certificates(queued.batch_id)

    assert fresh(queued).state == "queued"
    assert fresh(queued).attempts == 1


def test_a_paused_worker_cannot_write_over_its_successor(queued):
    paused = Certificate.objects.claim(queued.pk)
    Certificate.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    tasks.make_certificates(queued.batch_id)

    tasks._issue([(paused, "aa/other.pdf", "other")])
    tasks._fail(paused, "Too late")
    paused.give_back("Too late")

    row = fresh(queued)
    assert row.state == "issued"
    assert row.sha256 != "other"
    assert row.failure == ""
    assert Notification.objects.count() == 1


def test_a_worker_that_only_overran_its_lease_may_still_finish(queued):
    slow = Certificate.objects.claim(queued.pk)
    Certificate.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    tasks._issue([(slow, *files.keep(b"%PDF"))])

    assert fresh(queued).state == "issued"


# The sweep


@pytest.fixture
def rung(monkeypatch):
    """Ids that the sweep rings for. The bell leads to a broker, which unit tests do not have."""
    ids: list[int] = []
    monkeypatch.setattr(tasks.make_certificates, "delay", ids.append)
    return ids


def test_the_sweep_rings_for_what_waits_and_for_nothing_else(queued, rung):
    make.certificate(state="issued")
    make.certificate(state="failed")
    held = make.certificate(state="queued")
    Certificate.objects.claim(held.pk)
    later = make.certificate(state="queued")
    Certificate.objects.filter(pk=later.pk).update(due_at=timezone.now() + timedelta(minutes=1))

    tasks.sweep()

    assert rung == [queued.batch_id]


def test_the_sweep_rings_again_for_what_a_dead_worker_held(queued, rung):
    Certificate.objects.claim(queued.pk)
    Certificate.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    tasks.sweep()

    assert rung == [queued.batch_id]
