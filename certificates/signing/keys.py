"""The key that signs: from a PKCS#12 file, from a token by PKCS#11, or this machine's own for development.

It is parsed once for each process and kept; another file in its place, or other settings, are seen at the next use.
"""

import os
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key, pkcs12
from django.conf import settings
from django.utils.translation import gettext as _

from certificates.signing import development
from certificates.signing.faults import SigningFailed


@dataclass(frozen=True)
class Key:
    """A certificate with what signs in its name."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    signer: object  # pyHanko's
    is_development: bool = False

    @property
    def pem(self) -> str:
        return "".join(each.public_bytes(Encoding.PEM).decode() for each in (self.certificate, *self.chain))


def current() -> Key:
    """The key of the settings. Raises SigningFailed."""
    names = ("PKCS12", "PASSPHRASE", "PKCS11_MODULE", "PKCS11_TOKEN", "PKCS11_PIN", "PKCS11_KEY", "PKCS11_CERTIFICATE")
    values = tuple(getattr(settings, f"SIGNING_{name}") for name in names)
    edition = (os.getpid(), _edition(settings.SIGNING_PKCS12), settings.SIGNING_WITH_DEVELOPMENT_KEY)
    return _kept(edition, *values)


def refuse_unusable(key: Key, at: datetime) -> None:
    """Raise SigningFailed unless the certificate is in force at that time and is made for signatures."""
    if at < key.certificate.not_valid_before_utc:
        raise SigningFailed(_("The signing certificate is not valid yet. Check this machine's clock."))
    if at > key.certificate.not_valid_after_utc:
        day = f"{key.certificate.not_valid_after_utc:%Y-%m-%d}"
        raise SigningFailed(_("The signing certificate ended on %s. Set up a new one.") % day)
    if not _is_for_signatures(key.certificate):
        raise SigningFailed(_("The signing certificate is not made for signatures (its key usage says so)."))


def _is_for_signatures(certificate: x509.Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return usage.digital_signature or usage.content_commitment


def _edition(file: str) -> int:
    """Another number for another content of the file."""
    try:
        return os.stat(file).st_mtime_ns if file else 0
    except OSError:
        return 0


@lru_cache(maxsize=1)
def _kept(_edition, file, passphrase, module, token, pin, label, certificate) -> Key:
    if file and module:
        raise SigningFailed(_("Set either SIGNING_PKCS12 or SIGNING_PKCS11_MODULE, not both."))
    if file:
        key = _of_file(Path(file), passphrase)
    elif module:
        key = _of_token(module, token, pin, label, certificate)
    elif settings.SIGNING_WITH_DEVELOPMENT_KEY:
        key = _of_development()
    else:
        raise SigningFailed(_("No signing key is set up. Set SIGNING_PKCS12 or SIGNING_PKCS11_MODULE."))
    _refuse_a_foreign_certificate(key)
    return key


def _of_file(file: Path, passphrase: str) -> Key:
    try:
        private, certificate, chain = pkcs12.load_key_and_certificates(file.read_bytes(), passphrase.encode() or None)
    except OSError:
        raise SigningFailed(_("The signing key %s (SIGNING_PKCS12) cannot be read.") % file) from None
    except ValueError:
        sentence = _("The signing key %s does not open: SIGNING_PASSPHRASE is wrong, or it is no PKCS#12 file.")
        raise SigningFailed(sentence % file) from None
    if private is None or certificate is None:
        raise SigningFailed(_("The file %s lacks the key or its certificate.") % file)
    return _key(private, certificate, chain)


def _of_development() -> Key:
    try:
        content = development.pem()
    except OSError as fault:
        raise SigningFailed(_("The development key cannot be kept in VAR_DIR (%s).") % fault.strerror) from None
    private, certificate = load_pem_private_key(content, None), x509.load_pem_x509_certificate(content)
    return _key(private, certificate, (), is_development=True)


def _key(private, certificate: x509.Certificate, chain, is_development: bool = False) -> Key:
    from certificates.signing import pades

    if not isinstance(private, (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey)):
        raise SigningFailed(_("The signing key is of a kind that PDF readers do not know. Use RSA or ECDSA."))
    return Key(certificate, tuple(chain), pades.KeptSigner(private, certificate, chain), is_development)


def _of_token(module: str, token: str, pin: str, label: str, certificate_label: str) -> Key:
    from certificates.signing import token as tokens

    try:
        signer, certificate, chain = tokens.opened(module, token, pin, label, certificate_label)
    except tokens.FAULTS as fault:
        raise SigningFailed(_("The token does not give its key (%s).") % (str(fault) or type(fault).__name__)) from None
    return Key(certificate, chain, signer)


def _refuse_a_foreign_certificate(key: Key) -> None:
    """By a signature made and checked, as a token never shows its key."""
    from certificates.signing import pades

    words = b"Does this certificate belong to this key?"
    made, public = pades.raw_signature(key.signer, words), key.certificate.public_key()
    try:
        if isinstance(public, rsa.RSAPublicKey):
            public.verify(made, words, padding.PKCS1v15(), hashes.SHA256())
        else:
            public.verify(made, words, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise SigningFailed(_("The signing certificate does not belong to the signing key.")) from None
