"""From a certificate's frozen values to its bytes."""

from certificates import wording
from certificates.models import Certificate
from certificates.rendering import Document, Signatory, render

__all__ = ["document_of", "render"]


def document_of(certificate: Certificate) -> Document:
    """The frozen values of a certificate with its codes, as what rendering takes."""
    printed = dict(certificate.printed)
    printed["objectives"] = tuple(printed["objectives"])
    printed["institutions"] = tuple(printed["institutions"])
    printed["signatories"] = tuple(Signatory(**each) for each in printed["signatories"])
    return Document(
        **printed,
        issued_at=certificate.queued_at,
        check_url=wording.check_address(certificate),
        check_hint=wording.check_hint(certificate),
    )
