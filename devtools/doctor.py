"""`./dev doctor`: what this machine has and lacks, without changing anything."""

import os
import platform
import sys

from devtools import places, system
from devtools.environment import is_stamped
from devtools.processes import is_free
from devtools.say import Stop, say


def doctor():
    say(f"Python {platform.python_version()} at {sys.executable}")
    lacking = [need for need in system.needs_of("test") if not _report(need)]
    _say_state("Python packages, to run", _is_installed("base"))
    _say_state("Python packages, to test", _is_installed("dev"))
    _say_state("front-end packages", any((places.NODE_MODULES / mark).exists() for mark in (".lean", ".complete")))
    port = os.environ.get("PORT", "8000")
    _say_state(f"port {port}", port.isdigit() and is_free(int(port)), absent="in use")
    if lacking:
        raise Stop(system.sentence(lacking))
    say("This machine has all it needs.")


def _report(need):
    is_met = need.is_met()
    _say_state(need.what, is_met, absent=f"missing: {need.without}")
    return is_met


def _is_installed(kind):
    return is_stamped(places.VENV / f".installed-{kind}", places.REQUIREMENTS / f"{kind}.txt")


def _say_state(what, is_fine, *, absent="not yet; the next run installs them"):
    say(f"  {'✓' if is_fine else '✗'} {what}{'' if is_fine else f' ({absent})'}")
