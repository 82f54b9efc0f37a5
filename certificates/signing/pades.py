"""The signature itself: PAdES B-B, and B-T where a time-stamping authority is set (ETSI EN 319 142-1)."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from asn1crypto import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.utils.translation import gettext as _
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import Signer
from pyhanko.sign.timestamps import HTTPTimeStamper, TimestampRequestError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from certificates.signing.faults import SigningFailed

DIGEST = "sha256"
TSA_SECONDS = 10


class KeptSigner(Signer):
    """pyHanko's own for keys in memory parses the key anew for every signature."""

    def __init__(self, private, certificate, chain):
        self.private = private
        store = SimpleCertificateStore()
        store.register_multiple(_parsed(each) for each in chain)
        super().__init__(signing_cert=_parsed(certificate), cert_registry=store)

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run=False) -> bytes:
        if isinstance(self.private, rsa.RSAPrivateKey):
            return self.private.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return self.private.sign(data, ec.ECDSA(hashes.SHA256()))


def signature(signer: Signer, digest: bytes) -> bytes:
    """The signature for a file of this SHA-256. Raises SigningFailed."""
    stamper = HTTPTimeStamper(settings.SIGNING_TSA_URL, timeout=TSA_SECONDS) if settings.SIGNING_TSA_URL else None
    try:
        made = _awaited(signer.async_sign(digest, DIGEST, use_pades=True, timestamper=stamper))
    except (TimestampRequestError, OSError):
        raise SigningFailed(_("The time-stamping authority (SIGNING_TSA_URL) does not answer as it should.")) from None
    except SigningError as fault:
        raise SigningFailed(_("The signature was not made (%s).") % fault) from None
    return made.dump()


def raw_signature(signer: Signer, data: bytes) -> bytes:
    return _awaited(signer.async_sign_raw(data, DIGEST))


def _awaited(coroutine):
    """In a thread of its own: the caller's may have an event loop already, and then cannot wait in it."""
    with ThreadPoolExecutor(1) as own:
        return own.submit(asyncio.run, coroutine).result()


def _parsed(certificate) -> x509.Certificate:
    return x509.Certificate.load(certificate.public_bytes(Encoding.DER))
