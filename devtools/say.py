"""How the driver talks: one sentence for each step, and for each reason to stop."""

import sys
import time
from contextlib import contextmanager


class Stop(Exception):
    """Ends the command with one sentence for the person at the keyboard, and exit code 1."""


def say(sentence):
    print(sentence, flush=True)


def warn(sentence):
    print(f"Note: {sentence}", file=sys.stderr, flush=True)


@contextmanager
def step(what):
    """Announces a step before it begins, so that a long one is seen to be under way, and says how long it took."""
    started = time.monotonic()
    say(f"· {what} …")
    yield
    took = time.monotonic() - started
    if took > 1:
        say(f"  done in {took:.0f} s")
