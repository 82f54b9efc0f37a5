"""G7: never overbooked, never a free seat refused, by any door and however many at once.

On each iteration one nation has a ceiling and another a guarantee: both hold in every order of arrival.
"""

import json
import random
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle

import requests

from tests.guarantees import Figure
from tests.support.site import Site, site

SETUP = """
from tests import make
from enrollment.actions import Wish, set_quotas
iterations, seats, nominees = {iterations}, {seats}, {nominees}
office = make.coordinator(email="office@example.org")
nations = [make.nation(code, code) for code in ("JO", "UA", "GE")]
for n in nations:
    make.liaison(n)
course = make.course("G7", officers_from=None, officers_to=None)
for _ in range(iterations):
    iteration = make.iteration(course, capacity=seats, minimum=1)
    set_quotas(iteration, [Wish(nations[0], ceiling=seats // 4), Wish(nations[1], floor=seats // 3)], by=office)
    for k in range(nominees):
        make.nomination(make.person(nations[k % 3], email=""), iteration)
"""
STATE = """
import json
from courses.models import Iteration
def of(iteration, code):
    return iteration.nominations.holding_a_seat().filter(nation__code=code).count()
print(json.dumps([
    [i.capacity, i.seats_taken, i.nominations.holding_a_seat().count(), of(i, "JO"), of(i, "UA")]
    for i in Iteration.objects.all()
]))
"""
IDS = """
import json
from enrollment.models import Nomination
print(json.dumps(list(Nomination.objects.values_list("pk", "iteration"))))
"""


def prove(*, long: bool) -> Figure:
    size = {"iterations": 20, "seats": 30, "nominees": 100} if long else {"iterations": 4, "seats": 10, "nominees": 30}
    figures = [_contest(kind, size, threads=32 if long else 12) for kind in ("postgres", "sqlite")]
    return figures[0] & figures[1] & _control(size)


def _contest(kind: str, size: dict, threads: int) -> Figure:
    """As many selections as there are nominees, through page, bulk page, API and admin, shuffled, all at once."""
    with site(kind, worker=False, data=False) as perspective:
        perspective.shell(SETUP.format(**size))
        nominations = json.loads(perspective.shell(IDS))
        random.Random(7).shuffle(nominations)
        session = perspective.sign_in("office@example.org")
        doors = cycle([by_page, by_api, by_bulk_page, by_admin])
        with ThreadPoolExecutor(threads) as pool:
            answers = list(
                pool.map(
                    lambda job: _timed(job[0], perspective, session, *job[1]), zip(doors, nominations, strict=False)
                )
            )
        return _judge(kind, size, answers, json.loads(perspective.shell(STATE)))


def by_page(perspective: Site, session, nomination: int, iteration: int) -> int:
    address = f"{perspective.address}/nominations/{nomination}/move/"
    return _post(session, address, data={"move": "select"})


def by_api(perspective: Site, session, nomination: int, iteration: int) -> int:
    return _post(session, f"{perspective.address}/api/v1/nominations/{nomination}/move/", json={"move": "select"})


def by_bulk_page(perspective: Site, session, nomination: int, iteration: int) -> int:
    address = f"{perspective.address}/iterations/{iteration}/decide/"
    return _post(session, address, data={"ids": [nomination], "move": "select", "confirmed": "1"})


def by_admin(perspective: Site, session, nomination: int, iteration: int) -> int:
    """The admin is no second way to decide: whatever is posted there changes nothing."""
    address = f"{perspective.address}/admin/enrollment/nomination/{nomination}/change/"
    _post(session, address, data={"state": "selected"})
    return by_page(perspective, session, nomination, iteration)


def _post(session, address: str, **body) -> int:
    cookies, headers = session.cookies, session.headers
    return requests.post(
        address, cookies=cookies, headers=headers, timeout=120, allow_redirects=False, **body
    ).status_code


def _timed(door, *arguments) -> tuple[int, float]:
    start = time.monotonic()
    return door(*arguments), time.monotonic() - start


def _judge(kind: str, size: dict, answers: list, state: list) -> Figure:
    seats = size["iterations"] * size["seats"]
    seated = sum(holders for _capacity, _taken, holders, _jordan, _ukraine in state)
    oversold = sum(max(0, holders - capacity) for capacity, _taken, holders, _jordan, _ukraine in state)
    miscounted = sum(taken != holders for _capacity, taken, holders, _jordan, _ukraine in state)
    over_quota = sum(
        jordan > capacity // 4 or ukraine < capacity // 3 for capacity, _taken, _holders, jordan, ukraine in state
    )
    faults = sum(status >= 500 for status, _wait in answers)
    worst = max(wait for _status, wait in answers)
    print(kind, Counter(status for status, _wait in answers), file=sys.stderr)
    holds = seated == seats and not any((oversold, miscounted, over_quota, faults))
    text = f"{kind}: {len(answers)} selections at once for {seats} seats, {seated} seated, {oversold} oversold, "
    text += f"{over_quota} iterations with a ceiling passed or a guarantee lost, "
    return Figure(holds, text + f"{faults} server errors, worst wait {worst:.1f} s")


def _control(size: dict) -> Figure:
    """The same contest against a selection that counts first and writes later must oversell."""
    with site("postgres", web=False, worker=False, data=False) as perspective:
        perspective.shell(SETUP.format(**size))
        state = json.loads(perspective.python("-m", "tests.guarantees.g07_seats").splitlines()[-1])
    oversold = sum(max(0, holders - capacity) for capacity, _taken, holders in state)
    return Figure(oversold > 0, f"control without the lock oversold {oversold}")


def _select_without_a_lock(nomination_id: int) -> None:
    from django.db import connection

    from enrollment.models import Nomination

    nomination = Nomination.objects.select_related("iteration").get(pk=nomination_id)
    taken = Nomination.objects.holding_a_seat().filter(iteration=nomination.iteration).count()
    time.sleep(0.01)  # where the real deed checks criteria and writes its history
    if taken < nomination.iteration.capacity:
        Nomination.objects.filter(pk=nomination_id).update(state="selected")
    connection.close()


if __name__ == "__main__":
    import django

    django.setup()
    from courses.models import Iteration
    from enrollment.models import Nomination

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(_select_without_a_lock, Nomination.objects.values_list("pk", flat=True)))
    rows = [[i.capacity, i.seats_taken, i.nominations.holding_a_seat().count()] for i in Iteration.objects.all()]
    print(json.dumps(rows))
