"""Entry criteria: plain values in, findings out; no database. Rules: field.md 5.6 to 5.8.

What was handed in and not checked yet never changes a verdict: it is only spoken of.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from enrollment.evidence_workflow import EvidenceState
from interface import dates
from partners.grades import Grade

MET, NOT_MET, NOT_PROVEN = "met", "not met", "not proven"
SKILLS = (gettext_noop("listening"), gettext_noop("speaking"), gettext_noop("reading"), gettext_noop("writing"))


@dataclass(frozen=True)
class Criteria:
    """What an iteration asks for. Levels of STANAG 2116 inside each scale; None: that scale is not admitted."""

    officers: tuple[int, int] | None = None
    warrant_officers: bool = False
    enlisted_from: int | None = None
    enlisted_by_waiver_from: int | None = None
    admits_civilians: bool = True
    slp_minimum: str = ""
    prerequisites: tuple[str, ...] = ()
    clearance: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    time_zone: str = "UTC"

    @property
    def asks_for_proof(self) -> bool:
        """True when something has to be read beside the person's own grade and category."""
        return bool(self.slp_minimum or self.prerequisites or self.clearance)


@dataclass(frozen=True)
class Paper:
    """A paper or statement that was handed in: `kind` and `level` as Evidence has them, `state` an EvidenceState."""

    pk: int
    kind: str
    state: str
    uploaded_at: datetime
    course: str = ""
    profile: str = ""
    is_cleared: bool | None = None
    level: str = ""
    dated_on: date | None = None
    expires_on: date | None = None
    reason: str = ""


class Completed(NamedTuple):
    """A course that somebody got through, and until when that counts: None for ever."""

    course: str
    on: date
    expires_on: date | None = None


@dataclass(frozen=True)
class Candidate:
    """What is on record about a person: grade, the latest SLP, completions, and papers with the newest first."""

    grade: Grade | None
    is_civilian: bool
    slp: str = ""
    slp_expires_on: date | None = None
    completions: tuple[Completed, ...] = ()
    papers: tuple[Paper, ...] = ()


@dataclass(frozen=True)
class Exemption:
    """A waiver in plain words: of which criterion, why, and who granted it."""

    criterion: str
    reason: str = ""
    granter: str = ""


@dataclass(frozen=True)
class Finding:
    """One criterion's answer with the evidence it read. `verdict` is met, not met or not proven.

    `paper` is the key of the paper that was read, if there is one; of a waiver, the reason and who granted it.
    """

    criterion: str
    label: str
    verdict: str
    evidence: str
    may_be_waived: bool = True
    waived: bool = False
    waived_because: str = ""
    waived_by: str = ""
    paper: int | None = None

    @property
    def is_in_the_way(self) -> bool:
        return self.verdict == NOT_MET and not self.waived

    def as_dict(self) -> dict:
        return asdict(self)


def check(criteria: Criteria, candidate: Candidate, waived: Iterable[Exemption] = ()) -> list[Finding]:
    """All findings, in the order in which they are shown."""
    findings = [_grade(criteria, candidate)]
    if criteria.slp_minimum:
        findings.append(_language(criteria, candidate))
    findings += [_prerequisite(name, criteria, candidate) for name in criteria.prerequisites]
    if criteria.clearance:
        findings.append(_clearance(criteria, candidate))
    return waive(findings, waived)


def waive(findings: Iterable[Finding], exemptions: Iterable[Exemption]) -> list[Finding]:
    """The same findings, marked where a waiver was granted."""
    granted = {each.criterion: each for each in exemptions}
    return [_waive(finding, granted.get(finding.criterion)) for finding in findings]


def _waive(finding: Finding, exemption: Exemption | None) -> Finding:
    if exemption is None:
        return finding
    return replace(finding, waived=True, waived_because=exemption.reason, waived_by=exemption.granter)


def is_eligible(findings: Iterable[Finding]) -> bool:
    """True when every criterion is met or waived."""
    return all(finding.verdict == MET or finding.waived for finding in findings)


def _grade(criteria: Criteria, candidate: Candidate) -> Finding:
    label = _("Grade")
    if candidate.is_civilian and not criteria.admits_civilians:
        return Finding("grade", label, NOT_MET, _("Civilians are not admitted."))
    if not _asks_for_a_grade(criteria):
        return Finding("grade", label, MET, _("Any grade is admitted."))
    if candidate.grade is None:
        return Finding("grade", label, NOT_PROVEN, _("No grade on record; asked for: %s.") % _asked(criteria))
    verdict = MET if _grade_fits(criteria, candidate.grade) else NOT_MET
    evidence = _("%(grade)s on record; asked for: %(asked)s.") % {"grade": candidate.grade, "asked": _asked(criteria)}
    return Finding("grade", label, verdict, evidence, may_be_waived=_grade_may_be_waived(criteria, candidate.grade))


