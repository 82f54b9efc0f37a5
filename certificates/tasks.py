"""Make what is queued. Safe to repeat: the lease says whose turn it is, the stored file says that it is done."""

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from accounts.actions import carry_out
from certificates import emails, files, renderer
from certificates.letters import printing
from certificates.models import Certificate, Letter
from certificates.rendering import RenderingFailed
from notifications import jobs


@shared_task
def make_certificate(certificate_id: int) -> None:
    """Render, store and issue one certificate under a lease.

    What can never be made (a letter without a typeface) is marked failed at once; a full disk is tried again.
    """
    jobs.work_on(Certificate.objects, certificate_id, _make, give_up=_fail, hopeless=(RenderingFailed,))


@shared_task
def make_letter(letter_id: int) -> None:
    """Render and store one letter under a lease; what can never be printed is set aside at once."""
    jobs.work_on(Letter.objects, letter_id, _make_letter, give_up=_give_up_letter, hopeless=(RenderingFailed,))


@shared_task
def sweep() -> None:
    """Ring again for every certificate and letter that still waits, and clear away parts of files."""
    jobs.ring_for_all(Certificate.objects, make_certificate)
    jobs.ring_for_all(Letter.objects, make_letter)
    files.remove_leftovers()


def _make(certificate: Certificate) -> None:
    name, sha256 = files.keep(renderer.render(renderer.document_of(certificate)))
    _issue(certificate, name, sha256)


@transaction.atomic
def _issue(certificate: Certificate, name: str, sha256: str) -> None:
    """The final write, only while the lease is still ours; the message goes with it."""
    row = _held(certificate)
    if row is None:
        return
    outcome = {"file_name": name, "sha256": sha256, "issued_at": timezone.now(), "lease_until": None, "failure": ""}
    carry_out(row, "issue", by=None, **outcome)
    if row.batch.tells_trainees:
        emails.tell_the_trainee(row)


@transaction.atomic
def _fail(certificate: Certificate, cause: str) -> None:
    """Set aside with its cause, only while the lease is still ours; the office is told with it."""
    row = _held(certificate)
    if row is None:
        return
    carry_out(row, "fail", by=None, reason=cause, failure=cause, parked_at=timezone.now(), lease_until=None)
    emails.tell_the_office(row)


def _held(certificate: Certificate) -> Certificate | None:
    related = ("batch__started_by", "nomination__person__user", "nomination__iteration__course")
    return Certificate.objects.select_related(*related).held(certificate)


def _make_letter(letter: Letter) -> None:
    name, sha256 = files.keep(renderer.render(printing.document_of(letter)))
    letter.finish(file_name=name, sha256=sha256, made_at=timezone.now(), failure="")


@transaction.atomic
def _give_up_letter(letter: Letter, cause: str) -> None:
    """Set aside with its cause, only while the lease is still ours; who asked for it is told with it."""
    if letter.finish(failure=cause, parked_at=timezone.now()):
        emails.tell_who_asked(letter)
