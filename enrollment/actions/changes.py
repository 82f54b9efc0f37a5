"""What changes after selection: somebody else comes in her place, or she goes to another iteration of the course."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts import moment
from accounts.actions import carry_out, keep_history
from accounts.moves import Refused
from courses import clock
from courses.models import Iteration, Seat
from enrollment import emails, workflow
from enrollment.actions import nominations, offers, seats, selection
from enrollment.actions.iterations import carry, lock_both
from enrollment.models import Nomination
from enrollment.models.carrying import targets_for
from enrollment.models.evidence import checks_on_record, in_the_way
from enrollment.models.places import Places
from enrollment.seating import obstacle
from enrollment.workflow import NominationState
from partners.models import Person

IN_HER_PLACE = gettext_noop("Substituted by her sender")
MOVED = gettext_noop("Moved from another iteration")


@transaction.atomic
def substitute(nomination: Nomination, person: Person, *, by, reason: str = "") -> Nomination:
    """Another of the sender's people takes the seat, until the last day for substitutions.

    Also within the iteration's grace time after a withdrawal, as long as the seat that was given back is still there.
    The new one must meet the criteria and fit under every quota; she confirms like everybody else.
    """
    row = seats.lock(nomination)
    _refuse_after_the_last_day(row.iteration)
    seat, knows = _seat_to_hand_over(row, by), not row.is_under_embargo
    new = _draft_in_the_same_place(row, person, by)
    selection.refuse_what_is_not_met(in_the_way([new], row.iteration)[new.pk])
    if row.state in workflow.EXPECTED:
        carry_out(row, "substitute", by=by, reason=reason, seat=None, **_decision(by, reason))
        seats.leave(row.iteration, seat, by=by, why=IN_HER_PLACE)
    selection.refuse_a_second_place(new)
    _seat(new, by, seats.take(new))
    emails.call_back(row)
    emails.tell_of_decision(row, "substituted", person_too=knows and row.state == NominationState.SUBSTITUTED)
    emails.tell_of_decision(new, "selected", person_too=True)
    return new


@transaction.atomic
def transfer(nomination: Nomination, to: Iteration, *, by, reason: str = "") -> Nomination:
    """Move a nominee to another iteration of the course: she keeps state, waivers, time of submission and embargo.

    Who has a seat gets one there, or the move is refused; who waits, waits there.
    """
    here, there = lock_both(nomination.iteration, to)
    row = seats.lock(nomination)
    row.guard("transfer", by)
    _refuse_as_target(row, there)
    state, seat, confirmed_at = row.state, row.seat, row.confirmed_at
    told_at = row.person_told_at if row.is_under_embargo else None
    emails.call_back(row)
    carry_out(row, "transfer", by=by, reason=reason, seat=None, **_decision(by, reason))
    seats.free(here, seat, by=by, why=MOVED)
    new = carry(row, there, by, MOVED)
    new.iteration = there
    if state in workflow.EXPECTED:
        was_confirmed = state == NominationState.CONFIRMED
        _seat(new, by, seats.take(new), confirmed_at=confirmed_at if was_confirmed else None, told_at=told_at)
    elif state == NominationState.WAITLISTED:
        selection.decide(new, "waitlist", by, reason)
    emails.tell_of_decision(new, "transferred", person_too=state in workflow.EXPECTED)
    offers.pass_on(here)
    return new


def may_still_be_substituted(row: Nomination) -> bool:
    """True while the sender can put somebody else in this nominee's place; what the page asks."""
    if _is_after_the_last_day(row.iteration):
        return False
    return row.state in workflow.EXPECTED or _is_within_grace(row)


def _draft_in_the_same_place(row: Nomination, person: Person, by) -> Nomination:
    if not row.is_sent_by_those_of(by):
        raise Refused(_("Only the nation's or organisation's own liaison can substitute a nominee."))
    if (person.nation_id, person.organisation_id) != (row.nation_id, row.organisation_id):
        raise Refused(_("Choose one of your own people for this seat."), field="person")
    standing = Nomination.objects.live().filter(person=person, iteration=row.iteration_id).first()
    if standing is not None and standing.state not in workflow.WITH_THE_LIAISON | workflow.TO_DECIDE:
        raise Refused(_("%s has a seat or an offer on this iteration already.") % person, field="person")
    if standing is None:
        standing = nominations.nominate(person, row.iteration, by=by, **_rank_of(row))
    standing.iteration = row.iteration
    return standing


def _rank_of(row: Nomination) -> dict:
    return {"priority": row.priority, "is_alternate": row.is_alternate, "preference": row.preference}


def _seat(new: Nomination, by, places: Places, confirmed_at=None, told_at=None) -> None:
    """Straight to a seat, whatever her state was: the sender's seat, or the move, decides."""
    emails.call_back(new)
    new.state = NominationState.CONFIRMED if confirmed_at else NominationState.SELECTED
    new.submitted_at = new.submitted_at or timezone.now()
    new.confirmed_at, new.decided_by, new.decided_at = confirmed_at, by, timezone.now()
    new.person_told_at = told_at or timezone.now()
    new.checks = checks_on_record(new, new.iteration)
    keep_history(new, by=by, reason=gettext_noop("Seated in place of another, or moved with the seat"))
    new.save()
    seats.settle(new, by=by, why=IN_HER_PLACE, places=places)
    selection.invite(new)


def _seat_to_hand_over(row: Nomination, by) -> Seat | None:
    if row.state in workflow.EXPECTED:
        row.guard("substitute", by)
        return row.seat
    if not _is_within_grace(row):
        hours = row.iteration.substitution_grace_hours
        sentence = _("Nobody can take this place any more: it was not given back within the last %(hours)s hours.")
        raise Refused(sentence % {"hours": hours})
    return None


def _is_within_grace(row: Nomination) -> bool:
    if row.state != NominationState.WITHDRAWN or row.decided_at is None or not _had_a_seat(row):
        return False
    return timezone.now() <= row.decided_at + timedelta(hours=row.iteration.substitution_grace_hours)


def _had_a_seat(row: Nomination) -> bool:
    before = row.history.filter(state__in=workflow.EXPECTED)
    is_followed = Nomination.objects.filter(carried_from=row).exists()
    return before.exists() and not is_followed


def _refuse_after_the_last_day(iteration: Iteration) -> None:
    if _is_after_the_last_day(iteration):
        raise Refused(_("The last day for substitutions is over: the seat can only be given back."))


def _is_after_the_last_day(iteration: Iteration) -> bool:
    last_day = iteration.last_substitution_on or iteration.starts_on
    return iteration.has_begun() or clock.has_passed(last_day, iteration.time_zone, moment.now())


def _refuse_as_target(row: Nomination, to: Iteration) -> None:
    if not targets_for(row.iteration).filter(pk=to.pk).exists():
        raise Refused(_("Choose another iteration of the same course that takes nominations."), field="to")
    if not to.invites(row.sender):
        sentence = _("%(iteration)s is by invitation, and %(sender)s is not invited.")
        raise Refused(sentence % {"iteration": to, "sender": row.sender}, field="to")
    if Nomination.objects.live().filter(person=row.person_id, iteration=to).exists():
        raise Refused(_("%(person)s is nominated for %(to)s already.") % {"person": row.person, "to": to}, field="to")
    if row.state in workflow.EXPECTED:
        places = Places(to)
        seats.refuse_for(obstacle(places.plan, places.kind_of(row)), to)


def _decision(by, reason: str) -> dict:
    return {"decision_reason": reason.strip(), "reason_code": "", "decided_by": by, "decided_at": timezone.now()}
