"""What is printed on a certificate: the record of the day of issue, put into words once and then frozen."""

from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from certificates.models import Certificate
from courses.models import Course, Iteration, Provision, Teaching
from enrollment.models import Nomination
from interface.dates import day, day_range
from partners.models import Organisation


def printed_values(nomination: Nomination, kind: str, number: str, issuer: Organisation, on: date) -> dict:
    """The words of one certificate, as JSON; `on` is the day of issue. Codes and addresses are no part of it."""
    iteration = nomination.iteration
    with override("en"):
        return {
            "kind": kind,
            "heading": str(Certificate.Kind(kind).label).title().replace(" Of ", " of "),
            "printed_name": nomination.person.printed_name,
            "statement": _statement(kind),
            "course_title": iteration.name,
            "course_line": course_line(iteration),
            "dates": day_range(iteration.starts_on, iteration.ends_on, iteration.precision),
            "place": place_line(iteration),
            "objectives": objectives(iteration.course),
            "institutions": institutions(iteration, issuer),
            "signatories": signatories(iteration, issuer),
            "number": number,
            "issued_on": day(on),
            "language": "en",
        }


def check_address(certificate: Certificate) -> str:
    return settings.BASE_URL + reverse("certificates:check", args=[certificate.code])


def check_hint(certificate: Certificate) -> str:
    """What somebody types who cannot scan: the address and the code, beside the number."""
    host = settings.BASE_URL.partition("://")[2] + reverse("certificates:verify")
    return f"{host} · {certificate.number} · {certificate.grouped_typed_code}"


def place_line(iteration: Iteration) -> str:
    if iteration.format == Iteration.Format.ONLINE:
        return _("online")
    return ", ".join(str(part) for part in (iteration.place, iteration.nation) if part)


def course_line(iteration: Iteration) -> str:
    course = iteration.course
    level = _("Level %s") % course.level if course.level else ""
    certification = course.get_certification_display() if course.certification else ""
    return " · ".join(part for part in (level, certification, course.code) if part)


def objectives(course: Course) -> list[str]:
    """The course's objectives as far as they fit on the page; a long list gives way, never the certificate."""
    chosen: list[str] = []
    for objective in course.objective_list:
        if len(objective) > 400 or sum(map(len, chosen)) + len(objective) > 1200:
            break
        chosen.append(objective)
    return chosen


def institutions(iteration: Iteration, issuer: Organisation) -> list[str]:
    """The issuer, and the first other institution that delivered; at most two."""
    delivering = iteration.provisions.filter(part=Provision.Part.DELIVERS).select_related("organisation")
    others = [each.organisation.name for each in delivering if each.organisation_id != issuer.pk]
    return [issuer.name, *others[:1]]


def signatories(iteration: Iteration, issuer: Organisation) -> list[dict]:
    """The course director and the issuer's signatory, as far as they are on record."""
    directors = iteration.team.filter(part=Teaching.Part.DIRECTOR).select_related("person")
    found = [{"name": each.person.titled_name, "function": _("Course director")} for each in directors[:2]]
    if issuer.signatory_name:
        found.append({"name": issuer.signatory_name, "function": issuer.signatory_function or issuer.name})
    return found


def _statement(kind: str) -> str:
    return _("has successfully completed the") if kind == Certificate.Kind.COMPLETION else _("attended the")
