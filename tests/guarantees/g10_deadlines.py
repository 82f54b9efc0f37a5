"""G10: deadlines are right to the second in the iteration's zone, whatever its clock does that night.

Every deed that reads a deadline and every step of the seat clock × every zone × a second before, the instant itself, a
second after, through its page, the API or its task. And the rule for what comes at the last moment: the instant that
counts is when the request arrived.
"""

import json
import time
from collections.abc import Callable
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Event, Thread

from courses import clock
from tests.guarantees import Figure
from tests.support.site import site

# A day in a zone, and the first instant that is no longer that day: written by hand, not computed.
ENDS_OF_DAYS = [
    ("Europe/Stockholm", date(2027, 3, 28), "2027-03-28T22:00:00+00:00"),  # 23 hours long
    ("Europe/Stockholm", date(2027, 10, 31), "2027-10-31T23:00:00+00:00"),  # 25 hours long
    (
        "Africa/Cairo",
        date(2027, 4, 29),
        "2027-04-29T22:00:00+00:00",
    ),  # the next day begins at 01:00, it has no midnight
    ("Africa/Cairo", date(2027, 10, 28), "2027-10-28T22:00:00+00:00"),  # has its last hour twice
    ("Asia/Amman", date(2027, 6, 15), "2027-06-15T21:00:00+00:00"),
    ("Asia/Kathmandu", date(2027, 6, 15), "2027-06-15T18:15:00+00:00"),
    ("America/St_Johns", date(2027, 11, 7), "2027-11-08T03:30:00+00:00"),  # 25 hours long
    ("Pacific/Tongatapu", date(2027, 6, 15), "2027-06-15T11:00:00+00:00"),  # UTC+13
]
SECONDS = (-1, 0, 1)


def prove(*, long: bool) -> Figure:
    kinds = ("sqlite", "postgres")
    figures = [_on(kind) for kind in (kinds if long else kinds[1:])]
    return figures[0] & figures[1] if long else figures[0]


def _on(kind: str) -> Figure:
    with site(kind, web=False, worker=False, data=False) as perspective:
        found = json.loads(perspective.python("-m", "tests.guarantees.g10_deadlines", timeout=900).splitlines()[-1])
    zones = {zone for zone, _day, _end in ENDS_OF_DAYS}
    text = (
        f"{kind}: {found['deadlines']} deadlines × {len(ENDS_OF_DAYS)} nights in {len(zones)} zones × ±1 s: "
        f"{found['tried']} judged, {len(found['wrong'])} wrong{found['wrong'][:3] or ''}"
    )
    text += f"; sent again late: {found['again']}, arrived in time and done late: {found['waited']}"
    text += f"; control in the server's zone: {found['control']} wrong"
    text += f", control judged when its turn came: {found['control of the wait']}"
    holds = not found["wrong"] and found["control"] > 0
    is_fair = found["again"] == found["waited"] == "in time" and found["control of the wait"] == "late"
    return Figure(holds and is_fair, text)


# Who meets which deadline. All of this runs in the site's own process.


class World:
    """An office, a liaison and one of her people; and a signed-in client for each, made anew under each clock."""

    def __init__(self) -> None:
        from tests import make

        self.jordan = make.nation("JO", "Jordan")
        self.users = {"office": make.coordinator(), "liaison": make.liaison(self.jordan)}
        self.course = make.course("G10", officers_from=None, officers_to=None)

    def client(self, who: str):
        from django.test import Client

        client = Client()
        client.force_login(self.users[who], backend="accounts.backends.Backend")
        return client

    def post(self, who: str, path: str, data: dict, *, as_json: bool = False, **headers: str):
        kind = {"content_type": "application/json"} if as_json else {}
        return self.client(who).post(path, data, **kind, headers=headers)

    def iteration(self, *, zone: str, starts_on: date, state: str = "nominations open", **fields):
        from tests import make

        days = {"starts_on": starts_on, "ends_on": starts_on + timedelta(days=4), "rest_days": ""}
        return make.iteration(self.course, state=state, time_zone=zone, minimum=1, **days, **fields)

    def nomination(self, iteration, state: str):
        from tests import make

        return make.nomination(make.person(self.jordan), iteration, state=state, nominated_by=self.users["liaison"])


@dataclass(frozen=True)
class Deadline:
    """Something that is one way up to the end of a day and another way from then on.

    `begin` makes the record that the deed is about, given that day and the zone; `deed` does it through a public door;
    `outcome` reads from the record which way it went: it must be `before` in the last second and `after` from the next.
    `step` is the field of the iteration that says the day.
    """

    name: str
    step: str
    begin: Callable
    deed: Callable
    outcome: Callable
    before: object
    after: object


def _draft(policy: str) -> Callable:
    def begin(world: World, day: date, zone: str):
        clock = {"nominations_close_on": day, "late_policy": policy}
        return world.nomination(world.iteration(zone=zone, starts_on=day + timedelta(days=60), **clock), "draft")

    return begin


