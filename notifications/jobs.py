"""The row is the job. A worker claims it by a portable lease; the broker is only the doorbell.

Works the same on SQLite and PostgreSQL: an UPDATE with a condition, and its row count.
"""

import logging
import time
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 5
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

        The attempt is counted before the work, so that a job which kills its worker is parked like any other.
        """
        until = timezone.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)
        won = self.waiting().filter(pk=pk).update(lease_until=until, fence=F("fence") + 1, attempts=F("attempts") + 1)
        if not won:
            return None
        job = self.get(pk=pk)
        if job.attempts > MOST_ATTEMPTS:
            job.park(job.failure or _("The work did not come to an end %(times)s times.") % {"times": MOST_ATTEMPTS})
            return None
        return job

    def held(self, job):
        """The locked row of a claimed job, or None if another worker has taken it since. Inside a transaction."""
        held = self.select_for_update(of=("self",)).filter(pk=job.pk, fence=job.fence, lease_until__isnull=False)
        return held.first()


class Job(models.Model):
    """A row that is work until it is done."""

    due_at = models.DateTimeField(_("due at"), default=timezone.now, db_index=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, editable=False)
    lease_until = models.DateTimeField(_("leased until"), null=True, blank=True, editable=False)
    fence = models.PositiveIntegerField(_("fence"), default=0, editable=False)
    parked_at = models.DateTimeField(_("parked at"), null=True, blank=True, editable=False)
    failure = models.TextField(_("failure"), blank=True, editable=False)

    class Meta:
        abstract = True

    def finish(self, **changes) -> bool:
        """Write the outcome, unless another worker has taken the job since: then nothing, and False."""
        held = type(self).objects.filter(pk=self.pk, fence=self.fence, lease_until__isnull=False)
        done = held.update(lease_until=None, **changes)
        if done:
            self.refresh_from_db()
        return bool(done)

    def retry_later(self, failure: str) -> None:
        """Give the job back with the cause; parks it after the last attempt."""
        if self.attempts >= MOST_ATTEMPTS:
            self.park(failure)
            return
        self.finish(failure=failure, due_at=timezone.now() + timedelta(seconds=5 * 2**self.attempts))

    def park(self, failure: str) -> None:
        """Set the job aside with its cause, for a person to look at."""
        self.finish(failure=str(failure), parked_at=timezone.now())


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
