"""Requests and participants over time: one definition each, grouped by month, nation or framework.

A participant is a nomination whose person was there (attended, passed or failed), counted on the iteration's first day.
Its nation is the sender of that day, its framework the one in force on it (field.md, rule 5.16). Women + men + not
stated = total, always (5.14). Cancelled iterations are out (5.13).

Counts and the rows behind them come from the same annotations, `day` and `group`, so they cannot differ.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, DateField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, TruncDate, TruncMonth
from django.utils.translation import gettext as _

from courses.workflow import HELD
from enrollment.models import Nomination, TrainingRequest
from partners.models import Framework, FrameworkMembership, Person

SEXES = (Person.Sex.WOMAN, Person.Sex.MAN, Person.Sex.NOT_STATED)
MONTH, NATION, FRAMEWORK = "month", "nation", "framework"
NO_FRAMEWORK = "none"


@dataclass(frozen=True)
class Period:
    """Both days belong to it."""

    first: date
    last: date

    def before(self) -> "Period":
        """The same length of time that ends the day before; cut off where the calendar begins."""
        days = (self.last - self.first).days
        last = date.fromordinal(max(1, self.first.toordinal() - 1))
        return Period(date.fromordinal(max(1, last.toordinal() - days)), last)


@dataclass(frozen=True)
class Group:
    """One line of a figure: the key that finds its rows again, its name, a count for each series."""

    key: str
    name: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)


def participants(period: Period) -> QuerySet:
    """The rows behind every figure of participants, with `day`, the iteration's first."""
    found = Nomination.objects.who_were_there().filter(iteration__state__in=HELD)
    return found.annotate(day=F("iteration__starts_on")).filter(day__range=(period.first, period.last))


def requests(period: Period) -> QuerySet:
    """The rows behind every figure of requests, with `day`, on which they were received."""
    found = TrainingRequest.objects.received().annotate(day=TruncDate("received_at"))
    return found.filter(day__range=(period.first, period.last))


def participants_by(grouping: str, period: Period) -> list[Group]:
    """Groups with (women, men, not stated); months in order, the rest by size."""
    counts: dict = {}
    rows = _grouped(participants(period), grouping).values("group", "person__sex").annotate(n=Count("pk")).order_by()
    for row in rows:
        counts.setdefault(row["group"], {})[row["person__sex"]] = row["n"]
    return _in_order(grouping, {group: tuple(by_sex.get(sex, 0) for sex in SEXES) for group, by_sex in counts.items()})


def requests_by(grouping: str, period: Period) -> list[Group]:
    """Groups with (requests,) in the same order."""
    rows = _grouped(requests(period), grouping).values("group").annotate(n=Count("pk")).order_by()
    return _in_order(grouping, {row["group"]: (row["n"],) for row in rows})


def rows_of(rows: QuerySet, grouping: str, key: str) -> QuerySet:
    """Those of `rows` that one group counts; all of them for an empty key, none for an unknown one."""
    if not key:
        return rows
    group = _month_of(key) if grouping == MONTH else key
    return _grouped(rows, grouping).filter(group=group) if group else rows.none()


def name_of(grouping: str, key: str) -> str:
    return _framework_names().get(key, key) if grouping == FRAMEWORK else key


def _grouped(rows: QuerySet, grouping: str) -> QuerySet:
    """`rows` with `group`: the first of the month, the sender's name, or the framework's code."""
    if grouping == MONTH:
        return rows.annotate(group=TruncMonth("day", output_field=DateField()))
    if grouping == NATION:
        return rows.annotate(group=Coalesce("nation__name", "organisation__short_name"))
    in_force = FrameworkMembership.objects.in_force_on(OuterRef("day")).filter(nation=OuterRef("nation"))
    own = Subquery(in_force.order_by("from_on", "pk").values("framework__code")[:1])
    # A request may name the framework that it is made under; it goes before the sender's own.
    named = [F("framework__code")] if rows.model is TrainingRequest else []
    return rows.annotate(group=Coalesce(*named, own, Value(NO_FRAMEWORK)))


def _in_order(grouping: str, counts: dict) -> list[Group]:
    if grouping == MONTH:
        return [Group(f"{month:%Y-%m}", f"{month:%Y-%m}", counts[month]) for month in sorted(counts)]
    names = _framework_names() if grouping == FRAMEWORK else {}
    groups = [Group(key, names.get(key, key), each) for key, each in counts.items()]
    return sorted(groups, key=lambda group: (-group.total, group.name))


def _framework_names() -> dict[str, str]:
    return {**dict(Framework.objects.values_list("code", "name")), NO_FRAMEWORK: _("No framework")}


def _month_of(key: str) -> date | None:
    try:
        return date.fromisoformat(f"{key}-01")
    except ValueError:
        return None
