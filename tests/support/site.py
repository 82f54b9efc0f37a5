"""The whole site for a test: a migrated database with field data, Redis, a worker, gunicorn; all real, all gone after.

with site("postgres") as perspective:
    perspective.manage("shell", "-c", "...")
    perspective.address, perspective.worker, perspective.redis, perspective.mails()
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import requests

from tests.support import servers

# Prints the cookies of a new session as JSON; a form token is any 32 letters, the same in cookie and header.
SIGN_IN = """
import json
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from accounts.models import User
user, session = User.objects.get(email="{email}"), SessionStore()
session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), "accounts.backends.Backend"
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.save()
print(json.dumps({{"sessionid": session.session_key, "csrftoken": "a" * 32}}))
"""
BETWEEN_MAILS = b"-" * 79 + b"\n"
ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass
class Site:
    """A running site. `env` is what its processes see on top of this process's own environment."""

    env: dict[str, str]
    redis: servers.RedisServer
    worker: object | None = None
    address: str = ""

    def manage(self, *arguments: str, timeout: int = 300) -> str:
        """Run manage.py in the site's environment; returns what it printed, raises with it when it fails."""
        return self.python("manage.py", *arguments, timeout=timeout)

    def python(self, *arguments: str, timeout: int = 300, **env: str) -> str:
        """Run Python in the site's environment, `env` on top of it; as manage()."""
        command = [sys.executable, *map(str, arguments)]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, **self.env, **env},
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        if done.returncode:
            raise AssertionError(f"{' '.join(command)} failed:\n{done.stdout[-4000:]}\n{done.stderr[-8000:]}")
        return done.stdout

    def shell(self, code: str) -> str:
        """Run Python with the site's models: set-up and questions of a test, never its deeds."""
        return self.manage("shell", "-v0", "-c", code)

    def sign_in(self, email: str) -> requests.Session:
        """An HTTP client with a session of the user with this e-mail, and a valid form token with every post."""
        cookies = json.loads(self.shell(SIGN_IN.format(email=email)))
        session = requests.Session()
        session.cookies.update(cookies)
        session.headers.update({"X-CSRFToken": cookies["csrftoken"], "Referer": self.address})
        return session

    def mails(self) -> list[EmailMessage]:
        """The mails that went out, oldest first."""
        found: list[EmailMessage] = []
        folder = Path(self.env["VAR_DIR"]) / "mail"
        for path in sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime):
            # Django puts what one process mails within a second into one file, now and then.
            mails = path.read_bytes().split(BETWEEN_MAILS)
            found += [message_from_bytes(mail, policy=policy.default) for mail in mails if mail.strip()]
        return found


@contextmanager
def database(kind: str, folder: str) -> Iterator[str]:
    """DATABASE_URL of a new, empty SQLite file or PostgreSQL database."""
    if kind == "sqlite":
        yield f"sqlite:///{folder}/db.sqlite3"
        return
    with servers.postgres() as url:
        yield url


@contextmanager
def site(
    kind: str = "sqlite", *, web: bool = True, worker: bool = True, data: bool = True, **env: str
) -> Iterator[Site]:
    """A site on `kind` ("sqlite" or "postgres"); `env` are further variables of its processes."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="perspective-site-"))
        url = stack.enter_context(database(kind, folder))
        redis = stack.enter_context(servers.redis_server())
        made = Site({**_environment(folder, url, redis.url), **env}, redis)
        made.manage("migrate", "-v0")
        made.manage("createcachetable")
        if data:
            made.manage("load_field_data")
        if worker:
            made.worker = stack.enter_context(servers.celery_worker(made.env))
        if web:
            made.address = stack.enter_context(servers.gunicorn(made.env))
        yield made


def _environment(folder: str, database_url: str, redis_url: str) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DEBUG": "true",  # cookies without TLS on loopback; the demo stays off
        "DEMO": "false",
        "VAR_DIR": folder,
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "JOB_LEASE_SECONDS": "20",
        "LOG_LEVEL": "WARNING",
    }
