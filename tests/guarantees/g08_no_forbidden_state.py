"""G8: no sequence of deeds reaches a forbidden state. A random walk over all deeds with seats, held against rules.

Two nations, three iterations of one course with overlapping quotas, time that passes. A deed may be refused; whatever
happened, every invariant is asked for again after each step.
"""

import json
import sys
from collections import Counter
from datetime import timedelta

from tests.guarantees import Figure
from tests.support.site import site

WALKS = {True: (720, 100), False: (25, 30)}
AT_LEAST = {True: 50_000, False: 400}  # deeds that were tried


def prove(*, long: bool) -> Figure:
    walks, steps = WALKS[long]
    figures = [_walk(kind, walks, steps, AT_LEAST[long]) for kind in (("sqlite", "postgres") if long else ("sqlite",))]
    figure = figures[0] if len(figures) == 1 else figures[0] & figures[1]
    return figure & _control()


def _walk(kind: str, walks: int, steps: int, at_least: int) -> Figure:
    with site(kind, web=False, worker=False, data=False) as perspective:
        told = perspective.python("-m", "tests.guarantees.g08_no_forbidden_state", walks, steps, timeout=7200)
    found = json.loads(told.splitlines()[-1])
    text = f"{kind}: {found['deeds']} deeds done and {found['refused']} refused on {walks} walks of {steps} steps"
    is_long_enough = found["deeds"] + found["refused"] >= at_least
    return Figure(found["broken"] is None and is_long_enough, f"{text}, broken: {found['broken'] or 'nothing'}")


def _control() -> Figure:
    """The same walk with quotas that nobody asks about must break a rule."""
    with site("sqlite", web=False, worker=False, data=False) as perspective:
        arguments = ("-m", "tests.guarantees.g08_no_forbidden_state", 60, 40, "unguarded")
        told = perspective.python(*arguments, timeout=1200)
    broken = json.loads(told.splitlines()[-1])["broken"]
    return Figure(broken is not None, f"control without the quotas' guard: {broken or 'nothing seen'}")


