"""What a badge says: an OpenBadgeCredential (Open Badges 3.0, Verifiable Credentials 2.0). Plain values in and out.

It says what the paper says, in the paper's English, and nothing else: no e-mail, no rank, no nation.
"""

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

CONTEXTS = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]
# Open Badges has a word of its own for completion alone; “ext:” marks the others as ours.
ACHIEVEMENT_TYPES = {
    "completion": "CertificateOfCompletion",
    "attendance": "ext:CertificateOfAttendance",
    "instructor": "ext:CertificateOfInstruction",
    "host": "ext:CertificateOfHosting",
}
CRITERIA = {
    "completion": "Attended the course and passed its assessment.",
    "attendance": "Attended the course.",
    "instructor": "Taught on the course.",
    "host": "Hosted the course.",
}


@dataclass(frozen=True)
class Award:
    """One certificate: the values printed on it, and the addresses that its badge names."""

    kind: str  # "completion", "attendance", "instructor" or "host"
    printed: dict  # as frozen in the certificate
    issued_at: datetime
    expires_on: date | None
    check_address: str
    issuer_address: str
    status_list: str  # the address of the list
    status_index: int


def credential(award: Award) -> dict:
    """The badge of an award, as JSON."""
    printed = award.printed
    return {
        "@context": CONTEXTS,
        "id": award.check_address,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": f"{printed['heading']}: {printed['course_title']}",
        "description": _sentence(printed),
        "issuer": {"id": award.issuer_address, "type": ["Profile"], "name": printed["institutions"][0]},
        "validFrom": instant(award.issued_at),
        **({"validUntil": instant(last_second(award.expires_on))} if award.expires_on else {}),
        "credentialSubject": _subject(award),
        "credentialStatus": _status(award),
    }


def instant(at: datetime) -> str:
    """To the second, since the token's own dates know no parts of it.

    >>> instant(datetime(2026, 7, 17, 9, 30, 5, 999, tzinfo=UTC))
    '2026-07-17T09:30:05Z'
    """
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def last_second(of: date) -> datetime:
    """A certificate holds to the end of its last day."""
    return datetime.combine(of, time(23, 59, 59), UTC)


def _sentence(printed: dict) -> str:
    """As on the paper: who did what, when and where."""
    deed = f"{printed['printed_name']} {printed['statement']} {printed['course_title']}"
    return ", ".join(part for part in (deed, printed["dates"], printed["place"]) if part) + "."


def _subject(award: Award) -> dict:
    """The holder. The name is not hashed: it stands on the paper, and a name can be guessed from its hash."""
    name = {"type": "IdentityObject", "identityType": "name", "hashed": False}
    return {
        "id": _name_based("holder", award.check_address),
        "type": ["AchievementSubject"],
        "identifier": [{**name, "identityHash": award.printed["printed_name"]}],
        "licenseNumber": award.printed["number"],
        "achievement": _achievement(award),
    }


def _achievement(award: Award) -> dict:
    """The course in this version, taken in this way: the same for everybody who was there."""
    printed = award.printed
    code, version = printed.get("course_code", ""), str(printed.get("course_version", ""))
    described = {
        "id": _name_based(award.issuer_address, award.kind, printed["course_title"], code, version),
        "type": ["Achievement"],
        "achievementType": ACHIEVEMENT_TYPES[award.kind],
        "name": printed["course_title"],
        "description": printed["course_line"] or printed["course_title"],
        "criteria": {"narrative": _criteria(award.kind, printed["objectives"])},
        "humanCode": code,
        "version": version,
    }
    return {name: value for name, value in described.items() if value}


def _criteria(kind: str, objectives: list[str]) -> str:
    return "\n".join([CRITERIA[kind], *(f"* {objective}" for objective in objectives)])


def _status(award: Award) -> dict:
    return {
        "id": f"{award.status_list}#{award.status_index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(award.status_index),
        "statusListCredential": award.status_list,
    }


def _name_based(*parts: str) -> str:
    """The same parts give the same name, and the name gives nothing away.

    >>> _name_based("a", "b") == _name_based("a", "b") != _name_based("ab", "")
    True
    """
    return uuid.uuid5(uuid.NAMESPACE_URL, "\n".join(parts)).urn
