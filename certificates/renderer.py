"""From a document's frozen values to its bytes, laid out in a child process with limits and without network.

One child for each worker process, started with the first document and kept. Documents of one act are laid out together;
a child that hangs or dies over them is replaced, and each is made alone, so that the one at fault costs only itself.
"""

import atexit
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice

from django.conf import settings
from django.utils.translation import gettext as _

from certificates.render_child import FAILED, FILE, LENGTH, NO_ROOM, READY, SECONDS
from certificates.rendering import Document, LetterDocument, RenderingFailed, wire

# A first start on a machine cuts the typefaces, which takes long on a slow one.
START_SECONDS = 120
LARGEST_FILE = 32 * 1024 * 1024
# Laid out together this is cheapest; more only costs memory.
BATCH = 25
# All that a child sees of this process's environment: no address of a database, no key.
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "XDG_CACHE_HOME", "LD_LIBRARY_PATH", "FONTCONFIG_PATH")


def render(document: Document | LetterDocument) -> bytes:
    """The PDF of a document; threads take turns.

    Raises RenderingFailed with a sentence when it can never be made, OSError when it may go better another time.
    """
    with _turn:
        result = _alone(document)
    if isinstance(result, RenderingFailed):
        raise result
    return result


def render_many(documents: Sequence[Document]) -> list[bytes | RenderingFailed]:
    """The PDFs in the same order, for much less time each; in place of one that can never be made, its RenderingFailed.

    Raises OSError when none may be expected now.
    """
    with _turn:
        return [result for batch in _batches(documents) for result in _together(batch)]


def _batches(documents: Sequence[Document]) -> Iterator[list[Document]]:
    waiting = iter(documents)
    while batch := list(islice(waiting, BATCH)):
        yield batch


def _together(documents: list[Document]) -> list[bytes | RenderingFailed]:
    if len(documents) > 1:
        with suppress(_Died, _TooLong):
            return _child().make(documents)
    return [_alone(document) for document in documents]


def _alone(document: Document | LetterDocument) -> bytes | RenderingFailed:
    try:
        return _made(document)
    except _NeverStarted:
        raise OSError(_("The program that lays out documents did not start.")) from None
    except _Died:
        return RenderingFailed(_("The program that lays out documents broke down over this one."))
    except _TooLong:
        sentence = _("Laying out the document took longer than %(seconds)s seconds.")
        return RenderingFailed(sentence % {"seconds": settings.RENDER_SECONDS})


def _made(document: Document | LetterDocument) -> bytes | RenderingFailed:
    """A child may be killed for no fault of the document: once more, in a new one."""
    with suppress(_Died):
        return _child().make([document])[0]
    return _child().make([document])[0]


class _Died(Exception):
    """The child ended without an answer."""


class _NeverStarted(_Died):
    """It ended before it was given a document."""


class _TooLong(Exception):
    """No answer came within the time that one document may take."""


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

    def make(self, documents: list[Document | LetterDocument]) -> list[bytes | RenderingFailed]:
        """One answer for each document; none may take longer than RENDER_SECONDS to come."""
        self._get_ready()
        try:
            self._tell(SECONDS.pack(settings.RENDER_SECONDS) + wire.packed(documents), self._deadline())
            answers = [self._answer(self._deadline()) for _each in documents]
        except TimeoutError:
            self.end()
            raise _TooLong from None
        except BaseException:  # the talk was cut off: this child's next answer would be to the wrong document
            self.end()
            raise
        return [_result(*answer) for answer in answers]

    def _deadline(self) -> float:
        return time.monotonic() + settings.RENDER_SECONDS

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

    def _tell(self, frame: bytes, deadline: float) -> None:
        message = memoryview(LENGTH.pack(len(frame)) + frame)
        while message:
            self._wait(self.process.stdin.fileno(), select.POLLOUT, deadline)
            try:
                message = message[os.write(self.process.stdin.fileno(), message) :]
            except BrokenPipeError:
                self._bury()

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


def _result(kind: bytes, content: bytes) -> bytes | RenderingFailed:
    if kind == NO_ROOM:
        raise OSError(content.decode())
    return RenderingFailed(content.decode()) if kind == FAILED else content


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
