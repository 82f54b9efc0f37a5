"""The commands of docker-compose.yml, run by hand on real PostgreSQL and Redis with the values of a filled-in .env."""

import os
import re
import subprocess
import time
import urllib.request
from contextlib import ExitStack

import pytest

from devtools.places import PYTHON, ROOT
from devtools.processes import Child, free_port, wait_until
from tests.infra.compose import FILLED_IN, command, compose
from tests.support import servers

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.redis,
    pytest.mark.worker,
    pytest.mark.slow,
    pytest.mark.xdist_group("servers"),
]


class Production:
    """The services of the compose file as processes on this machine."""

    def __init__(self, folder, database_url, redis_url):
        self.folder = folder
        self.services = compose(FILLED_IN)["services"]
        here = {"DATABASE_URL": database_url, "REDIS_URL": redis_url}
        folders = {"VAR_DIR": str(folder / "data"), "STATIC_ROOT": str(folder / "static"), "BADGE_KEY": _key(folder)}
        outside = {name: value for name, value in os.environ.items() if name in ("HOME", "LANG", "TZ")}
        path = {"PATH": f"{PYTHON.parent}:{os.environ['PATH']}"}
        self.env = {**outside, **path, **self.services["web"]["environment"], **FILLED_IN, **here, **folders}

    def run(self, *arguments):
        return subprocess.run(arguments, cwd=ROOT, env=self.env, capture_output=True, text=True, timeout=300)

    def child(self, service, **changes):
        arguments = [changes.get(part, part) for part in command(self.services[service])]
        child = Child(service, arguments, log=self.folder / f"{service}.log")
        child.env = self.env
        return child

    def is_healthy(self, service, **changes):
        kind, *arguments = self.services[service]["healthcheck"]["test"]
        arguments = [changes.get(part, part) for part in arguments]
        return self.run(*(arguments if kind == "CMD" else ("sh", "-c", *arguments))).returncode == 0


def _key(folder) -> str:
    """Made by the very commands of docs/operations.md."""
    commands = re.search(r"^openssl ecparam .*$", (ROOT / "docs/operations.md").read_text(), re.MULTILINE).group()
    subprocess.run(["sh", "-c", commands], cwd=folder, check=True, capture_output=True)
    return str(folder / "badge-key.pem")


@pytest.fixture(scope="module")
def production(tmp_path_factory):
    """A site whose `migrate` service has done its work."""
    with servers.postgres() as database_url, servers.redis_server() as redis:
        site = Production(tmp_path_factory.mktemp("production"), database_url, redis.url)
        static = site.run(PYTHON, "manage.py", "collectstatic", "--no-input")
        assert static.returncode == 0, static.stderr[-2000:]
        migrated = site.run(*command(site.services["migrate"]))
        assert migrated.returncode == 0, migrated.stderr[-2000:]
        yield site


@pytest.fixture
def start():
    with ExitStack() as stack:

        def start(child):
            stack.callback(child.kill)
            return child.start()

        yield start


def test_the_deploy_check_finds_nothing(production):
    done = production.run(PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING")

    assert done.returncode == 0, done.stderr


def test_migrating_again_changes_nothing_and_does_not_fail(production):
    done = production.run(*command(production.services["migrate"]))

    assert done.returncode == 0, done.stderr
    assert "No migrations to apply." in done.stdout


def test_web_is_healthy_serves_static_files_and_sends_plain_http_to_https(production, start):
    address = f"127.0.0.1:{free_port()}"
    web = start(production.child("web", **{"0.0.0.0:8000": address}))
    here = {"http://127.0.0.1:8000/healthz": f"http://{address}/healthz"}

    assert wait_until(lambda: production.is_healthy("web", **here), seconds=60, pause=0.5), web.tail()
    assert get(address, "/readyz", secure=True).status == 200
    home = get(address, "/", secure=True)
    assert home.status == 200
    style = home.read().decode().partition('href="/static/')[2].partition('"')[0]
    assert "immutable" in get(address, f"/static/{style}", secure=True).headers["Cache-Control"]
    assert get(address, "/").status == 301


def test_worker_and_beat_are_healthy(production, start, monkeypatch):
    monkeypatch.setitem(production.env, "HOSTNAME", os.uname().nodename)
    monkeypatch.setitem(production.env, "SWEEP_SECONDS", "1")
    schedule = production.folder / "beat-schedule"
    worker = start(production.child("worker"))
    beat = start(production.child("beat", **{"/tmp/beat-schedule": str(schedule)}))

    assert wait_until(lambda: production.is_healthy("worker"), seconds=90, pause=0.5), worker.tail()
    written = wait_until(lambda: any(production.folder.glob("beat-schedule*")), seconds=30)
    assert written, beat.tail()
    time.sleep(3)
    assert worker.is_alive
    assert beat.is_alive


class _StayHere(urllib.request.HTTPErrorProcessor):
    def http_response(self, request, response):
        return response


def get(address, path, *, secure=False):
    """What a proxy would ask: under the public name, saying whether the visitor came by TLS."""
    headers = {"Host": FILLED_IN["ALLOWED_HOSTS"], "X-Forwarded-Proto": "https" if secure else "http"}
    request = urllib.request.Request(f"http://{address}{path}", headers=headers)
    return urllib.request.build_opener(_StayHere).open(request, timeout=30)
