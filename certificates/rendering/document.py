"""What is printed: a certificate, or a letter."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from certificates.rendering.elements import BILINGUAL, SECOND, Design


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

    kind: str  # "completion", "attendance", "instructor" or "host"
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
    design: Design | None = None  # where it all stands; None is the packaged one
    latin_name: str = ""  # for a name in another script
    certification: str = ""  # "NATO Approved"
    valid_until: str = ""  # "Valid until 17 July 2029"
    replaces: str = ""  # "Replaces certificate NCGM-2026-000007"
    notice: str = ""  # what a reader must know, such as that the signature is for trial only
    second_language: str = ""
    second: dict[str, str] = field(default_factory=dict)  # the same in a second language, by the names above
    emblems: tuple[str, ...] = ()  # of institution 1 and 2, by the names of images
    images: dict[str, bytes] = field(default_factory=dict)  # pictures that the design shows, by name
    attachments: tuple[Attachment, ...] = ()

    @cached_property
    def values(self) -> dict[str, str]:
        """What each placeholder of a design stands for, all but the list of objectives."""
        single = ("printed_name", "latin_name", *BILINGUAL, "certification", "number", "check_hint", "notice")
        institutions = {f"institution_{place}": name for place, name in enumerate(self.institutions, start=1)}
        second = {f"{name}{SECOND}": text for name, text in self.second.items()}
        return {name: getattr(self, name) for name in single} | institutions | second

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
