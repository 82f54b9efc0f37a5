"""From a request's answers to the iteration that answers it: what is carried over, and what is left to read."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from courses import clock
from courses.forms import IterationForm
from courses.models import Course, Iteration
from enrollment.models import TrainingRequest

Kind, Format = TrainingRequest.Kind, Iteration.Format
FORMAT_OF = {Kind.MOBILE_TEAM: Format.MOBILE_TEAM, Kind.E_LEARNING: Format.ONLINE}
COMES_TO_THE_PARTNER = {Kind.MOBILE_TEAM}
FOR_THE_PARTNER_ALONE = {Kind.MOBILE_TEAM, Kind.TAILORED, Kind.SEMINAR}
# A wish for more days than this is a period in which to choose, not the iteration's own days.
LONGEST_WISH = timedelta(days=31)


@dataclass(frozen=True)
class Answer:
    """One answer of the request that no field of the iteration took over."""

    label: str
    text: str


def initial_for(training_request: TrainingRequest) -> dict:
    """What the iteration's form begins with: the course's defaults, and over them what was asked for."""
    course = training_request.course
    basis = IterationForm.initial_for(course) if course else {}
    asked = {
        "format": FORMAT_OF.get(training_request.kind, Format.RESIDENTIAL),
        "capacity": training_request.people,
        "minimum": min(training_request.people, course.default_minimum) if course else 1,
        "place": training_request.place,
        **_days(training_request, course),
        **_language(training_request, course),
        **_audience(training_request),
    }
    return {**basis, **asked}


def left_over(training_request: TrainingRequest, initial: dict) -> list[Answer]:
    """Every answer that `initial` does not hold, in the order of the questions."""
    row = training_request
    answers = [
        (_("Course"), "" if row.course else _("None in particular")),
        (_("Topics"), ", ".join(str(topic) for topic in row.topics.all())),
        (_("Who they are"), row.levels),
        (_("Wanted"), "" if _is_taken_whole(row, initial) else _wish(row)),
        (_("Alternative dates"), row.alternatives),
        (_("Language"), "" if row.language in (initial["language"], initial["interpretation"]) else row.language),
        (_("Purpose"), row.purpose),
        (_("Framework"), str(row.framework or "")),
        (_("Plan or programme"), " ".join(filter(None, [row.get_plan_display(), row.plan_reference]))),
        (_("Funding"), row.get_funding_display()),
        (_("Contact"), row.contact),
    ]
    return [Answer(label, text) for label, text in answers if text]


def _days(row: TrainingRequest, course: Course | None) -> dict:
    """The days wished, if they are days and not a period; of a period, its first days."""
    first, last = row.wanted_from, row.wanted_to
    if first is None:
        return {}
    if last is not None and last - first <= LONGEST_WISH:
        return {"starts_on": first, "ends_on": last}
    return {"starts_on": first, "ends_on": _end_of(course, first)}


def _end_of(course: Course | None, first: date) -> date | None:
    rest_days = Iteration._meta.get_field("rest_days").default
    return clock.last_day(first, -int(-course.duration_days // 1), rest_days) if course else None


def _language(row: TrainingRequest, course: Course | None) -> dict:
    """Interpretation is into the partner's language out of the course's; without it, the partner's is taught in."""
    if not row.needs_interpretation:
        return {"language": row.language, "interpretation": ""}
    taught = course.languages if course else ""
    return {"language": taught or row.language, "interpretation": row.language if taught else _("asked for")}


def _audience(row: TrainingRequest) -> dict:
    """A team comes to the partner's country; what is made for one partner is not open to all."""
    country = {"nation": row.nation, "host": None} if row.kind in COMES_TO_THE_PARTNER and row.nation else {}
    if row.kind not in FOR_THE_PARTNER_ALONE:
        return country
    invited = {"invited_nations": [row.nation]} if row.nation else {"invited_organisations": [row.organisation]}
    return {**country, "is_by_invitation": True, **invited}


def _is_taken_whole(row: TrainingRequest, initial: dict) -> bool:
    return (row.wanted_from, row.wanted_to) == (initial.get("starts_on"), initial.get("ends_on"))


def _wish(row: TrainingRequest) -> str:
    days = {"from": _day(row.wanted_from), "to": _day(row.wanted_to)}
    return _("from %(from)s to %(to)s") % days


def _day(day: date | None) -> str:
    return date_format(day, "j F Y") if day else "…"
