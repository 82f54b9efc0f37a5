"""A signed token read by the rules of RFC 7515 and cryptography alone: not by the library that made it."""

import json
from base64 import urlsafe_b64decode

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils


def unpacked(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def parts(token: str) -> tuple[dict, dict]:
    """Header and payload, believed without a look at the signature."""
    header, payload, _signature = token.split(".")
    return json.loads(unpacked(header)), json.loads(unpacked(payload))


def is_signed_with(token: str, jwk: dict) -> bool:
    """True when the P-256 key of `jwk` signed it."""
    said, _dot, signature = token.rpartition(".")
    x, y = (int.from_bytes(unpacked(jwk[name])) for name in "xy")
    r, s = (int.from_bytes(half) for half in (unpacked(signature)[:32], unpacked(signature)[32:]))
    public = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    try:
        public.verify(utils.encode_dss_signature(r, s), said.encode(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True
