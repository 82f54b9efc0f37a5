"""Whether a paper is good, as a stranger may learn it. Page and API answer from here, with the same words."""

import secrets
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certificates import badges, numbers
from certificates.models import Certificate
from certificates.uploads import Fingerprint
from certificates.workflow import CertificateState

# Compared with when there is no such number, so that both ways take as long.
NO_CODE = "0" * numbers.LENGTH
LONGEST_CHAIN = 20


class Verdict(TextChoices):
    VALID = "valid", _("Valid")
    RECORDED = "recorded", _("Recorded")
    EXPIRED = "expired", _("Expired")
    REVOKED = "revoked", _("Revoked")
    REPLACED = "replaced", _("Replaced")
    NOT_OURS = "not_ours", _("Not our file")
    UNKNOWN = "unknown", _("Not found")


@dataclass(frozen=True)
class Words:
    """A verdict in a heading and a sentence."""

    heading: str
    sentence: str


V = Verdict
WORDS = {
    V.VALID: Words(_("This certificate is valid"), _("Compare it with the paper, word for word.")),
    V.RECORDED: Words(
        _("This certificate is on record"),
        _("It is an old paper: this system recorded it, and did not issue it. Compare it with the paper."),
    ),
    V.EXPIRED: Words(_("This certificate has expired"), _("It was issued and never revoked; its last day has passed.")),
    V.REVOKED: Words(_("This certificate has been revoked"), _("It was issued, and is no longer valid.")),
    V.REPLACED: Words(
        _("This certificate has been replaced"), _("It was issued, and another one now stands in its place.")
    ),
    V.NOT_OURS: Words(
        _("Not our file"),
        _("We issued no file that is the same as this one, byte for byte."),
    ),
    V.UNKNOWN: Words(_("No such certificate"), _("We issued no certificate with this number and code.")),
}


@dataclass(frozen=True)
class Answer:
    """What a check says; `certificate` is None where nothing of ours was found."""

    verdict: Verdict
    certificate: Certificate | None = None

    @property
    def heading(self) -> str:
        return WORDS[self.verdict].heading

    @property
    def sentence(self) -> str:
        return WORDS[self.verdict].sentence

    @property
    def revoked_at(self):
        return self.certificate.revoked_at if self.verdict == Verdict.REVOKED else None

    @property
    def successors(self) -> list[str]:
        """The numbers that stand in its place, one after the other; the last is the newest."""
        return _chain(self.certificate, "replaced_by")

    @property
    def predecessors(self) -> list[str]:
        """The numbers in whose place it stands, the last one first."""
        return _chain(self.certificate, "replaces")


UNKNOWN, NOT_OURS = Answer(Verdict.UNKNOWN), Answer(Verdict.NOT_OURS)


def by_code(code: str) -> Answer:
    """By the secret of the QR code: 128 bits, which nobody guesses."""
    return _about(_candidates().filter(code=code).first(), otherwise=UNKNOWN)


def by_number(number: str, typed_code: str) -> Answer:
    """By what is printed for people who type: the number and its twelve signs."""
    found = _candidates().numbered(number).first()
    expected = found.typed_code if found else NO_CODE
    typed = numbers.understood_code(typed_code)
    is_same = secrets.compare_digest(typed.encode(), expected.encode())
    return _about(found if is_same else None, otherwise=UNKNOWN)


def by_sha256(sha256: str) -> Answer:
    """By the file itself: the same bytes as the stored ones. Its signature alone would let altered files pass."""
    return _about(_candidates().filter(sha256=sha256.lower()).first(), otherwise=NOT_OURS)


def by_file(file: Fingerprint) -> Answer:
    """A PDF by its bytes; a badge by our signature on it, which says whose it is."""
    answer = by_sha256(file.sha256)
    return _by_badge(file.text) if answer is NOT_OURS and file.text else answer


def _by_badge(text: str) -> Answer:
    try:
        code = badges.read(text).code
    except (badges.NotOurBadge, badges.BadgeFailed):
        return NOT_OURS
    return _about(_candidates().filter(code=code).first(), otherwise=NOT_OURS)


def _candidates():
    return Certificate.objects.checkable().with_successor()


def _about(certificate: Certificate | None, *, otherwise: Answer) -> Answer:
    return Answer(_verdict_on(certificate), certificate) if certificate else otherwise


def _verdict_on(certificate: Certificate) -> Verdict:
    """What was taken back or replaced is that first, however old; what a stranger must know most is said."""
    if certificate.state in (CertificateState.REVOKED, CertificateState.REPLACED):
        return Verdict(certificate.state)
    if certificate.is_expired_on(timezone.localdate()):
        return Verdict.EXPIRED
    return Verdict.RECORDED if certificate.is_recorded else Verdict.VALID


def _chain(certificate: Certificate | None, link: str) -> list[str]:
    found: list[str] = []
    while certificate and len(found) < LONGEST_CHAIN and (certificate := getattr(certificate, link, None)):
        found.append(certificate.number)
    return found
