"""No child process is ever left behind."""

import os
import signal
import subprocess
import sys

import psutil
import pytest

from devtools.places import ROOT
from devtools.processes import Child, free_port, is_free, wait_until

FAMILY = ("sh", "-c", "sleep 600 & echo $!; wait")


@pytest.fixture
def family(tmp_path):
    """A shell and a program that it started; gives the shell's Child."""
    child = Child("family", FAMILY, log=tmp_path / "log").start()
    assert wait_until(lambda: child.log.read_text().strip(), seconds=10)
    yield child
    child.kill()


def grandchild(child):
    return int(child.log.read_text())


def is_gone(pid):
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_stopping_a_child_ends_what_it_started(family):
    family.stop()

    assert not family.is_alive
    assert wait_until(lambda: is_gone(grandchild(family)), seconds=5)


def test_killing_a_frozen_child_works_too(family):
    family.freeze()

    family.kill()

    assert wait_until(lambda: is_gone(grandchild(family)), seconds=5)


def test_a_child_that_ignores_being_asked_is_ended_after_a_while(tmp_path):
    stubborn = Child(
        "stubborn", ("sh", "-c", "trap '' TERM; echo up; sleep 600 & wait; wait"), log=tmp_path / "log"
    ).start()
    wait_until(lambda: stubborn.log.read_text(), seconds=10)

    stubborn.stop(patience=0.3)

    assert not stubborn.is_alive


def test_a_child_dies_with_the_process_that_started_it(tmp_path):
    program = (
        "import time; from devtools.processes import Child;"
        f"child = Child('sleeper', ['sleep', '600'], log={str(tmp_path / 'log')!r}).start();"
        "print(child.pid, flush=True);"
        "time.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    sleeper = int(parent.stdout.readline())

    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()

    assert wait_until(lambda: is_gone(sleeper), seconds=5)


def test_a_free_port_is_free_and_a_taken_one_is_not():
    import socket

    port = free_port()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        assert not is_free(port)

    assert is_free(port)
