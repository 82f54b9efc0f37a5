"""The columns of a spreadsheet of nominations: what they are called, what may stand in them, what it means.

A cell is cleaned by the same fields that clean the page's forms, so no rule is written twice.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from interface.text import fold
from partners import grades
from partners.fields import DateField
from partners.forms import LatinNameField
from partners.models import Person
from partners.models.person import slp_validator

LARGEST_NUMBER = 10**15


@dataclass(frozen=True)
class Column:
    """One column: its key, the heading and explanation in the reader's language, how a cell becomes a value."""

    key: str
    heading: str
    explanation: str
    clean: Callable
    also: tuple[str, ...] = ()
    choices: tuple[tuple[object, str], ...] = ()


def _field(field: forms.Field) -> Callable:
    return field.clean


def _of_person(name: str) -> Callable:
    """As the person's record takes it: length, choices, address."""
    return Person._meta.get_field(name).formfield(required=False).clean


def _choice(choices: tuple, others: dict[str, object]) -> Callable:
    """A value by its name in any of our languages, in any case, or by one of the other words for it."""

    @cache
    def values() -> dict[str, object]:
        known = {fold(str(value)): value for value, _label in choices}
        for code, _name in settings.LANGUAGES:
            with override(code):
                known |= {fold(str(label)): value for value, label in choices}
        return known | others

    def clean(text: str):
        value = values().get(fold(text))
        if value is None:
            names = ", ".join(str(label) for _value, label in choices)
            raise ValidationError(_("Write one of: %(names)s.") % {"names": names})
        return value

    return clean


def _grade(text: str) -> str:
    """“OF-3”, also written OF3 or “of 3”."""
    grade = grades.parse(re.sub(r"^([A-Za-z]{2})[\s.-]*(\d+)$", r"\1-\2", text.strip()))
    if grade is None:
        raise ValidationError(_("Write a NATO grade such as OF-3, OR-7 or WO-2."))
    return str(grade)


def _number(text: str) -> int:
    number = text.strip()
    if not (number.isascii() and number.isdecimal() and int(number[:20]) < LARGEST_NUMBER):
        raise ValidationError(_("Write a whole number."))
    return int(number)


def _priority(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:20]) <= 999):
        raise ValidationError(_("Priority is a number from 1, your first choice, to 999."))
    return int(text)


def _slp(text: str) -> str:
    profile = re.sub(r"[\s,;./-]", "", text)
    slp_validator(profile)
    return profile


def _day(text: str):
    day = DateField(input_formats=["%Y-%m-%d", "%d.%m.%Y"], error_messages={"invalid": _DAY}).clean(text)
    if day > timezone.localdate():
        raise ValidationError(_("Give the day of the test: it cannot lie ahead."))
    return day.isoformat()


_DAY = gettext_lazy("Write the day as year-month-day, such as 2026-03-31.")
YES_OR_NO = ((True, gettext_lazy("yes")), (False, gettext_lazy("no")))
YES_WORDS = {"true": True, "1": True, "x": True, "y": True, "oui": True, "o": True}
NO_WORDS = {"false": False, "0": False, "n": False, "non": False}
SEX_WORDS = {"female": "woman", "f": "woman", "w": "woman", "male": "man", "m": "man", "h": "man"}
FUNCTIONS = tuple((value, value) for value in Person.GenderFunction.values)
yes_or_no = _choice(YES_OR_NO, YES_WORDS | NO_WORDS)

