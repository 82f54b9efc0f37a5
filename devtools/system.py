"""System packages: which are missing, and getting them by apt where that is allowed."""

import ctypes
import os
import shutil
import sys
import sysconfig
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from devtools import places
from devtools.say import Stop, step, warn
from devtools.shell import answers, run

PDF_LIBRARIES = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0", "libfontconfig.so.1")
POSTGRES_HOMES = "/usr/lib/postgresql"


@dataclass(frozen=True)
class Need:
    """What the machine must have: how to see it, the Debian packages that bring it, what happens without it."""

    what: str
    packages: tuple[str, ...]
    is_met: Callable[[], bool]
    without: str
    is_vital: bool = False


def can_load(library):
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def has_venv():
    return answers(sys.executable, "-c", "import ensurepip, venv")


def has_psycopg2():
    return answers(places.PYTHON, "-c", "import psycopg2")


def can_compile_psycopg2():
    header = Path(sysconfig.get_paths()["include"]) / "Python.h"
    return answers("gcc", "--version") and answers("pg_config", "--version") and header.exists()


def chromium():
    """Path of a Chromium that runs, or None."""
    names = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
    return next((path for name in names if (path := shutil.which(name)) and answers(path, "--version")), None)


def has_postgres():
    return any(Path(POSTGRES_HOMES).glob("*/bin/initdb")) or answers("initdb", "--version")


def _python_packages(kind):
    """Packages that belong to a Python of Debian's; one from elsewhere brings its own."""
    return (
        (f"python{sys.version_info.major}.{sys.version_info.minor}-{kind}",)
        if sys.executable.startswith("/usr/bin")
        else ()
    )


VENV = Need("virtual environments", _python_packages("venv"), has_venv, "nothing can be installed", is_vital=True)
TO_RUN = (
    VENV,
    Need(
        "certificates",
        ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "libfontconfig1"),
        lambda: all(map(can_load, PDF_LIBRARIES)),
        "the site runs, but certificates wait unmade",
    ),
    Need(
        "the PostgreSQL driver",
        ("gcc", "libc6-dev", "libpq-dev", *_python_packages("dev")),
        lambda: has_psycopg2() or can_compile_psycopg2(),
        "its ready-made twin psycopg2-binary is used",
    ),
    Need(
        "front-end packages",
        ("nodejs", "npm"),
        lambda: answers("node", "--version") and answers("npm", "--version"),
        "pages show as plain HTML without styles or scripts",
    ),
    Need(
        "translations",
        ("gettext",),
        lambda: answers("msgfmt", "--version"),
        "pages speak English only",
    ),
)
REDIS = Need(
    "the queue",
    ("redis-server",),
    lambda: answers("redis-server", "--version"),
    "a stand-in written in Python (fakeredis) is used",
)
PDF_TOOLS = (("pdftotext", "-v"), ("qpdf", "--version"), ("softhsm2-util", "--version"))
TO_TEST = (
    Need("browser tests", ("chromium",), lambda: chromium() is not None, "they cannot run"),
    Need("database tests", ("postgresql",), has_postgres, "they cannot run"),
    Need(
        "certificate tests",
        ("poppler-utils", "qpdf", "softhsm2"),
        lambda: all(answers(*each) for each in PDF_TOOLS),
        "they cannot run",
    ),
)


def needs_of(verb):
    """For running, Redis is only needed when no REDIS_URL names one; the tests start their own in any case."""
    if verb == "test":
        return (*TO_RUN, REDIS, *TO_TEST)
    return TO_RUN if os.environ.get("REDIS_URL") else (*TO_RUN, REDIS)


def way_to_root():
    """What to put before a command so that it runs as root without a password; None when there is no such way."""
    if os.geteuid() == 0:
        return []
    return ["sudo", "-n"] if answers("sudo", "-n", "true") else None


def install_command(packages):
    return ["apt-get", "install", "-y", "--no-install-recommends", *packages]


def ensure(needs, *, may_use_apt=True, is_strict=False):
    """Installs what is missing, or says in one sentence how; stops when that was vital, or whenever `is_strict`."""
    missing = [need for need in needs if not need.is_met()]
    if not missing:
        return
    if may_use_apt and shutil.which("apt-get") and way_to_root() is not None:
        _try_to_install(_packages(missing))
        missing = [need for need in missing if not need.is_met()]
    stops = [need for need in missing if need.is_vital or is_strict]
    if stops:
        raise Stop(sentence(stops))
    if missing:
        warn(sentence(missing))


def _packages(needs):
    return [package for need in needs for package in need.packages]


def sentence(needs):
    effects = "; ".join(f"{need.what} ({need.without})" for need in needs)
    packages = _packages(needs)
    command = " ".join(["sudo", *install_command(packages)]) if packages else "install them with your Python"
    return f"This machine lacks what is needed for {effects}. To add it: {command}"


def _try_to_install(packages):
    """Without a network apt fails; what that means for the work is judged by what is then still missing."""
    try:
        _install(packages)
    except Stop as problem:
        warn(str(problem))


def _install(packages):
    with step(f"Installing system packages: {' '.join(packages)}"):
        if not any(Path("/var/lib/apt/lists").glob("*Packages*")):
            _apt("update")
        try:
            _apt(*install_command(packages)[1:])
        except Stop:
            # A list that names versions no longer offered looks like a missing package; a fresh list tells them apart.
            _apt("update")
            _try_each(packages)


def _try_each(packages):
    """One package that this release does not have must not keep the others away."""
    try:
        _apt(*install_command(packages)[1:])
    except Stop:
        for package in packages:
            try:
                _apt(*install_command([package])[1:])
            except Stop as problem:
                warn(f"apt could not install {package}.\n{problem}")


def _apt(*arguments):
    run(
        [
            *way_to_root(),
            "env",
            "DEBIAN_FRONTEND=noninteractive",
            "apt-get",
            "-o",
            "DPkg::Lock::Timeout=300",
            *arguments,
        ]
    )
