"""`./dev run`: the whole site on this machine, for as long as the command runs."""

import fcntl
import os
import signal
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress

from devtools import broker, environment, places, site
from devtools.processes import LOOPBACK, Child, is_free
from devtools.say import Stop, say, step, warn

READY_SECONDS = 120
DEMO_LOGINS = ("admin", "coordinator", "liaison.jo", "liaison.ua", "instructor", "trainee")
DEMO_PASSWORD = "perspective-demo"


def run(*, may_use_apt=True):
    port = wanted_port()
    with only_one_here():
        environment.prepare("run", may_use_apt=may_use_apt)
        with leaving_nothing_behind() as children:
            serve(port, children)


def wanted_port():
    given = os.environ.get("PORT") or "8000"
    if not given.isdigit() or not 0 < int(given) < 65536:
        raise Stop(f"PORT must be a number between 1 and 65535, not {given!r}.")
    port = int(given)
    if not is_free(port):
        raise Stop(f"Port {port} is in use, or not open to you. Choose another one: PORT={port + 1} make run")
    return port


def serve(port, children):
    redis_url, redis = broker.choose()
    env = site.environment(port, redis_url)
    if redis:
        children.append(redis)
        broker.start(redis, redis_url)
    site.prepare(env)
    for child in programs(port, env):
        children.append(child)
        child.start()
    wait_until_ready(port, children)
    greet(port)
    watch(children)


def programs(port, env):
    gunicorn = "gunicorn config.wsgi --no-control-socket --workers 2 --threads 4 --graceful-timeout 5"
    worker = "celery -A config worker -P threads -c 2 -l INFO"
    beat = "celery -A config beat --pidfile= -l INFO -s"
    commands = {
        "web": [*gunicorn.split(), "--bind", f"{LOOPBACK}:{port}"],
        "worker": worker.split(),
        "beat": [*beat.split(), places.VAR / "beat-schedule"],
    }
    return [
        Child(name, (places.PYTHON, "-m", *command), env=env, log=places.LOGS / f"{name}.log")
        for name, command in commands.items()
    ]


# While it runs.


def wait_until_ready(port, children):
    """Goes on when the site lives but does not call itself ready; says then what it waits for."""
    with step("Starting the site"):
        deadline = time.monotonic() + READY_SECONDS
        said = None
        while time.monotonic() < deadline:
            complain_of_dead(children)
            is_ready, said = readiness(port)
            if is_ready:
                return
            time.sleep(0.1)
    if said is None:
        raise Stop(f"The site did not answer within {READY_SECONDS} seconds. Its log is {places.LOGS / 'web.log'}.")
    warn(f"The site runs, but does not call itself ready: {said}")


def readiness(port):
    """Whether /readyz says yes, and what it says; nothing when nobody answers."""
    try:
        with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/readyz", timeout=30) as answer:
            return True, answer.read().decode()
    except urllib.error.HTTPError as answer:
        return False, f"{answer.code} {answer.read(500).decode(errors='replace')}"
    except OSError:
        return False, None


def greet(port):
    say(f"\nPerspective runs at http://{LOOPBACK}:{port}/\n")
    say(f"Sign in with one of these, password {DEMO_PASSWORD}:")
    for name in DEMO_LOGINS:
        say(f"    {name}@example.org")
    say(f"\nMail goes to files in {places.VAR / 'mail'}, logs are in {places.LOGS}. Ctrl-C stops everything.")


def watch(children):
    while True:
        complain_of_dead(children)
        time.sleep(0.5)


def complain_of_dead(children):
    for child in children:
        if not child.is_alive:
            code = child.process.returncode
            raise Stop(f"{child.tail()}\n{child.name} ended by itself (code {code}); its log is {child.log}.")


# Beginning and end.


@contextmanager
def only_one_here():
    """One `run` at a time in this folder: two beats on one database would do everything twice."""
    places.VAR.mkdir(exist_ok=True)
    with (places.VAR / "run.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Stop("Perspective is already running from this folder. Stop it there by Ctrl-C first.") from None
        for log in places.LOGS.glob("*.log"):
            log.unlink()
        yield


class _Leave(BaseException):
    """Raised by a signal, so that it passes every `except Exception` on its way out."""


def _leave(number, frame):
    raise _Leave


@contextmanager
def leaving_nothing_behind():
    """Yields a list for children; whatever ends the block (Ctrl-C, a closed terminal, a fault), they end with it."""
    signals = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # ignored under nohup, where closing the terminal is no end
        signals.append(signal.SIGHUP)
    children = []
    before = {number: signal.signal(number, _leave) for number in signals}
    try:
        with suppress(_Leave):
            yield children
    finally:
        for number in signals:
            signal.signal(number, signal.SIG_IGN)
        stop_all(children)
        for number, handler in before.items():
            signal.signal(number, handler)


def stop_all(children):
    """The queue goes last, for a worker that cannot reach it takes long to leave."""
    if any(child.is_alive for child in children):
        say("\nStopping …")
    redis = [child for child in children if child.name.startswith("redis")]
    others = [child for child in children if child not in redis]
    for child in others:
        child.ask_to_stop()
    for child in (*others, *redis):
        child.stop()
