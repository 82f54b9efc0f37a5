"""The waiting list moves, by hand or by itself: a free seat is offered; an offer is taken, declined, or lapses."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts import moment
from accounts.moves import Refused
from courses import actions as courses
from courses import clock
from courses.models import Iteration, Seat
from courses.workflow import IterationState
from enrollment import emails
from enrollment.actions import ranking, seats, selection
from enrollment.models import Nomination, Turn
from enrollment.models.elsewhere import places_elsewhere
from enrollment.models.evidence import in_the_way
from enrollment.models.places import Places
from enrollment.waiting import Entry, passed_over_for, turns

MOVING = {IterationState.NOMINATIONS_CLOSED, IterationState.CONFIRMED}


@transaction.atomic
def promote(iteration: Iteration, *, by=None) -> list[Nomination]:
    """Offer every free seat to whom it is due, in the published order; says to whom. Locks the iteration itself.

    Whoever is passed over keeps the reason; so does who gets the offer. `by` None is the system.
    """
    return pass_on(courses.lock(iteration), by=by)


def pass_on(iteration: Iteration, *, by=None) -> list[Nomination]:
    """The same for an iteration that the caller has locked, as every deed does that sets a seat free."""
    if iteration.seats_free < 1 or standstill(iteration):
        return []
    waiting = _waiting(iteration)
    if not waiting:
        return []
    places, offered, line = Places(iteration, counts=True), [], _Line(iteration, waiting)
    while winner := _next(iteration, places, line, by):
        offered.append(winner)
        waiting.remove(winner)
    return offered


def standstill(iteration: Iteration) -> str:
    """Why the waiting list of an iteration does not move now; "" when it does."""
    if iteration.state not in MOVING:
        return _("The waiting list moves once nominations are closed.")
    if answer_by(iteration, timezone.now()) <= timezone.now():
        return _("Too little time is left: the last day for changes is over.")
    if _is_still_selecting(iteration):
        return _("The waiting list moves once every nomination is decided, or unnamed seats are taken back.")
    return ""


@transaction.atomic
def offer(nomination: Nomination, *, by) -> Nomination:
    """Offer a free seat to one who waits, out of turn if the coordinator says so; who stood first keeps the reason."""
    row = seats.lock(nomination)
    row.guard("offer", by)
    selection.refuse_outside_selection(row)
    if answer_by(row.iteration, timezone.now()) <= timezone.now():
        raise Refused(_("Too little time is left for an answer: the last day for changes is over."))
    selection.refuse_what_is_not_met(in_the_way([row], row.iteration)[row.pk])
    selection.refuse_a_second_place(row)
    places = Places(row.iteration, counts=True)
    waiting = {each.pk: each for each in _waiting(row.iteration)}
    line = _Line(row.iteration, list(waiting.values()))
    entries = [places.entry_of(each) for each in waiting.values()]
    passed_over = [each for each in passed_over_for(places.plan, entries, places.entry_of(row)) if line.may(each)]
    _make_offer(row, places, by, Turn.Reason.OUT_OF_TURN if passed_over else Turn.Reason.FIRST_IN_LINE)
    for entry in passed_over:
        _keep_turn(waiting[entry.pk], row.seat, Turn.Outcome.PASSED_OVER, Turn.Reason.ANOTHER_WAS_CHOSEN)
    return row


@transaction.atomic
def accept_offer(nomination: Nomination, *, by) -> Nomination:
    """The sender, or the person, takes the seat that is offered, as long as the time to answer runs."""
    row = seats.lock(nomination)
    row.guard("accept_offer", by)
    if row.answer_by <= moment.now():
        raise Refused(_("The time to answer is over: the offer lapses, and the seat goes to the next on the list."))
    selection.decide(row, "accept_offer", by, answer_by=None)
    seats.settle(row, by=by, why=gettext_noop("Offer accepted"))
    selection.invite(row)
    emails.tell_of_decision(row, "selected", person_too=True)
    return row


@transaction.atomic
def decline_offer(nomination: Nomination, *, by, reason: str) -> Nomination:
    """The seat is not wanted; it goes to the next on the list at once."""
    row = seats.lock(nomination)
    row.guard("decline_offer", by)
    return _end_offer(row, "decline_offer", by, reason, gettext_noop("Offer declined"))


@transaction.atomic
def lapse(nomination: Nomination, *, by=None) -> Nomination:
    """The time to answer is over, or a coordinator ends it: the seat goes to the next on the list."""
    row = seats.lock(nomination)
    row.guard("lapse", by)
    if by is None and row.answer_by > timezone.now():
        raise Refused(_("The time to answer is not over yet."))
    return _end_offer(row, "lapse", by, "", gettext_noop("No answer in time"))


def answer_by(iteration: Iteration, now: datetime) -> datetime:
    """Until when an offer made at `now` can be answered: never beyond the last day for changes, nor the start."""
    last_day = iteration.last_substitution_on or iteration.starts_on
    limits = [
        clock.end_of_day(last_day, iteration.time_zone),
        clock.start_of_day(iteration.starts_on, iteration.time_zone),
    ]
    return min(now + timedelta(hours=iteration.offer_hours), *limits)


def _end_offer(row: Nomination, move: str, by, reason: str, why: str) -> Nomination:
    person_knows, seat = not row.is_under_embargo, row.seat
    row.seat = None
    selection.decide(row, move, by, reason, answer_by=None)
    seats.free(row.iteration, seat, by=by, why=why)
    ranking.close_up(row, by=by)
    emails.tell_of_decision(row, "lapsed", person_too=person_knows)
    pass_on(row.iteration)
    return row


class _Line:
    """Those who wait for one iteration, and who of them may be seated: asked of one at first, then of all at once."""

    def __init__(self, iteration: Iteration, waiting: list[Nomination]) -> None:
        self.iteration, self.waiting = iteration, waiting
        self._may: dict[int, bool] = {}

    def may(self, entry: Entry) -> bool:
        """No criterion in the way, and no other place at the same time."""
        if entry.pk not in self._may:
            ask = [each for each in self.waiting if each.pk == entry.pk or self._may]
            self._may |= _who_may(ask, self.iteration)
        return self._may[entry.pk]


def _who_may(nominations: list[Nomination], iteration: Iteration) -> dict[int, bool]:
    obstructions = in_the_way(nominations, iteration)
    elsewhere = places_elsewhere((each.person_id for each in nominations), iteration)
    return {each.pk: each.person_id not in elsewhere and not obstructions[each.pk] for each in nominations}


def _next(iteration: Iteration, places: Places, line: _Line, by) -> Nomination | None:
    """Offer one seat; None when nobody who waits can be given one."""
    if places.plan.taken >= iteration.capacity:
        return None
    by_pk = {each.pk: each for each in line.waiting}
    found = turns(places.plan, [places.entry_of(each) for each in line.waiting], line.may)
    if found.winner is None:
        return None
    winner = by_pk[found.winner.pk]
    winner.iteration = iteration
    _make_offer(winner, places, by, Turn.Reason.FIRST_IN_LINE)
    for entry, found_in_the_way in found.passed_over:
        facts = {"names": list(found_in_the_way.names), "number": found_in_the_way.number}
        _keep_turn(by_pk[entry.pk], winner.seat, Turn.Outcome.PASSED_OVER, found_in_the_way.code, **facts)
    return winner


def _make_offer(row: Nomination, places: Places, by, why: str) -> None:
    seats.take(row, places=places)
    selection.decide(row, "offer", by, answer_by=answer_by(row.iteration, timezone.now()))
    seats.settle(row, by=by, why=gettext_noop("Offered to the waiting list"), places=places)
    _keep_turn(row, row.seat, Turn.Outcome.OFFERED, why)
    emails.tell_of_decision(row, "offered", person_too=True)


def _keep_turn(nomination: Nomination, seat: Seat, outcome: str, reason: str, **facts) -> None:
    """Passed over twice for the same reason is kept once."""
    turn = Turn(nomination=nomination, seat=seat, outcome=outcome, reason=reason, **facts)
    last = nomination.turns.first()
    if last is None or (last.outcome, last.sentence) != (turn.outcome, turn.sentence):
        turn.save()


def _waiting(iteration: Iteration) -> list[Nomination]:
    rows = Nomination.objects.waiting().filter(iteration=iteration).select_for_update(of=("self",))
    return list(rows.select_related("person__user", "nation", "organisation"))


def _is_still_selecting(iteration: Iteration) -> bool:
    """True while somebody handed in on time is undecided, until unnamed seats are taken back."""
    if iteration.take_back_on and clock.has_passed(iteration.take_back_on, iteration.time_zone, timezone.now()):
        return False
    return Nomination.objects.undecided().filter(iteration=iteration, is_late=False).exists()
