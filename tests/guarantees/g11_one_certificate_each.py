"""G11: exactly one certificate per person, iteration and kind, whatever dies."""

import json
import random
import time

from tests.guarantees import Figure
from tests.support import servers
from tests.support.site import Site, site

SETUP = """
from datetime import timedelta
from django.utils import timezone
from courses.models import Iteration
from delivery.models import Attendance
from tests import make
office = make.coordinator(email="office@example.org")
course = make.course("G11", assessment="summative")
today = timezone.localdate()
iteration = make.running_iteration(course, capacity={people}, state="running")
nation = make.nation("JO", "Jordan")
for _ in range({people}):
    nomination = make.nomination(make.person(nation), iteration, state="passed", nominated_by=office)
    for day in iteration.training_days():
        Attendance.objects.create(nomination=nomination, day=day, is_present=True, marked_by=office)
"""
ISSUE = """
from accounts.models import User
from certificates import actions
from courses.models import Iteration
office = User.objects.get(email="office@example.org")
actions.issue(Iteration.objects.get(), actions.Act(tells_trainees=True), by=office)
"""
AGAIN = """
from accounts.moves import Refused
from accounts.models import User
from certificates import actions
from courses.models import Iteration
try:
    actions.issue(Iteration.objects.get(), by=User.objects.get(email="office@example.org"))
except Refused as refusal:
    print("refused")
"""
STATE = """
import hashlib, json
from collections import Counter
from certificates import files
from certificates.models import Certificate
from notifications.models import Notification
rows = list(Certificate.objects.order_by("number"))
numbers = [int(row.number.rsplit("-", 1)[1]) for row in rows]
def intact(row):
    path = files.path_of(row.file_name)
    return bool(row.file_name) and path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == row.sha256
print(json.dumps({
    "states": Counter(row.state for row in rows),
    "gapless": numbers == list(range(1, len(rows) + 1)),
    "intact": sum(intact(row) for row in rows),
    "parts": len(list(files.folder().glob("*/*.part"))),
    "told": Notification.objects.filter(event="certificate.issued", sent_at__isnull=False).count(),
}))
"""


def prove(*, long: bool) -> Figure:
    people, kills, wipes = (1000, 50, 5) if long else (100, 10, 2)
    figure = _kill_and_wipe("postgres", people, kills, wipes)
    if long:
        figure &= _kill_and_wipe("sqlite", 200, 10, 2)
    return figure & _control()


def _kill_and_wipe(kind: str, people: int, kills: int, wipes: int) -> Figure:
    """Issue for everybody at once; kill the worker and empty the broker while it works, then let it finish."""
    quick = {"JOB_LEASE_SECONDS": "6", "SWEEP_SECONDS": "1"}
    with site(kind, web=False, worker=False, data=False, **quick) as perspective:
        perspective.shell(SETUP.format(people=people))
        with servers.celery_beat(perspective.env):
            perspective.shell(ISSUE)
            killed = _disturb(perspective, kills, wipes)
            with servers.celery_worker(perspective.env):
                state = _wait_for_the_end(perspective, people)
        twice = "refused" in perspective.shell(AGAIN)
    mails = len({mail["Message-ID"] for mail in state["mails"]})
    doubles = len(state["mails"]) - mails
    issued = state["states"].get("issued", 0)
    holds = issued == people == state["intact"] == mails and state["gapless"] and twice and doubles <= killed * 2
    text = (
        f"{kind}: {killed} kills, {wipes} wiped brokers: {issued} of {people} issued, {state['intact']} files intact, "
    )
    return Figure(holds, text + f"numbers {'gapless' if state['gapless'] else 'WITH GAPS'}, {doubles} doubled mails")


def _disturb(perspective: Site, kills: int, wipes: int) -> int:
    """Start a worker, let it work for a moment, kill it with its children; now and then forget every message."""
    chance = random.Random(11)
    wiping = set(chance.sample(range(kills), wipes))
    for turn in range(kills):
        with servers.celery_worker(perspective.env) as worker:
            time.sleep(chance.uniform(0.2, 1.5))
            worker.kill()
        if turn in wiping:
            _wipe(perspective)
    return kills


def _wipe(perspective: Site) -> None:
    import redis

    with redis.Redis.from_url(perspective.redis.url) as client:
        client.flushall()


def _wait_for_the_end(perspective: Site, people: int) -> dict:
    deadline = time.monotonic() + 120 + people
    while True:
        state = json.loads(perspective.shell(STATE))
        if (state["states"].get("issued") == people == state["told"]) or time.monotonic() > deadline:
            state["mails"] = perspective.mails()
            return state
        time.sleep(2)


def _control() -> Figure:
    """The same trouble with the sweep switched off must lose work: messages alone do not survive a wiped broker."""
    with site("sqlite", web=False, worker=False, data=False, JOB_LEASE_SECONDS="6") as perspective:
        perspective.shell(SETUP.format(people=20))
        perspective.shell(ISSUE)
        _wipe(perspective)
        with servers.celery_worker(perspective.env):
            time.sleep(10)
            state = json.loads(perspective.shell(STATE))
    lost = 20 - state["states"].get("issued", 0)
    return Figure(lost > 0, f"control without the sweep lost {lost} of 20")
