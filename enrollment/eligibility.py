"""Entry criteria: plain values in, findings out; no database. Rules: field.md 5.6 to 5.8."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

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
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True)
class Candidate:
    """What is on record about a person: grade, the latest SLP, and completions as (course, day)."""

    grade: Grade | None
    is_civilian: bool
    slp: str = ""
    slp_expires_on: date | None = None
    completions: tuple[tuple[str, date], ...] = ()


@dataclass(frozen=True)
class Finding:
    """One criterion's answer with the evidence it read. `verdict` is met, not met or not proven."""

    criterion: str
    label: str
    verdict: str
    evidence: str
    may_be_waived: bool = True
    waived: bool = False

    @property
    def is_in_the_way(self) -> bool:
        return self.verdict == NOT_MET and not self.waived

    def as_dict(self) -> dict:
        return asdict(self)


def check(criteria: Criteria, candidate: Candidate, waived: Iterable[str] = ()) -> list[Finding]:
    """All findings, in the order in which they are shown. `waived` holds the names of waived criteria."""
    findings = [_grade(criteria, candidate)]
    if criteria.slp_minimum:
        findings.append(_language(criteria, candidate))
    findings += [_prerequisite(name, criteria, candidate) for name in criteria.prerequisites]
    waived = set(waived)
    return [
        Finding(**{**finding.as_dict(), "waived": True}) if finding.criterion in waived else finding
        for finding in findings
    ]


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
    label = _("English, SLP %s") % criteria.slp_minimum
    if not candidate.slp:
        return Finding("slp", label, NOT_PROVEN, _("No language test on record."))
    if candidate.slp_expires_on and criteria.ends_on and candidate.slp_expires_on < criteria.ends_on:
        evidence = _("SLP %(slp)s on record, but it expires on %(day)s, before the end.")
        return Finding(
            "slp", label, NOT_PROVEN, evidence % {"slp": candidate.slp, "day": dates.day(candidate.slp_expires_on)}
        )
    has, needs = levels_of(candidate.slp), levels_of(criteria.slp_minimum)
    if len(has) != len(SKILLS):
        evidence = _("“%s” on record is not a profile of four levels.")
        return Finding("slp", label, NOT_PROVEN, evidence % candidate.slp)
    short = [_(skill) for skill, level, least in zip(SKILLS, has, needs, strict=False) if level < least]
    if not short:
        return Finding("slp", label, MET, _("SLP %s on record.") % candidate.slp)
    evidence = _("SLP %(slp)s on record; too low in: %(skills)s.") % {"slp": candidate.slp, "skills": ", ".join(short)}
    return Finding("slp", label, NOT_MET, evidence)


def _prerequisite(name: str, criteria: Criteria, candidate: Candidate) -> Finding:
    criterion, label = f"needs:{name}", _("Completed before the start: %s") % name
    days = [day for course, day in candidate.completions if course == name]
    before = [day for day in days if criteria.starts_on is None or day < criteria.starts_on]
    if before:
        return Finding(criterion, label, MET, _("Completed on %s.") % dates.day(max(before)))
    if days:
        return Finding(criterion, label, NOT_MET, _("Completed on %s: not before the start.") % dates.day(min(days)))
    return Finding(criterion, label, NOT_PROVEN, _("No completion on record."))