def _of_one_that_starts_the_day_after(nomination_state: str, iteration_state: str) -> Callable:
    def begin(world: World, day: date, zone: str):
        iteration = world.iteration(zone=zone, starts_on=day + timedelta(days=1), state=iteration_state)
        return world.nomination(iteration, nomination_state)

    return begin


def _of_one_that_runs(world: World, day: date, zone: str):
    """The day that ends is its first: the register of the second cannot be kept before that."""
    return world.nomination(world.iteration(zone=zone, starts_on=day, state="running"), "confirmed")


def _move_by_page(who: str, move: str, **words: str) -> Callable:
    return lambda world, row: world.post(who, f"/nominations/{row.pk}/move/", {"move": move, **words})


def _move_by_api(who: str, move: str, **words: str) -> Callable:
    path = "/api/v1/nominations/{}/move/"
    return lambda world, row: world.post(who, path.format(row.pk), {"move": move, **words}, as_json=True)


def _mark_the_second_day(world: World, row):
    day = row.iteration.starts_on + timedelta(days=1)
    fields = {"day": day, "present": row.pk, "listed": row.pk}
    return world.post("office", f"/iterations/{row.iteration_id}/attendance/", fields)


def _nominate_another(world: World, row):
    from tests import make

    fields = {"person": make.person(world.jordan).pk, "priority": "1", "deed": "draft"}
    return world.post("liaison", f"/iterations/{row.iteration_id}/nominate/", fields)


def _record_an_outcome(world: World, row):
    fields = {f"outcome-{row.pk}": "no-show", f"initial-outcome-{row.pk}": ""}
    return world.post("office", f"/iterations/{row.iteration_id}/results/", fields)


def _an_offer(world: World, day: date, zone: str):
    """Made an hour before the end of the last day for changes, with three days to answer that are not there."""
    from enrollment.actions import offers

    changes = {"last_substitution_on": day, "starts_on": day + timedelta(days=20)}
    iteration = world.iteration(zone=zone, state="nominations closed", **changes)
    made_at = clock.end_of_day(day, zone) - timedelta(hours=1)
    row = world.nomination(iteration, "offered")
    row.answer_by = offers.answer_by(iteration, made_at)
    row.save()
    return row


def _a_seat_to_hand_over(world: World, day: date, zone: str):
    changes = {"last_substitution_on": day, "starts_on": day + timedelta(days=20)}
    return world.nomination(world.iteration(zone=zone, state="nominations closed", **changes), "selected")


def _substitute(world: World, row) -> None:
    """By the action itself: it has no page yet."""
    from accounts.moves import Refused
    from enrollment import actions
    from tests import make

    with suppress(Refused):
        actions.substitute(row, make.person(world.jordan), by=world.users["liaison"])


def _step_of_the_clock(step: str) -> Deadline:
    """Taken by the system at the end of its day, if it is a deadline, or else as its day begins."""

    def begin(world: World, day: date, zone: str):
        due_on = day if step in clock.DEADLINES else day + timedelta(days=1)
        offsets = dict.fromkeys(clock.STEPS, due_on)
        starts_on = day + timedelta(days=20)
        iteration = world.iteration(zone=zone, starts_on=starts_on, state="nominations closed", **offsets)
        return iteration.clock_steps.get(step=step)

    def take(world: World, row) -> None:
        from enrollment.clockwork import take_clock_step

        take_clock_step(row.pk)

    return Deadline(f"the clock: {step}", step, begin, take, lambda row: row.done_at is not None, False, True)


def _state(row) -> str:
    return row.state


# A deed that reads a date of the iteration belongs here: one row for each.
DEADLINES = [
    Deadline(
        "a nomination comes late", "nominations_close_on", _draft("coordinator decides"),
        _move_by_page("liaison", "submit"),
        lambda row: (row.state, row.is_late), ("submitted", False), ("submitted", True),
    ),
    Deadline(
        "late nominations are refused", "nominations_close_on", _draft("refuse"),
        _move_by_api("liaison", "submit"), _state, "submitted", "draft",
    ),
    Deadline(
        "no more nominations", "starts_on", _of_one_that_starts_the_day_after("submitted", "nominations open"),
        _nominate_another, lambda row: row.iteration.nominations.count(), 2, 1,
    ),
    Deadline(
        "a confirmed place can no longer be given back", "starts_on",
        _of_one_that_starts_the_day_after("confirmed", "confirmed"),
        _move_by_page("liaison", "withdraw", reason="Ill"), _state, "withdrawn", "confirmed",
    ),
    Deadline(
        "a result can be recorded", "starts_on", _of_one_that_starts_the_day_after("confirmed", "running"),
        _record_an_outcome, _state, "confirmed", "no-show",
    ),
    Deadline(
        "attendance can be marked", "starts_on", _of_one_that_runs,
        _mark_the_second_day, lambda row: row.attendance.count(), 0, 1,
    ),
    Deadline(
        "an offer can be answered", "last_substitution_on", _an_offer,
        _move_by_api("liaison", "accept_offer"), _state, "selected", "offered",
    ),
    Deadline(
        "a seat can be handed to somebody else", "last_substitution_on", _a_seat_to_hand_over,
        _substitute, _state, "substituted", "selected",
    ),
    *map(_step_of_the_clock, clock.STEPS),
]  # fmt: skip


