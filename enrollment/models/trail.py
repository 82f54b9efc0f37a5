"""What was done on an iteration's board, so that two people on it see each other's deeds and overwrite none."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db.models import Count, Max, Value
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from courses.models import Iteration, Quota
from enrollment import workflow
from enrollment.models.nomination import Nomination
from enrollment.workflow import NominationState
from interface.timeline import entry_of

MOST_SHOWN = 30
A_MOMENT = timedelta(minutes=1)


class Version(NamedTuple):
    """Up to where a page knows the board: the last history row of nominations and of quotas, and how many there are.

    The number shows a row that was written earlier than the last one and became visible only after it.
    """

    nomination: int = 0
    nominations: int = 0
    quota: int = 0
    quotas: int = 0

    def __str__(self) -> str:
        return ".".join(map(str, self))

    @classmethod
    def parse(cls, text: str) -> "Version | None":
        parts = text.split(".")
        if len(parts) != len(cls._fields) or not all(part.isascii() and part.isdecimal() for part in parts):
            return None
        return cls(*map(int, parts)) if max(map(len, parts)) <= 18 else None


@dataclass(frozen=True)
class Change:
    """One deed of the trail. `nomination` is the id of the row that it changed, None for a quota."""

    sentence: str
    at: datetime
    nomination: int | None = None

    @property
    def ago(self) -> str:
        if timezone.now() - self.at < A_MOMENT:
            return _("a moment ago")
        return _("%(time)s ago") % {"time": timesince(self.at, depth=1)}


def version_of(iteration: Iteration) -> Version:
    """Where the board of an iteration stands now; one query."""
    newest = {"last": Max("history_id"), "count": Count("history_id")}
    one, other = (
        rows.order_by().values("iteration_id").annotate(table=Value(table), **newest).values_list("table", *newest)
        for table, rows in enumerate((_nominations(iteration), _quotas(iteration)))
    )
    found = {table: numbers for table, *numbers in one.union(other, all=True)}
    return Version(*found.get(0, (0, 0)), *found.get(1, (0, 0)))


def changes_since(seen: Version, iteration: Iteration, *, reader) -> list[Change]:
    """What `reader` has not seen yet, the latest first, at most thirty. Two queries."""
    nominations = _nominations(iteration).filter(history_id__gt=seen.nomination)
    nominations = nominations.select_related("person", "history_user").order_by("-history_id")[:MOST_SHOWN]
    quotas = _quotas(iteration).filter(history_id__gt=seen.quota)
    quotas = quotas.select_related("nation", "framework", "organisation", "history_user")
    quotas = quotas.order_by("-history_id")[:MOST_SHOWN]
    changes = [
        *(Change(_said_of_nomination(row, reader), row.history_date, row.id) for row in nominations),
        *(Change(_said_of_quota(row, reader), row.history_date) for row in quotas),
    ]
    return sorted(changes, key=lambda change: change.at, reverse=True)[:MOST_SHOWN]


def _nominations(iteration: Iteration):
    """Drafts are the liaison's own business."""
    return Nomination.history.filter(iteration_id=iteration.pk).exclude(state=NominationState.DRAFT)


def _quotas(iteration: Iteration):
    return Quota.history.filter(iteration_id=iteration.pk)


SAID = {
    "submit": gettext_lazy("%(who)s submitted %(person)s"),
    "select": gettext_lazy("%(who)s selected %(person)s"),
    "waitlist": gettext_lazy("%(who)s put %(person)s on the waiting list"),
    "refuse": gettext_lazy("%(who)s refused %(person)s"),
    "return": gettext_lazy("%(who)s returned the nomination of %(person)s"),
    "offer": gettext_lazy("%(who)s offered a seat to %(person)s"),
    "accept_offer": gettext_lazy("%(who)s accepted the offer for %(person)s"),
    "confirm": gettext_lazy("%(who)s confirmed the place of %(person)s"),
    "withdraw": gettext_lazy("%(who)s withdrew %(person)s"),
    "release": gettext_lazy("%(who)s took the seat back from %(person)s"),
}


def _said_of_nomination(row, reader) -> str:
    entry, who = entry_of(row), _who(row, reader)
    move = _moves_by_label().get((row.history_change_reason or "").partition(": ")[0], "")
    if move in SAID:
        return SAID[move] % {"who": who, "person": row.person}
    return _("%(who)s: %(deed)s, %(person)s") % {"who": who, "deed": entry.label, "person": row.person}


def _said_of_quota(row, reader) -> str:
    """A row of history has the fields of a quota, and none of its words."""
    holder = row.nation or row.framework or row.organisation or row.get_category_display()
    return _("%(who)s changed the quota of %(holder)s") % {"who": _who(row, reader), "holder": holder}


def _who(row, reader) -> str:
    if row.history_user_id == reader.pk:
        return _("You")
    return entry_of(row).by


def _moves_by_label() -> dict[str, str]:
    """Labels are kept in English in a history."""
    with override(settings.LANGUAGE_CODE):
        return {str(move.label): move.name for move in workflow.NOMINATION_MOVES}
