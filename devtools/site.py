"""The database of `./dev run`, and the environment that its programs get."""

import os
import secrets

from devtools import places
from devtools.environment import is_stamped, stamp
from devtools.say import step
from devtools.shell import answers, run

# In this order; each may be repeated without harm.
PREPARATIONS = [
    ("Bringing the database up to date", "migrate", "--no-input"),
    ("Making the cache table", "createcachetable"),
    ("Loading nations, frameworks, institutions and courses", "load_field_data"),
    ("Making demo data", "demo"),
]
# What the preparations are made of: while none of it changes, a second start skips them.
SOURCES = (
    "*/migrations/*.py",
    "*/management/commands/*.py",
    "*/data/**/*.*",
    "*/models/*.py",
    "*/models.py",
    "*/demo*.py",
)


def environment(port, redis_url):
    """Demo logins need DEBUG and DEMO; mail stays in files, for the people of the demo are invented."""
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DEBUG": "true",
        "DEMO": "true",
        "VAR_DIR": str(places.VAR),
        "SECRET_KEY": secret_key(),
        "BASE_URL": os.environ.get("BASE_URL", f"http://127.0.0.1:{port}"),
        "REDIS_URL": redis_url,
        "EMAIL_URL": "filemail://",
    }


def secret_key():
    """Made once and kept, readable by its owner alone, so that a restart signs nobody out."""
    file = places.VAR / "secret_key"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
            new.write(secrets.token_urlsafe(60))
    return file.read_text()


def prepare(env):
    compile_translations()
    (places.VAR / "static").mkdir(exist_ok=True)  # empty here, but whitenoise asks for it
    mark = places.VAR / ".prepared"
    sources = sorted({file for pattern in SOURCES for file in places.ROOT.glob(pattern) if file.is_file()})
    if _is_own_database() and is_stamped(mark, *sources):
        return
    for what, *command in PREPARATIONS:
        with step(what):
            run([places.PYTHON, "manage.py", *command], env=env)
    stamp(mark, *sources)


def _is_own_database():
    """Only the file in var/ is known to be as we left it; a server's database may have been emptied meanwhile."""
    return "DATABASE_URL" not in os.environ and (places.VAR / "db.sqlite3").exists()


def compile_translations():
    sources = list(places.ROOT.glob("locale/*/LC_MESSAGES/*.po"))
    stale = [file for file in sources if _is_stale(file)]
    if stale and answers("msgfmt", "--version"):
        with step("Compiling translations"):
            for file in stale:
                run(["msgfmt", "--check-format", "-o", file.with_suffix(".mo"), file])


def _is_stale(source):
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime
