"""Make what is queued. Safe to repeat: the lease says whose turn it is, the stored file says that it is done."""

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from accounts.actions import carry_out
from certificates import emails, files, renderer
from certificates.models import Certificate
from certificates.rendering import RenderingFailed

SWEEP_LIMIT = 500


@shared_task
def make_certificate(certificate_id: int) -> None:
    """Render, store and issue one certificate under a lease.

    What can never be made (a letter without a font) is marked failed at once; a full disk is tried again.
    """
    certificate = Certificate.objects.claim(certificate_id)
    if certificate is None:
        return
    try:
        name, sha256 = files.keep(renderer.render(renderer.document_of(certificate)))
    except RenderingFailed as fault:
        certificate.park(str(fault))
        emails.tell_the_office(certificate)
        return
    except OSError as fault:
        certificate.retry_later(f"{type(fault).__name__}: {fault}")
        return
    _issue(certificate, name, sha256)


@shared_task
def sweep() -> None:
    """Ring again for every certificate that still waits, and clear away parts of files."""
    for pk in Certificate.objects.waiting().order_by("due_at", "pk").values_list("pk", flat=True)[:SWEEP_LIMIT]:
        make_certificate.delay(pk)
    files.remove_leftovers()


@transaction.atomic
def _issue(certificate: Certificate, name: str, sha256: str) -> None:
    """The final write, only while the lease is still ours; the message goes with it."""
    row = Certificate.objects.select_related("batch", "nomination__person__user").held(certificate)
    if row is None:
        return
    outcome = {"file_name": name, "sha256": sha256, "issued_at": timezone.now(), "lease_until": None, "failure": ""}
    carry_out(row, "issue", by=None, **outcome)
    if row.batch.tells_trainees:
        emails.tell_the_trainee(row)
