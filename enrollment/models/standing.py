"""Where a waiting nominee stands, and what would have to happen: for her and her nation, naming nobody else's."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from courses.models import Iteration, Quota
from enrollment import workflow
from enrollment.models.nomination import Nomination
from enrollment.models.places import Places
from enrollment.models.turn import Turn
from enrollment.seating import Kind, Obstacle, obstacle
from enrollment.waiting import Entry, in_order
from enrollment.workflow import NominationState
from interface import dates
from partners.models import FrameworkMembership


@dataclass(frozen=True)
class Standing:
    """`place` of `total` in the published order of one waiting list, and a sentence on what would have to happen."""

    place: int
    total: int
    what_has_to_happen: str


@dataclass(frozen=True)
class TurnTold:
    """A nominee's turn for a free seat, in words that name nobody else's nation."""

    at: datetime
    outcome: str
    sentence: str


def with_standings(nominations: Iterable[Nomination]) -> list[Nomination]:
    """The same, each that waits with its `standing`: three queries for any number of them; none if nobody waits."""
    nominations = list(nominations)
    found = standings_of(each for each in nominations if each.state == NominationState.WAITLISTED)
    for each in nominations:
        each.standing = found.get(each.pk)
    return nominations


def standings_of(waiting: Iterable[Nomination]) -> dict[int, Standing]:
    """By nomination id. Each nomination comes with its person and iteration."""
    waiting = list(waiting)
    places = _places_of({each.iteration_id: each.iteration for each in waiting}) if waiting else {}
    found = {}
    for each in places.values():
        order = in_order(each.plan, each.entries())
        found |= {entry.pk: (position, len(order)) for position, entry in enumerate(order, start=1)}
    return {each.pk: _standing(each, places[each.iteration_id], *found[each.pk]) for each in waiting}


def turns_told(nomination: Nomination) -> list[TurnTold]:
    """The latest first; one query."""
    return [
        TurnTold(turn.at, turn.get_outcome_display(), _in_other_words(turn, nomination))
        for turn in nomination.turns.all()
    ]


def _standing(nomination: Nomination, places: Places, place: int, total: int) -> Standing:
    kind = places.kind_of(nomination)
    own = str(nomination.sender)
    return Standing(place, total, _what_has_to_happen(places, kind, own, is_first=place == 1))


def _what_has_to_happen(places: Places, kind: Kind, own: str, *, is_first: bool) -> str:
    ceiling = _ceiling_reached(places, kind)
    if ceiling:
        return _about_a_ceiling(ceiling, own)
    found = obstacle(places.plan, kind)
    if found is None and is_first:
        return _("A seat is free: it is offered here as soon as the list moves.")
    if found is None:
        return _("A seat is free, and those who stand before come first.")
    if found.code == "full":
        return _("It moves when a seat becomes free.")
    return _about_guarantees(places.iteration.take_back_on)


def _ceiling_reached(places: Places, kind: Kind) -> Obstacle | None:
    """The sender's own before others; whether or not a seat is free, it has to be dealt with."""
    plan = places.plan
    rules = {rule.key: rule for rule in plan.rules if rule.ceiling is not None and plan.used(rule) >= rule.ceiling}
    found = next((rules[key] for key in (kind.sender, kind.framework, kind.category) if key in rules), None)
    return Obstacle("ceiling", (found.name,), found.ceiling) if found else None


def _about_a_ceiling(found: Obstacle, own: str) -> str:
    if found.names[0] == own:
        sentence = _(
            "The ceiling of %(number)s for %(own)s is reached, so only when one of its nominees gives a seat back."
        )
        return sentence % {"number": found.number, "own": own}
    sentence = _("The ceiling for %(name)s is reached, so only when somebody who counts there gives a seat back.")
    return sentence % {"name": found.names[0]}


def _about_guarantees(until: date | None) -> str:
    if until is None:
        return _("The seats still free are guaranteed to others.")
    sentence = _("The seats still free are guaranteed to others. What they do not use is free after %(day)s.")
    return sentence % {"day": dates.day(until)}


def _in_other_words(turn: Turn, nomination: Nomination) -> str:
    """The reason as it is kept may name others: here it speaks of the own nation, or of nobody."""
    if turn.outcome == Turn.Outcome.OFFERED:
        return _("A seat was offered.")
    if turn.reason == Turn.Reason.CEILING:
        return _said_of_a_ceiling(turn.number, turn.names[0], str(nomination.sender))
    if turn.reason == Turn.Reason.GUARANTEED:
        return _("Passed over: the seats still free were guaranteed to others.")
    if turn.reason == Turn.Reason.FULL:
        return _("Passed over: all seats were taken.")
    return _("Passed over: the office offered the seat to another.")


def _said_of_a_ceiling(number: int, name: str, own: str) -> str:
    if name == own:
        return _("Passed over: the ceiling of %(number)s for %(own)s was reached.") % {"number": number, "own": own}
    return _("Passed over: the ceiling for %(name)s was reached.") % {"name": name}


@dataclass(frozen=True)
class _Row:
    """What the order of a waiting list needs of one who waits, or who keeps a seat."""

    pk: int
    iteration_id: int
    nation: int | None
    organisation: int | None
    category: str
    state: str
    priority: int
    is_alternate: bool
    submitted_at: datetime

    @property
    def sender(self) -> tuple:
        return self.nation, self.organisation, self.category


class _PlacesRead(Places):
    """The places of one of several iterations, from rows that were read for all of them."""

    def __init__(self, iteration: Iteration, quotas: list[Quota], rows: list[_Row], memberships: list) -> None:
        self._rows, self._memberships = rows, memberships
        super().__init__(iteration, quotas, counts=True)

    def entries(self) -> list[Entry]:
        return [
            Entry(
                pk=row.pk,
                kind=self._kind(*row.sender),
                sender="",
                priority=row.priority,
                is_alternate=row.is_alternate,
                submitted_at=row.submitted_at.timestamp(),
            )
            for row in self._rows
            if row.state == NominationState.WAITLISTED
        ]

    def _seated(self) -> Counter:
        return self._count(row.sender for row in self._rows if row.state != NominationState.WAITLISTED)

    def _frameworks_of_the_first_day(self) -> dict[int, str]:
        day = self.iteration.starts_on
        in_force = [each for each in self._memberships if each.is_in_force_on(day)]
        return {each.nation_id: f"framework:{each.framework_id}" for each in in_force}


def _places_of(iterations: dict[int, Iteration]) -> dict[int, _PlacesRead]:
    quotas, rows = defaultdict(list), defaultdict(list)
    for quota in Quota.objects.in_force().with_holders().filter(iteration__in=iterations):
        quotas[quota.iteration_id].append(quota)
    memberships = list(FrameworkMembership.objects.order_by("-from_on", "-pk")) if quotas else []
    states = workflow.KEEPS_A_SEAT | {NominationState.WAITLISTED}
    found = Nomination.objects.filter(iteration__in=iterations, state__in=states).order_by()
    facts = ("nation", "organisation", "person__category", "state", "priority", "is_alternate", "submitted_at")
    for values in found.values_list("pk", "iteration", *facts):
        row = _Row(*values)
        rows[row.iteration_id].append(row)
    return {pk: _PlacesRead(each, quotas[pk], rows[pk], memberships) for pk, each in iterations.items()}
