"""Requests and participants over time: one definition each, grouped by month, nation or framework.

A participant is a nomination whose person was there (attended, passed or failed), counted on the iteration's first day.
Its nation is the sender of that day, its framework the one in force on it (field.md, rule 5.16). Women + men + not
stated = total, always (5.14). Cancelled iterations are out (5.13).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from courses.workflow import HELD
from enrollment.models import Nomination, TrainingRequest
from partners.models import FrameworkMembership, Person

SEXES = (Person.Sex.WOMAN, Person.Sex.MAN, Person.Sex.NOT_STATED)


@dataclass(frozen=True)
class Period:
    """Both days belong to it."""

    first: date
    last: date


class Memberships:
    """The framework of a nation on a day; one query for all nations."""

    def __init__(self) -> None:
        self.by_nation: dict[int, list[FrameworkMembership]] = {}
        for each in FrameworkMembership.objects.select_related("framework").order_by("framework__position"):
            self.by_nation.setdefault(each.nation_id, []).append(each)

    def name_on(self, nation_id: int | None, day: date) -> str:
        """The framework's name, or “no framework”; organisations have none."""
        found = (each for each in self.by_nation.get(nation_id, []) if each.is_in_force_on(day))
        membership = next(found, None)
        return membership.framework.name if membership else _("No framework")


def participants(period: Period) -> QuerySet:
    """The rows behind every figure of participants."""
    return Nomination.objects.who_were_there().filter(
        iteration__starts_on__range=(period.first, period.last), iteration__state__in=HELD
    )


def requests(period: Period) -> QuerySet:
    """The rows behind every figure of requests, by the day on which they were received."""
    return TrainingRequest.objects.received().filter(received_at__date__range=(period.first, period.last))


def participants_by(grouping: str, period: Period) -> list[tuple[str, tuple[int, int, int]]]:
    """[(group, (women, men, not stated))], months in order, the rest by size; two queries for any number of rows."""
    counted = _counted_participants(period)
    memberships = Memberships() if grouping == "framework" else None
    groups: dict[str, Counter] = {}
    for row in counted:
        name = _group_of(row["first_day"], row["nation"], row["sender"], grouping, memberships)
        groups.setdefault(name, Counter())[row["person__sex"]] += row["people"]
    return _ordered({name: tuple(counter[sex] for sex in SEXES) for name, counter in groups.items()}, grouping)


def requests_by(grouping: str, period: Period) -> list[tuple[str, tuple[int]]]:
    """[(group, (requests,))] in the same order."""
    memberships = Memberships() if grouping == "framework" else None
    groups: Counter = Counter()
    rows = requests(period).values_list("received_at__date", "nation", "nation__name", "organisation__short_name")
    for day, nation, nation_name, organisation in rows:
        groups[_group_of(day, nation, nation_name or organisation, grouping, memberships)] += 1
    return _ordered({name: (number,) for name, number in groups.items()}, grouping)


def rows_of(grouping: str, name: str, period: Period) -> QuerySet:
    """The ids of the participants in one group; all of the period's for an empty name, none for an unknown one."""
    found = participants(period)
    if not name:
        return found.values("pk")
    rows = found.values_list("pk", "iteration__starts_on", "nation", "nation__name", "organisation__short_name")
    memberships = Memberships() if grouping == "framework" else None
    if grouping == "nation":
        return found.filter(Q(nation__name=name) | Q(organisation__short_name=name)).values("pk")
    if grouping == "month":
        days = {day for _pk, day, *_rest in rows if f"{day:%Y-%m}" == name}
        return found.filter(iteration__starts_on__in=days).values("pk")
    pairs = {(nation, day) for _pk, day, nation, *_rest in rows if memberships.name_on(nation, day) == name}
    chosen = Q(pk__in=[])
    for nation, day in pairs:
        chosen |= Q(nation=nation, iteration__starts_on=day)
    return found.filter(chosen).values("pk")


def _counted_participants(period: Period) -> Iterable[dict]:
    """One row per first day, sender and sex, with how many people: small, however many nominations there are."""
    rows = participants(period).values(
        "iteration__starts_on", "nation", "nation__name", "organisation__short_name", "person__sex"
    )
    for row in rows.annotate(people=Count("pk")).order_by():
        row["first_day"] = row["iteration__starts_on"]
        row["sender"] = row["nation__name"] or row["organisation__short_name"]
        yield row


def _group_of(day: date, nation: int | None, sender: str, grouping: str, memberships: Memberships | None) -> str:
    if grouping == "nation":
        return sender
    if memberships:
        return memberships.name_on(nation, day)
    return f"{day:%Y-%m}"


def _ordered(groups: dict[str, tuple], grouping: str) -> list[tuple]:
    if grouping == "month":
        return sorted(groups.items())
    return sorted(groups.items(), key=lambda item: (-sum(item[1]), item[0]))
