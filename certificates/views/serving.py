"""A stored file as an answer: never made anew, and only when it is whole."""

import hashlib
import logging
import zipfile
from pathlib import Path

from django.core.files.temp import NamedTemporaryFile
from django.http import FileResponse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy

from certificates import files
from interface.text import fold
from interface.vault import hand_out

log = logging.getLogger(__name__)

FILE_LOST = gettext_lazy("The file cannot be read at the moment. The office has to look into it; please tell it.")


def whole_file(name: str, sha256: str) -> Path | None:
    """Where the file lies, if it is there and is what it was."""
    path = files.path_of(name)
    try:
        is_whole = hashlib.sha256(path.read_bytes()).hexdigest() == sha256
    except OSError:
        return None
    return path if is_whole else None


def attachment(stream, file_name: str, content_type: str = "") -> FileResponse:
    """To be saved, not shown: what a browser makes of it may do nothing."""
    return hand_out(stream, filename=file_name, content_type=content_type)


def zipped(stored: dict[str, tuple[str, str]]):
    """A ZIP of stored files (name in the ZIP: stored name and SHA-256), or None when one of them is not whole.

    PDFs are compressed already. The ZIP lies on the disk, not in memory, and goes away with the answer.
    """
    whole = {name: whole_file(*file) for name, file in stored.items()}
    if None in whole.values():
        log.error("Files are missing or damaged: %s", [name for name, path in whole.items() if path is None])
        return None
    stream = NamedTemporaryFile(suffix=".zip")
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, path in whole.items():
            archive.write(path, name)
    stream.seek(0)
    return stream


def file_name(*words: str, kind: str = "pdf") -> str:
    """Words that any system takes as the name of a file."""
    return f"{slugify(fold(' '.join(words)))[:80].strip('-') or 'document'}.{kind}"


def untraced(response):
    """Found by no search engine, kept by no cache, told to no other site."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response
