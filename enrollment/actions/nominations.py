"""What a liaison does with the nation's nominations, and a person with her own place."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import carry_out, keep_history
from accounts.moves import Refused
from courses import workflow as iterations
from courses.models import Iteration
from enrollment import emails, workflow
from enrollment.actions import seats
from enrollment.actions.training_requests import refuse_the_suspended
from enrollment.models import ChecklistItem, Nomination
from enrollment.models.evidence import findings_for
from partners.models import Person


def nominate(
    person: Person, iteration: Iteration, *, by, priority: int = 1, is_alternate: bool = False, remarks: str = ""
) -> Nomination:
    """Draft a nomination of one of the sender's own people. Only a liaison nominates, never the person (rule 4.2)."""
    if not person.is_sent_by_those_of(by):
        raise Refused(_("You can only nominate people of the nation or organisation for which you are liaison."))
    refuse_the_suspended(person.sender)
    _refuse_where_nobody_can_be_nominated(iteration, person.sender)
    nomination = Nomination(
        person=person,
        iteration=iteration,
        nation=person.nation,
        organisation=person.organisation,
        nominated_by=by,
        priority=priority,
        is_alternate=is_alternate,
        remarks=remarks.strip(),
    )
    keep_history(nomination, by=by, reason=_("Drafted"))
    try:
        with transaction.atomic():
            nomination.save()
    except IntegrityError as twice:
        sentence = _("%(person)s is already nominated for this iteration.")
        raise Refused(sentence % {"person": person}, field="person") from twice
    return nomination


@transaction.atomic
def revise(nomination: Nomination, *, by, priority: int, is_alternate: bool, remarks: str) -> Nomination:
    """Change a nomination that is still, or again, with the liaison."""
    row = seats.lock(nomination)
    if not row.is_sent_by_those_of(by) or row.state not in workflow.WITH_THE_LIAISON:
        raise Refused(_("This nomination is with the office and can no longer be changed."))
    row.priority, row.is_alternate, row.remarks = priority, is_alternate, remarks.strip()
    keep_history(row, by=by, reason=_("Changed"))
    row.save(update_fields=["priority", "is_alternate", "remarks"])
    return row


@transaction.atomic
def submit(nomination: Nomination, *, by) -> Nomination:
    """Hand a nomination to the office, with the criteria as they stand. Late ones are marked and follow the policy."""
    row = seats.lock(nomination)
    refuse_the_suspended(row.sender)
    _refuse_where_nobody_can_be_nominated(row.iteration, row.sender)
    now = timezone.now()
    is_late = row.iteration.is_late_at(now)
    if is_late:
        _refuse_the_late(row.iteration)
    checks = [finding.as_dict() for finding in findings_for([row], row.iteration)[row.pk]]
    fresh = {"submitted_at": now, "is_late": is_late, "checks": checks, "decision_reason": "", "reason_code": ""}
    carry_out(row, "submit", by=by, **fresh)
    return row


@transaction.atomic
def confirm(nomination: Nomination, *, by) -> Nomination:
    """The person, or the liaison for her, takes the place; what is still to do is written down."""
    row = seats.lock(nomination)
    carry_out(row, "confirm", by=by, confirmed_at=timezone.now())
    _write_the_checklist(row)
    return row


@transaction.atomic
def decline(nomination: Nomination, *, by, reason: str) -> Nomination:
    """The person gives the place back. The liaison is told."""
    return _leave(nomination, "decline", by, reason)


@transaction.atomic
def withdraw(nomination: Nomination, *, by, reason: str) -> Nomination:
    """The liaison takes a nomination back; a seat that it held is free again at once."""
    return _leave(nomination, "withdraw", by, reason)


@transaction.atomic
def tick(item: ChecklistItem, *, by, is_done: bool) -> ChecklistItem:
    """The person marks something on the own checklist as done, or as not done after all."""
    if item.nomination.person.user_id != by.pk:
        raise Refused(_("This is somebody else's checklist."))
    item.done_at = timezone.now() if is_done else None
    item.save(update_fields=["done_at"])
    return item


def _leave(nomination: Nomination, move: str, by, reason: str) -> Nomination:
    row = seats.lock(nomination)
    had_a_seat, was_known = row.has_a_seat, row.state not in workflow.WITH_THE_LIAISON
    carry_out(row, move, by=by, reason=reason, decision_reason=reason.strip())
    if had_a_seat:
        seats.free(row.iteration)
    if was_known:
        emails.tell_of_decision(row, "withdrawn", person_too=False)
    return row


def _refuse_where_nobody_can_be_nominated(iteration: Iteration, sender) -> None:
    if iteration.state not in iterations.TAKING_NOMINATIONS or iteration.has_begun():
        sentence = _("%(iteration)s takes no nominations: its state is “%(state)s”.")
        raise Refused(sentence % {"iteration": iteration, "state": iteration.get_state_display()}, field="iteration")
    if not iteration.invites(sender):
        sentence = _("%(iteration)s is by invitation, and %(sender)s is not invited.")
        raise Refused(sentence % {"iteration": iteration, "sender": sender}, field="iteration")


def _refuse_the_late(iteration: Iteration) -> None:
    deadline = f"{iteration.nominations_close_on:%d.%m.%Y} ({iteration.time_zone})"
    if iteration.late_policy == Iteration.LatePolicy.REFUSE:
        sentence = _("Nominations closed at the end of %(deadline)s, and late ones are not accepted.")
        raise Refused(sentence % {"deadline": deadline})
    if iteration.late_policy == Iteration.LatePolicy.IF_SEATS and iteration.seats_free < 1:
        sentence = _("Nominations closed at the end of %(deadline)s, and no seat is free.")
        raise Refused(sentence % {"deadline": deadline})


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
