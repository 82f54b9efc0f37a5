"""One iteration's board as a coordinator reads it: seats by rule, nominees with all that a decision needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count, Q
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from courses import workflow as iterations
from courses.models import Iteration, Quota, Seat
from enrollment import balance, workflow
from enrollment.eligibility import MET, Finding
from enrollment.models.background import Background, background_of
from enrollment.models.dossier import Dossier, dossiers_for
from enrollment.models.elsewhere import keeps_from
from enrollment.models.evidence import findings_for
from enrollment.models.nomination import Nomination
from enrollment.models.places import Places
from enrollment.models.reliability import Reliability, reliability_before
from enrollment.models.trail import version_of
from enrollment.workflow import NominationState
from partners.models import Framework, FrameworkMembership

CHOICES = ("select", "waitlist", "refuse")
SHOWN = workflow.TO_DECIDE | workflow.KEEPS_A_SEAT | {NominationState.RETURNED}  # the rest is folded away
SENDER, RANK, TIME = "sender", "rank", "time"


@dataclass(frozen=True)
class Row:
    """One nominee. `open` are the choices of the office; `elsewhere` names a place on another iteration."""

    nomination: Nomination
    findings: list[Finding]
    background: Background
    keys: tuple[str, ...]
    open: tuple[str, ...]
    elsewhere: str

    @property
    def pk(self) -> int:
        return self.nomination.pk

    @property
    def is_seated(self) -> bool:
        return self.nomination.state in workflow.KEEPS_A_SEAT

    @property
    def verdicts(self) -> list[tuple[str, str]]:
        """(verdict, labels) of what is not simply met, those waived apart."""
        found: dict[str, list[str]] = {}
        for each in self.findings:
            if each.verdict != MET:
                found.setdefault("waived" if each.waived else each.verdict, []).append(each.label)
        return [(verdict, ", ".join(labels)) for verdict, labels in sorted(found.items())]

    @property
    def bar(self) -> str:
        """What keeps from a seat, in a sentence; "" when nothing does."""
        for finding in self.findings:
            if finding.is_in_the_way:
                return _("%(label)s is not met: %(evidence)s") % {"label": finding.label, "evidence": finding.evidence}
        return self.elsewhere

    @property
    def may_be_selected(self) -> bool:
        return "select" in self.open and not self.bar


@dataclass(frozen=True)
class Group:
    """Rows under one heading. Where they are of one sender, its framework and its record are said with it."""

    title: str
    rows: list[Row]
    key: str = ""
    framework: str = ""
    record: Reliability | None = None


@dataclass(frozen=True)
class Line:
    """One quota with its seats: the key that the balance counts, its limits in force, how many it fills and holds."""

    quota: Quota
    key: str
    used: int

    @property
    def held(self) -> int:
        return self.quota.held


class Board:
    """Read it once a request: about ten questions, whatever the number of nominees."""

    def __init__(self, iteration: Iteration, *, reader) -> None:
        self.iteration = iteration
        self.version = version_of(iteration)  # first: what is read after it can be newer, never older
        self.frameworks = frameworks_on_the_first_day(iteration)
        self.quotas = list(iteration.quotas.with_holders().annotate(held=_held()).order_by("pk"))
        self.aims = list(iteration.aims.all())
        self.records = reliability_before(iteration.starts_on)
        self.rows = self._rows(_nominations(iteration, reader), reader)
        self.places = Places(
            iteration,
            [quota for quota in self.quotas if not quota.is_released or quota.keeps_ceiling],
            frameworks={nation: f"framework:{each.pk}" for nation, each in self.frameworks.items()},
            nominations=[row.nomination for row in self.rows],
        )

    @property
    def is_open(self) -> bool:
        return self.iteration.state in iterations.SELECTING

    @property
    def shown(self) -> list[Row]:
        return [row for row in self.rows if row.nomination.state in SHOWN]

    @property
    def folded(self) -> list[Row]:
        return [row for row in self.rows if row.nomination.state not in SHOWN]

    @property
    def seated(self) -> list[Row]:
        return [row for row in self.rows if row.is_seated]

    @property
    def offered(self) -> int:
        return sum(row.nomination.state == NominationState.OFFERED for row in self.rows)

    @property
    def held(self) -> int:
        return sum(quota.held for quota in self.quotas)

    def by_pk(self) -> dict[int, Row]:
        return {row.pk: row for row in self.rows}

    def lines(self) -> list[Line]:
        """The quotas, released ones last."""
        seated = balance.Tally(row.keys for row in self.seated)
        lines = [
            Line(quota, balance.key_of_rule(quota.key), seated.of(balance.key_of_rule(quota.key)))
            for quota in self.quotas
        ]
        return sorted(lines, key=lambda line: line.quota.is_released)

    def then(self, choices: Mapping[int, str]) -> list[Row]:
        """Who would be seated with these choices, by nomination id."""
        return [row for row in self.rows if row.is_seated or choices.get(row.pk) == "select"]

    def groups(self, order: str = SENDER) -> list[Group]:
        """The nominees in the nations' own order, by rank over all nations, or by time of submission."""
        if order == TIME:
            return [Group("", sorted(self.shown, key=_submitted))] if self.shown else []
        if order == RANK:
            rows = sorted(self.shown, key=lambda row: (_rank(row), _submitted(row)))
            return [Group(_say_rank(*rank), list(found)) for rank, found in groupby(rows, key=_rank)]
        return [self._of_sender(list(found)) for _key, found in groupby(self.shown, key=lambda row: row.keys[0])]

    def _of_sender(self, rows: list[Row]) -> Group:
        first = rows[0].nomination
        framework = self.frameworks.get(first.nation_id)
        record = self.records.get((first.nation_id, first.organisation_id), Reliability())
        return Group(str(first.sender), rows, rows[0].keys[0], str(framework or ""), record)

    def _rows(self, nominations: list[Nomination], reader) -> list[Row]:
        dossiers = dossiers_for(each.person for each in nominations)
        findings = findings_for(nominations, self.iteration, dossiers)
        return [self._row(each, findings[each.pk], dossiers[each.person_id], reader) for each in nominations]

    def _row(self, nomination: Nomination, findings: list[Finding], dossier: Dossier, reader) -> Row:
        person = nomination.person
        framework = self.frameworks.get(nomination.nation_id)
        keys = balance.keys_of(
            nation=nomination.nation_id,
            organisation=nomination.organisation_id,
            framework=framework.pk if framework else None,
            sex=person.sex,
            category=person.category,
            grade=person.grade,
        )
        moves = {move.name for move in nomination.moves_open_to(reader)} if self.is_open else set()
        return Row(
            nomination,
            findings,
            background_of(dossier, self.iteration, reader=reader),
            keys,
            tuple(name for name in CHOICES if name in moves),
            _place_elsewhere(dossier, self.iteration),
        )


