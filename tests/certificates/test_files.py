"""Files are kept whole or not at all."""

import errno
import os
import resource
import subprocess
import sys
import time

import pytest

from certificates import files

PDF = b"%PDF-1.7 " + b"x" * 5000


def parts() -> list:
    return list(files.folder().glob("**/*.part"))


def test_a_file_is_named_by_its_hash_and_holds_what_was_given():
    name, sha256 = files.keep(PDF)

    assert name == f"{sha256[:2]}/{sha256}.pdf"
    assert files.path_of(name).read_bytes() == PDF
    assert parts() == []


def test_keeping_it_again_changes_nothing():
    name, _ = files.keep(PDF)
    written_at = files.path_of(name).stat().st_mtime_ns

    again, _ = files.keep(PDF)

    assert again == name
    assert files.path_of(name).stat().st_mtime_ns == written_at


def test_a_damaged_file_is_written_anew():
    name, _ = files.keep(PDF)
    files.path_of(name).write_bytes(PDF[:100])

    files.keep(PDF)

    assert files.path_of(name).read_bytes() == PDF


@pytest.fixture
def small_disk():
    """The kernel refuses to write files beyond 1000 bytes, as a full disk refuses the rest of one."""
    import signal

    before, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


def test_a_full_disk_leaves_no_file_and_no_part_of_one(small_disk):
    with pytest.raises(OSError, match=os.strerror(errno.EFBIG)):
        files.keep(PDF)

    assert [path for path in files.folder().glob("**/*") if path.is_file()] == []


def test_a_writer_that_dies_leaves_a_part_that_is_cleared_away_later():
    folder = files.folder() / "ab"
    folder.mkdir(parents=True)
    program = "import os, sys, tempfile; tempfile.mkstemp(dir=sys.argv[1], suffix='.part'); os.kill(os.getpid(), 9)"
    subprocess.run([sys.executable, "-c", program, folder], check=False)
    (part,) = parts()

    assert files.remove_leftovers() == 0  # its writer may still be at work

    an_hour_ago = time.time() - 3700
    os.utime(part, (an_hour_ago, an_hour_ago))
    assert files.remove_leftovers() == 1
    assert parts() == []


def test_clearing_away_leaves_finished_files_alone():
    name, _ = files.keep(PDF)
    os.utime(files.path_of(name), (0, 0))

    assert files.remove_leftovers() == 0
    assert files.path_of(name).exists()


def test_there_is_nothing_to_clear_away_before_the_first_file():
    assert files.remove_leftovers() == 0
