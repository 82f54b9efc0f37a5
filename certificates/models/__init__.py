"""What people leave with: certificates and their numbers, the acts of issuing, and letters about decisions."""

from certificates.models.certificate import (
    Certificate,
    CertificateQuerySet,
    IssueBatch,
    IssueBatchQuerySet,
    NumberSeries,
    new_code,
    new_typed_code,
)
from certificates.models.letter import Letter, LetterQuerySet

__all__ = [
    "Certificate",
    "CertificateQuerySet",
    "IssueBatch",
    "IssueBatchQuerySet",
    "Letter",
    "LetterQuerySet",
    "NumberSeries",
    "new_code",
    "new_typed_code",
]
