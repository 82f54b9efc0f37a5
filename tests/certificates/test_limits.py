"""The counters of the public check, on real databases and with many askers at once."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from certificates import limits

# Eight processes' worth of threads count to 200 together, with our cache and with Django's own.
COUNT = """
import json
from concurrent.futures import ThreadPoolExecutor
from django.core.cache.backends.db import DatabaseCache
from django.db import connection
from config.cache import CountingCache

def counted(kind):
    cache = kind("cache", {})
    cache.set("n", 0, 60)
    def count(_):
        for _ in range(25):
            cache.incr("n")
        connection.close()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count, range(8)))
    return cache.get("n")

print(json.dumps([counted(CountingCache), counted(DatabaseCache)]))
"""


@pytest.mark.slow
@pytest.mark.redis
@pytest.mark.worker
def test_counters_lose_nothing_on_sqlite(sqlite_site):
    ours, _djangos = json.loads(sqlite_site.shell(COUNT).splitlines()[-1])

    assert ours == 200


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.redis
@pytest.mark.worker
def test_counters_lose_nothing_on_postgresql_where_django_s_own_do(postgres_site):
    ours, djangos = json.loads(postgres_site.shell(COUNT).splitlines()[-1])

    assert ours == 200
    assert djangos < 200  # else this test proves nothing


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.redis
@pytest.mark.worker
def test_many_at_once_get_no_more_answers_than_one_after_the_other(postgres_site):
    _wait_where_the_window_is_nearly_over()

    with ThreadPoolExecutor(25) as pool:
        answers = list(pool.map(lambda n: _guess(postgres_site.address, n), range(100)))

    assert answers.count(404) <= limits.MISSES_PER_ADDRESS
    assert answers.count(404) + answers.count(429) == 100


def _guess(address: str, n: int) -> int:
    return requests.get(f"{address}/verify/guess-{n}/", timeout=60).status_code


def _wait_where_the_window_is_nearly_over() -> None:
    """The guesses shall not straddle two."""
    left = limits.WINDOW_SECONDS - time.time() % limits.WINDOW_SECONDS
    if left < 15:
        time.sleep(left)


@pytest.mark.django_db
def test_a_counter_keeps_its_end():
    from django.core.management import call_command

    from config.cache import CountingCache

    call_command("createcachetable", "a_cache", verbosity=0)
    cache = CountingCache("a_cache", {})
    cache.set("n", 1, timeout=2)

    assert [cache.incr("n"), cache.incr("n", 5)] == [2, 7]
    time.sleep(2.1)
    with pytest.raises(ValueError, match="not found"):
        cache.incr("n")
