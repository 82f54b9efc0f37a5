"""What a liaison does with the nation's nominations, and a person with her own place."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from accounts import moment
from accounts.actions import carry_out, keep_history
from accounts.moves import Refused
from courses import actions as courses
from courses.models import Iteration, Seat
from enrollment import emails, workflow
from enrollment.actions import obstacles, offers, ranking, seats
from enrollment.models import ChecklistItem, Nomination
from enrollment.models.evidence import checks_on_record
from enrollment.workflow import NominationState
from partners.models import Person

PRIORITIES = range(1, 1000)
LEFT = {
    "decline": gettext_noop("Declined by the person"),
    "withdraw": gettext_noop("Turned back by the sender"),
    "release": gettext_noop("Taken back by the office"),
}
NOT_CHANGEABLE = gettext_lazy("This nomination is with the office and can no longer be changed.")


@transaction.atomic
def nominate(
    person: Person,
    iteration: Iteration,
    *,
    by,
    priority: int = 1,
    is_alternate: bool = False,
    preference: int = 1,
    remarks: str = "",
) -> Nomination:
    """Draft a nomination of one of the sender's own people. Only a liaison nominates, never the person (rule 4.2)."""
    row = courses.lock(iteration)
    person = Person.objects.select_related("nation", "organisation").get(pk=person.pk)
    if not person.is_sent_by_those_of(by):
        raise Refused(_("You can only nominate people of the nation or organisation for which you are liaison."))
    obstacles.refuse_for_the_first(obstacles.to_nominating(person.sender, row))
    _refuse_odd_priority(priority)
    nomination = Nomination(
        person=person,
        iteration=row,
        nation=person.nation,
        organisation=person.organisation,
        nominated_by=by,
        priority=priority,
        is_alternate=is_alternate,
        preference=preference,
        remarks=remarks.strip(),
    )
    keep_history(nomination, by=by, reason=gettext_noop("Drafted"))
    try:
        with transaction.atomic():
            nomination.save()
    except IntegrityError as twice:
        sentence = _("%(person)s is already nominated for this iteration.")
        raise Refused(sentence % {"person": person}, field="person") from twice
    return nomination


@transaction.atomic
def put_forward(person: Person, iteration: Iteration, *, by, **facts) -> Nomination:
    """Nominate and submit in one step: both, or neither. `facts` as for `nominate`."""
    return submit(nominate(person, iteration, by=by, **facts), by=by)


@transaction.atomic
def revise(nomination: Nomination, *, by, priority: int, is_alternate: bool, remarks: str) -> Nomination:
    """Change a nomination that is still, or again, with the liaison."""
    row = seats.lock(nomination)
    if not row.is_changeable_by(by):
        raise Refused(NOT_CHANGEABLE)
    _refuse_odd_priority(priority)
    row.priority, row.is_alternate, row.remarks = priority, is_alternate, remarks.strip()
    keep_history(row, by=by, reason=gettext_noop("Changed"))
    row.save(update_fields=["priority", "is_alternate", "remarks"])
    return row


@transaction.atomic
def submit(nomination: Nomination, *, by) -> Nomination:
    """Hand a nomination to the office, with the criteria as they stand. Late ones are marked and follow the policy.

    One that the office had returned keeps its first time of submission and is judged late, or not, by that.
    """
    row = seats.lock(nomination)
    row.guard("submit", by)
    fresh = _submitted_again(row) if row.submitted_at else _submitted(row)
    checks = checks_on_record(row, row.iteration)
    carry_out(row, "submit", by=by, checks=checks, decision_reason="", reason_code="", **fresh)
    return row


@transaction.atomic
def confirm(nomination: Nomination, *, by) -> Nomination:
    """The person, or the liaison for her, takes the place; what is still to do is written down."""
    row = seats.lock(nomination)
    carry_out(row, "confirm", by=by, confirmed_at=timezone.now())
    seats.settle(row, by=by, why=gettext_noop("Confirmed"))
    _write_the_checklist(row)
    return row


