"""`./dev lint`: format, style, migrations, locks. Finds everything in one go."""

import os
import subprocess

from devtools import environment, lock, places
from devtools.say import Stop, say

CHECKS = [
    ("Format of the code", "ruff format --check --quiet --output-format concise ."),
    ("Style of the code", "ruff check --quiet --output-format concise ."),
    ("Format of the templates", "djlint --check templates"),
    ("Style of the templates", "djlint --lint --quiet templates"),
]
REFORMAT_TEMPLATES = "djlint --reformat --quiet templates"
# Twice, for the first pass over templates makes lines that the second one breaks.
FIXES = ["ruff check --fix --quiet .", "ruff format --quiet .", REFORMAT_TEMPLATES, REFORMAT_TEMPLATES]
MIGRATIONS = ("manage.py", "makemigrations", "--check", "--dry-run")


def lint(*, fix=False, may_use_apt=True):
    environment.prepare("test", may_use_apt=may_use_apt)
    if fix:
        for command in FIXES:
            _run("-m", *command.split())
    if found := problems():
        raise Stop("\n".join(found))
    say("Nothing to find fault with.")


def problems():
    """One text for each check that found something."""
    say("· Checking format, style, migrations and locks …")
    found = [
        f"{what}:\n{_without_diffs(output)}"
        for what, command in CHECKS
        if (output := _complaint("-m", *command.split()))
    ]
    if output := _complaint(*MIGRATIONS):
        found.append(f"Models and migrations differ:\n{output}")
    return [*found, *lock.host_problems()]


def _without_diffs(output):
    """djlint shows how each template would change; the name is enough, for --fix changes it."""
    if "would be updated" not in output:
        return output
    return "\n".join(line for line in output.splitlines() if line.startswith("templates/"))


def _complaint(*arguments):
    done = _run(*arguments)
    return (done.stdout.strip() or f"exit code {done.returncode}") if done.returncode else ""


def _run(*arguments):
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings_test"}
    return subprocess.run(
        [places.PYTHON, *arguments],
        cwd=places.ROOT,
        env=env,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
