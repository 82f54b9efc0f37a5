"""What Open Badges 3.0 and Bitstring Status List 1.0 demand of a signed credential, as a JSON Schema of our own."""

ADDRESS = {"type": "string", "pattern": "^https?://[^ ]+$"}
URI = {"type": "string", "pattern": "^[a-z][a-z0-9+.-]*:[^ ]+$"}
TEXT = {"type": "string", "minLength": 1}
INSTANT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}
SECONDS = {"type": "integer", "minimum": 0}


def _types(*needed: str) -> dict:
    return {"type": "array", "allOf": [{"contains": {"const": each}} for each in needed]}


def _closed(required: dict, optional: dict | None = None) -> dict:
    """Nothing but these: what a badge says more than it must is seen at once."""
    optional = optional or {}
    return {
        "type": "object",
        "properties": required | optional,
        "required": list(required),
        "additionalProperties": False,
    }


HEADER = _closed({"alg": {"const": "ES256"}, "typ": {"enum": ["JWT", "vc+jwt"]}, "kid": ADDRESS})

ACHIEVEMENT = _closed(
    {
        "id": URI,
        "type": _types("Achievement"),
        "name": TEXT,
        "description": TEXT,
        "criteria": _closed({"narrative": TEXT}),
        "achievementType": {"anyOf": [{"const": "CertificateOfCompletion"}, {"pattern": "^ext:[A-Za-z0-9._-]+$"}]},
    },
    {"humanCode": TEXT, "version": TEXT},
)

SUBJECT = _closed(
    {
        "id": URI,
        "type": _types("AchievementSubject"),
        "achievement": ACHIEVEMENT,
        "identifier": {
            "type": "array",
            "minItems": 1,
            "items": _closed(
                {
                    "type": {"const": "IdentityObject"},
                    "identityType": {"const": "name"},
                    "identityHash": TEXT,
                    "hashed": {"const": False},
                }
            ),
        },
        "licenseNumber": TEXT,
    }
)

STATUS = _closed(
    {
        "id": ADDRESS,
        "type": {"const": "BitstringStatusListEntry"},
        "statusPurpose": {"const": "revocation"},
        "statusListIndex": {"type": "string", "pattern": "^[0-9]+$"},
        "statusListCredential": ADDRESS,
    }
)

BADGE = _closed(
    {
        "@context": {
            "type": "array",
            "prefixItems": [
                {"const": "https://www.w3.org/ns/credentials/v2"},
                {"const": "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"},
            ],
            "minItems": 2,
        },
        "id": ADDRESS,
        "type": _types("VerifiableCredential", "OpenBadgeCredential"),
        "name": TEXT,
        "description": TEXT,
        "issuer": _closed({"id": ADDRESS, "type": _types("Profile"), "name": TEXT}),
        "validFrom": INSTANT,
        "credentialSubject": SUBJECT,
        "credentialStatus": STATUS,
        "iss": ADDRESS,
        "jti": ADDRESS,
        "sub": URI,
        "nbf": SECONDS,
    },
    {"validUntil": INSTANT, "exp": SECONDS},
)

STATUS_LIST = _closed(
    {
        "@context": {"const": ["https://www.w3.org/ns/credentials/v2"]},
        "id": ADDRESS,
        "type": _types("VerifiableCredential", "BitstringStatusListCredential"),
        "issuer": ADDRESS,
        "validFrom": INSTANT,
        "credentialSubject": _closed(
            {
                "id": ADDRESS,
                "type": {"const": "BitstringStatusList"},
                "statusPurpose": {"const": "revocation"},
                "encodedList": {"type": "string", "pattern": "^u[A-Za-z0-9_-]+$"},
                "ttl": {"type": "integer", "maximum": 60_000},
            }
        ),
        "iss": ADDRESS,
        "jti": ADDRESS,
        "sub": ADDRESS,
        "nbf": SECONDS,
    }
)
