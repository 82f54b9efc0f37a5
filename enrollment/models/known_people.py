"""Who on record a row of a spreadsheet means. Only the sender's own people are looked at; two queries, then memory."""

from collections import defaultdict
from dataclasses import dataclass, field

from courses.models import Iteration
from enrollment.models.nomination import Nomination
from interface.text import fold
from partners.likeness import skeleton, sounds_alike
from partners.models import LanguageTest, Nation, Organisation, Person

MOST_SUSPECTS = 5


@dataclass(frozen=True)
class Match:
    """Either one person who is meant beyond doubt, or people who may be; neither: somebody new."""

    person: Person | None = None
    suspects: list[Person] = field(default_factory=list)


class KnownPeople:
    """The people of one sender, indexed by what a row can say of them."""

    def __init__(self, sender: Nation | Organisation, iteration: Iteration) -> None:
        people = Person.objects.of_sender(sender).filter(anonymised_at__isnull=True).select_related(None)
        self._by_id = {person.pk: person for person in people}
        self._by_email, self._by_name, self._by_sound = defaultdict(list), defaultdict(list), defaultdict(list)
        for person in self._by_id.values():
            self._index(person)
        live = Nomination.objects.live().filter(iteration=iteration).of_sender(sender)
        self.nominated = set(live.values_list("person_id", flat=True))
        tests = LanguageTest.objects.filter(person__in=self._by_id, language=ENGLISH) if self._by_id else []
        self._tests = {(each.person_id, each.profile, each.tested_on.isoformat()) for each in tests}

    def get(self, pk: int) -> Person | None:
        return self._by_id.get(pk)

    def match(self, values: dict) -> Match:
        """By record number, e-mail, or name. Where two of them disagree, or only the sound agrees, a person decides."""
        if (pk := values.get("record")) is not None:
            return self._of_number(self._by_id[pk], values)
        email, name = values.get("email", "").lower(), _name(values)
        same_email = self._by_email[email] if email else []
        if len(same_email) == 1 and self._is_alike(same_email[0], values):
            return Match(person=same_email[0])
        same_name = [each for each in self._by_name[fold(" ".join(name))] if _may_share(each.email, email)]
        if len(same_name) == 1 and not same_email:
            return Match(person=same_name[0])
        suspects = {each.pk: each for each in [*same_email, *self._alike(name)]}
        return Match(suspects=list(suspects.values())[:MOST_SUSPECTS])

    def changes(self, person: Person, values: dict, fields: tuple[str, ...]) -> dict[str, list]:
        """{field: [old, new]} of what the row says otherwise. An empty cell changes nothing."""
        found = {
            name: [getattr(person, name), values[name]]
            for name in fields
            if values.get(name) not in (None, "") and values[name] != getattr(person, name)
        }
        if {"family_name", "given_names"} & set(found) and not values.get("printed_name"):
            found |= _printed_along(person, found)
        if self.adds_test(person, values):
            found["slp"] = ["", f"{values['slp']} ({values['slp_on']})"]
        return found

    def adds_test(self, person: Person, values: dict) -> bool:
        return bool(values.get("slp")) and (person.pk, values["slp"], values["slp_on"]) not in self._tests

    def _index(self, person: Person) -> None:
        if person.email:
            self._by_email[person.email.lower()].append(person)
        self._by_name[fold(f"{person.family_name} {person.given_names}")].append(person)
        for sound in {skeleton(person.family_name), skeleton(person.given_names)} - {""}:
            self._by_sound[sound].append(person)

    def _of_number(self, person: Person, values: dict) -> Match:
        """A number beside a name of quite another sound is perhaps a column that slipped."""
        is_meant = not values.get("family_name") or self._is_alike(person, values)
        return Match(person=person) if is_meant else Match(suspects=[person])

    def _is_alike(self, person: Person, values: dict) -> bool:
        own = (person.family_name, person.given_names)
        return fold(" ".join(own)) == fold(" ".join(_name(values))) or sounds_alike(own, _name(values))

    def _alike(self, name: tuple[str, str]) -> list[Person]:
        same = self._by_name[fold(" ".join(name))]
        sound = [each for each in self._by_sound[skeleton(name[0])] if sounds_alike(name, _names_of(each))]
        return [*same, *sound]


ENGLISH = "English"


def _name(values: dict) -> tuple[str, str]:
    return values.get("family_name", ""), values.get("given_names", "")


def _names_of(person: Person) -> tuple[str, str]:
    return person.family_name, person.given_names


def _may_share(one: str, other: str) -> bool:
    """True unless both have an address and the two differ."""
    return not one or not other or one.lower() == other.lower()


def _printed_along(person: Person, found: dict) -> dict[str, list]:
    """A printed name that only repeats the Latin one follows its correction."""
    if person.has_other_script:
        return {}
    new = {name: found.get(name, [None, getattr(person, name)])[1] for name in ("given_names", "family_name")}
    return {"printed_name": [person.printed_name, f"{new['given_names']} {new['family_name']}".strip()]}
