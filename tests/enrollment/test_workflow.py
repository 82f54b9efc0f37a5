"""The table of nomination moves: each has its action; what the table does not allow is refused and changes nothing."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.moves import Refused
from courses.models import Iteration
from enrollment import actions, workflow
from enrollment.models import Nomination
from enrollment.workflow import NominationState as N
from partners.models import Person
from tests import make
from tests.support.digest import digest

pytestmark = pytest.mark.django_db

TOUCHED = {"accounts", "courses", "enrollment", "notifications", "partners"}
UNTOUCHED = frozenset(model._meta.label for model in apps.get_models() if model._meta.app_label not in TOUCHED)
VIEWPOINTS = ("anonymous", "trainee", "instructor", "liaison", "foreign liaison", "coordinator", "administrator")
MOVES = {move.name: move for move in workflow.NOMINATION_MOVES}
MADE_ELSEWHERE = {
    "cancel",
    "substitute",
    "transfer",
    "record_attended",
    "record_passed",
    "record_failed",
    "record_no_show",
}


class World:
    """A nomination that nothing but the table stands in the way of, and somebody at each viewpoint."""

    def __init__(self) -> None:
        jordan, today = make.nation("JO", "Jordan"), timezone.localdate()
        self.iteration = make.iteration(starts_on=today + timedelta(days=90))
        person = make.person(jordan)
        self.users = {
            "anonymous": AnonymousUser(),
            "trainee": make.trainee(person),
            "instructor": make.instructor(self.iteration),
            "liaison": make.liaison(jordan),
            "foreign liaison": make.liaison(make.nation("UA", "Ukraine")),
            "coordinator": make.coordinator(),
            "administrator": make.administrator(),
        }
        self.another = make.iteration(self.iteration.course, starts_on=today + timedelta(days=200))
        self.somebody_else = make.person(jordan)
        self.nomination = make.nomination(person, self.iteration, nominated_by=self.users["liaison"])

    def bring_into(self, state: str, move: str) -> Nomination:
        seat = self.iteration.seats.first() if state in workflow.KEEPS_A_SEAT else None
        answer_by = timezone.now() + timedelta(days=1) if state == N.OFFERED else None
        Nomination.objects.update(state=state, seat=seat, answer_by=answer_by)
        stage = "running" if move.startswith("record_") else "nominations open"
        Iteration.objects.filter(pk=self.iteration.pk).update(state=stage, seats_taken=int(seat is not None))
        self.iteration.seats.update(state="free")
        self.iteration.seats.filter(pk=seat.pk if seat else None).update(state="named")
        return Nomination.objects.get()

    def user(self, viewpoint: str):
        user = self.users[viewpoint]
        return User.objects.get(pk=user.pk) if user.is_authenticated else user


@contextmanager
def rolled_back():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def what_is_written() -> str:
    return digest(without=UNTOUCHED)


def make_the_move(row: Nomination, name: str, by) -> None:
    if name == "cancel":
        actions.cancel_iteration(row.iteration, by=by, reason="Storm")
    elif name == "substitute":
        actions.substitute(row, Person.objects.exclude(pk=row.person_id).filter(nation=row.nation).first(), by=by)
    elif name == "transfer":
        actions.transfer(row, Iteration.objects.exclude(pk=row.iteration_id).get(), by=by)
    elif name in MADE_ELSEWHERE:
        actions.record_outcome(row, name, by=by)
    else:
        actions.make_nomination_move(row, name, by=by, reason="Why")


def test_every_move_has_its_action():
    assert set(actions.NOMINATION_DEEDS) == set(MOVES) - MADE_ELSEWHERE


def test_every_state_can_be_reached_and_only_ends_have_no_way_on():
    reached = {move.target for move in MOVES.values()}
    left = set().union(*(move.sources for move in MOVES.values()))

    assert reached | {N.DRAFT} == set(N)
    assert set(N) - left == {N.REFUSED, N.WITHDRAWN, N.CANCELLED, N.LAPSED, N.SUBSTITUTED}


def test_a_move_that_ends_or_decides_against_somebody_asks_for_a_reason():
    needs = {move.name for move in MOVES.values() if move.needs_reason}

    assert needs == {"return", "refuse", "decline", "decline_offer", "withdraw", "release"}


def test_a_name_that_is_no_move_is_refused_with_a_sentence():
    nomination = make.nomination()

    for name in ("record_passed", "cancel", "", "nonsense"):
        with pytest.raises(Refused, match="no such move"):
            actions.make_nomination_move(nomination, name, by=make.coordinator(), reason="Why")


@pytest.mark.parametrize("move", MOVES)
def test_the_table_decides_who_may_move_from_which_state(move):
    world, wrong = World(), []
    for state in N:
        row = world.bring_into(state, move)
        before = what_is_written()
        for viewpoint in VIEWPOINTS:
            user = world.user(viewpoint)
            is_legal = MOVES[move].is_open_from(state, row.roles_of(user))
            with rolled_back():
                is_made = _is_made(row, move, user)
                if is_legal != is_made:
                    wrong.append(f"{move} from {state} by {viewpoint}: {'made' if is_made else 'refused'}")
                elif not is_made and move != "cancel" and what_is_written() != before:
                    wrong.append(f"{move} from {state} by {viewpoint}: refused, but something changed")

    assert wrong == []


def _is_made(row: Nomination, move: str, user) -> bool:
    turns = row.history.count()
    try:
        make_the_move(Nomination.objects.get(pk=row.pk), move, user)
    except Refused:
        return False
    return row.history.count() == turns + 1 and Nomination.objects.get(pk=row.pk).state == MOVES[move].target


@pytest.mark.parametrize("move", sorted({move.name for move in MOVES.values() if move.needs_reason}))
def test_without_the_reason_that_it_needs_nothing_moves(move):
    world = World()
    row = world.bring_into(next(iter(MOVES[move].sources)), move)
    by = next(world.user(each) for each in VIEWPOINTS if not MOVES[move].by.isdisjoint(row.roles_of(world.user(each))))
    before = digest()

    for reason in ("", "   \n"):
        with pytest.raises(Refused) as refusal:
            actions.make_nomination_move(row, move, by=by, reason=reason)

        assert refusal.value.field == "reason"
    assert digest() == before


@pytest.mark.parametrize("move", sorted(set(MOVES) - {"cancel"}))
def test_a_move_keeps_who_when_and_why(move):
    world = World()
    row = world.bring_into(next(iter(MOVES[move].sources)), move)
    by = next(world.user(each) for each in VIEWPOINTS if not MOVES[move].by.isdisjoint(row.roles_of(world.user(each))))

    make_the_move(row, move, by)

    entry = row.history.latest()
    assert entry.history_user == by
    assert entry.state == MOVES[move].target
    assert entry.history_change_reason.startswith(str(MOVES[move].label))
    assert not MOVES[move].needs_reason or entry.history_change_reason.endswith(": Why")
