"""The one place that gives and frees seats. Lock order: iteration, then seat, then nomination."""

from django.db.models import F
from django.utils.translation import gettext as _

from accounts.actions import keep_history
from accounts.moves import Refused
from courses import actions as courses
from courses.models import Iteration, Quota, Seat
from enrollment.models import Nomination
from enrollment.models.places import Places
from enrollment.seating import Obstacle, holdings, obstacle
from enrollment.workflow import EXPECTED, NominationState

State = Seat.State


def lock(nomination: Nomination) -> Nomination:
    """The nomination with its iteration, both fresh and locked; call inside a transaction, before any count."""
    iteration = courses.lock(nomination.iteration)
    rows = Nomination.objects.select_for_update(of=("self",)).select_related("person", "nation", "seat")
    row = rows.get(pk=nomination.pk)
    row.iteration = iteration
    return row


def take(row: Nomination, *, places: Places | None = None) -> Places:
    """Give the nominee a seat, or refuse: capacity and the quotas in force are hard, whoever acts (rules 5.1, 5.2).

    Says how the places stand now; `settle` wants to know once the nominee is decided.
    """
    places = places or Places(row.iteration)
    refuse_for(obstacle(places.plan, places.kind_of(row)), row.iteration)
    free_one = Iteration.objects.filter(pk=row.iteration.pk, seats_taken__lt=F("capacity"))
    if not free_one.update(seats_taken=F("seats_taken") + 1):
        refuse_for(Obstacle("full", number=row.iteration.capacity), row.iteration)
    row.iteration.seats_taken += 1
    row.seat = _best_seat(row, places)
    places.plan = places.plan.with_(places.kind_of(row))
    return places


def settle(row: Nomination, *, by, why: str, places: Places | None = None) -> None:
    """Bring the seat's own state in line with its nominee's, once the nominee's is decided.

    Who has just sat down, `places` as `take` gave them, may have taken what was held for two guarantees at once: then
    another seat is held.
    """
    if row.seat is None:
        return
    _turn(row.seat, _state_for(row), by=by, why=why)
    if places is not None:
        _hold_what_is_guaranteed(places, by, why)


def free(iteration: Iteration, seat: Seat | None, *, by, why: str, into: str = State.FREE) -> None:
    """Take back the seat of somebody who has just left it. A guarantee may hold it; else `into` says what it is now."""
    if seat is None:
        return
    leave(iteration, seat, by=by, why=why, into=into)
    _hold_what_is_guaranteed(Places(iteration), by, why)


def leave(iteration: Iteration, seat: Seat, *, by, why: str, into: str = State.FREE) -> None:
    """The same without holding it for anybody: whoever takes it comes in the same transaction."""
    Iteration.objects.filter(pk=iteration.pk).update(seats_taken=F("seats_taken") - 1)
    iteration.seats_taken -= 1
    _turn(seat, into, by=by, why=why)


def empty(iteration: Iteration, *, by, why: str) -> None:
    """All seats are free again: nobody holds one of an iteration that is not held."""
    Iteration.objects.filter(pk=iteration.pk).update(seats_taken=0)
    iteration.seats_taken = 0
    for seat in iteration.seats.exclude(state=State.FREE):
        _turn(seat, State.FREE, by=by, why=why)


def hold(places: Places, *, by, why: str, into: str = State.FREE) -> None:
    """Hold as many seats as the guarantees in force need, and let go of the rest."""
    wanted = holdings(places.plan)
    for seat in _held(places.iteration).select_related("quota"):
        if wanted.get(seat.quota.key, 0) > 0:
            wanted[seat.quota.key] -= 1
        else:
            _turn(seat, into, by=by, why=why)
    open_seats = list(places.iteration.seats.filter(state__in=Seat.OPEN).order_by("number"))
    for key, count in sorted(wanted.items()):
        for _seat in range(count):
            _turn(open_seats.pop(0), State.HELD, by=by, why=why, quota=places.quotas[key])


def _hold_what_is_guaranteed(places: Places, by, why: str) -> None:
    if any(rule.floor for rule in places.plan.rules):
        hold(places, by=by, why=why)


def refuse_for(found: Obstacle | None, iteration: Iteration) -> None:
    if found is None:
        return
    sentence = _("Nobody can be seated on %(iteration)s here: %(why)s. Put the nominee on the waiting list instead.")
    if found.code == "full":
        sentence = _("All %(capacity)s seats of %(iteration)s are taken. Put the nominee on the waiting list instead.")
    raise Refused(sentence % {"capacity": iteration.capacity, "iteration": iteration, "why": found.sentence})


def _held(iteration: Iteration):
    return iteration.seats.held().order_by("number")


def _best_seat(row: Nomination, places: Places) -> Seat:
    """A seat held for the nominee, by the narrowest quota; else an open one; else one that the holder can spare."""
    kind = places.kind_of(row)
    narrowest = [kind.sender, kind.framework, kind.category]

    def key(seat: Seat) -> tuple:
        if seat.state != State.HELD:
            return (1, 0, seat.number)
        held_for = seat.quota.key
        return (0, narrowest.index(held_for), seat.number) if held_for in narrowest else (2, 0, seat.number)

    seats = Seat.objects.select_for_update(of=("self",)).without_a_person().filter(iteration=row.iteration)
    seats = seats.select_related("quota") if places.quotas else seats.order_by("number")[:1]
    return min(seats, key=key)


def _state_for(row: Nomination) -> str:
    if row.state == NominationState.OFFERED:
        return State.OFFERED
    return State.NAMED if row.state in EXPECTED - {NominationState.CONFIRMED} else State.CONFIRMED


def _turn(seat: Seat, state: str, *, by, why: str, quota: Quota | None = None) -> None:
    if seat.state == state and seat.quota_id == (quota.pk if quota else None):
        return
    seat.state, seat.quota = state, quota
    keep_history(seat, by=by, reason=why)
    seat.save(update_fields=["state", "quota"])
