"""Files of people: written whole or not at all, under no public address, handed out by a view that has asked first."""

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.http import FileResponse

TEMPORARY = ".part"
AN_HOUR = 3600.0


class Vault:
    """One folder of private files. A name is "ab/abcdef…": two letters of folder, then the file."""

    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def folder(self) -> Path:
        return Path(settings.MEDIA_ROOT) / self.name

    def path_of(self, name: str) -> Path:
        return self.folder / name

    def write(self, name: str, content: bytes) -> None:
        """Store `content` durably. Raises OSError when the disk does not take it; nothing half-written stays behind."""
        target = self.path_of(name)
        if not target.parent.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            _sync_folder(self.folder)
        _write_whole(target, content)

    def names_older_than(self, seconds: float = AN_HOUR) -> Iterator[str]:
        """Finished files that were written before, in no order."""
        oldest = time.time() - seconds
        for path in self.folder.glob("*/*"):
            if path.suffix != TEMPORARY and _written_at(path) < oldest:
                yield f"{path.parent.name}/{path.name}"

    def remove(self, name: str) -> None:
        self.path_of(name).unlink(missing_ok=True)

    def remove_leftovers(self, older_than_seconds: float = AN_HOUR) -> int:
        """Delete parts of files whose writer died; says how many."""
        oldest = time.time() - older_than_seconds
        leftovers = [part for part in self.folder.glob(f"*/*{TEMPORARY}") if _written_at(part) < oldest]
        for part in leftovers:
            part.unlink(missing_ok=True)
        return len(leftovers)


def hand_out(stream, *, filename: str, content_type: str = "") -> FileResponse:
    """An open file as a download that no browser opens, guesses about or lets act."""
    kind = {"content_type": content_type} if content_type else {}
    response = FileResponse(stream, as_attachment=True, filename=filename, **kind)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _written_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # its writer has just finished, or somebody else has cleared it away
        return float("inf")


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
