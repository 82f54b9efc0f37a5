"""Where finished files lie: named by their hash, written whole or not at all, under no public address."""

import hashlib
import os
import tempfile
import time
from pathlib import Path

from django.conf import settings

TEMPORARY = ".part"


def folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "certificates"


def keep(pdf: bytes) -> tuple[str, str]:
    """Store a file durably; returns its name inside folder() and its SHA-256. Storing it again changes nothing.

    Raises OSError when the disk does not take it; then nothing half-written stays behind.
    """
    sha256 = hashlib.sha256(pdf).hexdigest()
    name = f"{sha256[:2]}/{sha256}.pdf"
    target = folder() / name
    if not target.parent.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        _sync_folder(folder())
    if not _holds(target, pdf):
        _write_whole(target, pdf)
    return name, sha256


def path_of(name: str) -> Path:
    return folder() / name


def remove_leftovers(older_than_seconds: float = 3600) -> int:
    """Delete parts of files whose writer died; says how many."""
    oldest = time.time() - older_than_seconds
    leftovers = [part for part in folder().glob(f"*/*{TEMPORARY}") if _written_at(part) < oldest]
    for part in leftovers:
        part.unlink(missing_ok=True)
    return len(leftovers)


def _written_at(part: Path) -> float:
    try:
        return part.stat().st_mtime
    except FileNotFoundError:  # its writer has just finished
        return float("inf")


def _holds(target: Path, content: bytes) -> bool:
    """True when the file is there, and is what its name says: a damaged one is written anew."""
    try:
        return target.read_bytes() == content
    except FileNotFoundError:
        return False


def _write_whole(target: Path, content: bytes) -> None:
    handle, part = tempfile.mkstemp(dir=target.parent, suffix=TEMPORARY)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(part, target)
        _sync_folder(target.parent)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise


def _sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