def _grade_fits(criteria: Criteria, grade: Grade) -> bool:
    if grade.scale == "WO":
        return criteria.warrant_officers
    if grade.scale == "OR":
        return criteria.enlisted_from is not None and grade.level >= criteria.enlisted_from
    return criteria.officers is not None and criteria.officers[0] <= grade.level <= criteria.officers[1]


def _grade_may_be_waived(criteria: Criteria, grade: Grade) -> bool:
    """Where a course names from which OR grade a waiver is possible, nobody below it gets one."""
    floor = criteria.enlisted_by_waiver_from
    return not (grade.scale == "OR" and floor is not None and grade.level < floor)


def _asks_for_a_grade(criteria: Criteria) -> bool:
    return bool(
        criteria.officers
        or criteria.warrant_officers
        or criteria.enlisted_from is not None
        or criteria.enlisted_by_waiver_from is not None
    )


def _asked(criteria: Criteria) -> str:
    parts = []
    if criteria.officers:
        low, high = criteria.officers
        parts.append(f"OF-{low}" if low == high else _("OF-%(low)s to OF-%(high)s") % {"low": low, "high": high})
    if criteria.warrant_officers:
        parts.append("WO")
    if criteria.enlisted_from is not None:
        parts.append(_("OR-%s and above") % criteria.enlisted_from)
    elif criteria.enlisted_by_waiver_from is not None:
        parts.append(_("OR-%s and above by waiver") % criteria.enlisted_by_waiver_from)
    return ", ".join(parts)


def levels_of(profile: str) -> list[float]:
    """The four levels of an SLP such as "32+32", where "+" ranks between two levels."""
    levels: list[float] = []
    for character in profile:
        if character == "+" and levels:
            levels[-1] += 0.5
        elif character.isdecimal():
            levels.append(float(character))
    return levels


def _language(criteria: Criteria, candidate: Candidate) -> Finding:
    papers = [paper for paper in candidate.papers if paper.kind == "language"]
    label = _("English, SLP %s") % criteria.slp_minimum
    verdict, evidence = _slp_on_record(criteria, candidate)
    proof = _checked(papers, lambda paper: paper.profile == candidate.slp)
    return _add_what_waits(Finding("slp", label, verdict, evidence, paper=proof), papers, criteria)


def _slp_on_record(criteria: Criteria, candidate: Candidate) -> tuple[str, str]:
    slp, expires_on = candidate.slp, candidate.slp_expires_on
    if not slp:
        return NOT_PROVEN, _("No language test on record.")
    if _is_over(expires_on, criteria):
        evidence = _("SLP %(slp)s on record, but it expires on %(day)s, before the end.")
        return NOT_PROVEN, evidence % {"slp": slp, "day": dates.day(expires_on)}
    has, needs = levels_of(slp), levels_of(criteria.slp_minimum)
    if len(has) != len(SKILLS):
        return NOT_PROVEN, _("“%s” on record is not a profile of four levels.") % slp
    short = [_(skill) for skill, level, least in zip(SKILLS, has, needs, strict=False) if level < least]
    if not short:
        return MET, _("SLP %s on record.") % slp
    evidence = _("SLP %(slp)s on record; too low in: %(skills)s.") % {"slp": slp, "skills": ", ".join(short)}
    return NOT_MET, evidence


def _prerequisite(name: str, criteria: Criteria, candidate: Candidate) -> Finding:
    papers = [paper for paper in candidate.papers if paper.kind == "completion" and paper.course == name]
    verdict, evidence, day = _completion_on_record(
        [each for each in candidate.completions if each.course == name], criteria
    )
    label, proof = _("Completed before the start: %s") % name, _checked(papers, lambda paper: paper.dated_on == day)
    return _add_what_waits(Finding(f"needs:{name}", label, verdict, evidence, paper=proof), papers, criteria)


def _completion_on_record(completions: list[Completed], criteria: Criteria) -> tuple[str, str, date | None]:
    """Verdict, words, and the day of the completion that was read."""
    before = [each for each in completions if criteria.starts_on is None or each.on < criteria.starts_on]
    lasting = [each.on for each in before if not _is_over(each.expires_on, criteria)]
    if lasting:
        return MET, _("Completed on %s.") % dates.day(max(lasting)), max(lasting)
    if before:
        last = max(before, key=lambda each: each.expires_on)
        evidence = _("Completed on %(day)s, but it expires on %(expiry)s, before the end.")
        return NOT_PROVEN, evidence % {"day": dates.day(last.on), "expiry": dates.day(last.expires_on)}, last.on
    if completions:
        first = min(each.on for each in completions)
        return NOT_MET, _("Completed on %s: not before the start.") % dates.day(first), first
    return NOT_PROVEN, _("No completion on record."), None


