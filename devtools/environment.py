"""The Python environment and the front-end packages, installed from their locks and skipped while nothing changed."""

import hashlib
import re
import sys

from devtools import places, system
from devtools.say import Stop, say, step
from devtools.shell import answers, run

TOOLS = places.REQUIREMENTS / "tools.txt"
BINARY_DRIVER = places.REQUIREMENTS / "binary.txt"


def prepare(verb, *, may_use_apt=True):
    """Everything that `run` (runtime packages) or `test` (all packages) needs, up to a Python that can start Django."""
    system.ensure(system.needs_of(verb), may_use_apt=may_use_apt, is_strict=verb == "test")
    ensure_venv()
    install_packages("dev" if verb == "test" else "base")
    install_front_end(is_complete=verb == "test")


def ensure_venv():
    if answers(places.PYTHON, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"):
        return
    with step("Making the virtual environment .venv"):
        run([sys.executable, "-m", "venv", "--clear", places.VENV])


def install_packages(kind):
    """`kind` is base (what production runs) or dev (base and what tests need)."""
    lock = places.REQUIREMENTS / f"{kind}.txt"
    kinds = ("base", "dev") if kind == "dev" else ("base",)
    if is_stamped(_package_stamp(kind), lock):
        return
    with step(f"Installing Python packages from requirements/{kind}.txt"):
        if system.can_compile_psycopg2():
            _install(lock)
        else:
            say("  with psycopg2-binary, because there is no compiler for psycopg2")
            _install(_without_source_driver(lock))
            _install(BINARY_DRIVER)
    for each in kinds:
        stamp(_package_stamp(each), places.REQUIREMENTS / f"{each}.txt")


def install_front_end(*, is_complete):
    """Packages that pages use; with `is_complete` those that only tests use as well."""
    lock = places.ROOT / "package-lock.json"
    complete, lean = places.NODE_MODULES / ".complete", places.NODE_MODULES / ".lean"
    if is_stamped(complete, lock) or (not is_complete and is_stamped(lean, lock)):
        return
    if not answers("npm", "--version"):
        return
    with step("Installing front-end packages from package-lock.json"):
        run(["npm", "ci", *([] if is_complete else ["--omit=dev"])])
    stamp(complete if is_complete else lean, lock)


# Stamps: a file that holds the digest of what was installed.


def digest(*files):
    content = hashlib.sha256()
    for file in files:
        content.update(str(file.relative_to(places.ROOT)).encode() + b"\0" + file.read_bytes() + b"\0")
    return content.hexdigest()


def is_stamped(mark, *files):
    return mark.is_file() and mark.read_text() == digest(*files)


def stamp(mark, *files):
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.write_text(digest(*files))


def _package_stamp(kind):
    return places.VENV / f".installed-{kind}"


def ensure_uv():
    if not answers(places.PYTHON, "-m", "uv", "--version"):
        run([places.PYTHON, "-m", "pip", "install", "-q", "--require-hashes", "-r", TOOLS])


def _install(lock):
    """By uv, which is several times faster; by pip where only that one knows the way (its proxy, its certificates)."""
    arguments = ("install", "-q", "--require-hashes", "-r", lock)
    try:
        ensure_uv()
        run([places.PYTHON, "-m", "uv", "pip", *arguments], env={"VIRTUAL_ENV": str(places.VENV)})
    except Stop as problem:
        say(f"  uv could not do it, so pip tries:\n{problem}")
        hint = "If this machine reaches no package registry, connect it once; afterwards no network is needed."
        run([places.PYTHON, "-m", "pip", *arguments], hint=hint)


def _without_source_driver(lock):
    """The same lock without the block of psycopg2, which needs a C compiler."""
    lean = places.VENV / "lock-without-psycopg2.txt"
    lean.write_text(re.sub(r"^psycopg2==.*\n(?:[ #].*\n)*", "", lock.read_text(), flags=re.MULTILINE))
    return lean
