"""G18: no job is lost, and no page waits for the broker."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import requests

from tests.guarantees import Figure
from tests.support import servers
from tests.support.site import Site, site

SETUP = """
from tests import make
make.coordinator(email="office@example.org")
jordan = make.nation("JO", "Jordan")
make.liaison(jordan, email="liaison@example.org")
iteration = make.iteration(make.course("G18"), capacity={deeds}, minimum=1)
for _ in range({deeds}):
    make.nomination(make.person(jordan, email=""), iteration)
"""
IDS = """
import json
from enrollment.models import Nomination
print(json.dumps(list(Nomination.objects.filter(state="submitted").values_list("pk", flat=True)[:{count}])))
"""
STATE = """
import json
from notifications.models import Notification
print(json.dumps([Notification.objects.count(), Notification.objects.filter(sent_at__isnull=False).count()]))
"""


def prove(*, long: bool) -> Figure:
    deeds, outage = (500, 60) if long else (40, 6)
    figure = None
    for trouble in (Stopped, Frozen, Flushed, Killed):
        found = _deeds_during(trouble, deeds // 4, outage)
        figure = figure & found if figure else found
    return figure & _control()


class Stopped:
    name = "stopped"

    def begin(self, redis):
        redis.stop()

    def end(self, redis):
        redis.start()


class Killed(Stopped):
    name = "killed"

    def begin(self, redis):
        redis.kill()


class Frozen:
    name = "frozen"

    def begin(self, redis):
        redis.freeze()

    def end(self, redis):
        redis.thaw()


class Flushed:
    name = "flushed"

    def begin(self, redis):
        _flush(redis)

    def end(self, redis):
        _flush(redis)


def _flush(redis):
    import redis as client

    with client.Redis.from_url(redis.url) as connection:
        connection.flushall()


def _deeds_during(trouble_kind, deeds: int, outage: float) -> Figure:
    """Deeds through pages while the broker is in trouble: each answered in time, each message out after its return."""
    trouble = trouble_kind()
    with site("postgres", data=False, worker=False, SWEEP_SECONDS="2") as perspective:
        perspective.shell(SETUP.format(deeds=deeds))
        ids = json.loads(perspective.shell(IDS.format(count=deeds)))
        session = perspective.sign_in("office@example.org")
        with servers.celery_beat(perspective.env), servers.celery_worker(perspective.env, pool="threads"):
            trouble.begin(perspective.redis)
            answers = _select_all(perspective, session, ids, outage)
            trouble.end(perspective.redis)
            written, sent = _wait_until_sent(perspective, seconds=90)
    slowest = max(wait for _status, wait in answers)
    faults = sum(status >= 400 for status, _wait in answers)
    holds = not faults and slowest < 3 and written == sent >= deeds
    text = f"Redis {trouble.name}: {deeds} deeds, slowest {slowest:.1f} s, {faults} refused"
    return Figure(holds, f"{text}, {sent} of {written} messages out")


def _select_all(perspective: Site, session, ids: list[int], outage: float) -> list[tuple[int, float]]:
    """The deeds spread over the outage, two at a time."""
    start = time.monotonic()

    def deed(job: tuple[int, int]) -> tuple[int, float]:
        turn, nomination = job
        time.sleep(max(0, start + outage * turn / len(ids) - time.monotonic()))
        before = time.monotonic()
        address = f"{perspective.address}/nominations/{nomination}/move/"
        answer = requests.post(
            address,
            data={"move": "select"},
            cookies=session.cookies,
            headers=session.headers,
            timeout=60,
            allow_redirects=False,
        )
        return answer.status_code, time.monotonic() - before

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(deed, enumerate(ids)))


def _wait_until_sent(perspective: Site, seconds: float) -> tuple[int, int]:
    deadline = time.monotonic() + seconds
    while True:
        written, sent = json.loads(perspective.shell(STATE))
        if written == sent or time.monotonic() > deadline:
            return written, sent
        time.sleep(2)


def _control() -> Figure:
    """Without the sweep, what was written while the broker was flushed stays unsent: the count must see it."""
    with site("postgres", data=False, worker=False) as perspective:
        perspective.shell(SETUP.format(deeds=5))
        ids = json.loads(perspective.shell(IDS.format(count=5)))
        _select_all(perspective, perspective.sign_in("office@example.org"), ids, 0)
        _flush(perspective.redis)
        with servers.celery_worker(perspective.env, pool="threads"):
            time.sleep(8)
            written, sent = json.loads(perspective.shell(STATE))
    return Figure(sent < written, f"control without the sweep left {written - sent} of {written} unsent")
