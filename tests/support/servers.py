"""Real servers for tests, proofs and benchmarks, each on a free loopback port and gone when its `with` block ends.

    with postgres() as database_url, redis_server() as redis:
        env = {"DATABASE_URL": database_url, "REDIS_URL": redis.url}
        with celery_worker(env) as worker, gunicorn(env) as address:
            worker.kill()

They work as root and as an ordinary user. `env` is added to the environment of this process, so a child of pytest
uses the tests' settings unless DJANGO_SETTINGS_MODULE in `env` says otherwise. Start them from the main thread: the
kernel ends a child when the thread that started it ends.
"""

import os
import pwd
import shutil
import signal
import socket
import sys
import tempfile
import urllib.error
import urllib.request
import uuid
from contextlib import contextmanager
from pathlib import Path

from devtools.processes import LOOPBACK, Child, free_port, wait_until

START_SECONDS = 60
FAST_BUT_FORGETFUL = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


class ServerFailed(Exception):
    """A server did not come up; the message has the last lines of its log."""


@contextmanager
def postgres(*, durable=False, max_connections=200):
    """A new PostgreSQL with an empty database; yields its DATABASE_URL. Only `durable` would survive a power cut."""
    with _folder("postgres") as folder:
        account = _unprivileged_account()
        if account:
            shutil.chown(folder, account, account)
        data, log = folder / "data", folder / "log"
        _initdb(data, log, account)
        with _running(lambda port: _postgres_child(data, log, account, port, durable, max_connections)) as (_, port):
            url = f"postgres://perspective@{LOOPBACK}:{port}"
            _create_database(url)
            yield f"{url}/perspective"


class RedisServer:
    """A redis-server that can be stopped, killed, frozen and started again on the same port."""

    def __init__(self, port, folder, *, persistent):
        self.port = port
        self.url = f"redis://{LOOPBACK}:{port}/0"
        self.persistent = persistent
        keeping = ("--appendonly", "yes") if persistent else ()
        self.child = Child(
            "redis-server",
            (
                *("redis-server", "--bind", LOOPBACK, "--port", port, "--dir", folder, "--save", ""),
                *("--maxmemory-policy", "noeviction", *keeping),
            ),
            log=folder / "log",
        )

    @property
    def pid(self):
        return self.child.pid

    def start(self):
        self.child.start()
        _expect(self.child, self.answers)
        return self

    def stop(self):
        """Ends it in good order. What it held comes back with `start()` only if it is persistent."""
        self.child.stop()

    def kill(self):
        self.child.kill()

    def freeze(self):
        """It keeps its connections and answers nothing until `thaw()`."""
        self.child.freeze()

    def thaw(self):
        self.child.thaw()

    def answers(self):
        import redis

        try:
            with redis.Redis(host=LOOPBACK, port=self.port, socket_timeout=1, socket_connect_timeout=1) as client:
                return client.ping()
        except redis.RedisError:
            return False


@contextmanager
def redis_server(port=None, *, persistent=False):
    """A Redis; yields a `RedisServer`. Without `persistent` it forgets everything when it stops."""
    with _folder("redis") as folder:
        server = RedisServer(port or free_port(), folder, persistent=persistent)
        try:
            yield server.start()
        finally:
            server.kill()


@contextmanager
def celery_worker(env, *, pool="prefork", concurrency=2):
    """A separate worker process that answers; yields its `Child` (pid, kill(), freeze(), stop(), start(), log).

    `kill()` ends the pool's children too; to kill one child alone, look for it with `children_of(worker.pid)`.
    """
    node = f"test-{uuid.uuid4().hex[:12]}@localhost"
    options = ("-P", pool, "-c", concurrency, "-n", node, "-l", "INFO", "--without-mingle", "--without-gossip")
    with _folder("worker") as folder:
        worker = Child("worker", _celery("worker", *options), log=folder / "log", env=env)
        try:
            worker.start()
            _expect(worker, lambda: _pings(env["REDIS_URL"], node))
            yield worker
        finally:
            worker.stop()


@contextmanager
def celery_beat(env):
    """A separate beat process; yields its `Child`."""
    with _folder("beat") as folder:
        beat = Child("beat", _celery("beat", "-s", folder / "schedule", "--pidfile="), log=folder / "log", env=env)
        try:
            beat.start()
            _expect(beat, lambda: any(folder.glob("schedule*")))
            yield beat
        finally:
            beat.stop()


