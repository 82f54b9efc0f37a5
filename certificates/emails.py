"""What is said about certificates, and to whom."""

from django.urls import reverse

from certificates.models import Certificate
from notifications import actions as notifications


def tell_the_trainee(certificate: Certificate) -> None:
    """Tell the holder that the certificate can be downloaded, if there is an address."""
    address = certificate.nomination.person.address
    if not address:
        return
    notifications.tell(
        "certificate.issued",
        to=address,
        occasion=f"certificate:{certificate.pk}",
        template="certificates/emails/certificate_issued.txt",
        context={"certificate": certificate, "iteration": certificate.nomination.iteration},
        path=reverse("insights:me"),
    )


def tell_the_office(certificate: Certificate) -> None:
    """Tell who started the issue that one certificate could not be made."""
    notifications.tell(
        "certificate.failed",
        to=certificate.batch.started_by,
        occasion=f"certificate:{certificate.pk}:{certificate.history.count()}",
        template="certificates/emails/certificate_failed.txt",
        context={"certificate": certificate, "iteration": certificate.nomination.iteration},
        path=reverse("certificates:certificate", args=[certificate.pk]),
    )
