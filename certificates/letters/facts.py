"""What is printed on a letter: the record of its day, put into words once and then frozen."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from certificates import wording
from certificates.design.languages import english
from certificates.letters import kinds
from courses.models import Iteration
from enrollment.models import Nomination
from interface.dates import day, day_range, instant, zone_name

LANGUAGE = "en"


def printed_facts(nomination: Nomination, kind: str, reference: str) -> dict:
    """All that a letter says about one nomination, as JSON; empty where the record knows nothing."""
    iteration = nomination.iteration
    with override(LANGUAGE):
        return {
            "reference": reference,
            "written_on": day(iteration.today()),
            **_issuer(iteration),
            "to": _to_the_sender(nomination) if kind in kinds.TO_THE_SENDER else _to_the_person(nomination),
            **_nominee(nomination),
            **_course(iteration),
            **_deadlines(iteration),
            "answer_by": instant(nomination.answer_by, iteration.zone) if kind == kinds.LetterKind.OFFERED else "",
            "is_confirmed": nomination.state == "confirmed",
            "reason_code": nomination.get_reason_code_display() if nomination.reason_code else "",
            "reason": nomination.decision_reason
            or (iteration.cancellation_reason if kind == kinds.LetterKind.CANCELLED else ""),
            "carried_to": _carried_to(nomination),
            "page": settings.BASE_URL + reverse("enrollment:nomination", args=[nomination.pk]),
        }


def _issuer(iteration: Iteration) -> dict:
    institution = iteration.course.institution
    return {"issuer": institution.name, "seat": str(institution.nation or "")}


def _to_the_sender(nomination: Nomination) -> list[str]:
    return [_("The liaison"), _full_name(nomination.sender)]


def _to_the_person(nomination: Nomination) -> list[str]:
    person = nomination.person
    name = [person.rank, person.printed_name, _latin_name(person)] if person.has_other_script else [person.titled_name]
    return [line for line in (*name, person.service, _full_name(nomination.sender)) if line]


def _nominee(nomination: Nomination) -> dict:
    person = nomination.person
    return {
        "name": person.printed_name,
        "latin_name": _latin_name(person),
        "person": person.titled_name,
        "sender": _full_name(nomination.sender),
    }


def _course(iteration: Iteration) -> dict:
    return {
        "course": iteration.name,
        "course_line": wording.course_line(iteration.course, english()),
        "iteration": iteration.reference,
        "dates": day_range(iteration.starts_on, iteration.ends_on, iteration.precision),
        "place": wording.place(iteration, english()),
        "language": iteration.language,
        "zone": zone_name(iteration.zone),
    }


def _deadlines(iteration: Iteration) -> dict:
    names = ("go_no_go_on", "joining_instructions_on", "last_substitution_on")
    return {name: day(on) if (on := getattr(iteration, name)) else "" for name in names}


def _carried_to(nomination: Nomination) -> str:
    """The iteration that a cancelled nomination was carried over to, with its days."""
    carried = next(iter(nomination.carried_to.all()), None)
    if carried is None:
        return ""
    to = carried.iteration
    return f"{to.name}, {day_range(to.starts_on, to.ends_on, to.precision)}"


def _latin_name(person) -> str:
    return f"{person.given_names} {person.family_name}".strip() if person.has_other_script else ""


def _full_name(sender) -> str:
    return sender.name
