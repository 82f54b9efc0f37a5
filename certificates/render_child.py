"""The program that lays out documents, run by a worker: `python -m certificates.render_child BASE_DIR VAR_DIR`.

It knows neither the database nor the site's secrets, has no network where the kernel allows that, and little memory and
time. In: frames of JSON. Out: one byte that says what follows, then a frame. It ends when its input ends.
"""

import base64
import ctypes
import json
import os
import resource
import signal
import struct
import sys
import threading
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from queue import SimpleQueue

READY, FILE, FAILED, NO_ROOM = b"R", b"P", b"F", b"O"
LENGTH = struct.Struct(">I")
MEMORY_BYTES = 1024**3
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000


def main(base_dir: str, var_dir: str) -> None:
    answers = _keep_output_to_ourselves()
    _give_up_the_network()
    _take_little()
    _configure(base_dir, var_dir)
    jobs: SimpleQueue[dict] = SimpleQueue()
    threading.Thread(target=_listen, args=(jobs,), daemon=True).start()
    _answer(answers, READY, _made(_specimen())[1])
    while True:
        job = jobs.get()
        _allow_seconds(job.pop("seconds"))
        _answer(answers, *_made(job))


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
    """The kernel ends us should a document take more CPU than that, in case nobody is left to do it."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(usage.ru_utime + usage.ru_stime + seconds) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


def _configure(base_dir: str, var_dir: str) -> None:
    from django.conf import settings

    settings.configure(BASE_DIR=Path(base_dir), VAR_DIR=Path(var_dir), USE_I18N=False, USE_TZ=True)


def _listen(jobs: SimpleQueue) -> None:
    """Hands on what comes in, and ends the process with its input, be it in the middle of a document."""
    with suppress(OSError, ValueError):
        while head := _read(LENGTH.size):
            jobs.put(json.loads(_read(*LENGTH.unpack(head))))
    os._exit(0)


def _read(count: int) -> bytes:
    data = b""
    while len(data) < count and (more := os.read(0, count - len(data))):
        data += more
    return data if len(data) == count else b""


def _made(job: dict) -> tuple[bytes, bytes]:
    from certificates.rendering import RenderingFailed, render

    try:
        return FILE, render(_document(job))
    except RenderingFailed as fault:
        return FAILED, str(fault).encode()
    except OSError as fault:
        return NO_ROOM, str(fault).encode()
    except Exception as fault:  # out of memory, or a fault in a library: this document fails, the next may not
        return FAILED, f"The document could not be laid out ({type(fault).__name__}: {fault}).".encode()


def _document(job: dict):
    from certificates.rendering import Attachment, Document, LetterDocument, Signatory
    from certificates.rendering.elements import design_from

    job = {**job, "issued_at": datetime.fromisoformat(job["issued_at"])}
    if "html" in job:
        return LetterDocument(**job)
    return Document(
        **{
            **job,
            "design": job["design"] and design_from(job["design"]),
            "images": {name: base64.b64decode(each) for name, each in job["images"].items()},
            "attachments": tuple(Attachment(**each) for each in job["attachments"]),
            "emblems": tuple(job["emblems"]),
            "objectives": tuple(job["objectives"]),
            "institutions": tuple(job["institutions"]),
            "signatories": tuple(Signatory(**each) for each in job["signatories"]),
        }
    )


def _specimen() -> dict:
    """Making it loads the library and cuts the typefaces, which nobody's time limit should pay for."""
    words = dict.fromkeys(("kind", "heading", "printed_name", "course_title", "number", "issued_on"), "Specimen")
    empty = dict.fromkeys(("statement", "course_line", "dates", "place", "check_hint"), "")
    lists = {
        "design": None,
        "images": {},
        "attachments": [],
        "emblems": [],
        "objectives": [],
        "institutions": ["Specimen"],
        "signatories": [],
    }
    at = datetime(2026, 1, 1, tzinfo=UTC).isoformat()
    return {**words, **empty, **lists, "issued_at": at, "check_url": "https://example.org/", "language": "en"}


def _answer(answers: int, kind: bytes, content: bytes) -> None:
    message = memoryview(kind + LENGTH.pack(len(content)) + content)
    while message:
        message = message[os.write(answers, message) :]


if __name__ == "__main__":
    main(*sys.argv[1:3])
