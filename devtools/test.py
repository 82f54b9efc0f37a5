"""`./dev test`, `prove` and `bench`: everything is prepared, then the tools take over."""

import os
import re

from devtools import environment, lint, places, site
from devtools.say import Stop, say

OWN_VARIABLES = places.ROOT / ".env.example"


def test(arguments, *, may_use_apt):
    """Lint, then all tests; with arguments, only what they name, by pytest's own rules."""
    environment.prepare("test", may_use_apt=may_use_apt)
    site.compile_translations()
    if arguments:
        say("· Running only what was asked for; ./dev lint checks the rest")
    elif problems := lint.problems():
        raise Stop("\n".join([*problems, "The tests were not run. Many of these are put right by: ./dev lint --fix"]))
    workers = str(max(2, len(os.sched_getaffinity(0))))
    _become("pytest", "-n", workers, "--dist", "loadgroup", *arguments)


def give_way(module, arguments, *, may_use_apt):
    """Prepares as for the tests, then runs a module of theirs: the proofs or the benchmarks."""
    environment.prepare("test", may_use_apt=may_use_apt)
    site.compile_translations()
    _become(module, *arguments)


def neutral_environment():
    """This environment without the site's own variables: what somebody has set for running must not change a test."""
    return {name: value for name, value in os.environ.items() if name not in own_variables()}


def own_variables():
    return set(re.findall(r"^#?([A-Z_]+)=", OWN_VARIABLES.read_text(), re.MULTILINE))


def _become(module, *arguments):
    """Gives way to the module: its last line is the last line, its exit code the exit code."""
    os.chdir(places.ROOT)
    os.execve(places.PYTHON, [str(places.PYTHON), "-m", module, *arguments], neutral_environment())
