"""The program that lays out documents, run by a worker: `python -m certificates.render_child BASE_DIR VAR_DIR`.

It knows neither the database nor the site's secrets, has no network where the kernel allows that, and little memory and
time. In: frames, each the documents of one job. Out, for each document: one byte that says what follows, then a frame.
It ends when its input ends.
"""

import ctypes
import os
import resource
import signal
import struct
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from queue import SimpleQueue

READY, FILE, FAILED, NO_ROOM = b"R", b"P", b"F", b"O"
LENGTH = struct.Struct(">I")
SECONDS = struct.Struct(">d")
MEMORY_BYTES = 1024**3
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000


def main(base_dir: str, var_dir: str) -> None:
    answers = _keep_output_to_ourselves()
    _give_up_the_network()
    _take_little()
    _configure(base_dir, var_dir)
    jobs: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_listen, args=(jobs,), daemon=True).start()
    _answer(answers, READY, _alone(_specimen())[1])
    while True:
        job = jobs.get()
        _work(answers, job[SECONDS.size :], *SECONDS.unpack(job[: SECONDS.size]))


def _work(answers: int, content: bytes, seconds: float) -> None:
    from certificates.rendering import wire

    documents = wire.unpacked(content)
    _allow_seconds(seconds * (len(documents) + 1))
    for result in _made(documents):
        _answer(answers, *result)


def _keep_output_to_ourselves() -> int:
    """Whatever a library prints goes to the log, never among the answers. Only the end of the input ends us."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    answers = os.dup(1)
    os.dup2(2, 1)
    return answers


def _give_up_the_network() -> None:
    """As root an empty network suffices; for an ordinary user it takes a user namespace too, where that is allowed."""
    libc = ctypes.CDLL(None, use_errno=True)
    owner, group = os.getuid(), os.getgid()
    if libc.unshare(CLONE_NEWNET) == 0 or libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0:
        return
    for name, line in (("setgroups", "deny"), ("uid_map", f"{owner} {owner} 1"), ("gid_map", f"{group} {group} 1")):
        with suppress(OSError):
            Path(f"/proc/self/{name}").write_text(line, encoding="ascii")


def _take_little() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _allow_seconds(seconds: float) -> None:
    """The kernel ends us should a job take more CPU than that, in case nobody is left to do it."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(usage.ru_utime + usage.ru_stime + seconds) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


def _configure(base_dir: str, var_dir: str) -> None:
    from django.conf import settings

    settings.configure(BASE_DIR=Path(base_dir), VAR_DIR=Path(var_dir), USE_I18N=False, USE_TZ=True)


def _listen(jobs: SimpleQueue[bytes]) -> None:
    """Hands on what comes in, and ends the process with its input, be it in the middle of a document."""
    with suppress(OSError, ValueError):
        while head := _read(LENGTH.size):
            jobs.put(_read(*LENGTH.unpack(head)))
    os._exit(0)


def _read(count: int) -> bytes:
    data = b""
    while len(data) < count and (more := os.read(0, count - len(data))):
        data += more
    return data if len(data) == count else b""


def _made(documents: list) -> Iterator[tuple[bytes, bytes]]:
    """All together where that works, otherwise each alone: what one document upsets costs no other."""
    from certificates.rendering import render_many

    if len(documents) > 1:
        with suppress(Exception):
            yield from [_result(each) for each in render_many(documents)]
            return
    yield from map(_alone, documents)


def _alone(document) -> tuple[bytes, bytes]:
    from certificates.rendering import RenderingFailed, render

    try:
        return _result(render(document))
    except RenderingFailed as fault:
        return _result(fault)
    except OSError as fault:
        return NO_ROOM, str(fault).encode()
    except Exception as fault:  # out of memory, or a fault in a library: this document fails, the next may not
        return FAILED, f"The document could not be laid out ({type(fault).__name__}: {fault}).".encode()


def _result(made) -> tuple[bytes, bytes]:
    return (FILE, made) if isinstance(made, bytes) else (FAILED, str(made).encode())


def _specimen():
    """Making it loads the library and cuts the typefaces, which nobody's time limit should pay for."""
    from certificates.rendering import LetterDocument

    words = dict.fromkeys(("title", "author", "subject", "reference"), "Specimen")
    html = "<!doctype html><html lang='en'><title>Specimen</title><p>Specimen</p></html>"
    return LetterDocument(html=html, issued_at=datetime(2026, 1, 1, tzinfo=UTC), **words)


def _answer(answers: int, kind: bytes, content: bytes) -> None:
    message = memoryview(kind + LENGTH.pack(len(content)) + content)
    while message:
        message = message[os.write(answers, message) :]


if __name__ == "__main__":
    main(*sys.argv[1:3])
