"""A record's history as a reader wants it: what happened, when, by whom, why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Entry:
    at: datetime
    by: str
    label: str
    why: str = ""
    state: str = ""
    word: str = ""


def entries(rows: Iterable) -> list[Entry]:
    """Rows of simple_history (with `history_user` joined) as entries, in the order given."""
    return [entry_of(row) for row in rows]


def entry_of(row) -> Entry:
    label, _colon, why = (row.history_change_reason or "").partition(": ")
    return Entry(
        at=row.history_date,
        by=str(row.history_user) if row.history_user_id else _("The system"),
        label=_(label) if label else fallback_label(row),
        why=why,
        state=getattr(row, "state", ""),
        word=row.get_state_display() if hasattr(row, "get_state_display") else "",
    )


def fallback_label(row) -> str:
    return {"+": _("Created"), "-": _("Deleted")}.get(row.history_type, _("Changed"))
