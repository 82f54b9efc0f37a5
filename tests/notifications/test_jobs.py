"""The row is the job: claimed by one, given back, given up."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from notifications import jobs
from notifications.models import Notification
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def job():
    return make.notification(make.user())


def fresh(job: Notification) -> Notification:
    return Notification.objects.get(pk=job.pk)


def work(job: Notification, deed, **more) -> None:
    jobs.work_on(Notification.objects, job.pk, deed, give_up=Notification.park, **more)


def test_a_claim_leases_the_row_counts_the_attempt_and_raises_the_fence(job, settings):
    claimed = Notification.objects.claim(job.pk)

    assert (claimed.attempts, claimed.fence) == (1, 1)
    lease = claimed.lease_until - timezone.now()
    assert timedelta(0) < lease <= timedelta(seconds=settings.JOB_LEASE_SECONDS)


def test_a_row_is_claimed_by_one_alone(job):
    assert Notification.objects.claim(job.pk) is not None
    assert Notification.objects.claim(job.pk) is None


def test_a_lease_that_has_run_out_frees_the_row(job):
    first = Notification.objects.claim(job.pk)
    Notification.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    second = Notification.objects.claim(job.pk)

    assert second.fence == first.fence + 1


def test_only_the_last_holder_can_finish(job):
    first = Notification.objects.claim(job.pk)
    Notification.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    second = Notification.objects.claim(job.pk)

    assert not first.finish(sent_at=timezone.now())
    assert second.finish(sent_at=timezone.now())


def test_what_is_not_due_yet_is_not_to_be_had(job):
    Notification.objects.update(due_at=timezone.now() + timedelta(seconds=30))

    assert Notification.objects.claim(job.pk) is None


def test_a_fault_gives_the_job_back_with_its_cause_and_a_pause_that_doubles(job):
    pauses = []
    for _ in range(3):
        Notification.objects.update(due_at=timezone.now())
        work(job, fault(ValueError("no\x00thing")))
        pauses.append(round((fresh(job).due_at - timezone.now()).total_seconds()))

    assert fresh(job).failure == "ValueError: nothing"
    assert pauses == [10, 20, 40]


def test_after_the_last_attempt_the_job_is_given_up(job):
    for _ in range(jobs.MOST_ATTEMPTS):
        Notification.objects.update(due_at=timezone.now())
        work(job, fault(OSError("relay away")))

    row = fresh(job)
    assert row.parked_at is not None
    assert row.failure == "OSError: relay away"
    assert Notification.objects.claim(job.pk) is None


def test_what_is_hopeless_is_given_up_at_once(job):
    work(job, fault(LookupError("no such letter")), hopeless=(LookupError,))

    assert (fresh(job).state, fresh(job).failure, fresh(job).attempts) == ("parked", "no such letter", 1)


def test_a_job_that_never_comes_back_is_given_up_without_being_tried_again(job):
    done = []
    for _ in range(jobs.MOST_ATTEMPTS):
        Notification.objects.claim(job.pk)
        Notification.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    work(job, done.append)

    assert done == []
    assert fresh(job).state == "parked"


def test_a_fault_after_the_final_write_undoes_nothing(job):
    def finish_then_fall(row):
        row.finish(sent_at=timezone.now(), failure="")
        raise RuntimeError

    work(job, finish_then_fall)

    assert (fresh(job).state, fresh(job).failure) == ("sent", "")


def fault(raised: Exception):
    def deed(_job):
        raise raised

    return deed


class Bell:
    """Stands for a task: what it was rung with, or a broker that does not answer."""

    def __init__(self, *, is_dead: bool = False):
        self.rung, self.is_dead, self.tries = [], is_dead, 0

    def apply_async(self, args, **_options):
        self.tries += 1
        if self.is_dead:
            raise ConnectionError
        self.rung.append(args)


@pytest.fixture(autouse=True)
def _bell_at_rest(monkeypatch):
    monkeypatch.setattr(jobs, "_silent_until", 0.0)


def test_the_bell_rings_after_the_commit(django_capture_on_commit_callbacks):
    bell = Bell()
    with django_capture_on_commit_callbacks(execute=True):
        jobs.ring(bell, 7)
        assert bell.rung == []

    assert bell.rung == [(7,)]


def test_a_dead_broker_is_asked_once_and_then_left_alone_for_a_while(django_capture_on_commit_callbacks):
    bell = Bell(is_dead=True)
    with django_capture_on_commit_callbacks(execute=True):
        for n in range(50):
            jobs.ring(bell, n)

    assert bell.tries == 1


@pytest.mark.django_db(transaction=True)
def test_a_dead_broker_undoes_nothing_of_the_deed():
    from notifications import actions

    user = make.user()
    actions.tell(
        "test",
        to=user,
        occasion="test:1",
        template="certificates/emails/certificate_failed.txt",
        context={"certificate": {"number": "N-1"}},
    )

    assert connection.in_atomic_block is False
    assert Notification.objects.waiting().count() == 1
