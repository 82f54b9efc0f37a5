"""The electronic signature of every certificate: PAdES, made in the worker's own process, never in the renderer's.

    keys.py          where the key comes from, and what may be wrong with it
    token.py         the key on a hardware token
    development.py   the key of a machine for development, made at its first start
    pades.py         the signature itself, with pyHanko

pyHanko is imported inside functions, so that a process that only shows pages never loads it.
"""

from threading import Lock

from cryptography.x509.oid import NameOID
from django.utils import timezone
from django.utils.translation import gettext as _

from certificates.rendering import signature
from certificates.signing import keys
from certificates.signing.faults import SigningFailed

__all__ = ["SigningFailed", "certificate_pem", "is_development", "sign", "subject", "trouble"]

# pyHanko's signers and the sessions of a token are for one thread at a time.
_one_at_a_time = Lock()


def sign(pdf: bytes) -> bytes:
    """The file, signed as of now in the place that the press prepared. Raises SigningFailed with a sentence."""
    from certificates.signing import pades

    now, key = timezone.now(), keys.current()
    keys.refuse_unusable(key, now)
    try:
        with _one_at_a_time:
            return signature.filled(pdf, now, lambda digest: pades.signature(key.signer, digest))
    except signature.NoPlace:
        raise SigningFailed(_("This file has no room for a signature, or bears one already.")) from None


def trouble() -> str:
    """Why nothing can be signed now, as a sentence for the administrator; "" when all is well."""
    try:
        keys.refuse_unusable(keys.current(), timezone.now())
    except SigningFailed as fault:
        return str(fault)
    return ""


def subject() -> str:
    """Who signs, as the certificate says it: its names, the own one first. Raises SigningFailed."""
    names = keys.current().certificate.subject
    own = [each for each in names if each.oid == NameOID.COMMON_NAME]
    return ", ".join(str(each.value) for each in (*own, *(each for each in names if each not in own)))


def is_development() -> bool:
    """True for the key that this machine made for itself, whose signatures prove nothing. Raises SigningFailed."""
    return keys.current().is_development


def certificate_pem() -> str:
    """The signing certificate and then its chain, for whoever checks a signature elsewhere. Raises SigningFailed."""
    return keys.current().pem
