"""Running other programs and wording what they said when they failed."""

import os
import shlex
import subprocess

from devtools.places import ROOT
from devtools.say import Stop

LAST_LINES = 25


def answers(*command):
    """Whether the program exists and really runs: being on PATH is not enough."""
    try:
        return subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def run(command, *, env=None, cwd=ROOT, hint=""):
    """Runs quietly; when it fails, stops with its last lines and the command to repeat by hand."""
    command = [str(part) for part in command]
    try:
        done = subprocess.run(
            command,
            env={**os.environ, **(env or {})},
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            errors="replace",
        )
    except OSError as problem:
        raise Stop(f"{command[0]} could not be started: {problem}. {hint}".strip()) from problem
    if done.returncode:
        tail = "\n".join(f"    {line}" for line in done.stdout.splitlines()[-LAST_LINES:])
        raise Stop(f"{tail}\nThis failed with exit code {done.returncode}: {shlex.join(command)}\n{hint}".strip("\n"))
    return done.stdout


def show(command, *, env=None, cwd=ROOT):
    """Runs with its output in view and returns its exit code."""
    return subprocess.run([str(part) for part in command], env={**os.environ, **(env or {})}, cwd=cwd).returncode
