"""What is printed on a certificate."""

from dataclasses import dataclass
from datetime import datetime


class RenderingFailed(Exception):
    """This certificate cannot be printed as it is; the message is a sentence for the coordinator."""


@dataclass(frozen=True)
class Signatory:
    name: str
    function: str


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
