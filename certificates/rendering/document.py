"""What is printed: a certificate, or a letter."""

from dataclasses import dataclass
from datetime import datetime


class RenderingFailed(Exception):
    """This document cannot be printed as it is; the message is a sentence for the coordinator."""


@dataclass(frozen=True)
class Signatory:
    name: str
    function: str


@dataclass(frozen=True)
class Attachment:
    """A file inside the file, such as the certificate as a badge."""

    name: str  # "badge.jwt"
    content: bytes | str
    media_type: str  # "application/vc+jwt"
    description: str


@dataclass(frozen=True)
class Document:
    """Everything that is printed, already words."""

    kind: str  # "completion", "attendance" or "instructor"
    heading: str  # "Certificate of Completion"
    printed_name: str  # any script, up to 150 letters
    statement: str  # "has successfully completed the", "attended the"
    course_title: str  # up to 200 letters
    course_line: str  # "Level 300 · NATO Approved · GEN-GO-35431" or ""
    dates: str  # "6–17 July 2026"
    place: str  # "Kungsängen, Sweden" or "online"
    objectives: tuple[str, ...]
    institutions: tuple[str, ...]  # one or two
    signatories: tuple[Signatory, ...]  # up to three
    number: str  # "NCGM-2026-000123"
    issued_on: str  # "17 July 2026"
    issued_at: datetime  # aware; for the metadata
    check_url: str  # the whole address, for the QR code
    check_hint: str  # what somebody types who cannot scan
    language: str = "en"
    attachments: tuple[Attachment, ...] = ()

    @property
    def title(self) -> str:
        return f"{self.heading}: {self.printed_name}"

    @property
    def authors(self) -> tuple[str, ...]:
        return self.institutions

    @property
    def subject(self) -> str:
        return f"{self.course_title}, {self.dates}"


@dataclass(frozen=True)
class LetterDocument:
    """A letter as HTML of our own templates, every text in it escaped; and what its file says about itself."""

    html: str
    title: str
    author: str
    subject: str
    reference: str
    issued_at: datetime  # aware; for the metadata
    language: str = "en"