def _machine(counts: Counter):
    """The state machine's class; Django is set up by now."""
    import time_machine
    from django.db import transaction
    from django.utils import timezone
    from hypothesis import strategies as st
    from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

    from accounts.moves import Refused
    from courses import actions as courses
    from courses.models import ClockStep, Iteration, Quota
    from enrollment import actions, clockwork
    from enrollment.actions import Wish
    from enrollment.models import Nomination
    from partners.models import Person
    from tests import make

    number = st.integers(0, 99)
    small = st.integers(0, 3)

    class Walk(RuleBasedStateMachine):
        @initialize()
        def begin(self):
            self.transaction = transaction.atomic()
            self.transaction.__enter__()
            self.clock = time_machine.travel(timezone.now(), tick=False)
            self.now = self.clock.start()
            self.office = make.coordinator()
            self.nations = [make.nation("JO", "Jordan"), make.nation("UA", "Ukraine"), make.nation("MA", "Morocco")]
            for nation, framework in zip(self.nations, ("MD", "PfP", "MD"), strict=True):
                make.membership(nation, framework)
            self.liaisons = {nation.pk: make.liaison(nation) for nation in self.nations}
            course = make.course(officers_from=None, officers_to=None)
            self.iterations = [make.iteration(course, capacity=n, minimum=1, starts_on=self.day(n)) for n in (2, 3, 4)]
            for row in self.iterations[:2]:
                tight = [Wish(self.nations[0], floor=1, ceiling=1), Wish("civilian", floor=1)]
                actions.set_quotas(row, tight, by=self.office)
            for nation in self.nations:
                for category in ("military", "military", "civilian", "police"):
                    person = make.person(nation, category=category, email="")
                    actions.put_forward(person, self.iterations[person.pk % 3], by=self.liaisons[nation.pk])

        def day(self, n: int):
            return timezone.localdate() + timedelta(days=80 + 20 * n)

        def teardown(self):
            if hasattr(self, "transaction"):
                self.clock.stop()
                transaction.set_rollback(True)
                self.transaction.__exit__(None, None, None)

        def do(self, deed, *arguments, **words):
            """A deed that is refused changes nothing and ends in a sentence."""
            try:
                with transaction.atomic():
                    deed(*arguments, **words)
                counts["deeds"] += 1
            except Refused:
                counts["refused"] += 1

        def iteration(self, n: int) -> Iteration:
            return Iteration.objects.get(pk=self.iterations[n % 3].pk)

        def nomination(self, n: int) -> Nomination | None:
            rows = list(Nomination.objects.select_related("iteration", "person").order_by("pk"))
            return rows[n % len(rows)] if rows else None

        @rule(who=number, where=small, first=st.booleans())
        def put_forward(self, who, where, first):
            people = list(Person.objects.filter(nation__isnull=False).order_by("pk"))
            person = people[who % len(people)]
            by = self.liaisons[person.nation_id]
            self.do(actions.put_forward, person, self.iteration(where), by=by, is_alternate=not first)

        @rule(n=number)
        def select(self, n):
            if row := self.nomination(n):
                self.do(actions.select, row, by=self.office)

        @rule(n=number)
        def waitlist(self, n):
            if row := self.nomination(n):
                self.do(actions.waitlist, row, by=self.office)

        @rule(n=number, move=st.sampled_from(["refuse", "release", "return", "offer", "lapse"]))
        def decide(self, n, move):
            if row := self.nomination(n):
                self.do(actions.make_nomination_move, row, move, by=self.office, reason="Why")

        @rule(n=number, move=st.sampled_from(["withdraw", "confirm", "accept_offer", "decline_offer", "submit"]))
        def answer(self, n, move):
            if row := self.nomination(n):
                by = self.liaisons[row.nation_id]
                self.do(actions.make_nomination_move, row, move, by=by, reason="Why")

        @rule(n=number, who=number)
        def substitute(self, n, who):
            if row := self.nomination(n):
                people = list(Person.objects.filter(nation=row.nation_id).order_by("pk"))
                self.do(actions.substitute, row, people[who % len(people)], by=self.liaisons[row.nation_id])

        @rule(n=number, where=small)
        def transfer(self, n, where):
            if row := self.nomination(n):
                self.do(actions.transfer, row, self.iteration(where), by=self.office)

        @rule(where=small, jordan=small, dialogue=small, civilians=small, ceiling=small)
        def set_quotas(self, where, jordan, dialogue, civilians, ceiling):
            wishes = [
                Wish(self.nations[0], floor=jordan, ceiling=jordan + ceiling),
                Wish(make.framework("MD"), floor=dialogue),
                Wish("civilian", floor=civilians, ceiling=3, keeps_ceiling=True),
            ]
            self.do(actions.set_quotas, self.iteration(where), wishes, by=self.office)

        @rule(n=number)
        def release_or_turn_back(self, n):
            quotas = list(Quota.objects.select_related("iteration").order_by("pk"))
            if not quotas:
                return
            quota = quotas[n % len(quotas)]
            if quota.nation_id and n % 2:
                self.do(actions.turn_back, quota, 1, by=self.liaisons[quota.nation_id])
            else:
                self.do(actions.release_quota, quota, by=self.office)

        @rule(where=small, capacity=st.integers(1, 5))
        def change_the_capacity(self, where, capacity):
            row = self.iteration(where)
            row.capacity = capacity
            self.do(courses.save_iteration, row, by=self.office)

        @rule(where=small, move=st.sampled_from(["close_nominations", "open", "confirm"]))
        def move_the_iteration(self, where, move):
            self.do(courses.make_move, self.iteration(where), move, by=self.office)

        @rule(where=small)
        def cancel_and_carry_over(self, where):
            row, to = self.iteration(where), self.iteration(where + 1)
            if where == 2:
                self.do(actions.cancel_iteration, row, by=self.office, reason="Storm", carry_to=to)

        @rule(days=st.integers(1, 30))
        def let_time_pass(self, days):
            self.now.shift(timedelta(days=days))
            for pk in list(ClockStep.objects.waiting().order_by("due_at").values_list("pk", flat=True)):
                clockwork.take_clock_step(pk)
            self.sweep()

        @rule()
        def sweep(self):
            overdue = Nomination.objects.with_an_offer().filter(answer_by__lte=timezone.now())
            for pk in list(overdue.values_list("pk", flat=True)):
                clockwork.lapse_offer(pk)
            for row in self.iterations:
                clockwork.move_waiting_list(row.pk)
                assert_nobody_waits_beside_a_seat(Iteration.objects.get(pk=row.pk))

        @invariant()
        def every_rule_is_kept(self):
            if hasattr(self, "iterations"):
                for row in self.iterations:
                    assert_is_kept(Iteration.objects.get(pk=row.pk))
                assert_nobody_sits_twice()
                assert_history_tells_it_all()

    return Walk


