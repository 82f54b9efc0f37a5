"""Clear away what nobody needs. Safe to repeat."""

from celery import shared_task

from enrollment.models import Evidence
from enrollment.models.papers import VAULT

AT_ONCE = 500


@shared_task
def sweep_evidence() -> None:
    """Files whose row never came to be, an hour after they were written, and parts of files."""
    names = list(VAULT.names_older_than())
    for start in range(0, len(names), AT_ONCE):
        some = names[start : start + AT_ONCE]
        known = set(Evidence.objects.filter(file_name__in=some).values_list("file_name", flat=True))
        for name in set(some) - known:
            VAULT.remove(name)
    VAULT.remove_leftovers()
