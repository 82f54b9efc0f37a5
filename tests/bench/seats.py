"""Seats under load: select, withdraw and accept an offer, all at once, beside a bare counter under the same row lock.

32 threads over 20 iterations on PostgreSQL, 8 over 4 on SQLite. On both sides a call opens its own connection; where
they are kept, each thread has one. After every call of the checked round the states of the iteration's seats add up to
its capacity. Then the solver behind “Propose”: tests/bench/propose.py.
"""

import importlib
import json
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from tests.support.site import site

SIZES = {
    "postgres": {"calls": 2000, "threads": 32, "iterations": 20, "keep": False},
    "postgres, connections kept": {"calls": 2000, "threads": 32, "iterations": 20, "keep": True},
    "sqlite": {"calls": 200, "threads": 8, "iterations": 4, "keep": False},
}
CAPACITY = 30


def run() -> dict[str, float]:
    print("| database | calls | threads | calls/s | bare counter/s | ratio | oversold | lost | unequal sums | faults |")
    print("| --- " * 10 + "|")
    ratios = {}
    for kind, size in SIZES.items():
        with site(kind.partition(",")[0], web=False, worker=False, data=False, STATEMENT_TIMEOUT_MS="0") as perspective:
            told = perspective.python("-m", "tests.bench.seats", json.dumps(size), timeout=1500)
        found = json.loads(told.splitlines()[-1])
        ratios[kind] = found["rate"] / found["bare"]
        cells = [kind, size["calls"], size["threads"], f"{found['rate']:.0f}", f"{found['bare']:.0f}"]
        cells += [f"{ratios[kind]:.2f}", found["oversold"], found["lost"], found["unequal"], found["faults"]]
        print("| " + " | ".join(map(str, cells)) + " |")
        assert not any(found[fault] for fault in ("oversold", "lost", "unequal", "faults")), found
    from tests.bench import propose

    return {"seats_vs_bare_lock": ratios["postgres"], "seats_vs_bare_lock_sqlite": ratios["sqlite"], **propose.run()}


def _inside(size: dict) -> dict:
    """Two rounds of calls, one timed, one with the sums asked after each call, the bare counter between them."""
    iterations = _world(size)
    timed, seconds = _at_once(_call, size, iterations)
    _counted, bare = _at_once(_count, size, iterations)
    checked, _seconds = _at_once(_checked_call, size, iterations)
    return {
        "rate": size["calls"] / seconds,
        "bare": size["calls"] / bare,
        "oversold": _oversold(),
        "lost": _lost(),
        "unequal": checked.count("unequal"),
        "faults": timed.count("fault") + checked.count("fault"),
    }