def assert_is_kept(iteration) -> None:
    """Seats, their states and their people add up; no ceiling is passed, no guarantee lost."""
    from courses.models import Seat
    from enrollment.models import Nomination

    seats = list(Seat.objects.filter(iteration=iteration).select_related("nomination", "quota"))
    keeping = list(Nomination.objects.keeping_a_seat().filter(iteration=iteration).select_related("person", "nation"))
    assert len(seats) == iteration.capacity, "there is not a seat for each place"
    assert len(keeping) == iteration.seats_taken <= iteration.capacity, "seats taken are miscounted"
    state_of = {"selected": "named", "offered": "offered"}
    for seat in seats:
        sits = getattr(seat, "nomination", None)
        expected = {state_of.get(sits.state, "confirmed")} if sits else {"free", "held", "turned back", "lapsed"}
        assert seat.state in expected, f"a seat is {seat.state} with {sits and sits.state}"
    assert {row.seat_id for row in keeping} == {seat.pk for seat in seats if hasattr(seat, "nomination")}
    for quota in iteration.quotas.all():
        filled = sum(_counts_for(quota, row, iteration) for row in keeping)
        ceiling = quota.ceiling_in_force
        assert ceiling is None or filled <= ceiling, f"{quota} has {filled} and at most {ceiling}"
    if iteration.state == "cancelled":  # nobody is guaranteed a seat of what is not held
        return
    held = sum(seat.state == "held" for seat in seats)
    still_guaranteed = max(
        (q.floor_in_force - sum(_counts_for(q, row, iteration) for row in keeping) for q in iteration.quotas.all()),
        default=0,
    )
    assert held >= still_guaranteed, "a guaranteed seat is not kept"


def _counts_for(quota, nomination, iteration) -> bool:
    if quota.nation_id or quota.organisation_id:
        return quota.nation_id == nomination.nation_id
    if quota.framework_id:
        framework = nomination.nation.framework_on(iteration.starts_on)
        return framework is not None and framework.pk == quota.framework_id
    return quota.category == nomination.person.category


def assert_nobody_sits_twice() -> None:
    from enrollment.models import Nomination

    keeping = Nomination.objects.keeping_a_seat().exclude(iteration__state__in=["completed", "closed"])
    people = Counter(keeping.values_list("person", flat=True))
    assert max(people.values(), default=0) <= 1, "somebody sits twice"


def assert_history_tells_it_all() -> None:
    """The last history row of each nomination and seat says what it is now."""
    from courses.models import Seat
    from enrollment.models import Nomination

    for model in (Nomination, Seat):
        told = {}
        for pk, state in model.history.order_by("history_id").values_list("id", "state"):
            told[pk] = state
        now = dict(model.objects.values_list("pk", "state"))
        assert {pk: told.get(pk) for pk in now} == now, f"a change of a {model._meta.model_name} has no history"


def assert_nobody_waits_beside_a_seat(iteration) -> None:
    from enrollment import actions
    from enrollment.actions.selection import refuse_a_second_place
    from enrollment.models import Nomination

    if actions.standstill(iteration) or iteration.seats_free < 1:
        return
    for row in Nomination.objects.waiting().filter(iteration=iteration).select_related("person", "nation"):
        row.iteration = iteration
        if _may_be_seated(row, iteration):
            try:
                refuse_a_second_place(row)
            except Exception:
                continue
            raise AssertionError("somebody waits beside a free seat")


def _may_be_seated(row, iteration) -> bool:
    """By counting alone: under every ceiling, with more free seats than are guaranteed to anybody."""
    from enrollment.models import Nomination

    keeping = list(Nomination.objects.keeping_a_seat().filter(iteration=iteration).select_related("person", "nation"))
    guaranteed = 0
    for quota in iteration.quotas.all():
        filled = sum(_counts_for(quota, each, iteration) for each in keeping)
        if (
            quota.ceiling_in_force is not None
            and filled >= quota.ceiling_in_force
            and _counts_for(quota, row, iteration)
        ):
            return False
        guaranteed += max(0, quota.floor_in_force - filled)
    return iteration.seats_free > guaranteed


def _run(walks: int, steps: int, unguarded: bool) -> dict:
    from hypothesis import HealthCheck, Phase, settings
    from hypothesis.stateful import run_state_machine_as_test

    if unguarded:
        from enrollment.actions import seats

        seats.obstacle = lambda plan, kind: None
    counts: Counter = Counter()
    how = settings(
        max_examples=walks,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    broken = None
    try:
        run_state_machine_as_test(_machine(counts), settings=how)
    except BaseException as fault:
        print(fault, file=sys.stderr)
        broken = _said(fault)
    return {"deeds": counts["deeds"], "refused": counts["refused"], "broken": broken}


def _said(fault: BaseException) -> str:
    inner = fault.exceptions[0] if isinstance(fault, BaseExceptionGroup) else fault
    return f"{type(inner).__name__}: {inner}".splitlines()[0]


if __name__ == "__main__":
    import django

    django.setup()
    from django.conf import settings as site_settings

    site_settings.DEBUG = False
    site_settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    print(json.dumps(_run(int(sys.argv[1]), int(sys.argv[2]), "unguarded" in sys.argv[3:])))
