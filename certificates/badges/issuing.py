"""The badge of a certificate, from what was frozen at its issue."""

from certificates import wording
from certificates.badges import addresses, credential, status, tokens
from certificates.models import Certificate


def of(certificate: Certificate) -> str:
    """The signed badge. Raises BadgeFailed."""
    return tokens.sign(credential.credential(award_of(certificate)))


def award_of(certificate: Certificate) -> credential.Award:
    number, index = status.place(certificate.pk)
    return credential.Award(
        kind=certificate.kind,
        printed=certificate.printed,
        issued_at=certificate.queued_at,
        expires_on=certificate.expires_on,
        check_address=wording.check_address(certificate),
        issuer_address=addresses.issuer(certificate.issuer_id),
        status_list=addresses.status_list(certificate.issuer_id, number),
        status_index=index,
    )
