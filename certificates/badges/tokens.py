"""A credential as a compact JSON Web Token (Open Badges 3.0, “JSON Web Token Proof Format”), and back."""

from datetime import datetime

from joserfc import jwt
from joserfc.errors import JoseError

from certificates.badges import addresses, keys

ALGORITHM = "ES256"


def sign(credential: dict, *, kind: str = "JWT") -> str:
    """The credential with its claims, signed by the current key. Raises BadgeFailed."""
    key = keys.current()
    header = {"alg": ALGORITHM, "typ": kind, "kid": addresses.key(key.thumbprint())}
    return jwt.encode(header, {**credential, **_claims(credential)}, key, algorithms=[ALGORITHM])


def verified(token: str) -> dict | None:
    """What the token says, if one of our keys signed it. Nothing is fetched: our keys are known."""
    try:
        return jwt.decode(token, _key_named_in, algorithms=[ALGORITHM]).claims
    except (JoseError, ValueError, LookupError, TypeError, RecursionError):  # whatever a stranger may write
        return None


def _key_named_in(token):
    """By the thumbprint at the end of its address, so that badges outlive a move of the site."""
    name = token.headers().get("kid", "")
    return keys.published()[str(name).rstrip("/").rpartition("/")[2]]


def _claims(credential: dict) -> dict:
    """What the format repeats of the credential under names of its own."""
    issuer, subject = credential["issuer"], credential["credentialSubject"]
    claims = {
        "iss": issuer["id"] if isinstance(issuer, dict) else issuer,
        "jti": credential["id"],
        "sub": subject["id"],
        "nbf": _seconds(credential["validFrom"]),
    }
    return claims | ({"exp": _seconds(credential["validUntil"])} if "validUntil" in credential else {})


def _seconds(instant: str) -> int:
    return int(datetime.fromisoformat(instant).timestamp())
