"""A course's entry criteria in plain words."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from courses.models import Course, Prerequisite


def entry_criteria(course: Course, prerequisites: Iterable[Prerequisite]) -> list[str]:
    """One sentence for each criterion, in the order in which nominations are checked."""
    grades = [_officers(course), _warrant_officers(course), _other_ranks(course), _by_waiver(course)]
    sentences = [sentence for sentence in grades if sentence] or [_("Any military grade is admitted.")]
    sentences += [_civilians(course), _language(course), *map(_prerequisite, prerequisites)]
    return [sentence for sentence in sentences if sentence]


def _officers(course: Course) -> str:
    low, high = course.officers_from, course.officers_to
    if low is None and high is None:
        return ""
    if low == high:
        return _("Officers of grade OF-%s.") % low
    if high is None:
        return _("Officers from OF-%s.") % low
    return _("Officers from OF-%(low)s to OF-%(high)s.") % {"low": low or 1, "high": high}


def _warrant_officers(course: Course) -> str:
    return _("Warrant officers.") if course.warrant_officers else ""


def _other_ranks(course: Course) -> str:
    return _("Other ranks from OR-%s.") % course.enlisted_from if course.enlisted_from else ""


def _by_waiver(course: Course) -> str:
    """By waiver means below what is admitted without one."""
    level = course.enlisted_by_waiver_from
    if level is None or (course.enlisted_from is not None and level >= course.enlisted_from):
        return ""
    return _("Other ranks from OR-%s by waiver of the coordinator.") % level


def _civilians(course: Course) -> str:
    return _("Civilians of an equivalent grade.") if course.admits_civilians else _("No civilians.")


def _language(course: Course) -> str:
    if not course.slp_minimum:
        return ""
    listening, speaking, reading, writing = re.findall(r"\d\+?", course.slp_minimum)
    sentence = _("English at SLP %(slp)s or better: listening %(l)s, speaking %(s)s, reading %(r)s, writing %(w)s.")
    levels = {"l": listening, "s": speaking, "r": reading, "w": writing}
    return sentence % {"slp": course.slp_minimum, **levels}


def _prerequisite(link: Prerequisite) -> str:
    sentence = _("%s completed before the first day.") if link.is_mandatory else _("Recommended before: %s.")
    return sentence % link.required.title
