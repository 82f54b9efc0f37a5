"""Child processes that cannot be left behind. Used by `./dev run` and by the tests' servers."""

import ctypes
import os
import random
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from devtools.places import ROOT

LOOPBACK = "127.0.0.1"
# Below those that Linux takes for outgoing connections, so that a stopped server finds its port free again.
PORTS = range(20000, 32000)
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


class Child:
    """A program in a session of its own, its output in a log file.

    The kernel ends it when the thread that started it ends, however that came about.
    `user` names another account to run as, which only root may ask for; `ends_by` is the signal that asks it to end.
    """

    def __init__(self, name, command, *, log, env=None, user=None, ends_by=signal.SIGTERM):
        self.name = name
        self.command = [str(part) for part in command]
        self.log = Path(log)
        self.env = {**os.environ, **(env or {})}
        self.user = user
        self.ends_by = ends_by
        self.process = None

    @property
    def pid(self):
        return self.process.pid

    @property
    def is_alive(self):
        return self.process is not None and self.process.poll() is None

    def start(self):
        self.log.parent.mkdir(parents=True, exist_ok=True)
        parent = os.getpid()
        as_user = {"user": self.user, "group": self.user, "extra_groups": []} if self.user else {}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env=self.env,
                cwd="/" if self.user else ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=lambda: _die_with(parent),
                **as_user,
            )
        return self

    def stop(self, patience=15):
        """Asks the parent alone (a TERM to the children of a Celery pool hangs the parent), waits, then ends all."""
        if self.is_alive:
            self.ask_to_stop()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(patience)
        self.kill()

    def ask_to_stop(self):
        if self.is_alive:
            self._signal_group(signal.SIGCONT)
            self.process.send_signal(self.ends_by)

    def kill(self):
        """Ends the program and all it started, at once."""
        if self.process is not None:
            self._signal_group(signal.SIGKILL)
            self.process.wait()

    def freeze(self):
        """Makes it hang as a sick machine would: connections stay open, nothing answers."""
        self._signal_group(signal.SIGSTOP)

    def thaw(self):
        self._signal_group(signal.SIGCONT)

    def tail(self, lines=15):
        """The last lines of its log, for a message about its end."""
        try:
            return "\n".join(f"    {line}" for line in self.log.read_text(errors="replace").splitlines()[-lines:])
        except OSError:
            return "    (it wrote no log)"

    def _signal_group(self, number):
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)


def _die_with(parent):
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_port():
    return next(port for port in iter(lambda: random.choice(PORTS), None) if is_free(port))


def wait_until(condition, *, seconds, pause=0.05):
    """Whether the condition came true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(pause)
    return False
