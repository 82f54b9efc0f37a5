"""The file of a key that a machine for development makes for itself: once, whole, readable by its owner alone."""

import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from django.conf import settings


def made_once(name: str, content: Callable[[], bytes]) -> Path:
    """The file `name` of this machine's keys; made when it is missing. Processes that make one at once get the same.

    Raises OSError when VAR_DIR does not take it.
    """
    file = Path(settings.VAR_DIR) / "keys" / name
    if file.exists():
        return file
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, part = tempfile.mkstemp(dir=file.parent, suffix=".part")  # for the owner alone: 0600
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content())
        with suppress(FileExistsError):
            os.link(part, file)  # only for the first of them
    finally:
        os.unlink(part)
    return file
