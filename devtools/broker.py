"""The Redis protocol for `./dev run`: the one that REDIS_URL names, else a redis-server, else a stand-in in Python."""

import os
import socket
from contextlib import closing
from urllib.parse import urlsplit

from devtools import places
from devtools.processes import LOOPBACK, Child, free_port, wait_until
from devtools.say import Stop, say, warn
from devtools.shell import answers

START_SECONDS = 30


def choose():
    """The address to use, and the server to start for it (None when somebody else's answers there)."""
    given = os.environ.get("REDIS_URL")
    if given and is_answering(given):
        return given, None
    if given:
        warn(f"Nothing answers at REDIS_URL ({_without_password(given)}), so a Redis of our own is started.")
    port = free_port()
    return f"redis://{LOOPBACK}:{port}/0", _server(port) if answers("redis-server", "--version") else _stand_in(port)


def start(server, url):
    server.start()
    if not wait_until(lambda: not server.is_alive or is_answering(url), seconds=START_SECONDS) or not server.is_alive:
        raise Stop(f"{server.tail()}\n{server.name} did not start; its log is {server.log}.")


def is_answering(url):
    """Whether a server there takes a PING. One that first asks for a password or for TLS is there as well."""
    address = urlsplit(url)
    try:
        with closing(socket.create_connection((address.hostname, address.port or 6379), timeout=2)) as connection:
            if address.scheme == "rediss":
                return True
            connection.sendall(b"*1\r\n$4\r\nPING\r\n")
            return connection.recv(64).startswith((b"+PONG", b"-NOAUTH"))
    except OSError:
        return False


def _server(port):
    data = places.VAR / "redis"
    data.mkdir(parents=True, exist_ok=True)
    options = ("--bind", LOOPBACK, "--port", port, "--dir", data, "--save", "", "--appendonly", "yes")
    return Child("redis", ("redis-server", *options, "--maxmemory-policy", "noeviction"), log=places.LOGS / "redis.log")


def _stand_in(port):
    """It forgets all when it stops, which costs nothing: the work list is in the database."""
    say("· No redis-server here: a stand-in written in Python takes its place")
    address = f"({LOOPBACK!r}, {port})"
    program = f"import fakeredis; fakeredis.TcpFakeServer({address}, server_type='redis').serve_forever()"
    return Child("redis (stand-in)", (places.PYTHON, "-c", program), log=places.LOGS / "redis.log")


def _without_password(url):
    address = urlsplit(url)
    return address._replace(netloc=address.netloc.rpartition("@")[2]).geturl()
