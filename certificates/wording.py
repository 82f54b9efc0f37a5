"""What is printed on a certificate: the record of the day of issue, put into words once and then frozen."""

import re
from calendar import monthrange
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import check_for_language, override

from certificates import signing
from certificates.design.languages import english
from certificates.kinds import FOR_PARTICIPANTS
from certificates.models import Certificate, CourseTitle, Issuer, Language
from courses.models import Course, Iteration, Provision, Teaching
from interface.dates import day, day_range
from partners.models import Organisation, Person

MOST_SIGNATORIES = 3
FOR_TRIAL = "Signed with a development key: made for trial only, it proves nothing."
LATIN = re.compile("[A-Za-z\u00aa-\u02af\u1e00-\u1eff]")


class Wording:
    """The words of one act of issuing: read once from the records, then put together for each holder."""

    def __init__(self, iteration: Iteration, on: date, second: Language | None = None) -> None:
        self.iteration, self.on, self.second = iteration, on, second
        self.issuer = iteration.course.institution
        self.institutions = _institutions(iteration, self.issuer)
        self.signatories = _signatories(iteration, self.issuer)
        self.emblems = [_emblem(each) for each in self.institutions]
        self.course_version = iteration.course.history.count()
        self.title_in_second = _title_in(second, iteration.course)
        self.notice = FOR_TRIAL if signing.is_development() else ""

    def of(self, kind: str, holder: Person | Organisation, number: str, *, replaces: Certificate | None = None) -> dict:
        """Everything on the paper of one holder, as JSON. Codes and addresses are no part of it."""
        course, expires_on = self.iteration.course, self.expires_on(kind)
        facts = {"kind": kind, "expires_on": expires_on, "replaces": replaces.number if replaces else ""}
        with override("en"):
            words = self._said(english(), "en", **facts)
        return {
            **words,
            "kind": kind,
            "printed_name": holder.name if isinstance(holder, Organisation) else holder.printed_name,
            "latin_name": "" if isinstance(holder, Organisation) else _latin_name(holder),
            "course_title": self.iteration.name,
            "objectives": _objectives(course),
            "institutions": [each.name for each in self.institutions],
            "emblems": self.emblems,
            "signatories": self.signatories,
            "number": number,
            "notice": self.notice,
            "language": "en",
            "second_language": self.second.code if self.second else "",
            "second": self._in_second(**facts),
            "course_code": course.code,
            "course_version": self.course_version,
            "certified_on": course.certified_on.isoformat() if course.certified_on else "",
        }

    def expires_on(self, kind: str) -> date | None:
        """The course says for how many months its certificates hold, from the last day on."""
        months = self.iteration.course.certificate_valid_months
        return months_later(self.iteration.ends_on, months) if months and kind in FOR_PARTICIPANTS else None

    def _in_second(self, **facts) -> dict[str, str]:
        if self.second is None:
            return {}
        knows_dates = check_for_language(self.second.code)
        with override(self.second.code) if knows_dates else nullcontext():
            words = self._said(self.second.words, self.second.code if knows_dates else "", **facts)
        del words["certification"]
        return words | {"course_title": self.title_in_second}

    def _said(self, words: dict[str, str], code: str, *, kind: str, expires_on: date | None, replaces: str) -> dict:
        """In the language of `words`; dates in the form of the active language, or in figures where `code` is empty."""
        iteration = self.iteration
        says_day = day if code else date.isoformat
        return {
            "heading": words[f"heading.{kind}"],
            "statement": words[f"statement.{kind}"],
            "course_line": course_line(iteration.course, words),
            "certification": _certification(iteration.course, words),
            "dates": day_range(iteration.starts_on, iteration.ends_on, iteration.precision)
            if code
            else _figures(iteration),
            "place": place(iteration, words),
            "issued_on": says_day(self.on),
            "valid_until": words["valid_until"].format(says_day(expires_on)) if expires_on else "",
            "replaces": words["replaces"].format(replaces) if replaces else "",
        }


def check_address(certificate: Certificate) -> str:
    return settings.BASE_URL + reverse("certificates:check", args=[certificate.code])


def check_hint(certificate: Certificate) -> str:
    """What somebody types who cannot scan: the address and the code, beside the number."""
    host = settings.BASE_URL.partition("://")[2] + reverse("certificates:verify")
    return f"{host} · {certificate.number} · {certificate.grouped_typed_code}"


def place(iteration: Iteration, words: dict[str, str]) -> str:
    if iteration.format == Iteration.Format.ONLINE:
        return words["online"]
    return ", ".join(str(part) for part in (iteration.place, iteration.nation) if part)


def course_line(course: Course, words: dict[str, str]) -> str:
    level = words["level"].format(course.level) if course.level else ""
    return " · ".join(part for part in (level, _certification(course, words), course.code) if part)


def months_later(on: date, months: int) -> date:
    """The same day of a later month; the last one where it has no such day.

    >>> months_later(date(2026, 8, 31), 6)
    datetime.date(2027, 2, 28)
    """
    years, month = divmod(on.month - 1 + months, 12)
    year = on.year + years
    return date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))


def _certification(course: Course, words: dict[str, str]) -> str:
    return words[f"certification.{course.certification.lower()}"] if course.certification else ""


def _dates(iteration: Iteration) -> str:
    return day_range(iteration.starts_on, iteration.ends_on, iteration.precision)


def _figures(iteration: Iteration) -> str:
    if iteration.precision == Iteration.Precision.MONTH:
        return date_format(iteration.starts_on, "Y-m")
    return f"{iteration.starts_on.isoformat()} – {iteration.ends_on.isoformat()}"


def _latin_name(person: Person) -> str:
    """For a name in another script: the form of the lists."""
    is_latin = all(
        ord(letter) < 0x250 or 0x1E00 <= ord(letter) < 0x1F00 or not letter.isalpha() for letter in person.printed_name
    )
    return "" if is_latin else f"{person.given_names} {person.family_name}".strip()


def _objectives(course: Course) -> list[str]:
    """The course's objectives as far as they fit on the page; a long list gives way, never the certificate."""
    chosen: list[str] = []
    for objective in course.objective_list:
        if len(objective) > 400 or sum(map(len, chosen)) + len(objective) > 1200:
            break
        chosen.append(objective)
    return chosen


def _institutions(iteration: Iteration, issuer: Organisation) -> list[Organisation]:
    """The issuer, and the first other institution that delivered; at most two."""
    delivering = iteration.provisions.filter(part=Provision.Part.DELIVERS).select_related("organisation")
    others = [each.organisation for each in delivering if each.organisation_id != issuer.pk]
    return [issuer, *others[:1]]


def _emblem(institution: Organisation) -> str:
    emblem = Issuer.objects.of(institution).emblem
    return emblem.name if emblem else ""


def _signatories(iteration: Iteration, issuer: Organisation) -> list[dict]:
    """The course directors and the issuer's signatory, as far as they are on record; at most three."""
    directors: Sequence[Teaching] = iteration.team.filter(part=Teaching.Part.DIRECTOR).select_related("person")
    found = [{"name": each.person.titled_name, "function": english()["director"]} for each in directors[:2]]
    if issuer.signatory_name:
        found.append({"name": issuer.signatory_name, "function": issuer.signatory_function or issuer.name})
    return found[:MOST_SIGNATORIES]


def _title_in(language: Language | None, course: Course) -> str:
    if language is None:
        return ""
    return CourseTitle.objects.filter(course=course, language=language).values_list("title", flat=True).first() or ""
