"""The real servers that tests, proofs and benchmarks lean on."""

import os
import urllib.request
from contextlib import ExitStack

import psycopg2
import pytest
import redis as redis_client

from devtools.processes import wait_until
from tests.support import servers

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("servers")]


@pytest.fixture
def enter():
    with ExitStack() as stack:
        yield stack.enter_context


@pytest.mark.postgres
def test_postgres_gives_an_empty_database_that_takes_many_clients(enter):
    url = enter(servers.postgres())

    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('max_connections'), current_setting('server_encoding')")
        assert cursor.fetchone() == ("200", "UTF8")
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        assert cursor.fetchone() == (0,)


@pytest.mark.postgres
def test_postgres_is_gone_afterwards_even_with_a_client_still_connected():
    with servers.postgres() as url:
        connection = psycopg2.connect(url)

    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(url)
    connection.close()


@pytest.mark.redis
def test_redis_forgets_when_killed_unless_it_is_persistent(enter):
    forgetful, persistent = enter(servers.redis_server()), enter(servers.redis_server(persistent=True))

    for server in (forgetful, persistent):
        redis_client.from_url(server.url).set("name", "value")
        server.kill()
        server.start()

    assert redis_client.from_url(forgetful.url).get("name") is None
    assert redis_client.from_url(persistent.url).get("name") == b"value"


@pytest.mark.redis
def test_redis_can_hang_and_come_back(enter):
    server = enter(servers.redis_server())

    server.freeze()
    hung = not server.answers()
    server.thaw()

    assert hung
    assert server.answers()


@pytest.mark.redis
@pytest.mark.worker
def test_a_worker_answers_and_can_be_killed_with_its_pool(enter):
    redis = enter(servers.redis_server())
    worker = enter(servers.celery_worker({"REDIS_URL": redis.url}, concurrency=2))
    pool = servers.children_of(worker.pid)

    worker.kill()

    assert len(pool) == 2
    assert wait_until(lambda: not any(_runs(pid) for pid in pool), seconds=5)


@pytest.mark.redis
@pytest.mark.worker
def test_beat_rings_by_the_schedule(enter):
    redis = enter(servers.redis_server())
    enter(servers.celery_beat({"REDIS_URL": redis.url, "SWEEP_SECONDS": "0.5"}))
    queue = redis_client.from_url(redis.url)

    assert wait_until(lambda: queue.llen("celery") >= 2, seconds=30)


def test_gunicorn_serves_the_site(enter):
    address = enter(servers.gunicorn({}, workers=1))

    with urllib.request.urlopen(f"{address}/healthz") as answer:
        assert answer.status == 200


def _runs(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat") as stat:
        return stat.read().rpartition(")")[2].split()[0] != "Z"
