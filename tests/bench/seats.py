"""Seats under load: select, withdraw and accept an offer, all at once, beside a bare counter under the same row lock.

32 threads over 20 iterations on PostgreSQL, 8 over 4 on SQLite. After every call of the checked round the states of the
iteration's seats add up to its capacity. Then the solver behind “Propose”, by tests/bench/propose.py.
"""

import json
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from tests.support.site import site

SIZES = {
    "postgres": {"calls": 2000, "threads": 32, "iterations": 20},
    "sqlite": {"calls": 200, "threads": 8, "iterations": 4},
}


def run() -> dict[str, float]:
    print("| database | calls | threads | calls/s | bare counter/s | ratio | oversold | lost | unequal sums | faults |")
    print("| --- " * 10 + "|")
    ratios = {}
    for kind, size in SIZES.items():
        with site(kind, web=False, worker=False, data=False, STATEMENT_TIMEOUT_MS="0") as perspective:
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
    timed = _contest(size, iterations, checks=False)
    bare = _bare(size, iterations)
    checked = _contest(size, iterations, checks=True)
    return {
        "rate": size["calls"] / timed["seconds"],
        "bare": size["calls"] / bare,
        "oversold": _oversold(),
        "lost": _lost(),
        "unequal": checked["unequal"],
        "faults": timed["faults"] + checked["faults"],
    }


def _world(size: dict) -> list[int]:
    from courses.models import Iteration
    from tests import make

    make.coordinator(email="office@example.org")
    nations = [make.nation(code, code) for code in ("JO", "UA", "GE")]
    liaisons = [make.liaison(nation) for nation in nations]
    for nth in range(size["iterations"]):
        iteration = make.iteration(make.course(f"B{nth}", officers_from=None, officers_to=None), capacity=30, minimum=1)
        for k in range(60):
            person = make.person(nations[k % 3], email="")
            make.nomination(person, iteration, nominated_by=liaisons[k % 3], priority=k // 3 + 1)
        Iteration.objects.filter(pk=iteration.pk).update(state="nominations closed")
    return list(Iteration.objects.values_list("pk", flat=True))


def _contest(size: dict, iterations: list[int], *, checks: bool) -> dict:
    jobs = [(random.Random(n).choice(iterations), n) for n in range(size["calls"])]
    start = time.perf_counter()
    with ThreadPoolExecutor(size["threads"]) as pool:
        answers = list(pool.map(lambda job: _call(*job, checks), jobs))
    return {
        "seconds": time.perf_counter() - start,
        "faults": sum(answer == "fault" for answer in answers),
        "unequal": sum(answer == "unequal" for answer in answers),
    }


def _call(iteration: int, nth: int, checks: bool) -> str:
    """One deed on whatever nomination of the iteration is open to it now."""
    from django.db import connection

    from accounts.models import User
    from accounts.moves import Refused
    from enrollment import actions
    from enrollment.models import Nomination

    rows = Nomination.objects.filter(iteration=iteration).select_related("iteration", "nominated_by")
    office = User.objects.get(email="office@example.org")
    try:
        row = rows.filter(state__in=["offered", "submitted"]).order_by("?").first()
        seated = rows.filter(state="selected").order_by("?").first()
        if nth % 3 == 2 and seated:
            actions.withdraw(seated, by=seated.nominated_by, reason="Deployed")
        elif row is None:
            pass
        elif row.state == "offered":
            actions.accept_offer(row, by=row.nominated_by)
        elif row.iteration.seats_free:
            actions.select(row, by=office)
        else:
            actions.waitlist(row, by=office)
    except Refused:
        pass
    except Exception as fault:
        print(type(fault).__name__, fault, file=sys.stderr)
        return "fault"
    finally:
        answer = "unequal" if checks and not _adds_up(iteration) else "done"
        connection.close()
    return answer


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


def _bare(size: dict, iterations: list[int]) -> float:
    """The least that a hard limit costs: lock the row, look, count, write."""
    from django.db import connection, transaction

    from courses.models import Iteration

    def count(iteration: int) -> None:
        with transaction.atomic():
            row = Iteration.objects.select_for_update().only("pk", "seats_taken", "capacity").get(pk=iteration)
            if row.seats_taken <= row.capacity:
                Iteration.objects.filter(pk=iteration).update(seats_taken=row.seats_taken)
        connection.close()

    jobs = [random.Random(n).choice(iterations) for n in range(size["calls"])]
    start = time.perf_counter()
    with ThreadPoolExecutor(size["threads"]) as pool:
        list(pool.map(count, jobs))
    return time.perf_counter() - start


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
    import django

    django.setup()
    from django.conf import settings

    settings.DEBUG = False
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    print(json.dumps(_inside(json.loads(sys.argv[1]))))
