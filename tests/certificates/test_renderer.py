"""Laying out happens in a child: one that hangs or dies costs one document and nothing else."""

import io
import os
import random
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pikepdf
import psutil
import pytest

from certificates import renderer
from certificates.rendering import Attachment, Document, RenderingFailed, Signatory, render

DOCUMENT = Document(
    kind="completion",
    heading="Certificate of Completion",
    printed_name="Rania Haddad",
    statement="has successfully completed the",
    course_title="Gender Training of Trainers",
    course_line="",
    dates="6–17 July 2026",
    place="Kungsängen, Sweden",
    objectives=("Plan a lesson",),
    institutions=("Nordic Centre",),
    signatories=(Signatory("Colonel A. Director", "Course director"),),
    number="NCGM-2026-000001",
    issued_on="17 July 2026",
    issued_at=datetime(2026, 7, 17, 12, tzinfo=UTC),
    check_url="https://example.org/verify/abc/",
    check_hint="example.org/verify/",
)


@pytest.fixture(autouse=True)
def _stop_afterwards():
    yield
    renderer.stop()


def child() -> psutil.Process | None:
    mine = psutil.Process().children()
    return next((each for each in mine if "certificates.render_child" in each.cmdline()), None)


def test_the_child_makes_the_same_file_as_this_process_would():
    assert renderer.render(DOCUMENT) == render(DOCUMENT)


def test_one_child_is_kept_for_all_documents():
    renderer.render(DOCUMENT)
    first = child().pid

    renderer.render(replace(DOCUMENT, number="NCGM-2026-000002"))

    assert child().pid == first


def test_a_document_that_cannot_be_printed_fails_with_its_sentence_and_spares_the_child():
    renderer.render(DOCUMENT)
    before = child().pid

    with pytest.raises(RenderingFailed, match="The printed name is too long"):
        renderer.render(replace(DOCUMENT, printed_name="x" * 400))

    assert child().pid == before
    assert renderer.render(DOCUMENT).startswith(b"%PDF")


def test_a_child_that_hangs_is_ended_in_time_and_the_next_document_is_made(settings):
    renderer.render(DOCUMENT)
    hung = child()
    hung.suspend()
    settings.RENDER_SECONDS = 0.5
    started = time.monotonic()

    with pytest.raises(RenderingFailed, match=r"took longer than 0\.5 seconds"):
        renderer.render(DOCUMENT)

    assert time.monotonic() - started < 3
    assert not hung.is_running()
    settings.RENDER_SECONDS = 20
    assert renderer.render(DOCUMENT).startswith(b"%PDF")


def test_a_child_killed_over_a_document_is_replaced_and_the_document_made():
    renderer.render(DOCUMENT)
    killed = child()
    killed.suspend()
    with ThreadPoolExecutor(1) as pool:
        made = pool.submit(renderer.render, DOCUMENT)
        time.sleep(0.3)
        killed.kill()

    assert made.result(timeout=60).startswith(b"%PDF")
    assert child().pid != killed.pid


def test_a_child_killed_between_documents_is_replaced():
    renderer.render(DOCUMENT)
    child().kill()

    assert renderer.render(DOCUMENT).startswith(b"%PDF")


def test_a_document_that_kills_every_child_fails_with_a_sentence_and_the_next_is_made(executioner):
    with pytest.raises(RenderingFailed, match="broke down"):
        render_until_it_fails()

    executioner.set()
    assert renderer.render(DOCUMENT).startswith(b"%PDF")


def render_until_it_fails() -> None:
    """The executioner has to be quick enough twice running."""
    for _ in range(50):
        renderer.render(DOCUMENT)


@pytest.fixture
def executioner():
    """Kills every child as soon as it works on a document; an event that ends this."""
    over = threading.Event()

    def kill_all() -> None:
        while not over.wait(0.001):
            if renderer._kept is not None and renderer._kept.is_ready:
                renderer._kept.process.kill()

    thread = threading.Thread(target=kill_all)
    thread.start()
    yield over
    over.set()
    thread.join()


def test_threads_take_turns_and_each_gets_its_own_document():
    documents = [replace(DOCUMENT, number=f"NCGM-2026-{n:06d}") for n in range(12)]

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(renderer.render, documents))

    assert made == [render(document) for document in documents]


def several(count: int) -> list[Document]:
    return [
        replace(DOCUMENT, number=f"NCGM-2026-{n:06d}", check_url=f"https://example.org/verify/{n}/")
        for n in range(count)
    ]


