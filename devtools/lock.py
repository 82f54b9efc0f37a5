"""`./dev lock`: writes the lock files anew. They hold versions and hashes, and name no registry."""

import json
import re

from devtools import environment, places
from devtools.say import Stop, say, step
from devtools.shell import run

COMPILE = (
    *("uv", "pip", "compile", "-q", "--python-version", "3.11", "--universal", "--generate-hashes", "--no-header"),
    *("--no-emit-index-url", "--no-emit-find-links"),
)
PACKAGE_LOCK = places.ROOT / "package-lock.json"
ADDRESS = re.compile(r"://|^\s*--(?:extra-)?index|^\s*--find-links|^\s*-i\s", re.MULTILINE)


def lock(*, upgrade=False):
    newest = ("--upgrade",) if upgrade else ()
    environment.ensure_venv()
    environment.ensure_uv()
    with step("Locking Python packages"):
        _compile("tools", *newest)
        _compile("base", *newest)
        _compile("dev", "-c", "requirements/base.txt", *newest)
        _write_binary_driver()
    with step("Locking front-end packages"):
        run(["npm", "install", "--package-lock-only"])
        _drop_addresses(PACKAGE_LOCK)
    if problems := host_problems():
        raise Stop("\n".join(problems))
    say("The lock files are up to date.")


def host_problems():
    """A sentence for each lock file with an address in it, which would bind everybody to one registry."""
    locks = [*sorted(places.REQUIREMENTS.glob("*.txt")), PACKAGE_LOCK]
    return [
        f"{file.relative_to(places.ROOT)} names a host; write it anew by ./dev lock."
        for file in locks
        if _names_host(file)
    ]


def _names_host(file):
    return ADDRESS.search(file.read_text()) is not None


def _compile(name, *options):
    source, target = f"requirements/{name}.in", f"requirements/{name}.txt"
    run([places.PYTHON, "-m", *COMPILE, *options, source, "-o", target])


def _write_binary_driver():
    """The ready-made twin of psycopg2, at the same version, for machines without a C compiler."""
    version = re.search(r"^psycopg2==(\S+)", (places.REQUIREMENTS / "base.txt").read_text(), re.MULTILINE)[1]
    (places.REQUIREMENTS / "binary.in").write_text(
        f"# Written by ./dev lock. In place of psycopg2 where there is no C compiler.\npsycopg2-binary=={version}\n"
    )
    _compile("binary")


def _drop_addresses(file):
    """Funding pages are the only addresses that npm still writes."""
    content = json.loads(file.read_text())
    for package in content["packages"].values():
        package.pop("funding", None)
    file.write_text(json.dumps(content, indent=2) + "\n")
