"""The key that signs badges (ECDSA P-256), and the former ones, by which old badges are still checked.

Parsed once for each process and kept; another file in its place, or other settings, are seen at the next use.
"""

import os
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings
from django.utils.translation import gettext as _
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from certificates import own_keys
from certificates.badges.faults import BadgeFailed

DEVELOPMENT_FILE = "badge-development.pem"


def current() -> ECKey:
    """The key that signs now. Raises BadgeFailed."""
    return _current(_file())


def published() -> dict[str, ECKey]:
    """Every key whose badges are good, by thumbprint (RFC 7638), the current one first. Raises BadgeFailed."""
    keys = (current(), *(_kept(file, _edition(file)) for file in settings.BADGE_OLD_KEYS))
    return {key.thumbprint(): key for key in keys}


def trouble() -> str:
    """Why no badge can be signed or checked now, as a sentence for the administrator; "" when all is well."""
    try:
        published()
    except BadgeFailed as fault:
        return str(fault)
    return ""


def _file() -> str:
    if settings.BADGE_KEY:
        return settings.BADGE_KEY
    if settings.BADGE_WITH_DEVELOPMENT_KEY:
        return _development_file()
    raise BadgeFailed(_("No key for badges is set up. Set BADGE_KEY to the file of a P-256 key."))


def _current(file: str) -> ECKey:
    key = _kept(file, _edition(file))
    if not key.is_private:
        raise BadgeFailed(_("The key for badges %s (BADGE_KEY) is a public key only; it cannot sign.") % file)
    return key


def _edition(file: str) -> int:
    """Another number for another content of the file."""
    try:
        return os.stat(file).st_mtime_ns
    except OSError:
        raise BadgeFailed(_("The key for badges %s cannot be read.") % file) from None


@lru_cache(maxsize=32)
def _kept(file: str, _edition: int) -> ECKey:
    try:
        key = ECKey.import_key(Path(file).read_bytes())
    except OSError:
        raise BadgeFailed(_("The key for badges %s cannot be read.") % file) from None
    except (JoseError, ValueError, TypeError):
        raise BadgeFailed(_("The file %s holds no key for badges: PEM without a password.") % file) from None
    if key.curve_name != "P-256":
        raise BadgeFailed(_("The key for badges %s is of another kind than ECDSA on P-256.") % file)
    return key


def _development_file() -> str:
    try:
        return str(own_keys.made_once(DEVELOPMENT_FILE, _new_key))
    except OSError as fault:
        raise BadgeFailed(_("The development key cannot be kept in VAR_DIR (%s).") % fault.strerror) from None


def _new_key() -> bytes:
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
