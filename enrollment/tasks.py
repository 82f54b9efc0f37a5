"""Read the spreadsheets that were sent, clear away files that nobody needs. Safe to repeat: leases say whose turn."""

from celery import shared_task
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from enrollment.models import Evidence
from enrollment.models.imports import ImportedRow, ImportState, NominationImport
from enrollment.models.papers import VAULT
from enrollment.models.reading import Reader
from enrollment.spreadsheets import columns, reader
from notifications import jobs

AT_ONCE = 250
FILES_AT_ONCE = 500


@shared_task
def read_import(import_id: int) -> None:
    """Read one file and judge its rows, under a lease. What cannot be read says why, and is not tried again."""
    rows = NominationImport.objects.select_related("iteration__course", "nation", "organisation")
    jobs.work_on(rows, import_id, _read, give_up=_give_up)


@shared_task
def sweep() -> None:
    """Forget the previews that nobody confirmed, and ring again for every file that still waits."""
    for each in NominationImport.objects.forgotten().defer("content"):
        _forget(each)
    jobs.ring_for_all(NominationImport.objects, read_import)


@shared_task
def sweep_evidence() -> None:
    """Files whose row never came to be, an hour after they were written, and parts of files."""
    names = list(VAULT.names_older_than())
    for start in range(0, len(names), FILES_AT_ONCE):
        some = names[start : start + FILES_AT_ONCE]
        known = set(Evidence.objects.filter(file_name__in=some).values_list("file_name", flat=True))
        for name in set(some) - known:
            VAULT.remove(name)
    VAULT.remove_leftovers()


def _read(found: NominationImport) -> None:
    with override(found.language):
        try:
            table = reader.read(bytes(found.content), found.file_name, columns.headings())
        except reader.NotReadable as fault:
            found.finish(state=ImportState.UNREADABLE, content=None, failure=str(fault))
            return
        if _begin(found, table) and _judge(found, table):
            found.finish(state=ImportState.PREVIEW, content=None, failure="")


def _judge(found: NominationImport, table: dict) -> bool:
    judge, rows = Reader(found, table), table["rows"]
    stretches = (rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE))
    return all(_keep(found, list(judge.rows(stretch))) for stretch in stretches)


@transaction.atomic
def _begin(found: NominationImport, table: dict) -> bool:
    """Nothing of an earlier attempt stays."""
    if NominationImport.objects.held(found) is None:
        return False
    found.rows.all().delete()
    facts = {"sheet": table["sheet"][:120], "passed_over": table["unknown"], "total": len(table["rows"]), "done": 0}
    NominationImport.objects.filter(pk=found.pk).update(began_at=timezone.now(), **facts)
    return True


@transaction.atomic
def _keep(found: NominationImport, rows: list[ImportedRow]) -> bool:
    """A stretch of rows, only while the lease is still ours; so the page sees how far it is."""
    if NominationImport.objects.held(found) is None:
        return False
    ImportedRow.objects.bulk_create(rows)
    NominationImport.objects.filter(pk=found.pk).update(done=F("done") + len(rows))
    return True


def _give_up(found: NominationImport, cause: str) -> None:
    """A fault of ours, which the log has; the person gets a sentence."""
    with override(found.language):
        sentence = _("The file could not be read. Try again, or copy the rows into our template.")
    found.finish(state=ImportState.UNREADABLE, content=None, failure=sentence)


@transaction.atomic
def _forget(found: NominationImport) -> None:
    gone = NominationImport.objects.filter(pk=found.pk, state=ImportState.PREVIEW).update(state=ImportState.DISCARDED)
    if gone:
        found.rows.all().delete()
