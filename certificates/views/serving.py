"""A stored file as an answer: never made anew, and only when it is whole."""

import hashlib
from pathlib import Path

from django.http import FileResponse
from django.utils.text import slugify

from certificates import files
from interface.text import fold
from interface.vault import hand_out


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


def file_name(*words: str, kind: str = "pdf") -> str:
    """Words that any system takes as the name of a file."""
    return f"{slugify(fold(' '.join(words)))[:80].strip('-') or 'document'}.{kind}"