@transaction.atomic
def decline(nomination: Nomination, *, by, reason: str) -> Nomination:
    """The person gives the place back. The liaison is told."""
    return _leave(nomination, "decline", by, reason)


@transaction.atomic
def withdraw(nomination: Nomination, *, by, reason: str) -> Nomination:
    """The liaison takes a nomination back; a seat that it held is free again at once."""
    return _leave(nomination, "withdraw", by, reason, into=Seat.State.TURNED_BACK)


@transaction.atomic
def release(nomination: Nomination, *, by, reason: str) -> Nomination:
    """The office takes a seat back, as when nobody confirms it; the liaison and the person are told."""
    return _leave(nomination, "release", by, reason)


@transaction.atomic
def tick(item: ChecklistItem, *, by, is_done: bool) -> ChecklistItem:
    """The person marks something on the own checklist as done, or as not done after all."""
    row = seats.lock(item.nomination)
    if row.person.user_id != by.pk:
        raise Refused(_("This is somebody else's checklist."))
    if not row.has_a_seat:
        raise Refused(_("You no longer have this place: there is nothing left to do for it."))
    item.done_at = timezone.now() if is_done else None
    item.save(update_fields=["done_at"])
    return item


def _submitted(row: Nomination) -> dict:
    now = moment.now()
    obstacles.refuse_for_the_first(obstacles.to_submitting(row.sender, row.iteration, now))
    return {"submitted_at": now, "is_late": obstacles.is_late(row.iteration, now)}


def _submitted_again(row: Nomination) -> dict:
    obstacles.refuse_for_the_first(obstacles.to_submitting_again(row.sender, row.iteration))
    return {}


def _leave(nomination: Nomination, move: str, by, reason: str, into: str = Seat.State.FREE) -> Nomination:
    row = seats.lock(nomination)
    row.guard(move, by)
    _refuse_to_hide_a_no_show(row)
    seat, was_known = row.seat, row.state not in workflow.WITH_THE_LIAISON
    person_knows = seat is not None and not row.is_under_embargo and row.person.user_id != by.pk
    decision = {"decision_reason": reason.strip(), "reason_code": "", "decided_by": by, "decided_at": timezone.now()}
    left_late = seat is not None and row.iteration.is_after_go_no_go()
    carry_out(row, move, by=by, reason=reason, seat=None, answer_by=None, left_late=left_late, **decision)
    seats.free(row.iteration, seat, by=by, why=LEFT[move], into=into)
    ranking.close_up(row, by=by)
    emails.call_back(row)
    if was_known:
        emails.tell_of_decision(row, "withdrawn", person_too=person_knows)
    offers.pass_on(row.iteration)
    return row


def _refuse_to_hide_a_no_show(row: Nomination) -> None:
    """Who had confirmed and does not come is a no-show, not a withdrawal: the figures count both."""
    if row.state == NominationState.CONFIRMED and row.iteration.has_begun():
        sentence = _("%s has begun: a confirmed place can no longer be given back. Its outcome is recorded instead.")
        raise Refused(sentence % row.iteration)


def _refuse_odd_priority(priority: int) -> None:
    if priority not in PRIORITIES:
        raise Refused(_("Priority is a number from 1, your first choice, to 999."), field="priority")


def _write_the_checklist(nomination: Nomination) -> None:
    iteration = nomination.iteration
    kinds = {ChecklistItem.Kind.INSURANCE: iteration.joining_instructions_on}
    if iteration.course.prerequisite_links.filter(is_mandatory=True).exists():
        kinds[ChecklistItem.Kind.PREREQUISITE] = iteration.joining_instructions_on
    if iteration.nation_id and iteration.nation_id != nomination.nation_id:
        kinds[ChecklistItem.Kind.VISA] = iteration.go_no_go_on
    if iteration.place:
        kinds[ChecklistItem.Kind.TRAVEL] = iteration.joining_instructions_on
    if iteration.course.clearance:
        kinds[ChecklistItem.Kind.CLEARANCE] = iteration.joining_instructions_on
    for kind, due_on in kinds.items():
        ChecklistItem.objects.get_or_create(nomination=nomination, kind=kind, defaults={"due_on": due_on})