# What needs no clearance at all, and the levels that do, the highest first: "TOP SECRET" holds "SECRET".
NEEDS_NO_CLEARANCE = re.compile(r"\b(UNCLASSIFIED|NONE|NIL|NO CLEARANCE|NOT (REQUIRED|NEEDED|APPLICABLE))\b")
LEVELS = ("TOP SECRET", "SECRET", "CONFIDENTIAL", "RESTRICTED")


def clearance_level(text: str) -> str:
    """The level that a course's words ask for, one of LEVELS; empty when they name none of them."""
    return next((level for level in LEVELS if level in text.upper()), "")


def _clearance(criteria: Criteria, candidate: Candidate) -> Finding:
    label = _("Security clearance: %s") % criteria.clearance
    level = clearance_level(criteria.clearance)
    if not level and NEEDS_NO_CLEARANCE.search(criteria.clearance.upper()):
        return Finding("clearance", label, MET, _("Nobody needs a clearance for this."))
    papers = [paper for paper in candidate.papers if paper.kind == "clearance"]
    stated = next((paper for paper in papers if paper.state == EvidenceState.CHECKED), None)
    verdict, evidence = _clearance_as_stated(stated, level, criteria)
    finding = Finding("clearance", label, verdict, evidence, paper=stated.pk if stated else None)
    return _add_what_waits(finding, papers, criteria)


def _clearance_as_stated(stated: Paper | None, level: str, criteria: Criteria) -> tuple[str, str]:
    if stated is None:
        return NOT_PROVEN, _("No checked statement of clearance.")
    if not stated.is_cleared:
        return NOT_MET, _("Stated as not cleared.")
    facts = {"level": stated.level, "day": dates.day(stated.expires_on)}
    if level and LEVELS.index(stated.level) > LEVELS.index(level):
        return NOT_MET, _("Cleared up to %(level)s only, until %(day)s.") % facts
    if _is_over(stated.expires_on, criteria):
        return NOT_PROVEN, _("Cleared up to %(level)s, but it expires on %(day)s, before the end.") % facts
    return MET, _("Cleared up to %(level)s until %(day)s.") % facts


def _is_over(expires_on: date | None, criteria: Criteria) -> bool:
    """True for what does not last to the iteration's last day."""
    return expires_on is not None and criteria.ends_on is not None and expires_on < criteria.ends_on


def _checked(papers: list[Paper], says: Callable[[Paper], bool]) -> int | None:
    """The key of the checked paper that says what is on record."""
    return next((paper.pk for paper in papers if paper.state == EvidenceState.CHECKED and says(paper)), None)


def _add_what_waits(finding: Finding, papers: list[Paper], criteria: Criteria) -> Finding:
    """Beside a criterion that is not met, the newest paper that waits to be checked, or was rejected."""
    newest = next((paper for paper in papers if paper.state != EvidenceState.REPLACED), None)
    if finding.verdict == MET or newest is None or newest.state == EvidenceState.CHECKED:
        return finding
    words = f"{finding.evidence} {_what_became_of(newest, criteria)}"
    return replace(finding, evidence=words, paper=newest.pk)


def _what_became_of(paper: Paper, criteria: Criteria) -> str:
    uploaded_on = paper.uploaded_at.astimezone(dates.zone_of(criteria.time_zone)).date()
    facts = {"what": _what_it_says(paper), "day": dates.day(uploaded_on), "why": paper.reason}
    if paper.state == EvidenceState.REJECTED:
        return _("%(what)s, uploaded on %(day)s, was rejected: %(why)s") % facts
    if _is_over(paper.expires_on, criteria):
        facts["expiry"] = dates.day(paper.expires_on)
        return _("%(what)s, uploaded on %(day)s, not checked yet; it expires on %(expiry)s, before the end.") % facts
    return _("%(what)s, uploaded on %(day)s, not checked yet.") % facts


def _what_it_says(paper: Paper) -> str:
    if paper.kind == "language":
        return _("A certificate of SLP %s") % paper.profile
    if paper.kind == "completion":
        return _("A certificate of completion on %s") % dates.day(paper.dated_on)
    return (
        _("A statement of clearance up to %s") % paper.level if paper.is_cleared else _("A statement of no clearance")
    )
