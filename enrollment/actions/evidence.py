"""Evidence: handed in by liaison, person or office; checked or rejected by a coordinator; counted only when checked."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.actions import carry_out, keep_history
from accounts.moves import Refused
from enrollment import emails, workflow
from enrollment.actions.completions import prove_completion
from enrollment.evidence_workflow import EvidenceState
from enrollment.models import Evidence, Nomination
from enrollment.models.papers import VAULT
from enrollment.scans import Scan
from enrollment.workflow import NominationState
from partners import actions as partners
from partners.models import LanguageTest, Person

Kind = Evidence.Kind
OF_ONESELF = (Kind.LANGUAGE, Kind.COMPLETION)
OF_A_PERSON = (Kind.LANGUAGE, Kind.COMPLETION, Kind.CLEARANCE)
MOST_IN_A_DAY = 30
STANDS = {EvidenceState.SUBMITTED, EvidenceState.CHECKED}
ON_THE_WAY = workflow.LIVE - workflow.WERE_THERE - {NominationState.NO_SHOW}


def kinds_open_to(user, person: Person, nomination: Nomination | None = None) -> tuple[str, ...]:
    """What `user` may hand in for a person: liaison and office everything, she herself no letter and no clearance."""
    if person.anonymised_at:
        return ()
    letters = (Kind.LETTER,) if nomination and _may_send_a_letter(user, nomination) else ()
    if person.may_be_kept_by(user):
        return OF_A_PERSON + letters
    return (OF_ONESELF if user.is_authenticated and person.user_id == user.pk else ()) + letters


@transaction.atomic
def hand_in(evidence: Evidence, scan: Scan | None, *, by) -> Evidence:
    """Keep a piece of evidence that nobody has checked yet. It takes the place of an older one that still waits.

    `scan` is the paper; of a clearance there is none, ever. Refuses days that cannot be, and what is over by now.
    The same paper with the same facts, sent twice, is the one that was kept first.
    """
    _read_anew(evidence)
    if evidence.kind not in kinds_open_to(by, evidence.person, evidence.nomination):
        raise Refused(_("This kind of evidence is not yours to hand in for this person."), field="kind")
    _refuse_a_paper_of_a_clearance(evidence, scan)
    _refuse_odd_days(evidence)
    evidence.sha256 = hashlib.sha256(scan.content).hexdigest() if scan else ""
    stands = Evidence.objects.that_say_the_same_as(evidence).filter(state__in=STANDS).first()
    if stands:
        return stands
    _refuse_a_flood(evidence.person)
    evidence.uploaded_by, evidence.uploaded_at, evidence.state = by, timezone.now(), EvidenceState.SUBMITTED
    if scan:
        _keep_the_file(evidence, scan)
    keep_history(evidence, by=by, reason=gettext_noop("Handed in"))
    evidence.save(force_insert=True)
    _outlive(evidence, {EvidenceState.SUBMITTED})
    return evidence


@transaction.atomic
def check(evidence: Evidence, *, by) -> Evidence:
    """The office has looked, and it is right: a test or a completion goes on record, and the liaison is told."""
    row = _lock(evidence)
    row.guard("check", by)
    _put_on_record(row, by)
    carry_out(row, "check", by=by, decided_by=by, decided_at=timezone.now())
    _outlive(row, {EvidenceState.CHECKED})
    emails.tell_of_evidence(row, "checked")
    return row


@transaction.atomic
def reject(evidence: Evidence, *, by, reason: str) -> Evidence:
    """It proves nothing, and why; the liaison is told."""
    row = _lock(evidence)
    decision = {"decided_by": by, "decided_at": timezone.now(), "decision_reason": reason.strip()}
    carry_out(row, "reject", by=by, reason=reason, **decision)
    emails.tell_of_evidence(row, "rejected")
    return row


DEEDS = {
    "check": lambda row, by, reason: check(row, by=by),
    "reject": lambda row, by, reason: reject(row, by=by, reason=reason),
}


def make_move(evidence: Evidence, name: str, *, by, reason: str = "") -> Evidence:
    """Make the move `name` of the table of evidence, as a button or a program names it."""
    if name not in DEEDS:
        raise Refused(_("There is no such move here."), field="move")
    return DEEDS[name](evidence, by, reason)


def _read_anew(evidence: Evidence) -> None:
    """The person fresh and locked; a nomination fresh, and only with a letter."""
    people = Person.objects.select_for_update(of=("self",)).select_related("nation", "organisation")
    evidence.person = people.get(pk=evidence.person_id)
    if evidence.kind != Kind.LETTER:
        evidence.nomination = None
    elif evidence.nomination_id:
        evidence.nomination = Nomination.objects.select_related("nation", "organisation").get(pk=evidence.nomination_id)


def _may_send_a_letter(user, nomination: Nomination) -> bool:
    is_theirs = user.is_authenticated and (user.is_coordinator or nomination.is_sent_by_those_of(user))
    return is_theirs and nomination.state in ON_THE_WAY


def _lock(evidence: Evidence) -> Evidence:
    """Fresh and locked; the person first, as everybody does who changes what is on record about her."""
    Person.objects.select_for_update(of=("self",)).get(pk=evidence.person_id)
    return Evidence.objects.select_for_update(of=("self",)).for_lists().get(pk=evidence.pk)


def _put_on_record(row: Evidence, by) -> None:
    """So that there is one truth: criteria read tests and completions, whoever recorded them."""
    facts = {"expires_on": row.expires_on}
    if row.kind == Kind.LANGUAGE:
        test = LanguageTest(
            person=row.person, profile=row.profile, tested_on=row.dated_on, issuer=row.reference, **facts
        )
        partners.prove_language_test(test, by=by)
    elif row.kind == Kind.COMPLETION:
        prove_completion(row.person, row.course, row.dated_on, by=by, reference=row.reference, **facts)


def _outlive(newer: Evidence, states: set[str]) -> None:
    """Older ones for the same thing in one of `states` make room; what was rejected stays rejected."""
    older = Evidence.objects.select_for_update(of=("self",)).for_the_same_as(newer).filter(state__in=states)
    for row in older.order_by("pk"):
        carry_out(row, "replace", by=None, replaced_by=newer)


def _keep_the_file(evidence: Evidence, scan: Scan) -> None:
    """Under a random name. Should the transaction fail the file is an orphan, and tasks.sweep_evidence removes it."""
    token = secrets.token_hex(16)
    evidence.file_name = f"{token[:2]}/{token[2:]}"
    evidence.original_name, evidence.content_type, evidence.size = scan.name, scan.content_type, len(scan.content)
    try:
        VAULT.write(evidence.file_name, scan.content)
    except OSError as full:
        raise Refused(_("The file could not be stored. Nothing was kept; please try again later.")) from full


def _refuse_a_paper_of_a_clearance(evidence: Evidence, scan: Scan | None) -> None:
    if evidence.kind == Kind.CLEARANCE and scan:
        sentence = _("The paper of a clearance does not belong here and was not kept: state it as yes or no.")
        raise Refused(sentence)
    if evidence.kind != Kind.CLEARANCE and scan is None:
        raise Refused(_("Choose the file of the paper."), field="file")


def _refuse_odd_days(evidence: Evidence) -> None:
    today = timezone.localdate()
    if evidence.dated_on and evidence.dated_on > today:
        raise Refused(_("This day has not come yet: give the day that stands on the paper."), field="dated_on")
    if evidence.expires_on and evidence.dated_on and evidence.expires_on < evidence.dated_on:
        raise Refused(_("It expires before its own date."), field="expires_on")
    if evidence.expires_on and evidence.expires_on < today:
        raise Refused(_("It has expired, and proves nothing any more. A newer one is needed."), field="expires_on")


def _refuse_a_flood(person: Person) -> None:
    since = timezone.now() - timedelta(days=1)
    if Evidence.objects.filter(person=person, uploaded_at__gte=since).count() >= MOST_IN_A_DAY:
        sentence = _("%(count)s pieces of evidence were handed in for this person within a day. Go on tomorrow.")
        raise Refused(sentence % {"count": MOST_IN_A_DAY})
