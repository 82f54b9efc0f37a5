"""From a row's texts to what would come of it: new, known, possibly known, passed over, or in error."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from enrollment.models.imports import ImportedRow, NominationImport
from enrollment.models.known_people import KnownPeople
from enrollment.spreadsheets import columns, sentences
from interface.text import fold

Outcome = ImportedRow.Outcome


class Reader:
    """Judges the rows of one table, in their order: a person stands in it once."""

    def __init__(self, source: NominationImport, table: dict) -> None:
        self._source, self._headings = source, table["columns"]
        self._people = KnownPeople(source.sender, source.iteration)
        self._seen: dict[tuple, int] = {}

    def rows(self, rows: list[dict]) -> Iterator[ImportedRow]:
        for row in rows:
            yield self._judged(row)

    def _judged(self, row: dict) -> ImportedRow:
        made = ImportedRow(source=self._source, number=row["row"])
        unread = [self._of_cell(*fault) for fault in row["faults"]]
        keys = {
            key for key, (letter, _heading) in self._headings.items() if letter in {each["column"] for each in unread}
        }
        if self._says_no(row["cells"]):
            made.outcome, made.name = Outcome.LEFT_OUT, _called(row["cells"])
            return made
        values, faults = columns.clean(row["cells"], unread=keys)
        made.values, made.name = values, _called(values or row["cells"])
        made.faults = unread + [self._at(key, sentence) for key, sentence in faults] + self._strangers(values)
        made.faults += [] if made.faults else self._doubts(made)
        if made.faults:
            made.outcome = Outcome.ERROR
        return made

    def _says_no(self, cells: dict) -> bool:
        values, _faults = columns.clean({"nominate": cells["nominate"]} if "nominate" in cells else {})
        return values.get("nominate") is False

    def _strangers(self, values: dict) -> list[dict]:
        """A number that is nobody's and one of another nation are told alike."""
        number = values.get("record")
        if number is None or self._people.get(number):
            return []
        return [self._at("record", _("None of your people has this record number."))]

    def _doubts(self, made: ImportedRow) -> list[dict]:
        """Find out whom the row means; the faults that only the record can show."""
        match = self._people.match(made.values)
        made.suspects = [each.pk for each in match.suspects]
        made.outcome = Outcome.KNOWN if match.person else Outcome.ALIKE if match.suspects else Outcome.NEW
        if fault := self._twice(made, match.person):
            return [fault]
        if match.person:
            made.person, made.name = match.person, match.person.list_name
            made.changes = self._people.changes(match.person, made.values, columns.OF_THE_PERSON)
            if match.person.pk in self._people.nominated:
                return [self._at(self._who(made), _("This person is already nominated for this iteration."))]
        return []

    def _twice(self, made: ImportedRow, person) -> dict | None:
        """The same person, the same address, or the same name without another address, in a row above."""
        values = made.values
        name = fold(f"{values.get('family_name', '')} {values.get('given_names', '')}")
        email = values.get("email", "").lower()
        keys = [("person", person.pk)] if person else [("name", name, email)]
        keys += [("email", email)] if email else []
        above = next((self._seen[key] for key in keys if key in self._seen), None)
        if above is None:
            self._seen |= dict.fromkeys(keys, made.number)
            return None
        return self._at(self._who(made), _("This is the same person as in row %(row)s.") % {"row": above})

    def _who(self, made: ImportedRow) -> str:
        return "record" if made.values.get("record") is not None else "family_name"

    def _of_cell(self, letter: str, heading: str, code: str) -> dict:
        return {"column": letter, "heading": heading, "sentence": sentences.of_cell(code)}

    def _at(self, key: str, sentence: str) -> dict:
        letter, heading = self._headings.get(key, ("", str(columns.BY_KEY[key].heading)))
        return {"column": letter, "heading": heading, "sentence": sentence}


def _called(values: dict) -> str:
    names = [str(values.get(key, "")) for key in ("family_name", "given_names")]
    return ", ".join(name for name in names if name)[:200]
