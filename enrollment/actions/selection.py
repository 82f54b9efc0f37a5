"""What the office decides on nominations. Every decision keeps who, when and why, and the liaison is told."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import carry_out, only_coordinators
from accounts.invitations import account_for
from accounts.moves import Refused
from courses import workflow as iterations
from enrollment import emails
from enrollment.actions import seats
from enrollment.models import Nomination, Waiver
from enrollment.models.evidence import findings_for


@transaction.atomic
def select(nomination: Nomination, *, by) -> Nomination:
    """Give the nominee a seat. Refuses when none is free, or when a criterion is not met and not waived."""
    row = seats.lock(nomination)
    row.guard("select", by)
    _refuse_outside_selection(row)
    _refuse_what_is_not_met(row)
    seats.take(row.iteration)
    _decide(row, "select", by)
    _invite(row)
    emails.tell_of_decision(row, "selected", person_too=True)
    return row


@transaction.atomic
def waitlist(nomination: Nomination, *, by, reason: str = "") -> Nomination:
    """Keep the nominee for a seat that may become free."""
    row = seats.lock(nomination)
    row.guard("waitlist", by)
    _refuse_outside_selection(row)
    _decide(row, "waitlist", by, reason)
    emails.tell_of_decision(row, "waitlisted", person_too=False)
    return row


@transaction.atomic
def refuse(nomination: Nomination, *, by, reason: str, code: str = Nomination.RefusalCode.OTHER) -> Nomination:
    """Refuse with a reason from the list and a sentence; the liaison reads both."""
    row = seats.lock(nomination)
    _decide(row, "refuse", by, reason, code)
    emails.tell_of_decision(row, "refused", person_too=False)
    return row


@transaction.atomic
def return_for_completion(nomination: Nomination, *, by, reason: str) -> Nomination:
    """Give a nomination back to the liaison, saying what is missing."""
    row = seats.lock(nomination)
    _decide(row, "return", by, reason)
    emails.tell_of_decision(row, "returned", person_too=False)
    return row


DECISIONS = {
    "select": lambda nomination, by, reason: select(nomination, by=by),
    "waitlist": lambda nomination, by, reason: waitlist(nomination, by=by, reason=reason),
    "refuse": lambda nomination, by, reason: refuse(nomination, by=by, reason=reason),
    "return": lambda nomination, by, reason: return_for_completion(nomination, by=by, reason=reason),
}


@transaction.atomic
def decide_many(nominations: Iterable[Nomination], move: str, *, by, reason: str = "") -> list[Nomination]:
    """The same decision on a whole list, or on nobody: one refusal refuses all and names the person."""
    decided = []
    for nomination in sorted(nominations, key=lambda each: (each.iteration_id, each.pk)):
        try:
            decided.append(DECISIONS[move](nomination, by, reason))
        except Refused as refusal:
            sentence = _("Nothing was changed. %(person)s: %(why)s")
            raise Refused(sentence % {"person": nomination.person, "why": refusal.sentence}) from refusal
    return decided


def grant_waiver(nomination: Nomination, criterion: str, *, by, reason: str) -> Waiver:
    """Waive one criterion of one nomination, with a reason that is kept."""
    only_coordinators(by, _("Only a training coordinator may grant a waiver."))
    if not reason.strip():
        raise Refused(_("Give a reason: a waiver is kept with who, when and why."), field="reason")
    with transaction.atomic():
        row = seats.lock(nomination)
        _refuse_what_cannot_be_waived(row, criterion)
        return Waiver.objects.create(nomination=row, criterion=criterion, reason=reason.strip(), granted_by=by)


@transaction.atomic
def record_outcome(nomination: Nomination, move: str, *, by) -> Nomination:
    """What became of a participant: attended, passed, failed or no-show. Started by delivery."""
    row = seats.lock(nomination)
    if row.iteration.state not in iterations.RECORDING:
        sentence = _("Results of %(iteration)s can no longer be changed: its state is “%(state)s”.")
        raise Refused(sentence % {"iteration": row.iteration, "state": row.iteration.get_state_display()})
    carry_out(row, move, by=by)
    return row


def _decide(row: Nomination, move: str, by, reason: str = "", code: str = "") -> None:
    decision = {"decision_reason": reason.strip(), "reason_code": code, "decided_by": by, "decided_at": timezone.now()}
    carry_out(row, move, by=by, reason=reason, **decision)


def _refuse_outside_selection(row: Nomination) -> None:
    if row.iteration.state not in iterations.SELECTING:
        sentence = _("Nobody can be selected for %(iteration)s: its state is “%(state)s”.")
        raise Refused(sentence % {"iteration": row.iteration, "state": row.iteration.get_state_display()})


def _refuse_what_is_not_met(row: Nomination) -> None:
    missing = [finding for finding in findings_for([row], row.iteration)[row.pk] if finding.is_in_the_way]
    if missing:
        sentence = _("%(label)s is not met (%(evidence)s). Waive it with a reason first, or refuse the nomination.")
        raise Refused(sentence % {"label": missing[0].label, "evidence": missing[0].evidence})


def _refuse_what_cannot_be_waived(row: Nomination, criterion: str) -> None:
    findings = {finding.criterion: finding for finding in findings_for([row], row.iteration)[row.pk]}
    if criterion not in findings:
        raise Refused(_("This course has no such entry criterion."))
    if findings[criterion].waived:
        raise Refused(_("This criterion is already waived."))
    if not findings[criterion].may_be_waived:
        raise Refused(_("The course does not allow a waiver here: %s") % findings[criterion].evidence)


def _invite(row: Nomination) -> None:
    """Give the selected person an account, if there is an address and it is not somebody else's."""
    person = row.person
    if person.user_id or not person.email:
        return
    user = account_for(person.email, f"{person.given_names} {person.family_name}".strip())
    if hasattr(user, "person"):
        return
    person.user = user
    person.save_without_historical_record(update_fields=["user"])
