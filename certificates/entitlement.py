"""Who gets which certificate, and why somebody gets none. Plain values in, plain values out. Rule: field.md 5.10."""

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Record:
    """What is known of one participant: the course's certificate, the outcome, the attendance in per cent."""

    course_certificate: str
    outcome: str
    attendance: int
    minimum_attendance: int


@dataclass(frozen=True)
class Entitlement:
    """`kind` is completion or attendance, or empty with the sentence that says why there is none."""

    kind: str
    why_not: str = ""


def entitlement(record: Record) -> Entitlement:
    """Completion only when passed and attended enough; attendance only with attendance; never for a no-show."""
    if record.course_certificate == "none":
        return Entitlement("", _("The course gives no certificate."))
    if record.outcome == "no-show":
        return Entitlement("", _("Did not come."))
    if record.outcome not in ("attended", "passed", "failed"):
        return Entitlement("", _("No result recorded yet."))
    if record.attendance < record.minimum_attendance:
        figures = {"has": record.attendance, "needs": record.minimum_attendance}
        return Entitlement("", _("Attended %(has)s %% of the days; %(needs)s %% are needed.") % figures)
    if record.course_certificate == "attendance":
        return Entitlement("attendance")
    if record.outcome != "passed":
        return Entitlement("", _("Did not pass."))
    return Entitlement("completion")