def _world(size: dict) -> list[int]:
    from courses.models import Iteration
    from tests import make

    make.coordinator(email="office@example.org")
    nations = [make.nation(code, code) for code in ("JO", "UA", "GE")]
    liaisons = [make.liaison(nation) for nation in nations]
    for nth in range(size["iterations"]):
        iteration = make.iteration(
            make.course(f"B{nth}", officers_from=None, officers_to=None), capacity=CAPACITY, minimum=1
        )
        for k in range(2 * CAPACITY):
            person = make.person(nations[k % 3], email="")
            make.nomination(person, iteration, nominated_by=liaisons[k % 3], priority=k // 3 + 1)
        Iteration.objects.filter(pk=iteration.pk).update(state="nominations closed")
    return list(Iteration.objects.values_list("pk", flat=True))


def _at_once(deed, size: dict, iterations: list[int]) -> tuple[list[str], float]:
    """What `deed` answered to each call, and the seconds that all of them took."""
    jobs = [(random.Random(n).choice(iterations), n) for n in range(size["calls"])]
    start = time.perf_counter()
    with ThreadPoolExecutor(size["threads"]) as pool:
        answers = list(pool.map(lambda job: _one(deed, *job, keeps=size["keep"]), jobs))
    return answers, time.perf_counter() - start


def _one(deed, iteration: int, nth: int, *, keeps: bool) -> str:
    from django.db import connection

    answer = deed(iteration, nth)
    if not keeps:
        connection.close()
    return answer


def _call(iteration: int, nth: int) -> str:
    """One deed on whatever nomination of the iteration is open to it now; who acts is known, as to a signed-in page."""
    from accounts.moves import Refused
    from enrollment import actions

    office, liaisons = _users()
    try:
        deed, row = _open_deed(iteration, nth)
        if deed == "select":
            actions.select(row, by=office)
        elif deed == "waitlist":
            actions.waitlist(row, by=office)
        elif deed == "accept":
            actions.accept_offer(row, by=liaisons[row.nominated_by_id])
        elif deed == "withdraw":
            actions.withdraw(row, by=liaisons[row.nominated_by_id], reason="Deployed")
    except Refused:
        pass
    except Exception as fault:
        print(type(fault).__name__, fault, file=sys.stderr)
        return "fault"
    return "done"


def _checked_call(iteration: int, nth: int) -> str:
    answer = _call(iteration, nth)
    return answer if answer == "fault" or _adds_up(iteration) else "unequal"


@cache
def _users() -> tuple:
    """The office, and the liaisons by id."""
    from accounts.models import User

    office = User.objects.get(email="office@example.org")
    return office, {user.pk: user for user in User.objects.exclude(pk=office.pk)}


def _open_deed(pk: int, nth: int) -> tuple:
    """What to do, and on which nomination: two of three calls seat somebody, the third gives a seat back."""
    from django.db import connection

    from courses.models import Iteration
    from enrollment.models import Nomination

    by_state = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, state, nominated_by_id FROM enrollment_nomination WHERE iteration_id = %s", [pk])
        for nomination, state, liaison in cursor.fetchall():
            by_state.setdefault(state, []).append((nomination, liaison))
    wanted = ("selected", "offered", "submitted") if nth % 3 == 2 else ("offered", "submitted", "selected")
    state = next((state for state in wanted if by_state.get(state)), None)
    if state is None:
        return None, None
    nomination, liaison = random.Random(nth).choice(by_state[state])
    row = Nomination(pk=nomination, nominated_by_id=liaison, iteration=Iteration(pk=pk))
    if state == "submitted":
        taken = sum(len(by_state.get(state, ())) for state in ("selected", "offered"))
        return ("select" if taken < CAPACITY else "waitlist"), row
    return {"offered": "accept", "selected": "withdraw"}[state], row


def _adds_up(iteration: int) -> bool:
    """The states of the seats, and those who keep one, counted in one statement each, under the iteration's lock."""
    from django.db import transaction

    from courses.models import Iteration, Seat
    from enrollment.models import Nomination

    with transaction.atomic():
        row = Iteration.objects.select_for_update().get(pk=iteration)
        seats = list(Seat.objects.filter(iteration=row).values_list("state", flat=True))
        keeping = Nomination.objects.keeping_a_seat().filter(iteration=row).count()
    with_a_person = sum(state in ("named", "confirmed", "offered") for state in seats)
    return len(seats) == row.capacity and with_a_person == keeping == row.seats_taken


def _count(iteration: int, nth: int) -> str:
    """The least that a hard limit costs: lock the row, look, count, write."""
    from django.db import transaction

    from courses.models import Iteration

    with transaction.atomic():
        row = Iteration.objects.select_for_update().only("pk", "seats_taken", "capacity").get(pk=iteration)
        if row.seats_taken <= row.capacity:
            Iteration.objects.filter(pk=iteration).update(seats_taken=row.seats_taken)
    return "done"


def _oversold() -> int:
    from courses.models import Iteration
    from enrollment.models import Nomination

    return sum(
        max(0, Nomination.objects.keeping_a_seat().filter(iteration=row).count() - row.capacity)
        for row in Iteration.objects.all()
    )


def _lost() -> int:
    """Seats that nobody has although the counter says so, or the other way round."""
    from courses.models import Iteration, Seat

    rows = Iteration.objects.all()
    with_a_person = Seat.objects.exclude(state__in=Seat.WITHOUT_A_PERSON)
    return sum(abs(with_a_person.filter(iteration=row).count() - row.seats_taken) for row in rows)


if __name__ == "__main__":
    from django.conf import settings

    importlib.import_module("config.wsgi")  # a process that starts as the web server's do
    settings.DEBUG = False
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    print(json.dumps(_inside(json.loads(sys.argv[1]))))
