"""Who has which seat of an iteration, under which quota, and how it came there: what the office's page shows."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from courses.models import Iteration, Quota, Seat
from enrollment.models.nomination import Nomination
from enrollment.models.places import Places
from enrollment.seating import Rule
from interface.timeline import Entry, entry_of

HOLDERS = ("nation", "framework", "organisation")
QUOTA_HOLDERS = tuple(f"quota__{holder}" for holder in HOLDERS)
SITTING = {Seat.State.NAMED, Seat.State.CONFIRMED, Seat.State.OFFERED}


@dataclass(frozen=True)
class QuotaLine:
    """One quota with how it is used: seated under it, held for it without a name, and what was changed when."""

    quota: Quota
    used: int
    held: int
    story: list[Entry]


def seats_of(iteration: Iteration) -> list[Seat]:
    """Every seat with who holds it and who sits there; one query."""
    sitting = ("nomination__person", "nomination__nation", "nomination__organisation")
    return list(iteration.seats.select_related(*QUOTA_HOLDERS, *sitting).order_by("number"))


def counts_of(seats: Sequence[Seat]) -> list[tuple[Seat.State, int]]:
    """How many seats are in each state that occurs; together they are all seats."""
    counted = Counter(seat.state for seat in seats)
    return [(state, counted[state]) for state in Seat.State if counted[state]]


def quota_lines(iteration: Iteration, seats: Sequence[Seat]) -> list[QuotaLine]:
    """Every quota of the iteration, the released ones too; four queries, one where there is none."""
    quotas = list(iteration.quotas.with_holders())
    if not quotas:
        return []
    plan = Places(iteration, quotas).plan
    held = Counter(seat.quota_id for seat in seats)
    stories = _stories(iteration)
    return [
        QuotaLine(quota, plan.used(Rule(quota.key, "")), held[quota.pk], stories.get(quota.pk, [])) for quota in quotas
    ]


def _stories(iteration: Iteration) -> dict[int, list[Entry]]:
    """What was changed in each quota, by its id, the newest first."""
    stories = defaultdict(list)
    rows = Quota.history.filter(iteration=iteration).select_related("history_user")
    for row in rows.order_by("-history_date", "-history_id"):
        stories[row.id].append(replace(entry_of(row), why=numbers_of(row)))
    return stories


def numbers_of(quota) -> str:
    """Floor and ceiling in words, of a quota or of a row of its history."""
    floor = _("%(floor)s guaranteed") % {"floor": quota.floor}
    ceiling = _("no limit") if quota.ceiling is None else _("%(ceiling)s at most") % {"ceiling": quota.ceiling}
    return f"{floor}, {ceiling}"


def story_of(seat: Seat) -> list[Entry]:
    """What became of a seat, newest first: when, by whom, why, and for whom it was held or who got it."""
    holders = tuple(f"quota__{holder}" for holder in HOLDERS)
    rows = seat.history.select_related("history_user", *holders).order_by("-history_date", "-history_id")
    people = Nomination.history.filter(seat=seat.pk).select_related("person", "nation", "organisation")
    sitting = list(people.order_by("-history_date", "-history_id"))
    return [replace(entry_of(row), why=_whose(row, sitting)) for row in rows]


def _whose(row, sitting: list) -> str:
    """A nominee's row is written just before her seat's: the last one by then is hers."""
    if row.state == Seat.State.HELD and row.quota is not None:
        return _("Held for %s") % row.quota.holder_name
    if row.state not in SITTING:
        return ""
    nominee = next((each for each in sitting if each.history_date <= row.history_date), None)
    return f"{nominee.person} ({nominee.nation or nominee.organisation})" if nominee else ""
