"""What a nomination still lacks: where each paper is handed in, and by when."""

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from courses.models import Iteration
from enrollment.actions import evidence as actions
from enrollment.eligibility import MET, Finding
from enrollment.models import Evidence, Nomination
from interface import dates

Kind = Evidence.Kind


def by_when(iteration: Iteration) -> str:
    """The day until which evidence is waited for, in a sentence; the day counts in the iteration's own zone."""
    today, told_on, closes_on = iteration.today(), iteration.notification_on, iteration.nominations_close_on
    is_open = iteration.awaits_nominations and not iteration.is_late_at(timezone.now())
    if closes_on and is_open:
        sentence = _("It is needed when nominations close: at the end of %(day)s (%(zone)s), %(away)s.")
        return sentence % {**_days(closes_on, today), "zone": iteration.time_zone}
    if told_on and today <= told_on:
        sentence = _("Nominations have closed. It is needed before decisions are told: by %(day)s, %(away)s.")
        return sentence % _days(told_on, today)
    if today < iteration.starts_on:
        return _("The time for it has passed: hand it in at once. First day: %(day)s, %(away)s.") % _days(
            iteration.starts_on, today
        )
    return ""


def _days(day, today) -> dict:
    return {"day": dates.day(day), "away": dates.days_away(day, today)}


def where_to_bring(finding: Finding, nomination: Nomination, user) -> str:
    """The address at which `user` hands in what proves a criterion; nothing where no paper helps or none is due."""
    asked = _what_proves(finding.criterion)
    is_settled = finding.verdict == MET or finding.waived
    if not asked or is_settled or asked["kind"] not in actions.kinds_open_to(user, nomination.person):
        return ""
    return f"{reverse('enrollment:nomination_evidence_new', args=[nomination.pk])}?{urlencode(asked)}"


def where_to_bring_a_letter(nomination: Nomination, user) -> str:
    if Kind.LETTER not in actions.kinds_open_to(user, nomination.person, nomination):
        return ""
    address = reverse("enrollment:nomination_evidence_new", args=[nomination.pk])
    return f"{address}?{urlencode({'kind': Kind.LETTER})}"


def _what_proves(criterion: str) -> dict[str, str]:
    kind, _colon, course = criterion.partition(":")
    known = {"slp": Kind.LANGUAGE, "needs": Kind.COMPLETION, "clearance": Kind.CLEARANCE}
    if kind not in known:
        return {}
    return {"kind": known[kind], **({"course": course} if course else {})}
