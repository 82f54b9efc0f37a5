"""G2: only the allowed role makes each move, from the allowed state; everything else is refused and changes nothing.

Enumerated from the tables: every move of every workflow × every state × seven viewpoints.
"""

import json
import sys
from contextlib import contextmanager
from datetime import timedelta

from tests.guarantees import Figure
from tests.support.site import site


def prove(*, long: bool) -> Figure:
    figures = [_on(kind) for kind in (("sqlite", "postgres") if long else ("sqlite",))]
    return figures[0] & figures[1] if long else figures[0]


def _on(kind: str) -> Figure:
    with site(kind, web=False, worker=False, data=False) as perspective:
        found = json.loads(perspective.python("-m", "tests.guarantees.g02_moves", timeout=900).splitlines()[-1])
    holds = not found["wrong"] and found["refused"] > 0 and found["made"] > 0 and found["control"]
    text = (
        f"{kind}: {found['tried']} combinations, {found['made']} made, {found['refused']} refused with nothing changed"
    )
    text += f", {len(found['wrong'])} exceptions {found['wrong'][:3] or ''}"
    return Figure(holds, text + f"; control with the guard switched off: {'seen' if found['control'] else 'NOT SEEN'}")


class World:
    """One record of each workflow, and somebody at each viewpoint."""

    def __init__(self) -> None:
        from django.contrib.auth.models import AnonymousUser
        from django.utils import timezone

        from courses.models import Iteration
        from tests import make

        jordan, ukraine = make.nation("JO", "Jordan"), make.nation("UA", "Ukraine")
        today = timezone.localdate()
        self.iteration = make.iteration(make.course("G2"), starts_on=today + timedelta(days=30), time_zone="UTC")
        person = make.person(jordan)
        self.users = {
            "anonymous": AnonymousUser(),
            "trainee": make.trainee(person),
            "instructor": make.instructor(self.iteration),
            "liaison": make.liaison(jordan),
            "foreign liaison": make.liaison(ukraine),
            "coordinator": make.coordinator(),
            "administrator": make.administrator(),
        }
        self.nomination = make.nomination(person, self.iteration, nominated_by=self.users["liaison"])
        self.somebody_else = make.person(jordan)
        self.request = make.training_request(jordan, by=self.users["liaison"])
        self.other = Iteration.objects.get(pk=make.iteration(self.iteration.course).pk)
        self.certificate = self._certificate()
        self.evidence = make.evidence(person, by=self.users["liaison"])

    def _certificate(self):
        from certificates import actions
        from certificates.models import Certificate
        from delivery.models import Attendance
        from enrollment.models import Nomination
        from tests import make

        held = make.running_iteration(make.course("G2C"), state="running")
        nominee = make.person(make.nation("JO"))
        passed = make.nomination(nominee, held, state="passed", nominated_by=self.users["liaison"])
        for day in held.training_days():
            Attendance.objects.create(
                nomination=Nomination.objects.get(pk=passed.pk),
                day=day,
                is_present=True,
                marked_by=self.users["coordinator"],
            )
        actions.issue(held, by=self.users["coordinator"])
        return Certificate.objects.get()


def _deeds(world: World) -> list:
    """(record, move, deed) for every move of every table that people make."""
    from certificates import actions as certificates
    from courses import actions as courses
    from delivery import actions as delivery
    from enrollment import actions as enrollment
    from enrollment.actions import evidence as proving

    deeds = [
        (world.evidence, move, lambda row, by, name=move.name: proving.make_move(row, name, by=by, reason="Why"))
        for move in type(world.evidence).moves
        if move.name in proving.DEEDS  # a newer one replaces an older by itself
    ]
    for move in type(world.iteration).moves:
        deeds.append(
            (
                world.iteration,
                move,
                {
                    "cancel": lambda row, by: enrollment.cancel_iteration(row, by=by, reason="Storm"),
                    "complete": lambda row, by: delivery.complete(row, by=by),
                }.get(move.name, lambda row, by, name=move.name: courses.make_move(row, name, by=by, reason="Why")),
            )
        )
    for move in type(world.request).moves:
        deeds.append(
            (
                world.request,
                move,
                {
                    "schedule": lambda row, by: enrollment.schedule_request(row, world.other, by=by),
                }.get(
                    move.name,
                    lambda row, by, name=move.name: enrollment.make_request_move(row, name, by=by, reason="Why"),
                ),
            )
        )
    for move in type(world.nomination).moves:
        if move.name == "cancel":
            continue  # made with the iteration's own cancel, above
        deeds.append((world.nomination, move, _nomination_deed(move.name, enrollment, world)))
    for move in type(world.certificate).moves:
        if move.name in ("retry", "replace", "revoke"):
            deeds.append(
                (
                    world.certificate,
                    move,
                    {
                        "retry": lambda row, by: certificates.retry(row, by=by),
                        "replace": lambda row, by: certificates.replace(row, by=by, reason="Why"),
                        "revoke": lambda row, by: certificates.revoke(row, by=by, reason="Why"),
                    }[move.name],
                )
            )
    return deeds


