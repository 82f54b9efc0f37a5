"""What the office is warned of before it schedules: clashes that may be meant. Plain values in, plain values out."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from math import ceil

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from interface.text import fold


@dataclass(frozen=True)
class Plan:
    """An iteration as the planner sees it. `people` are names by key: those who teach."""

    name: str
    starts_on: date
    ends_on: date
    place: str = ""
    nation: int | None = None
    host: int | None = None
    people: dict[int, str] = field(default_factory=dict)
    pk: int | None = None


@dataclass(frozen=True)
class Clash:
    """One thing to look at. `key` tells what was shown already; `other` is an iteration's key to jump to."""

    key: str
    sentence: str
    other: int | None = None


def clashes(
    plan: Plan,
    others: Iterable[Plan],
    *,
    today: date,
    training_days: int | None = None,
    duration: Decimal | None = None,
    deadline: date | None = None,
) -> list[Clash]:
    """Everything about `plan` that may be a mistake, what can be mended in the form first.

    `today` is the date in the plan's own zone, `duration` the course's in days.
    """
    found = [_past_deadline(deadline, today), _past_start(plan, today), _wrong_length(training_days, duration)]
    for other in others:
        if other.pk != plan.pk and _overlap(plan, other):
            found += [_same_place(plan, other), *_same_people(plan, other)]
    return [clash for clash in found if clash]


def _overlap(one: Plan, other: Plan) -> bool:
    return one.starts_on <= other.ends_on and other.starts_on <= one.ends_on


def _past_deadline(deadline: date | None, today: date) -> Clash | None:
    if deadline is None or deadline >= today:
        return None
    sentence = _("The nomination deadline, %(day)s, is in the past: every nomination will be late.")
    return Clash(f"deadline:{deadline}", sentence % {"day": _day(deadline)})


def _past_start(plan: Plan, today: date) -> Clash | None:
    if plan.starts_on >= today:
        return None
    sentence = _("The first day, %(day)s, is in the past.")
    return Clash(f"start:{plan.starts_on}", sentence % {"day": _day(plan.starts_on)})


def _wrong_length(training_days: int | None, duration: Decimal | None) -> Clash | None:
    """Half a day is a day on which people have to be there."""
    if training_days is None or duration is None or training_days == ceil(duration):
        return None
    sentence = _("The dates give %(planned)s training days, the course takes %(wanted)s.")
    days = {"planned": training_days, "wanted": f"{duration.normalize():f}"}
    return Clash(f"length:{training_days}:{ceil(duration)}", sentence % days)


def _same_place(plan: Plan, other: Plan) -> Clash | None:
    if not _is_same_place(plan, other):
        return None
    sentence = _("%(place)s is taken by %(other)s, %(from)s to %(to)s.")
    return Clash(f"place:{other.pk}", sentence % {"place": plan.place.strip(), **_facts(other)}, other.pk)


def _is_same_place(plan: Plan, other: Plan) -> bool:
    """The same words, accents ignored, unless the countries or hosts are known to differ."""
    if not plan.place.strip() or fold(plan.place) != fold(other.place):
        return False
    pairs = ((plan.nation, other.nation), (plan.host, other.host))
    return all(mine is None or theirs is None or mine == theirs for mine, theirs in pairs)


def _same_people(plan: Plan, other: Plan) -> list[Clash]:
    sentence = _("%(person)s also teaches %(other)s, %(from)s to %(to)s.")
    return [
        Clash(f"person:{key}:{other.pk}", sentence % {"person": name, **_facts(other)}, other.pk)
        for key, name in plan.people.items()
        if key in other.people
    ]


def _facts(other: Plan) -> dict[str, str]:
    return {"other": other.name, "from": _day(other.starts_on), "to": _day(other.ends_on)}


def _day(day: date) -> str:
    return date_format(day, "j F Y")
