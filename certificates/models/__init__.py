"""What people leave with: certificates and their numbers, the acts of issuing, and letters about decisions."""

from certificates.models.certificate import Certificate, CertificateQuerySet, new_code, new_typed_code
from certificates.models.issue import IssueBatch, IssueBatchQuerySet, NumberSeries
from certificates.models.issuer import Issuer
from certificates.models.language import CourseTitle, Language
from certificates.models.letter import Letter, LetterQuerySet
from certificates.models.template import Asset, Template, TemplateVersion

__all__ = [
    "Asset",
    "Certificate",
    "CertificateQuerySet",
    "CourseTitle",
    "IssueBatch",
    "IssueBatchQuerySet",
    "Issuer",
    "Language",
    "Letter",
    "LetterQuerySet",
    "NumberSeries",
    "Template",
    "TemplateVersion",
    "new_code",
    "new_typed_code",
]
