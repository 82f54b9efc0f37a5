"""What a board's choices would come to: counts beside counts, and for each decision who would be told what and when."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enrollment import actions, balance, emails
from enrollment.balance import BANDS, EVERYBODY, MEASURES, NO_GRADE, STATED, Tally
from enrollment.forms.board import LETTER_OF, LETTERS, Intent, WordsForm
from enrollment.models import Aim, Nomination
from enrollment.models.board import Board, Group, Line, Row
from enrollment.models.telling import TARGETS, Telling, as_decided, tellings
from partners.models import Person

WORDS = {
    "select": gettext_lazy("Select"),
    "waitlist": gettext_lazy("Wait"),
    "refuse": gettext_lazy("Refuse"),
}
EVENTS = {"select": "selected", "waitlist": "waitlisted", "refuse": "refused"}


@dataclass(frozen=True)
class Count:
    """People with `key`, now and with the choices; with `among`, their share too. `letter`: different ones instead."""

    label: str
    now: int
    then: int
    key: str = ""
    letter: str = ""
    among: tuple[str, ...] = ()
    share: int | None = None

    @property
    def among_keys(self) -> str:
        return " ".join(self.among)


@dataclass(frozen=True)
class AimLine:
    """An aim with what the choices come to. `value` is None where there is nobody to count."""

    aim: Aim
    measure: balance.Measure
    value: int | None

    @property
    def is_met(self) -> bool:
        return (self.value or 0) >= self.aim.at_least

    @property
    def among_keys(self) -> str:
        return " ".join(self.measure.among)


@dataclass(frozen=True)
class RuleLine:
    """A quota with its use now and with the choices."""

    line: Line
    then: int

    @property
    def is_over(self) -> bool:
        ceiling = self.line.quota.ceiling_in_force
        return ceiling is not None and self.then > ceiling

    @property
    def is_short(self) -> bool:
        return self.then < self.line.quota.floor_in_force


@dataclass(frozen=True)
class Option:
    """One of the choices in a row; the letter is its value and its key."""

    letter: str
    label: str
    is_chosen: bool
    is_barred: bool


@dataclass(frozen=True)
class Shown:
    """A nominee's row with what is intended for her, and why a proposal has her in or out."""

    row: Row
    options: list[Option]
    is_ticked: bool
    is_changed: bool
    why: str


@dataclass(frozen=True)
class ShownGroup:
    """A group with how many of it are seated now and would be."""

    group: Group
    now: int
    then: int
    rows: list[Shown]


