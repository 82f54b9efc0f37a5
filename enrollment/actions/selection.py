"""What the office decides on nominations. Every decision keeps who, when and why, and the liaison is told."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.actions import carry_out, only_coordinators
from accounts.invitations import account_for
from accounts.moves import Refused
from courses import workflow as iterations
from courses.models import Iteration
from enrollment import emails, workflow
from enrollment.actions import ranking, seats
from enrollment.eligibility import MET, Finding
from enrollment.models import Nomination, Waiver
from enrollment.models.elsewhere import places_elsewhere
from enrollment.models.evidence import findings_for, in_the_way
from enrollment.models.places import Places
from enrollment.seating import obstacle
from partners.models import Person


@transaction.atomic
def select(nomination: Nomination, *, by) -> Nomination:
    """Give the nominee a seat. Refuses when none is free, or when a criterion is not met and not waived."""
    row = seats.lock(nomination)
    row.guard("select", by)
    refuse_outside_selection(row)
    refuse_what_is_not_met(in_the_way([row], row.iteration)[row.pk])
    refuse_a_second_place(row)
    places = seats.take(row)
    decide(row, "select", by)
    seats.settle(row, by=by, why=gettext_noop("Selected"), places=places)
    invite(row)
    emails.tell_of_decision(row, "selected", person_too=True)
    return row


@transaction.atomic
def waitlist(nomination: Nomination, *, by, reason: str = "") -> Nomination:
    """Keep the nominee for a seat that may become free."""
    row = seats.lock(nomination)
    row.guard("waitlist", by)
    refuse_outside_selection(row)
    decide(row, "waitlist", by, reason)
    emails.tell_of_decision(row, "waitlisted", person_too=True)
    return row


@transaction.atomic
def refuse(nomination: Nomination, *, by, reason: str, code: str = Nomination.RefusalCode.OTHER) -> Nomination:
    """Refuse with a reason from the list and a sentence; the liaison reads both."""
    row = seats.lock(nomination)
    if code not in Nomination.RefusalCode.values:
        raise Refused(_("Choose a reason from the list."), field="code")
    decide(row, "refuse", by, reason, code)
    ranking.close_up(row, by=by)
    emails.tell_of_decision(row, "refused", person_too=True)
    return row


@transaction.atomic
def return_for_completion(nomination: Nomination, *, by, reason: str) -> Nomination:
    """Give a nomination back to the liaison, saying what is missing."""
    row = seats.lock(nomination)
    decide(row, "return", by, reason)
    emails.tell_of_decision(row, "returned", person_too=False)
    return row


DECISIONS = {
    "select": lambda nomination, by, words: select(nomination, by=by),
    "waitlist": lambda nomination, by, words: waitlist(nomination, by=by, reason=words["reason"]),
    "refuse": lambda nomination, by, words: refuse(nomination, by=by, **words),
    "return": lambda nomination, by, words: return_for_completion(nomination, by=by, reason=words["reason"]),
}


@transaction.atomic
def decide_many(
    nominations: Iterable[Nomination], move: str, *, by, reason: str = "", code: str = Nomination.RefusalCode.OTHER
) -> list[Nomination]:
    """The same decision on a whole list, or on nobody: one refusal refuses all and names the person."""
    if move not in DECISIONS:
        raise Refused(_("There is no such decision for a whole list."), field="move")
    decided = []
    for nomination in sorted(nominations, key=lambda each: (each.iteration_id, each.pk)):
        try:
            decided.append(DECISIONS[move](nomination, by, {"reason": reason, "code": code}))
        except Refused as refusal:
            sentence = _("Nothing was changed. %(person)s: %(why)s")
            raise Refused(sentence % {"person": nomination.person, "why": refusal.sentence}, refusal.field) from refusal
    if not decided:
        raise Refused(_("Choose at least one nomination."), field="ids")
    return decided


def foresee(nominations: Iterable[Nomination], move: str, *, by) -> dict[int, str]:
    """What `decide_many` would answer to each, by nomination id: its refusal's sentence, or "" where it would do it.

    Changes nothing. All nominations are of one iteration. Seats are counted in the order in which they would be given.
    """
    nominations = sorted(nominations, key=lambda each: each.pk)
    if not nominations:
        return {}
    iteration = nominations[0].iteration
    findings = in_the_way(nominations, iteration) if move == "select" else {}
    places = Places(iteration) if move == "select" else None
    return {each.pk: _answer(each, move, by, findings.get(each.pk, []), places) for each in nominations}


def _answer(nomination: Nomination, move: str, by, findings: list[Finding], places: Places | None) -> str:
    try:
        nomination.guard(move, by)
        if move in ("select", "waitlist"):
            refuse_outside_selection(nomination)
        refuse_what_is_not_met(findings)
        if places is not None:
            kind = places.kind_of(nomination)
            seats.refuse_for(obstacle(places.plan, kind), nomination.iteration)
            places.plan = places.plan.with_(kind)
    except Refused as refusal:
        return refusal.sentence
    return ""


@transaction.atomic
def grant_waiver(nomination: Nomination, criterion: str, *, by, reason: str) -> Waiver:
    """Waive one criterion of one nomination, with a reason that is kept."""
    only_coordinators(by, _("Only a training coordinator may grant a waiver."))
    if not reason.strip():
        raise Refused(_("Give a reason: a waiver is kept with who, when and why."), field="reason")
    row = seats.lock(nomination)
    if row.state not in workflow.WAIVABLE:
        sentence = _("Nothing can be waived any more: the state is “%s”.")
        raise Refused(sentence % row.get_state_display())
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


def decide(row: Nomination, move: str, by, reason: str = "", code: str = "", **changes) -> None:
    """Make the move with who, when and why. The liaison learns of it at once, the candidate after a delay.

    Her own answer is known to her.
    """
    now = timezone.now()
    decision = {"decision_reason": reason.strip(), "reason_code": code, "decided_by": by, "decided_at": now}
    is_hers = by is not None and row.person.user_id == by.pk
    delay = 0 if is_hers or row.iteration.all_clear_at else row.iteration.person_told_after_hours
    told_at = now + timedelta(hours=delay)
    emails.call_back(row)
    carry_out(row, move, by=by, reason=reason, seat=row.seat, person_told_at=told_at, **decision, **changes)


def refuse_a_second_place(row: Nomination) -> None:
    """Nobody is seated twice: see enrollment/models/elsewhere.py."""
    other = places_elsewhere([row.person_id], row.iteration).get(row.person_id)
    if other is not None:
        sentence = _("%(person)s has a place on %(iteration)s already. Give that one back first.")
        there = Iteration.objects.select_related("course").get(pk=other)
        raise Refused(sentence % {"person": row.person, "iteration": there})


def refuse_outside_selection(row: Nomination) -> None:
    if row.iteration.state not in iterations.SELECTING:
        sentence = _("Nobody can be selected for %(iteration)s: its state is “%(state)s”.")
        raise Refused(sentence % {"iteration": row.iteration, "state": row.iteration.get_state_display()})


def refuse_what_is_not_met(findings_in_the_way: Iterable[Finding]) -> None:
    for finding in findings_in_the_way:
        sentence = _("%(label)s is not met (%(evidence)s). Waive it with a reason first, or refuse the nomination.")
        raise Refused(sentence % {"label": finding.label, "evidence": finding.evidence.rstrip(".")})


def _refuse_what_cannot_be_waived(row: Nomination, criterion: str) -> None:
    findings = {finding.criterion: finding for finding in findings_for([row], row.iteration)[row.pk]}
    if criterion not in findings:
        raise Refused(_("This course has no such entry criterion."))
    if findings[criterion].waived:
        raise Refused(_("This criterion is already waived."))
    if findings[criterion].verdict == MET:
        raise Refused(_("This criterion is met: there is nothing to waive."))
    if not findings[criterion].may_be_waived:
        raise Refused(_("The course does not allow a waiver here: %s") % findings[criterion].evidence)


def invite(row: Nomination) -> None:
    """Give the selected person an account, if there is an address and it is not somebody else's."""
    person = row.person
    if person.user_id or not person.email:
        return
    try:
        with transaction.atomic():
            _link(person, account_for(person.email, f"{person.given_names} {person.family_name}".strip()))
    except IntegrityError:  # somebody with the same address was invited at the same moment, and has the account
        person.user = None


def _link(person: Person, user) -> None:
    if hasattr(user, "person"):
        return
    person.user = user
    person.save_without_historical_record(update_fields=["user"])
