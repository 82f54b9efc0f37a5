"""The row is the job. A worker claims it by a portable lease; the broker is only the doorbell.

Works the same on SQLite and PostgreSQL: an UPDATE with a condition, and its row count.
"""

import logging
import time
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 5
SWEEP_LIMIT = 500
SILENCE_SECONDS = 15.0  # after a ring that failed, how long this process leaves the bell alone


class JobQuerySet(models.QuerySet):
    def undone(self):
        """Work that is not done, and not parked. Each kind of job says what done means."""
        raise NotImplementedError

    def waiting(self):
        """What a worker may take now: undone, due, and leased to nobody."""
        now = timezone.now()
        return self.undone().filter(Q(lease_until__isnull=True) | Q(lease_until__lt=now), due_at__lte=now)

    def parked(self):
        return self.filter(parked_at__isnull=False)

    def claim(self, pk: int):
        """The job `pk` leased to the caller with a new fence and the attempt counted, or None if it is not to be had.

        The attempt is counted before the work, so that a job which kills its worker comes to an end like any other.
        """
        with transaction.atomic():
            won = self.waiting().filter(pk=pk).update(**_lease())
            return self.get(pk=pk) if won else None

    def claim_some(self, most: int) -> list:
        """Up to `most` jobs leased to the caller, the first ones first.

        What was leased before and did not come back is taken alone: so one that kills its worker takes no other along.
        """
        with transaction.atomic():
            waiting = self.waiting().select_related(None).order_by("attempts", "pk")
            locked = waiting.select_for_update(of=("self",), skip_locked=True)
            found = list(locked.only("pk", "attempts")[:most])
            alone = bool(found) and found[0].attempts > 0
            chosen = found[:1] if alone else [job for job in found if job.attempts == 0]
            self.model.objects.filter(pk__in=[job.pk for job in chosen]).update(**_lease())
            return list(self.filter(pk__in=[job.pk for job in chosen]).order_by("pk"))

    def held(self, job):
        """The locked row of a claimed job, or None if another worker has taken it since. Inside a transaction."""
        held = self.select_for_update(of=("self",)).filter(pk=job.pk, fence=job.fence, lease_until__isnull=False)
        return held.first()

    def held_of(self, claimed: list) -> list:
        """The locked rows of those claimed jobs that no other worker has taken since. Inside a transaction."""
        fences = {job.pk: job.fence for job in claimed}
        rows = self.select_for_update(of=("self",)).filter(pk__in=fences, lease_until__isnull=False).order_by("pk")
        return [row for row in rows if row.fence == fences[row.pk]]


def _lease() -> dict:
    until = timezone.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)
    return {"lease_until": until, "fence": F("fence") + 1, "attempts": F("attempts") + 1}


class Job(models.Model):
    """A row that is work until it is done."""

    due_at = models.DateTimeField(gettext_lazy("due at"), default=timezone.now, db_index=True)
    attempts = models.PositiveSmallIntegerField(gettext_lazy("attempts"), default=0, editable=False)
    lease_until = models.DateTimeField(gettext_lazy("leased until"), null=True, blank=True, editable=False)
    fence = models.PositiveIntegerField(gettext_lazy("fence"), default=0, editable=False)
    parked_at = models.DateTimeField(gettext_lazy("parked at"), null=True, blank=True, editable=False)
    failure = models.TextField(gettext_lazy("failure"), blank=True, editable=False)

    class Meta:
        abstract = True

    def finish(self, **changes) -> bool:
        """Write the outcome, unless another worker has taken the job since: then nothing, and False."""
        held = type(self).objects.filter(pk=self.pk, fence=self.fence, lease_until__isnull=False)
        done = held.update(lease_until=None, **changes)
        if done:
            self.refresh_from_db()
        return bool(done)

    def give_back(self, cause: str) -> None:
        """Back on the work list with the cause, after a pause that doubles with each attempt."""
        self.finish(failure=cause, due_at=timezone.now() + timedelta(seconds=5 * 2**self.attempts))

    def park(self, cause: str) -> None:
        """Set the job aside with its cause, for a person to look at."""
        self.finish(failure=cause, parked_at=timezone.now())


def work_on(
    jobs: JobQuerySet,
    pk: int,
    deed: Callable[[Job], None],
    *,
    give_up: Callable[[Job, str], None],
    hopeless: tuple[type[Exception], ...] = (),
) -> None:
    """Claim the job `pk` and do it. `deed` does the work and the final write, `give_up` parks the job with its cause.

    A fault gives the job back, and gives it up after the last attempt; what is `hopeless` is given up at once.
    """
    job = jobs.claim(pk)
    if job is None or _is_worn_out(job, give_up):
        return
    try:
        deed(job)
    except hopeless as fault:
        give_up(job, str(fault) or type(fault).__name__)
    except Exception as fault:  # a relay that is away, a full disk, a fault of ours: each is told, none ends the worker
        put_off(job, fault, give_up=give_up)


def work_on_some(
    jobs: JobQuerySet, most: int, deed: Callable[[list], None], *, give_up: Callable[[Job, str], None]
) -> None:
    """Claim up to `most` jobs and do them together. `deed` settles each; a fault that it lets out gives all back."""
    claimed = [job for job in jobs.claim_some(most) if not _is_worn_out(job, give_up)]
    if not claimed:
        return
    try:
        deed(claimed)
    except Exception as fault:
        for job in claimed:
            put_off(job, fault, give_up=give_up)


def put_off(job: Job, fault: Exception, *, give_up: Callable[[Job, str], None]) -> None:
    """Give the job back with its cause; after the last attempt, give it up."""
    log.warning("%s %s: %s", type(job).__name__, job.pk, fault, exc_info=not isinstance(fault, OSError))
    cause = f"{type(fault).__name__}: {fault}".replace("\x00", "")
    give_up(job, cause) if job.attempts >= MOST_ATTEMPTS else job.give_back(cause)


def _is_worn_out(job: Job, give_up: Callable[[Job, str], None]) -> bool:
    """It never came back to say what went wrong, and that once too often."""
    if job.attempts <= MOST_ATTEMPTS:
        return False
    give_up(job, job.failure or _("The work did not come to an end %(times)s times.") % {"times": MOST_ATTEMPTS})
    return True


def ring_for_all(jobs: JobQuerySet, task) -> None:
    """Ring again for what still waits, the longest first."""
    for pk in jobs.waiting().order_by("due_at", "pk").values_list("pk", flat=True)[:SWEEP_LIMIT]:
        task.delay(pk)


_silent_until = 0.0


def ring(task, *args) -> None:
    """Tell a worker, on commit, that there is work. A broker that is down costs one short wait, and no work."""
    transaction.on_commit(lambda: _ring_now(task, args), robust=True)


def _ring_now(task, args: tuple) -> None:
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    try:
        task.apply_async(args, retry=False)
    except Exception as fault:  # the row waits for the sweep, whatever the broker's trouble is
        _silent_until = time.monotonic() + SILENCE_SECONDS
        log.warning("The broker does not answer (%s); the sweep will find the work.", type(fault).__name__)