class Effect:
    """The board as it is and as it would be."""

    def __init__(self, board: Board, choices: Mapping[int, str]) -> None:
        self.board, self.choices = board, choices
        self.now = Tally(row.keys for row in board.seated)
        self.then = Tally(row.keys for row in board.then(choices))
        moves = list(choices.values())
        self.seated_now = self.now.total - board.offered
        self.chosen = {letter: moves.count(move) for letter, move in LETTERS.items()}

    @property
    def free(self) -> int:
        return self.board.iteration.capacity - self.then.total

    @property
    def free_now(self) -> int:
        return self.board.iteration.capacity - self.now.total

    def groups(self, order: str, ticked: Container[int], changed: Container[int], why: Mapping[int, str]):
        """The nominees in an order, each with what is intended."""

        def shown(row: Row) -> Shown:
            return Shown(row, self._options(row), row.pk in ticked, row.pk in changed, why.get(row.pk, ""))

        return [
            ShownGroup(group, self.now.of(group.key), self.then.of(group.key), [shown(row) for row in group.rows])
            for group in self.board.groups(order)
        ]

    def _options(self, row: Row) -> list[Option]:
        chosen = LETTER_OF.get(self.choices.get(row.pk, ""), "")
        words = [(LETTER_OF[move], WORDS[move]) for move in row.open]
        return [Option(letter, word, letter == chosen, letter == "s" and bool(row.bar)) for letter, word in words]

    def rules(self) -> list[RuleLine]:
        return [RuleLine(line, self.then.of(line.key)) for line in self.board.lines()]

    def balance(self) -> list[tuple[str, list[Count]]]:
        """(heading, counts): what the board's people would be together."""
        return [
            (_("Where from"), [*self._senders(), *self._frameworks()]),
            (_("Sex"), [self._count(Person.Sex(sex).label, key, STATED) for sex, key in balance.SEXES.items()]),
            (
                _("Category"),
                [self._count(Person.Category(each).label, key, EVERYBODY) for each, key in balance.CATEGORIES.items()],
            ),
            (_("Grade"), list(self._bands())),
        ]

    def aims(self) -> list[AimLine]:
        lines = [(aim, MEASURES[aim.about]) for aim in self.board.aims]
        return [AimLine(aim, measure, measure.value(self.then, is_share=aim.is_share)) for aim, measure in lines]

    def _count(self, label: str, key: str, among: tuple[str, ...] = ()) -> Count:
        share = self.then.share(key, among) if key in among else None
        return Count(label, self.now.of(key), self.then.of(key), key, "", among if key in among else (), share)

    def _senders(self) -> Iterator[Count]:
        for label, letter in ((_("Nations"), balance.NATION), (_("Frameworks"), balance.FRAMEWORK)):
            yield Count(label, self.now.different(letter), self.then.different(letter), letter=letter)

    def _frameworks(self) -> Iterator[Count]:
        """Those of whom somebody is nominated, by their own order."""
        present = {row.nomination.nation_id for row in self.board.rows}
        found = {each.pk: each for nation, each in self.board.frameworks.items() if nation in present}
        for framework in sorted(found.values(), key=lambda each: (each.position, each.code)):
            yield self._count(framework.name, f"{balance.FRAMEWORK}{framework.pk}")

    def _bands(self) -> Iterator[Count]:
        present = {key for row in self.board.rows for key in row.keys}
        for key, label in (*BANDS.items(), (NO_GRADE, _("No grade"))):
            if key in present:
                yield self._count(label, key)


@dataclass(frozen=True)
class Decision:
    """One line of the preview: what would become of a nominee, what is in the way, who is told."""

    nomination: Nomination
    move: str
    obstacle: str
    telling: Telling

    @property
    def letter(self) -> str:
        return LETTER_OF[self.move]


@dataclass(frozen=True)
class Letter:
    """What a liaison would read, shown on the first nominee of each decision."""

    nomination: Nomination
    count: int
    subject: str
    body: str


@dataclass(frozen=True)
class Preview:
    decisions: list[Decision]
    letters: list[Letter]

    @property
    def is_possible(self) -> bool:
        return not any(each.obstacle for each in self.decisions)

    @property
    def able(self) -> list[Decision]:
        return [each for each in self.decisions if not each.obstacle]


def preview_of(board: Board, intent: Intent, form: WordsForm, *, by) -> Preview:
    choices = actions.in_turn(form.choices(board.by_pk(), intent))
    obstacles = actions.foresee_board(board, choices, by=by)
    told = tellings([(choice.nomination, choice.move) for choice in choices], board.iteration)
    lines = [(each.nomination.pk, each) for each in choices]
    decisions = [Decision(each.nomination, each.move, obstacles[pk], told[pk]) for pk, each in lines]
    return Preview(decisions, list(_letters(choices)))


def _letters(choices: list[actions.Choice]) -> Iterator[Letter]:
    for move in TARGETS:
        of_kind = [choice for choice in choices if choice.move == move]
        if of_kind:
            first = of_kind[0]
            reason = first.reason or (_("(your reason)") if move == "refuse" else "")
            then = as_decided(first.nomination, move, reason=reason, code=first.code if move == "refuse" else "")
            yield Letter(first.nomination, len(of_kind), *emails.letter_to_the_liaison(then, EVENTS[move]))
