"""A waiting list as its page shows it: the published order, and for each what stands in the way."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from courses.models import Iteration
from enrollment.eligibility import Finding
from enrollment.models.elsewhere import places_elsewhere
from enrollment.models.evidence import findings_for
from enrollment.models.nomination import Nomination
from enrollment.models.places import Places
from enrollment.models.turn import Turn
from enrollment.seating import Obstacle, Plan, obstacle
from enrollment.waiting import Entry, in_order, passed_over_for
from enrollment.waiting import turns as whose_turn
from enrollment.workflow import NominationState


@dataclass(frozen=True)
class Waiting:
    """One who waits, at her place. `why_not` is what keeps her from a seat now; empty: one would be offered to her."""

    place: int
    nomination: Nomination
    why_not: str
    is_barred: bool
    turns: list[Turn] = field(default_factory=list)


@dataclass(frozen=True)
class WaitingList:
    """The list in the published order, open offers, all turns; and the plain values by which it was put in order."""

    lines: list[Waiting] = field(default_factory=list)
    offers: list[Nomination] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    plan: Plan | None = None
    entries: dict[int, Entry] = field(default_factory=dict)  # by nomination id

    def line_of(self, nomination: Nomination) -> Waiting | None:
        return next((line for line in self.lines if line.nomination.pk == nomination.pk), None)

    def obstacle_to(self, nomination: Nomination) -> str:
        """Why this one cannot be offered a seat at all now, whoever stands before; "" when she can."""
        line = self.line_of(nomination)
        return line.why_not if line.is_barred else _in_words(obstacle(self.plan, self.entries[nomination.pk].kind))

    def passed_over_for(self, nomination: Nomination) -> list[Waiting]:
        """Who would be passed over if the seat were offered to this one."""
        able = [self.entries[line.nomination.pk] for line in self.lines if not line.is_barred]
        found = {entry.pk for entry in passed_over_for(self.plan, able, self.entries[nomination.pk])}
        return [line for line in self.lines if line.nomination.pk in found]


def waiting_list(iteration: Iteration, user) -> WaitingList:
    """Everybody who waits and whom `user` may see, in the published order; a constant number of queries.

    Free seats are given in thought, as moving the list gives them. Who is barred, by a criterion or by a place
    elsewhere, is never called and takes none.
    """
    rows, offers = _rows(iteration, user)
    turns = _turns(iteration)
    if not rows:
        return WaitingList(offers=offers, turns=turns)
    places = Places(iteration, iteration.quotas.in_force().with_holders(), counts=True)
    barred, kept = _barred(rows, iteration), _by_nomination(turns)
    entries = in_order(places.plan, [places.entry_of(row) for row in rows.values()])
    why_not = _obstacles(places.plan, [entry for entry in entries if entry.pk not in barred])
    lines = [
        Waiting(place, rows[pk], barred.get(pk) or why_not[pk], pk in barred, kept[pk])
        for place, pk in enumerate((entry.pk for entry in entries), start=1)
    ]
    return WaitingList(lines, offers, turns, places.plan, {entry.pk: entry for entry in entries})


def _rows(iteration: Iteration, user) -> tuple[dict[int, Nomination], list[Nomination]]:
    """Who waits, by id, and who has an offer, the first to be answered first."""
    states = {NominationState.WAITLISTED, NominationState.OFFERED}
    found = Nomination.objects.visible_to(user).filter(iteration=iteration, state__in=states)
    rows = list(found.select_related("person", "nation", "organisation", "seat").prefetch_related("waivers"))
    for row in rows:
        row.iteration = iteration
    offers = [row for row in rows if row.state == NominationState.OFFERED]
    waiting = {row.pk: row for row in rows if row.state == NominationState.WAITLISTED}
    return waiting, sorted(offers, key=lambda row: (row.answer_by, row.pk))


def _obstacles(plan: Plan, entries: list[Entry]) -> dict[int, str]:
    """What stands in each one's way, "" for those who would be called now, by nomination id."""
    called, left, later = {}, list(entries), plan
    while later.taken < later.capacity and (winner := whose_turn(later, left).winner):
        called[winner.pk] = ""
        left.remove(winner)
        later = later.with_(winner.kind)
    of_kind = {kind: _in_words(obstacle(plan, kind)) for kind in {entry.kind for entry in left}}
    return called | {entry.pk: of_kind[entry.kind] or _("Those who stand before come first.") for entry in left}


def _turns(iteration: Iteration) -> list[Turn]:
    """Every turn of an iteration's waiting list, the newest first; of those too who wait no longer."""
    people = ("nomination__person", "nomination__nation", "nomination__organisation")
    return list(Turn.objects.filter(nomination__iteration=iteration).select_related("seat", *people))


def _by_nomination(turns: list[Turn]) -> dict[int, list[Turn]]:
    found = defaultdict(list)
    for turn in turns:
        found[turn.nomination_id].append(turn)
    return found


def _in_words(found: Obstacle | None) -> str:
    return f"{capfirst(found.sentence)}." if found else ""


def _barred(rows: dict[int, Nomination], iteration: Iteration) -> dict[int, str]:
    """Who cannot be called whatever becomes free, and why, by nomination id."""
    findings = findings_for(rows.values(), iteration)
    elsewhere = places_elsewhere((row.person_id for row in rows.values()), iteration)
    others = Iteration.objects.select_related("course").in_bulk(set(elsewhere.values()))
    barred = {}
    for pk, row in rows.items():
        in_the_way = next((finding for finding in findings[pk] if finding.is_in_the_way), None)
        if in_the_way:
            barred[pk] = _criterion(in_the_way)
        elif other := elsewhere.get(row.person_id):
            barred[pk] = _("Has a place on %s already.") % others[other]
    return barred


def _criterion(finding: Finding) -> str:
    facts = {"label": finding.label, "evidence": finding.evidence.rstrip(".")}
    return _("%(label)s is not met (%(evidence)s).") % facts