def frameworks_on_the_first_day(iteration: Iteration) -> dict[int, Framework]:
    """By nation id (rule 5.16)."""
    rows = FrameworkMembership.objects.in_force_on(iteration.starts_on).order_by("-from_on", "-pk")
    return {row.nation_id: row.framework for row in rows.select_related("framework")}


def _held() -> Count:
    return Count("seats", filter=Q(seats__state=Seat.State.HELD))


def _nominations(iteration: Iteration, reader) -> list[Nomination]:
    """With the iteration's one object on each, so that nothing is read twice."""
    rows = Nomination.objects.visible_to(reader).filter(iteration=iteration).in_nation_order()
    rows = list(rows.select_related("person", "nation", "organisation"))
    for row in rows:
        row.iteration = iteration
    return rows


def _place_elsewhere(dossier: Dossier, iteration: Iteration) -> str:
    for stage in dossier.stages:
        if stage.iteration_id == iteration.pk:
            continue
        there = {"course": stage.course_id, "starts_on": stage.starts_on, "ends_on": stage.ends_on}
        if keeps_from(iteration, state=stage.state, **there):
            month = f"{MONTHS[stage.starts_on.month]} {stage.starts_on.year}"
            return _("Has a place on %(title)s, %(month)s.") % {"title": stage.title, "month": month}
    return ""


def _rank(row: Row) -> tuple[bool, int]:
    return row.nomination.is_alternate, row.nomination.priority


def _submitted(row: Row) -> tuple:
    return row.nomination.submitted_at or row.nomination.created_at, row.pk


def _say_rank(is_alternate: bool, priority: int) -> str:
    sentence = _("Reserves, choice %s") if is_alternate else _("Choice %s")
    return sentence % priority
