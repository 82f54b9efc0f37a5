"""Whom and what a coordinator can choose when she plans, and how it is written."""

from functools import cache
from zoneinfo import available_timezones

from django.db.models import Q

from courses.models import Teaching
from partners.models import Organisation, Person


def who_may_teach(user):
    """Who can be put on a team: who was on one, gender trainers, and the staff of institutions that teach."""
    kinds = Organisation.Kind
    schools = [kinds.TRAINING, kinds.COE, kinds.ACADEMY, kinds.PTEC]
    is_trainer = Q(gender_function=Person.GenderFunction.TRAINER) | Q(organisation__kind__in=schools)
    has_taught = Q(pk__in=Teaching.objects.values("person"))
    people = Person.objects.visible_to(user).filter((is_trainer & Q(anonymised_at__isnull=True)) | has_taught)
    return people.select_related("nation", "organisation")


def name_and_sender(person: Person) -> str:
    return f"{person.list_name} ({person.sender})"


def short_and_long_name(organisation: Organisation) -> str:
    return f"{organisation.short_name} – {organisation.name}"


@cache
def zone_names() -> list[str]:
    """Zones that people know: an area and a city, and UTC."""
    areas = {"Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}
    return ["UTC", *sorted(name for name in available_timezones() if name.split("/")[0] in areas)]
