"""What is said about certificates and letters, and to whom."""

from django.urls import reverse
from django.utils import timezone

from certificates.models import Certificate, IssueBatch, Letter
from notifications import actions as notifications


def tell_the_trainee(certificate: Certificate) -> None:
    """Tell the holder that the certificate can be downloaded, if there is an address."""
    address = certificate.person.address if certificate.person else ""
    if not address:
        return
    notifications.tell(
        "certificate.issued",
        to=address,
        occasion=f"certificate:{certificate.pk}",
        template="certificates/emails/certificate_issued.txt",
        context={"certificate": certificate, "iteration": certificate.iteration},
        path=reverse("insights:me"),
    )


def tell_the_office(certificate: Certificate) -> None:
    """Tell who started the issue that one certificate could not be made."""
    notifications.tell(
        "certificate.failed",
        to=certificate.batch.started_by,
        occasion=f"certificate:{certificate.pk}:{certificate.history.count()}",
        template="certificates/emails/certificate_failed.txt",
        context={"certificate": certificate, "iteration": certificate.iteration},
        path=reverse("certificates:certificate", args=[certificate.pk]),
    )


def tell_of_the_pause(batch: IssueBatch, why: str) -> None:
    """Tell who started the issue that it waits, since nothing can be signed."""
    notifications.tell(
        "certificates.paused",
        to=batch.started_by,
        occasion=f"issue:{batch.pk}:{timezone.now():%Y-%m-%d %H:%M}",
        template="certificates/emails/issue_paused.txt",
        context={"batch": batch, "iteration": batch.iteration, "why": why},
        path=reverse("certificates:batch", args=[batch.pk]),
    )


def tell_who_asked(letter: Letter) -> None:
    """Tell who asked for a letter that it could not be made; once for each time that it was tried again."""
    notifications.tell(
        "letter.failed",
        to=letter.requested_by,
        occasion=f"letter:{letter.pk}:{letter.fence}",
        template="certificates/emails/letter_failed.txt",
        context={"letter": letter, "nomination": letter.nomination, "iteration": letter.nomination.iteration},
        path=reverse("certificates:nomination_letters", args=[letter.nomination_id]),
    )