COLUMNS = (
    Column(
        "record",
        gettext_lazy("Record no."),
        gettext_lazy("Of a person whom you have on record. Leave it empty for somebody new."),
        _number,
        ("id", "record", "person id", "record number"),
    ),
    Column(
        "nominate",
        gettext_lazy("Nominate"),
        gettext_lazy("Rows with “no” are passed over. Empty means yes."),
        yes_or_no,
        choices=YES_OR_NO,
    ),
    Column(
        "family_name",
        gettext_lazy("Family name"),
        gettext_lazy("In Latin letters, as in the passport. Needed in each row without a record number."),
        _field(LatinNameField(max_length=80)),
        ("surname", "last name", "name", "nom", "nom de famille"),
    ),
    Column(
        "given_names",
        gettext_lazy("Given names"),
        gettext_lazy("In Latin letters, as in the passport."),
        _field(LatinNameField(max_length=80, required=False)),
        ("given name", "first name", "first names", "forename", "prenom", "prenoms"),
    ),
    Column(
        "printed_name",
        gettext_lazy("Name as printed"),
        gettext_lazy("As it stands on documents, in its own script. Empty: given names and family name."),
        _of_person("printed_name"),
        ("printed name", "name on certificate"),
    ),
    Column(
        "sex",
        gettext_lazy("Sex"),
        gettext_lazy("Woman, man or not stated."),
        _choice(tuple(Person.Sex.choices), SEX_WORDS),
        ("gender", "sexe"),
        tuple(Person.Sex.choices),
    ),
    Column(
        "category",
        gettext_lazy("Category"),
        gettext_lazy("Military, civilian or police. Empty for somebody new: military."),
        _choice(tuple(Person.Category.choices), {}),
        ("categorie",),
        tuple(Person.Category.choices),
    ),
    Column(
        "grade",
        gettext_lazy("NATO grade"),
        gettext_lazy("STANAG 2116, such as OF-3. For a civilian: the equivalent grade."),
        _grade,
        ("grade", "nato rank", "grade otan"),
        tuple(grades.CHOICES),
    ),
    Column("rank", gettext_lazy("National rank"), gettext_lazy("Such as Major."), _of_person("rank"), ("rank", "rang")),
    Column(
        "service",
        gettext_lazy("Service or unit"),
        gettext_lazy("Such as Army, 3rd Brigade."),
        _of_person("service"),
        ("service", "unit", "unite"),
    ),
    Column(
        "post_title",
        gettext_lazy("Post"),
        gettext_lazy("What the person does now."),
        _of_person("post_title"),
        ("post title", "position", "function", "poste", "fonction"),
    ),
    Column(
        "gender_function",
        gettext_lazy("Gender function"),
        gettext_lazy("None, GENAD, GFA, GFP or trainer."),
        _choice(tuple(Person.GenderFunction.choices), {}),
        ("gender role",),
        FUNCTIONS,
    ),
    Column(
        "email",
        gettext_lazy("E-mail"),
        gettext_lazy("Joining instructions and the certificate go there."),
        _of_person("email"),
        ("email", "mail", "e-mail address", "email address", "courriel"),
    ),
    Column(
        "phone",
        gettext_lazy("Phone"),
        gettext_lazy("With the country code."),
        _of_person("phone"),
        ("telephone", "tel"),
    ),
    Column(
        "slp",
        gettext_lazy("English SLP"),
        gettext_lazy("STANAG 6001: listening, speaking, reading, writing, such as 3232. With the day of the test."),
        _slp,
        ("slp", "english", "anglais"),
    ),
    Column(
        "slp_on",
        gettext_lazy("SLP tested on"),
        gettext_lazy("The day of the language test, such as 2026-03-31."),
        _day,
        ("date of slp", "slp date", "tested on"),
    ),
    Column(
        "priority",
        gettext_lazy("Priority"),
        gettext_lazy("1 is your first choice. Other nations never see it. Empty means 1."),
        _priority,
        ("rank order", "order of priority", "priorite"),
    ),
    Column(
        "is_alternate",
        gettext_lazy("Reserve"),
        gettext_lazy("Yes for somebody who comes only if one of your principals cannot."),
        yes_or_no,
        ("alternate", "is reserve", "remplacant"),
        YES_OR_NO,
    ),
    Column(
        "remarks",
        gettext_lazy("Remarks for the office"),
        gettext_lazy("What the office should know."),
        _field(forms.CharField(max_length=2000, required=False)),
        ("remarks", "notes", "comment", "comments", "remarques"),
    ),
)
BY_KEY = {column.key: column for column in COLUMNS}
OF_THE_PERSON = (
    "family_name",
    "given_names",
    "printed_name",
    "sex",
    "category",
    "grade",
    "rank",
    "service",
    "post_title",
    "gender_function",
    "email",
    "phone",
)


def headings() -> dict[str, str]:
    """Folded heading → key. The headings of every language of the site come first, then other words for them."""
    known: dict[str, str] = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            for column in COLUMNS:
                known.setdefault(fold(str(column.heading)), column.key)
    for column in COLUMNS:
        for word in (column.key, *column.also):
            known.setdefault(fold(word), column.key)
    return known


def clean(cells: dict[str, str], *, unread: set[str] = frozenset()) -> tuple[dict, list[tuple[str, str]]]:
    """(values, [(key, sentence)]) of a row's texts; `unread` are keys whose cells could not even be read."""
    values, faults = {}, []
    for key, text in cells.items():
        try:
            values[key] = BY_KEY[key].clean(text)
        except ValidationError as fault:
            faults.append((key, " ".join(fault.messages)))
    faulty = unread | {key for key, _sentence in faults}
    return values, faults + [each for each in _missing(values) if each[0] not in faulty]


def _missing(values: dict) -> list[tuple[str, str]]:
    found = []
    if not values.get("family_name") and not values.get("record"):
        found.append(("family_name", _("The family name is missing.")))
    if values.get("slp") and not values.get("slp_on"):
        found.append(("slp_on", _("Say on which day the language test was taken.")))
    if values.get("slp_on") and not values.get("slp"):
        found.append(("slp", _("Say which profile the language test gave.")))
    return found
