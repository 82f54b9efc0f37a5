"""What a nominee still lacks on the way to a seat, and by when. Plain values in, plain values out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from enrollment.eligibility import MET, NOT_MET, Finding
from enrollment.workflow import NominationState


@dataclass(frozen=True)
class Dates:
    """The days of an iteration that somebody may have to keep; each lasts to its end in the iteration's zone."""

    today: date
    starts_on: date
    nominations_close_on: date | None = None
    notification_on: date | None = None
    go_no_go_on: date | None = None

    def next_for_proof(self) -> date:
        """By when evidence has to be there: before the office looks, else before it decides, else before the start."""
        ahead = (self.nominations_close_on, self.notification_on)
        return next((day for day in ahead if day and day >= self.today), self.starts_on)


@dataclass(frozen=True)
class Missing:
    """One thing to do: by the end of a day, or at an instant."""

    sentence: str
    by: date | None = None
    at: datetime | None = None


def what_is_missing(
    state: str, findings: Iterable[Finding], dates: Dates, answer_by: datetime | None = None
) -> list[Missing]:
    """What the sender has to do first, then what the record lacks."""
    return [*_next_deed(state, dates, answer_by), *_gaps(findings, dates)]


def _next_deed(state: str, dates: Dates, answer_by: datetime | None) -> list[Missing]:
    if state == NominationState.DRAFT:
        return [Missing(_("Not submitted yet."), by=dates.nominations_close_on)]
    if state == NominationState.RETURNED:
        return [Missing(_("Returned: complete it and submit it again."), by=dates.notification_on)]
    if state == NominationState.OFFERED:
        return [Missing(_("A seat is offered: accept or decline it."), at=answer_by)]
    if state == NominationState.SELECTED:
        return [Missing(_("The place is not confirmed yet."), by=dates.go_no_go_on or dates.starts_on)]
    return []


def _gaps(findings: Iterable[Finding], dates: Dates) -> list[Missing]:
    by = dates.next_for_proof()
    return [Missing(_gap(each), by=by) for each in findings if each.verdict != MET and not each.waived]


def _gap(finding: Finding) -> str:
    sentence = (
        _("%(label)s: not met. %(evidence)s")
        if finding.verdict == NOT_MET
        else _("%(label)s: not proven. %(evidence)s")
    )
    return sentence % {"label": finding.label, "evidence": finding.evidence}