def judge(world: World, *, saved_zone: str | None = None) -> tuple[int, list[str]]:
    """How many were tried and which went wrong. `saved_zone` is the control: the zone that every iteration then has."""
    tried, wrong = 0, []
    for deadline in DEADLINES:
        for zone, day, end in ENDS_OF_DAYS:
            for seconds in SECONDS:
                instant = datetime.fromisoformat(end) + timedelta(seconds=seconds)
                found = _outcome_at(world, deadline, day, saved_zone or zone, instant)
                tried += 1
                if found != (deadline.before if seconds < 0 else deadline.after):
                    wrong.append(f"{deadline.name}, {zone}, {instant.isoformat()}: {found}")
    return tried, wrong


def _outcome_at(world: World, deadline: Deadline, day: date, zone: str, instant: datetime):
    import time_machine
    from django.db import transaction

    with transaction.atomic(), time_machine.travel(instant, tick=False):
        row = deadline.begin(world, day, zone)
        deadline.deed(world, row)
        found = deadline.outcome(type(row).objects.select_related("iteration").get(pk=row.pk))
        transaction.set_rollback(True)
    return found


# What comes at the last moment


def _late_word(row) -> str:
    row.refresh_from_db()
    return {"draft": "not done"}.get(row.state, "late" if row.is_late else "in time")


def _sent_again_late(world: World) -> str:
    """Done in the last second, answered into a cut line, and sent again after the deadline with the same key."""
    import time_machine

    zone, day, end = ENDS_OF_DAYS[0]
    row, last = _draft("coordinator decides")(world, day, zone), datetime.fromisoformat(end) - timedelta(seconds=1)
    path, key = f"/api/v1/nominations/{row.pk}/move/", {"Idempotency-Key": "a key"}
    with time_machine.travel(last, tick=False) as clock:
        first = world.post("liaison", path, {"move": "submit"}, as_json=True, **key)
        clock.shift(2)
        again = world.post("liaison", path, {"move": "submit"}, as_json=True, **key)
    is_told = again.status_code == 200 and first.content == again.content and again.headers.get("Idempotency-Replayed")
    return _late_word(row) if is_told else f"answered {again.status_code}"


def _waited_past_the_deadline(world: World) -> str:
    """It arrives in the last second, waits while somebody holds the iteration, and is done after the deadline."""
    import time_machine

    zone, day, end = ENDS_OF_DAYS[0]
    row, last = _draft("coordinator decides")(world, day, zone), datetime.fromisoformat(end) - timedelta(seconds=1)
    with time_machine.travel(last, tick=False) as clock:
        client = world.client("liaison")  # signing in writes too: before, not while somebody holds the database
        with _held(row.iteration) as let_go:
            deed = Thread(target=_in_a_thread, args=(client.post, f"/nominations/{row.pk}/move/", {"move": "submit"}))
            deed.start()
            time.sleep(1.5)  # it has arrived, and waits for its turn
            is_waiting = deed.is_alive()
            clock.shift(2)
            let_go.set()
            deed.join(60)
    return _late_word(row) if is_waiting else "did not wait"


@contextmanager
def _held(iteration):
    """Somebody else's transaction holds the iteration's row until the event that this yields is set."""
    has_it, let_go = Event(), Event()

    def hold() -> None:
        from django.db import transaction

        from courses import actions as courses

        with transaction.atomic():
            courses.lock(iteration)
            has_it.set()
            let_go.wait(60)

    holder = Thread(target=_in_a_thread, args=(hold,))
    holder.start()
    has_it.wait(60)
    try:
        yield let_go
    finally:
        let_go.set()
        holder.join(60)


def _in_a_thread(deed: Callable, *arguments) -> None:
    from django.db import connection

    try:
        deed(*arguments)
    finally:
        connection.close()


def _control_of_the_wait(world: World) -> str:
    """The same where nobody notes when a request arrives: it is judged when its turn comes, which is late."""
    from django.conf import settings
    from django.test import override_settings

    without = [name for name in settings.MIDDLEWARE if name != "config.middleware.note_the_arrival"]
    with override_settings(MIDDLEWARE=without):
        return _waited_past_the_deadline(world)


if __name__ == "__main__":
    import django

    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["testserver"]
    world = World()
    tried, wrong = judge(world)
    result = {
        "deadlines": len(DEADLINES),
        "tried": tried,
        "wrong": wrong,
        "again": _sent_again_late(world),
        "waited": _waited_past_the_deadline(world),
        "control": len(judge(world, saved_zone=settings.TIME_ZONE)[1]),
        "control of the wait": _control_of_the_wait(world),
    }
    print(json.dumps(result))
