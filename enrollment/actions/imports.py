"""Nominations in a spreadsheet, before they are written: send a file, decide on its doubts, let it go."""

import hashlib

from django.db import IntegrityError, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.moves import Refused
from courses import actions as courses
from courses.models import Iteration
from enrollment import tasks
from enrollment.actions import obstacles
from enrollment.models.imports import ImportedRow, ImportState, NominationImport
from enrollment.models.known_people import KnownPeople
from enrollment.spreadsheets import columns, limits
from notifications import jobs
from partners.models import Nation, Organisation

MOST_BULK = 500


class SentBefore(Refused):
    """The same file is there already: `found` is its import."""

    def __init__(self, found: NominationImport) -> None:
        super().__init__(_said_before(found), field="file")
        self.found = found


@transaction.atomic
def send_spreadsheet(
    iteration: Iteration, sender: Nation | Organisation, content: bytes, name: str, *, by
) -> NominationImport:
    """Take a file to be read; nothing of it is written before it is confirmed.

    Refuses a sender for whom `by` does not act, an iteration that takes no nominations, a file that is too large, and,
    as SentBefore, a file that is being looked at or has been imported already.
    """
    made = NominationImport(iteration=iteration, uploaded_by=by, file_name=_plain_name(name), content=content)
    setattr(made, type(sender).__name__.lower(), sender)
    _refuse_strangers(made, by)
    obstacles.refuse_for_the_first(obstacles.to_nominating(sender, iteration))
    if len(content) > limits.MOST_BYTES:
        sentence = _("The file is larger than %(megabytes)s MB. Divide it into several files.")
        raise Refused(sentence % {"megabytes": limits.MOST_BYTES // 1024**2}, field="file")
    made.sha256, made.language = hashlib.sha256(content).hexdigest(), get_language() or made.language
    same = NominationImport.objects.live().of_sender(sender).filter(iteration=iteration, sha256=made.sha256)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise SentBefore(same.select_related("uploaded_by").get()) from None
    jobs.ring(tasks.read_import, made.pk)
    return made


@transaction.atomic
def decide_rows(found: NominationImport, answers: dict[int, str], *, by) -> int:
    """Say of rows that may be somebody known whether they are. Says how many rows are settled by it.

    `answers` are {row id: "new" or the id of the person who it is}. Refuses all when one of them is not to be had.
    """
    source = lock(found, by)
    refuse_unless(source, ImportState.PREVIEW)
    rows = {row.pk: row for row in source.rows.filter(outcome=ImportedRow.Outcome.ALIKE)}
    if set(answers) - set(rows):
        raise Refused(_("The list names a row that is not to be decided here. Nothing was changed."))
    people = KnownPeople(source.sender, source.iteration)
    for pk, answer in answers.items():
        _decide(rows[pk], answer, people)
    _refuse_the_same_twice(source, [rows[pk] for pk in answers])
    fields = ["decision", "person", "changes"]
    ImportedRow.objects.bulk_update([rows[pk] for pk in answers], fields, batch_size=MOST_BULK)
    return len(answers)


@transaction.atomic
def discard_import(found: NominationImport, *, by) -> NominationImport:
    """Let a file go that was not confirmed: its rows are forgotten."""
    source = lock(found, by)
    if source.state not in (ImportState.READING, ImportState.PREVIEW, ImportState.UNREADABLE):
        raise Refused(_not_any_more(source))
    source.rows.all().delete()
    source.state, source.content = ImportState.DISCARDED, None
    source.save(update_fields=["state", "content"])
    return source


def lock(found: NominationImport, by) -> NominationImport:
    """The import fresh and locked, after its iteration, as everybody does who locks both."""
    iteration = courses.lock(found.iteration)
    rows = NominationImport.objects.select_for_update(of=("self",)).select_related("nation", "organisation")
    row = rows.defer("content").get(pk=found.pk)
    row.iteration = iteration
    _refuse_strangers(row, by)
    return row


def _refuse_strangers(row: NominationImport, by) -> None:
    if not row.is_sent_by_those_of(by):
        raise Refused(_("You can only nominate people of the nation or organisation for which you are liaison."))


def refuse_unless(source: NominationImport, state: ImportState) -> None:
    if source.state != state:
        raise Refused(_not_any_more(source))


def _not_any_more(source: NominationImport) -> str:
    sentence = _("This is not possible: the import is now “%(state)s”. Somebody may have been faster; look again.")
    return sentence % {"state": source.get_state_display()}


def _said_before(found: NominationImport) -> str:
    if found.state == ImportState.CONFIRMED:
        return _("This very file has been imported already. Nothing was changed.")
    sentence = _("%(who)s has sent this very file already. It is shown here; nothing was changed.")
    return sentence % {"who": found.uploaded_by}


def _plain_name(name: str) -> str:
    """The last part of a file's name, without what cannot be shown."""
    name = "".join(letter for letter in name.replace("\\", "/").rpartition("/")[2] if letter.isprintable())
    return name[-120:] or "spreadsheet"


def _decide(row: ImportedRow, answer: str, people: KnownPeople) -> None:
    if answer == ImportedRow.Decision.NEW:
        row.decision, row.person, row.changes = ImportedRow.Decision.NEW, None, {}
        return
    person = next((people.get(pk) for pk in row.suspects if str(pk) == answer), None)
    if person is None:
        raise Refused(_("Row %(row)s: choose one of the people shown, or somebody new.") % {"row": row.number})
    if person.pk in people.nominated:
        sentence = _("Row %(row)s: %(person)s is already nominated for this iteration.")
        raise Refused(sentence % {"row": row.number, "person": person})
    row.decision, row.person = ImportedRow.Decision.SAME, person
    row.changes = people.changes(person, row.values, columns.OF_THE_PERSON)


def _refuse_the_same_twice(source: NominationImport, decided: list[ImportedRow]) -> None:
    others = source.rows.to_write().exclude(pk__in=[row.pk for row in decided]).filter(person__isnull=False)
    taken = dict(others.values_list("person_id", "number"))
    for row in decided:
        if row.person_id in taken:
            sentence = _("Row %(row)s: this is the same person as in row %(other)s.")
            raise Refused(sentence % {"row": row.number, "other": taken[row.person_id]})
        if row.person_id:
            taken[row.person_id] = row.number
