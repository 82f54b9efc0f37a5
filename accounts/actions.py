"""What every workflow deed has in common: check the move, change the state, keep who, when and why."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Stateful
from accounts.moves import Move, Refused

_occasion: ContextVar[str] = ContextVar("occasion", default="")


@contextmanager
def on_occasion(words: str) -> Iterator[None]:
    """The deeds inside that give no reason of their own have this one, such as “From a spreadsheet”."""
    token = _occasion.set(words)
    try:
        yield
    finally:
        _occasion.reset(token)


def carry_out(record: Stateful, name: str, *, by, reason: str = "", **changes) -> Move:
    """Make the move `name` on a record that the caller has locked, and write its history row.

    `by` is a user, or None for the system. `changes` are further fields set with the state.
    Refuses when the move is not open, or when it needs a reason and has none.
    """
    move = _prepare(record, name, by, reason, changes)
    record.save(update_fields=["state", *changes])
    return move


def carry_out_all(records: list[tuple[Stateful, dict]], name: str, *, by) -> None:
    """The same for many locked records of one kind, each with its own changes: the history is written at once."""
    for record, changes in records:
        _prepare(record, name, by, "", changes)
        record.save_without_historical_record(update_fields=["state", *changes])
    if records:
        rows = [record for record, _changes in records]
        type(rows[0]).history.bulk_history_create(rows, update=True)


def _prepare(record: Stateful, name: str, by, reason: str, changes: dict) -> Move:
    """All but the saving: the move is checked, the fields are set, the history knows who and why."""
    move = record.guard(name, by)
    reason = reason.strip()
    if move.needs_reason and not reason:
        raise Refused(_("Give a reason: it is kept with the decision and shown to those concerned."), field="reason")
    record.state = move.target
    for field, value in changes.items():
        setattr(record, field, value)
    with override(settings.LANGUAGE_CODE):
        label = str(move.label)
    keep_history(record, by=by, reason=f"{label}: {reason}" if reason else label)
    return move


def only_coordinators(by, sentence: str) -> None:
    """Refuse everybody but a training coordinator, with `sentence`."""
    if not (by.is_authenticated and by.is_coordinator):
        raise Refused(sentence)


def keep_history(record, *, by, reason: str) -> None:
    """Say who and why for the next history row of `record`. A label is kept in English; a timeline translates it."""
    occasion = _occasion.get()
    if occasion and ": " not in reason:
        reason = f"{reason}: {occasion}"
    record._history_user = by
    record._change_reason = reason[:500]
