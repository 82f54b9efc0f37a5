"""Write what a spreadsheet says, all of it or none, by the deeds of the pages; and take all of it back."""

from django.db import transaction
from django.db.models import ProtectedError, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.actions import keep_history, on_occasion
from accounts.moves import Refused
from enrollment.actions import imports, nominations
from enrollment.models import ImportedRow, Nomination, NominationImport
from enrollment.models.imports import ImportState
from enrollment.models.known_people import ENGLISH
from enrollment.spreadsheets import columns
from enrollment.workflow import NominationState
from partners import actions as partners
from partners.models import LanguageTest, Person

OCCASION = gettext_noop("From a spreadsheet")
UNDOING = gettext_noop("The import of the spreadsheet was undone")
# What a nomination may have been without anybody having decided on it.
UNTOUCHED = {NominationState.DRAFT, NominationState.SUBMITTED, NominationState.WITHDRAWN}
MOST_BULK = 500


@transaction.atomic
def confirm_import(found: NominationImport, *, by, submits: bool, leaves_errors_out: bool) -> NominationImport:
    """Write all rows at once, by the same deeds as the pages: all of them, or none.

    Refuses while rows are undecided, while rows have errors that are not to be left out, and with the row's number
    for whatever a deed refuses now.
    """
    source = imports.lock(found, by)
    imports.refuse_unless(source, ImportState.PREVIEW)
    _refuse_what_is_open(source, leaves_errors_out)
    rows = list(source.rows.to_write().select_related("person__nation", "person__organisation").order_by("number"))
    with on_occasion(OCCASION):
        for row in rows:
            _write(row, source, by, submits)
    fields = ["person", "has_created_person", "nomination", "language_test", "values"]
    ImportedRow.objects.bulk_update(rows, fields, batch_size=MOST_BULK)
    source.state, source.is_submitted = ImportState.CONFIRMED, submits
    source.confirmed_by, source.confirmed_at = by, timezone.now()
    source.save(update_fields=["state", "is_submitted", "confirmed_by", "confirmed_at"])
    return source


@transaction.atomic
def undo_import(found: NominationImport, *, by) -> tuple[NominationImport, list[str]]:
    """Take back all that an import wrote, as long as the office has decided on none of it.

    Drafts are deleted, what was submitted is withdrawn, people it entered are deleted where nothing else hangs on them,
    changed fields are set back. Also returned: the names of people whose record stays as it is now.
    """
    source = imports.lock(found, by)
    imports.refuse_unless(source, ImportState.CONFIRMED)
    rows = list(source.rows.select_related("person__nation", "person__organisation", "language_test__person"))
    _refuse_the_decided(source)
    with on_occasion(UNDOING):
        for row in rows:
            _take_back_nomination(row, by)
        kept = [row.name for row in rows if not _take_back_person(row, by)]
    source.state, source.undone_by, source.undone_at = ImportState.UNDONE, by, timezone.now()
    source.save(update_fields=["state", "undone_by", "undone_at"])
    source.rows.all().delete()
    return source, kept


def _refuse_what_is_open(source: NominationImport, leaves_errors_out: bool) -> None:
    counts = source.counts()
    if counts.undecided:
        sentence = _("%(count)s rows may be people whom you have on record. Say first who they are.")
        raise Refused(sentence % {"count": counts.undecided})
    if counts.errors and not leaves_errors_out:
        sentence = _("%(count)s rows have errors. Correct the file and send it again, or tick that they are left out.")
        raise Refused(sentence % {"count": counts.errors}, field="leaves_errors_out")
    if not counts.to_write:
        raise Refused(_("There is no row to import."))


def _write(row: ImportedRow, source: NominationImport, by, submits: bool) -> None:
    try:
        row.person = _entered(row, source, by) if row.is_of_somebody_new else _changed(row, by)
        row.language_test = _tested(row, by)
        facts = {name: row.values[name] for name in ("priority", "is_alternate", "remarks") if name in row.values}
        row.nomination = nominations.nominate(row.person, source.iteration, by=by, **facts)
        if submits:
            nominations.submit(row.nomination, by=by)
    except Refused as refusal:
        sentence = _("Row %(row)s (%(name)s): %(sentence)s Nothing was imported.")
        raise Refused(sentence % {"row": row.number, "name": row.name, "sentence": refusal.sentence}) from refusal
    row.values = {}  # what it said is on record now


def _entered(row: ImportedRow, source: NominationImport, by) -> Person:
    facts = {name: row.values[name] for name in columns.OF_THE_PERSON if row.values.get(name)}
    row.has_created_person = True
    return partners.save_person(Person(nation=source.nation, organisation=source.organisation, **facts), by=by)


def _changed(row: ImportedRow, by) -> Person:
    """The known person with the row's changes, unless the record says something else by now."""
    person, changes = row.person, row.field_changes
    if person is None or any(getattr(person, name) != old for name, (old, _new) in changes.items()):
        raise Refused(_("The record was changed since this preview was made. Discard it and send the file again."))
    for name, (_old, new) in changes.items():
        setattr(person, name, new)
    return partners.save_person(person, by=by) if changes else person


def _tested(row: ImportedRow, by) -> LanguageTest | None:
    slp, on = row.values.get("slp"), row.values.get("slp_on")
    if not slp or not (row.has_created_person or "slp" in row.changes):
        return None
    test = LanguageTest(person=row.person, language=ENGLISH, profile=slp, tested_on=on)
    test.tested_on = LanguageTest._meta.get_field("tested_on").to_python(on)
    return partners.add_language_test(test, by=by)


def _refuse_the_decided(source: NominationImport) -> None:
    """One turn of its history beyond draft, submitted and withdrawn, or one waiver, is a decision."""
    ids = source.rows.filter(nomination__isnull=False).values("nomination_id")
    turned = Nomination.history.filter(id__in=ids).exclude(state__in=UNTOUCHED).values("id")
    decided = source.rows.filter(Q(nomination__in=turned) | Q(nomination__waivers__isnull=False)).first()
    if decided:
        sentence = _("The office has decided on %(name)s already, so the import as a whole can no longer be undone.")
        raise Refused(f"{sentence % {'name': decided.name}} {_('Withdraw single nominations instead.')}")


def _take_back_nomination(row: ImportedRow, by) -> None:
    found = Nomination.objects.select_related("iteration").filter(pk=row.nomination_id).first()
    if found is None or found.state == NominationState.WITHDRAWN:
        return
    if found.state != NominationState.DRAFT or not _delete(found, by):
        nominations.withdraw(found, by=by, reason=_("The import of the spreadsheet was undone."))


def _delete(draft: Nomination, by) -> bool:
    keep_history(draft, by=by, reason=gettext_noop("Deleted"))
    try:
        with transaction.atomic():
            draft.delete()
    except ProtectedError:
        return False
    return True


def _take_back_person(row: ImportedRow, by) -> bool:
    """True when the record is gone, or says again what it said before."""
    if row.person is None:
        return True
    if row.language_test:
        partners.remove_language_test(row.language_test, by=by)
    if row.has_created_person:
        return partners.remove_person(row.person, by=by)
    return _set_back(row, by)


def _set_back(row: ImportedRow, by) -> bool:
    """Field by field, where nobody has written something else since."""
    changes = row.field_changes
    person = Person.objects.select_related("nation", "organisation").get(pk=row.person_id)
    ours = {name: old for name, (old, new) in changes.items() if getattr(person, name) == new}
    for name, old in ours.items():
        setattr(person, name, old)
    if ours:
        partners.save_person(person, by=by)
    return len(ours) == len(changes)