def _nomination_deed(name: str, enrollment, world: World):
    if name == "substitute":
        return lambda row, by: enrollment.substitute(row, world.somebody_else, by=by)
    if name == "transfer":
        return lambda row, by: enrollment.transfer(row, world.other, by=by)
    if name.startswith("record_"):
        return lambda row, by: enrollment.record_outcome(row, name, by=by)
    return lambda row, by: enrollment.make_nomination_move(row, name, by=by, reason="Why")


def _inside() -> dict:
    world = World()
    found = _try_all(world, _deeds(world))
    select = [(record, move, deed) for record, move, deed in _deeds(world) if move.name == "select"]
    with _guard_switched_off():
        del world.users["anonymous"]  # the database refuses nobody as the one who decided
        found["control"] = bool(_try_all(world, select)["wrong"])
    return found


def _try_all(world: World, deeds: list) -> dict:
    """Every deed from every state by everybody, each rolled back."""
    found = {"tried": 0, "made": 0, "refused": 0, "wrong": []}
    for record, move, deed in deeds:
        for state, _label in type(record)._meta.get_field("state").choices:
            _try_everybody(world, record, move, deed, state, found)
    return found


def _try_everybody(world: World, record, move, deed, state: str, found: dict) -> None:
    from django.db import transaction

    from tests.support.digest import digest

    with transaction.atomic():
        _bring(world, record, move, state)
        before = digest()
        for viewpoint in world.users:
            with transaction.atomic():
                _try(world, record, move, deed, viewpoint, before, found)
                transaction.set_rollback(True)
        transaction.set_rollback(True)


def _try(world: World, record, move, deed, viewpoint: str, before: str, found: dict) -> None:
    from accounts.moves import Refused
    from tests.support.digest import digest

    row, user = type(record).objects.get(pk=record.pk), world.users[viewpoint]
    if user.is_authenticated:
        user = type(user).objects.get(pk=user.pk)
    what = f"{move.name} from {row.state} by {viewpoint}"
    is_legal = move.is_open_from(row.state, row.roles_of(user))
    found["tried"] += 1
    try:
        deed(row, user)
    except Refused:
        found["refused"] += 1
        if is_legal:
            found["wrong"].append(f"{what} was refused")
        elif digest() != before:
            found["wrong"].append(f"{what} was refused, but changed something")
        return
    found["made"] += 1
    if not is_legal:
        found["wrong"].append(f"{what} was made")


@contextmanager
def _guard_switched_off():
    """Every move open to everybody: the proof must notice."""
    from accounts.models import Stateful

    guard = Stateful.guard
    Stateful.guard = lambda self, name, by: next(move for move in self.moves if move.name == name)
    try:
        yield
    finally:
        Stateful.guard = guard


def _bring(world: World, record, move, state: str) -> None:
    """The record in `state`, with the rest of the world such that nothing but the table stands in the way."""
    from courses.models import Iteration

    model = type(record)
    if model is Iteration:
        type(world.nomination).objects.filter(pk=world.nomination.pk).update(state="submitted")
    if move.name.startswith("record_"):
        Iteration.objects.filter(pk=world.iteration.pk).update(state="running")
    if move.name == "deliver":
        Iteration.objects.filter(pk=world.other.pk).update(state="closed")
    extra = {"sha256": "x", "file_name": "x"} if model is type(world.certificate) else {}
    if model is type(world.nomination):
        extra = _seat_for(world, state)
    model.objects.filter(pk=record.pk).update(state=state, **extra)


def _seat_for(world: World, state: str) -> dict:
    """The first seat of the iteration for whoever keeps one in `state`, with a time to answer for an offer."""
    from django.utils import timezone

    from courses.models import Iteration, Seat
    from enrollment import workflow

    keeps_one = state in workflow.KEEPS_A_SEAT
    first = Seat.objects.filter(iteration=world.iteration).first()
    Seat.objects.filter(pk=first.pk).update(state="named" if keeps_one else "free")
    Iteration.objects.filter(pk=world.iteration.pk).update(seats_taken=int(keeps_one))
    answer_by = timezone.now() + timedelta(days=1) if state == "offered" else None
    return {"seat": first if keeps_one else None, "answer_by": answer_by}


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(_inside()), file=sys.stdout)