def test_many_are_the_same_files_as_one_by_one_in_the_same_order():
    documents = several(renderer.BATCH + 2)

    made = renderer.render_many(documents)

    assert made == [render(document) for document in documents]


def test_files_inside_reach_the_child_whole():
    badge = Attachment("badge.jwt", "head.body.mark", "application/vc+jwt", "The certificate as a badge")
    picture = Attachment("seal.bin", bytes(range(256)), "application/octet-stream", "A seal")

    pdf = renderer.render(replace(DOCUMENT, attachments=(badge, picture)))

    with pikepdf.open(io.BytesIO(pdf)) as file:
        assert file.attachments["badge.jwt"].get_file().read_bytes() == b"head.body.mark"
        assert file.attachments["seal.bin"].get_file().read_bytes() == bytes(range(256))


def test_one_of_many_that_cannot_be_printed_fails_with_its_own_sentence_and_the_others_are_made():
    documents = several(4)
    documents[1] = replace(DOCUMENT, printed_name="x" * 400)
    documents[2] = replace(DOCUMENT, printed_name="Anna 😀")

    first, long, unprintable, last = renderer.render_many(documents)

    assert (first, last) == (render(documents[0]), render(documents[3]))
    assert "The printed name is too long" in str(long)
    assert "U+1F600" in str(unprintable)


def test_many_are_made_although_the_child_hangs_over_them(settings):
    renderer.render(DOCUMENT)
    hung = child()
    hung.suspend()
    settings.RENDER_SECONDS = 2
    documents = several(3)

    made = renderer.render_many(documents)

    assert made == [render(document) for document in documents]
    assert not hung.is_running()


def test_many_are_made_although_the_child_is_killed_over_them():
    renderer.render(DOCUMENT)
    killed = child()
    killed.suspend()
    documents = several(3)
    with ThreadPoolExecutor(1) as pool:
        made = pool.submit(renderer.render_many, documents)
        time.sleep(0.3)
        killed.kill()

    assert made.result(timeout=60) == [render(document) for document in documents]


def slow_to_make(document: Document) -> Document:
    """It holds a file of two letters in no order, over which compression takes many seconds."""
    letters = random.Random(1).randbytes(12_000_000).translate(bytes(97 + byte % 2 for byte in range(256)))
    return replace(document, attachments=(Attachment("noise.txt", letters, "text/plain", "Noise"),))


@contextmanager
def children_killed_that_work_for(seconds: float):
    """Kill each child that is still there so long after it was ready."""
    is_over, ready_since = threading.Event(), {}

    def watch():
        while not is_over.wait(0.05):
            kept = renderer._kept
            if kept is not None and kept.is_ready:
                since = ready_since.setdefault(kept.process.pid, time.monotonic())
                if time.monotonic() - since > seconds:
                    kept.process.kill()

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        is_over.set()
        watcher.join()


def test_one_over_which_every_child_breaks_down_costs_only_itself():
    first, second, third = several(3)
    with children_killed_that_work_for(2):
        made, broken, last = renderer.render_many([first, slow_to_make(second), third])

    assert (made, last) == (render(first), render(third))
    assert "broke down over this one" in str(broken)


def test_none_together_start_no_child():
    assert renderer.render_many([]) == []
    assert child() is None


def test_the_child_has_little_memory_and_none_of_our_secrets(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://secret@example.org/secret")
    renderer.stop()
    renderer.render(DOCUMENT)

    environment, limits = child().environ(), child().rlimit(psutil.RLIMIT_AS)

    assert "SECRET_KEY" not in environment
    assert "DATABASE_URL" not in environment
    assert limits == (1024**3, 1024**3)


def test_the_child_opens_no_connection_and_no_database():
    renderer.render(DOCUMENT)

    assert child().net_connections() == []
    assert [file.path for file in child().open_files() if "sqlite" in file.path] == []


def test_the_child_lives_in_a_network_of_its_own_where_the_kernel_allows_one():
    renderer.render(DOCUMENT)
    is_apart = os.readlink(f"/proc/{child().pid}/ns/net") != os.readlink("/proc/self/ns/net")

    assert is_apart == may_have_a_network()


def may_have_a_network() -> bool:
    program = "import ctypes, sys; libc = ctypes.CDLL(None); sys.exit(libc.unshare(1 << 30) and libc.unshare(5 << 28))"
    return subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_the_child_ends_with_its_parent():
    program = [sys.executable, "-m", "certificates.render_child", ".", "var"]
    orphan = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    orphan.stdout.read(5)  # it is up

    orphan.stdin.close()

    assert orphan.wait(timeout=10) == 0
    orphan.stdout.close()
