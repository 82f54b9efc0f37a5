"""Ask for letters. All of it writes rows only; the files are a worker's work."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.moves import Refused
from certificates import numbers, tasks
from certificates.actions import draw_numbers
from certificates.letters.facts import LANGUAGE, printed_facts
from certificates.letters.kinds import LetterKind
from certificates.models import Letter
from certificates.models.letter import kind_of, occasion_of, why_none
from courses import actions as courses
from courses.models import Iteration
from enrollment.actions import seats
from enrollment.models import Nomination
from notifications import jobs


@dataclass(frozen=True)
class Line:
    """One nominee: the letter that the decision asks for, or why none, and the letter that there is."""

    nomination: Nomination
    kind: LetterKind | None
    letter: Letter | None
    overtaken: tuple[Letter, ...] = ()

    @property
    def why_none(self) -> str:
        return "" if self.kind else why_none(self.nomination)

    @property
    def is_missing(self) -> bool:
        return self.kind is not None and self.letter is None


def lines_of(iteration: Iteration, *, reader) -> list[Line]:
    """Who gets which letter, who has it, who gets none, of the nominees about whom `reader` may ask for letters."""
    rows = _kept_by(reader).filter(iteration=iteration).in_nation_order()
    nominations = list(rows.select_related("person", "nation", "organisation"))
    for each in nominations:
        each.iteration = iteration
    return lines_about(nominations, reader=reader)


def lines_about(nominations: list[Nomination], *, reader) -> list[Line]:
    """The same for nominations that are loaded already, each with its iteration."""
    letters: dict[int, list[Letter]] = {each.pk: [] for each in nominations}
    by_id = {each.pk: each for each in nominations}
    for letter in Letter.objects.visible_to(reader).filter(nomination__in=nominations).order_by("-pk"):
        letter.nomination = by_id[letter.nomination_id]
        letters[letter.nomination_id].append(letter)
    return [_line(each, letters[each.pk]) for each in nominations]


@transaction.atomic
def make(nomination: Nomination, *, by) -> Letter:
    """The letter about the decision that stands; made now, unless there is one already.

    Refuses when the nomination asks for none, and whoever is neither the office nor its liaison.
    """
    row = seats.lock(nomination)
    if not (by.is_coordinator or row.is_sent_by_those_of(by)):
        raise Refused(_("A letter is asked for by the training office or by the liaison who nominated."))
    kind = kind_of(row)
    if kind is None:
        raise Refused(_("There is no letter to make. %s") % why_none(row))
    found = Letter.objects.filter(nomination=row, kind=kind, occasion=occasion_of(row)).first()
    return found or _write([row], by)[0]


@transaction.atomic
def make_missing(iteration: Iteration, *, by) -> list[Letter]:
    """A letter for every nominee of `by` who is to have one and has none. Refuses when nobody is left."""
    row = courses.lock(iteration)
    missing = [line.nomination for line in lines_of(row, reader=by) if line.is_missing]
    if not missing:
        raise Refused(_("There is no letter to make: everybody who gets one has it."))
    prefetch_related_objects(missing, "carried_to__iteration__course")
    return _write(missing, by)


@transaction.atomic
def retry(letter: Letter, *, by) -> Letter:
    """Put a letter that could not be made back on the work list, with the words of today's record."""
    nomination = seats.lock(letter.nomination)
    row = Letter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
    row.nomination = nomination
    if not (by.is_coordinator or nomination.is_sent_by_those_of(by)):
        raise Refused(_("A letter is asked for by the training office or by the liaison who nominated."))
    if row.state != "failed":
        raise Refused(_("This letter has not failed; look at the page again."))
    if not row.is_current:
        raise Refused(_("The decision has changed since. Make the new letter instead."))
    row.printed = printed_facts(nomination, row.kind, row.reference)
    row.parked_at, row.attempts, row.failure, row.lease_until, row.due_at = None, 0, "", None, timezone.now()
    row.save()
    jobs.ring(tasks.make_letter, row.pk)
    return row


def _kept_by(user):
    """The office asks for letters about all that was submitted, a liaison about the own nation's."""
    if user.is_coordinator:
        return Nomination.objects.visible_to(user)
    return Nomination.objects.sent_by_those_of(user)


def _line(nomination: Nomination, letters: Iterable[Letter]) -> Line:
    kind, current = kind_of(nomination), [each for each in letters if each.is_current]
    overtaken = tuple(each for each in letters if not each.is_current)
    return Line(nomination, kind, current[0] if current else None, overtaken)


def _write(nominations: list[Nomination], by) -> list[Letter]:
    """All of one iteration, which is locked; their references are drawn last, in one go."""
    iteration = nominations[0].iteration
    prefix = f"{numbers.prefix_of(iteration.course.institution.prefix)[:10].strip('-')}-L"
    year = iteration.today().year
    counts = draw_numbers(prefix, year, len(nominations))
    references = [numbers.number(numbers.STANDARD_FORMAT, prefix, year, count) for count in counts]
    return [_queue(each, reference, by) for each, reference in zip(nominations, references, strict=True)]


def _queue(nomination: Nomination, reference: str, by) -> Letter:
    kind = kind_of(nomination)
    letter = Letter.objects.create(
        nomination=nomination,
        kind=kind,
        occasion=occasion_of(nomination),
        reference=reference,
        language=LANGUAGE,
        printed=printed_facts(nomination, kind, reference),
        requested_by=by,
    )
    jobs.ring(tasks.make_letter, letter.pk)
    return letter