@contextmanager
def gunicorn(env, *, workers=2, threads=2):
    """The site as it runs in production; yields its address, like http://127.0.0.1:20123."""

    def child(port):
        options = f"--no-control-socket --bind {LOOPBACK}:{port} --workers {workers} --threads {threads}".split()
        return Child(
            "gunicorn", (sys.executable, "-m", "gunicorn", "config.wsgi", *options), log=folder / "log", env=env
        )

    with _folder("gunicorn") as folder, _running(child, is_up=_serves) as (_, port):
        yield f"http://{LOOPBACK}:{port}"


def children_of(pid):
    """Ids of the direct children, for tests that kill one of them."""
    import psutil

    return [child.pid for child in psutil.Process(pid).children()]


# How they are found and started.


@contextmanager
def _folder(name):
    folder = Path(tempfile.mkdtemp(prefix=f"perspective-{name}-", dir="/tmp" if os.geteuid() == 0 else None))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _running(make_child, *, is_up=None, tries=3):
    """Starts the child on a free port; when another program was quicker to take that port, tries the next one."""
    child = None
    try:
        for attempt in range(1, tries + 1):
            port = free_port()
            child = make_child(port).start()
            try:
                _expect(child, lambda port=port: (is_up or _accepts)(port))
                break
            except ServerFailed:
                child.kill()
                if attempt == tries:
                    raise
        yield child, port
    finally:
        if child is not None:
            child.stop()


def _expect(child, is_up):
    came_up = wait_until(lambda: not child.is_alive or is_up(), seconds=START_SECONDS)
    if not came_up or not child.is_alive:
        state = "did not answer in time" if child.is_alive else f"ended with code {child.process.returncode}"
        raise ServerFailed(f"{child.name} {state}. Its log ends:\n{child.tail()}")


def _accepts(port):
    try:
        socket.create_connection((LOOPBACK, port), timeout=1).close()
    except OSError:
        return False
    return True


def _serves(port):
    """Any answer will do, an error page included: what the site says is for the tests to judge."""
    try:
        urllib.request.urlopen(f"http://{LOOPBACK}:{port}/healthz", timeout=30).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def _celery(*arguments):
    return (sys.executable, "-m", "celery", "-A", "config", *arguments)


def _pings(broker, node):
    from celery import Celery
    from kombu.exceptions import OperationalError

    try:
        with Celery(broker=broker, set_as_current=False) as app:
            return bool(app.control.ping(destination=[node], timeout=0.5))
    except (OperationalError, OSError):
        return False


def _unprivileged_account():
    """PostgreSQL refuses to run as root; anybody else runs it under the own name."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def postgres_programs():
    """The folder of initdb and postgres: Debian's newest, not what some wrapper on PATH chooses."""
    homes = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if homes:
        return homes[-1].parent
    found = shutil.which("initdb")
    if not found:
        raise ServerFailed("PostgreSQL is not installed. To add it: sudo apt-get install -y postgresql")
    return Path(found).resolve().parent


def _initdb(data, log, account):
    options = ("-D", data, "-U", "perspective", "-E", "UTF8", "--locale=C.UTF-8", "--auth=trust", "--no-sync")
    initdb = Child("initdb", (postgres_programs() / "initdb", *options), log=log, user=account)
    if initdb.start().process.wait(START_SECONDS):
        raise ServerFailed(f"initdb failed. Its log ends:\n{initdb.tail()}")


def _postgres_child(data, log, account, port, durable, max_connections):
    options = {
        "listen_addresses": LOOPBACK,
        "port": port,
        "unix_socket_directories": "",
        "max_connections": max_connections,
    }
    settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    speed = () if durable else FAST_BUT_FORGETFUL
    program = postgres_programs() / "postgres"
    # Its TERM would wait for every client to leave; INT sends them away and closes in good order.
    command = (program, "-D", data, *settings, *speed)
    return Child("postgres", command, log=log, user=account, ends_by=signal.SIGINT)


def _create_database(url):
    import psycopg2

    connection = None

    def connects():
        nonlocal connection
        try:
            connection = psycopg2.connect(f"{url}/postgres")
        except psycopg2.OperationalError:
            return False
        return True

    if not wait_until(connects, seconds=START_SECONDS):
        raise ServerFailed("PostgreSQL started, but lets nobody in.")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE perspective")
    connection.close()
