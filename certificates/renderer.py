"""From a document's frozen values to its bytes, laid out in a child process with limits and without network.

One child for each worker process, started with the first document and kept. A child that hangs or dies costs the one
document that it was making; the next document gets a new child.
"""

import atexit
import base64
import dataclasses
import json
import os
import select
import subprocess
import sys
import threading
import time
from contextlib import suppress

from django.conf import settings
from django.utils.translation import gettext as _

from certificates.render_child import FAILED, FILE, LENGTH, NO_ROOM, READY
from certificates.rendering import Document, LetterDocument, RenderingFailed

# A first start on a machine cuts the typefaces, which takes long on a slow one.
START_SECONDS = 120
LARGEST_FILE = 32 * 1024 * 1024
# All that a child sees of this process's environment: no address of a database, no key.
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "XDG_CACHE_HOME", "LD_LIBRARY_PATH", "FONTCONFIG_PATH")


def render(document: Document | LetterDocument) -> bytes:
    """The PDF of a document; threads take turns.

    Raises RenderingFailed with a sentence when it can never be made, OSError when it may go better another time.
    """
    with _turn:
        # A child may be killed for no fault of the document: once more, in a new one.
        with suppress(_Died):
            return _child().make(document)
        try:
            return _child().make(document)
        except _NeverStarted:
            raise OSError(_("The program that lays out documents did not start.")) from None
        except _Died:
            raise RenderingFailed(_("The program that lays out documents broke down over this one.")) from None


def render_many(documents: list[Document]) -> list[bytes | RenderingFailed]:
    """INTERIM"""
    found = []
    for document in documents:
        try:
            found.append(render(document))
        except RenderingFailed as fault:
            found.append(fault)
    return found


class _Died(Exception):
    """The child ended without an answer."""


class _NeverStarted(_Died):
    """It ended before it was given a document."""


class _Child:
    """One running `certificates.render_child`, spoken to by frames over pipes."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "certificates.render_child", str(settings.BASE_DIR), str(settings.VAR_DIR)],
            cwd=settings.BASE_DIR,
            env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        os.set_blocking(self.process.stdin.fileno(), False)
        self.is_ready = False

    @property
    def is_of_use(self) -> bool:
        return self.owner == os.getpid() and self.process.poll() is None

    def make(self, document: Document | LetterDocument) -> bytes:
        self._get_ready()
        seconds = settings.RENDER_SECONDS
        job = {**dataclasses.asdict(document), "issued_at": document.issued_at.isoformat(), "seconds": seconds}
        if "images" in job:
            job["images"] = {name: base64.b64encode(each).decode() for name, each in job["images"].items()}
        try:
            kind, content = self._ask(json.dumps(job).encode(), time.monotonic() + seconds)
        except TimeoutError:
            self.end()
            sentence = _("Laying out the document took longer than %(seconds)s seconds.")
            raise RenderingFailed(sentence % {"seconds": seconds}) from None
        except BaseException:  # the talk was cut off: this child's next answer would be to the wrong document
            self.end()
            raise
        if kind == FAILED:
            raise RenderingFailed(content.decode())
        if kind == NO_ROOM:
            raise OSError(content.decode())
        return content

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(OSError):
                pipe.close()

    def _get_ready(self) -> None:
        if self.is_ready:
            return
        try:
            kind, content = self._answer(time.monotonic() + START_SECONDS)
        except _Died:
            raise _NeverStarted from None
        except TimeoutError:
            self.end()
            raise
        self.is_ready = True
        if kind != READY or not content.startswith(b"%PDF"):
            self.end()
            raise OSError(content.decode(errors="replace"))

    def _ask(self, frame: bytes, deadline: float) -> tuple[bytes, bytes]:
        message = memoryview(LENGTH.pack(len(frame)) + frame)
        while message:
            self._wait(self.process.stdin.fileno(), select.POLLOUT, deadline)
            try:
                message = message[os.write(self.process.stdin.fileno(), message) :]
            except BrokenPipeError:
                self._bury()
        return self._answer(deadline)

    def _answer(self, deadline: float) -> tuple[bytes, bytes]:
        head = self._read(1 + LENGTH.size, deadline)
        (count,) = LENGTH.unpack(head[1:])
        if head[:1] not in (READY, FILE, FAILED, NO_ROOM) or count > LARGEST_FILE:
            self._bury()
        return head[:1], self._read(count, deadline)

    def _read(self, count: int, deadline: float) -> bytes:
        data, pipe = b"", self.process.stdout.fileno()
        while len(data) < count:
            self._wait(pipe, select.POLLIN, deadline)
            more = os.read(pipe, min(count - len(data), 1 << 16))
            if not more:
                self._bury()
            data += more
        return data

    def _bury(self) -> None:
        self.end()
        raise _Died

    def _wait(self, pipe: int, event: int, deadline: float) -> None:
        poll = select.poll()
        poll.register(pipe, event)
        if not poll.poll(max(0, deadline - time.monotonic()) * 1000):
            raise TimeoutError(_("The program that lays out documents does not answer."))


_turn = threading.Lock()
_kept: _Child | None = None


def _child() -> _Child:
    global _kept
    if _kept is None or not _kept.is_of_use:
        _kept = _Child()
    return _kept


@atexit.register
def stop() -> None:
    """End the child, if this process has one; the next document starts another."""
    if _kept is not None and _kept.is_of_use:
        _kept.end()
