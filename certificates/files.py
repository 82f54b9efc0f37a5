"""Where finished files lie: named by their hash, written whole or not at all, under no public address."""

import hashlib
import shutil
from pathlib import Path

from django.utils.translation import gettext as _

from interface.vault import Vault

VAULT = Vault("certificates")
LEAST_FREE_BYTES = 200 * 1024**2


def folder() -> Path:
    return VAULT.folder


def keep(pdf: bytes) -> tuple[str, str]:
    """Store a file durably; returns its name inside folder() and its SHA-256. Storing it again changes nothing.

    Raises OSError when the disk does not take it; then nothing half-written stays behind.
    """
    sha256 = hashlib.sha256(pdf).hexdigest()
    name = f"{sha256[:2]}/{sha256}.pdf"
    if not _holds(path_of(name), pdf):
        VAULT.write(name, pdf)
    return name, sha256


def trouble() -> str:
    """Why no file can be kept at the moment, as a sentence; "" when it can."""
    VAULT.folder.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(VAULT.folder).free < LEAST_FREE_BYTES:
        return _("The disk is nearly full. Ask the administrator to make room.")
    return ""


def path_of(name: str) -> Path:
    return VAULT.path_of(name)


def remove_leftovers(older_than_seconds: float = 3600) -> int:
    """Delete parts of files whose writer died; says how many."""
    return VAULT.remove_leftovers(older_than_seconds)


def _holds(target: Path, content: bytes) -> bool:
    """True when the file is there, and is what its name says: a damaged one is written anew."""
    try:
        return target.read_bytes() == content
    except FileNotFoundError:
        return False
