"""The history of a record: who changed what, when and why; kept by django-simple-history."""

from functools import cache

from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords


class _ManagerMadeOnce(HistoryManager):
    """The library makes its manager's class anew whenever history is read or written: a third of what a row costs."""

    @classmethod
    @cache
    def from_queryset(cls, queryset_class, class_name=None):
        return super().from_queryset(queryset_class, class_name)


class History(HistoricalRecords):
    """`history = History()` on a model: every save and delete writes a row, with what `keep_history` says of it."""

    def __init__(self, **options) -> None:
        super().__init__(history_manager=_ManagerMadeOnce, **options)
