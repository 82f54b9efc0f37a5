"""The vocabulary of every workflow: who may do what, from which states, to which state. Plain values only."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """Who somebody is *to one record*: a liaison of Jordan is no liaison to Ukraine's nominations."""

    COORDINATOR = "coordinator", _("Training coordinator")
    LIAISON = "liaison", _("Liaison")
    INSTRUCTOR = "instructor", _("Instructor")
    TRAINEE = "trainee", _("Trainee")
    SYSTEM = "system", _("The system")


@dataclass(frozen=True)
class Move:
    """One legal step of a record: its button, its guard and its row in the diagram."""

    name: str
    label: str
    by: frozenset[Role]
    sources: frozenset[str]
    target: str
    needs_reason: bool = False
    is_danger: bool = False

    def is_open_from(self, state: str, roles: set[Role]) -> bool:
        return state in self.sources and not self.by.isdisjoint(roles)


def move(name: str, label: str, by: set, sources: set, target: str, **flags: bool) -> Move:
    """A row of a workflow table, written with plain sets."""
    return Move(name, label, frozenset(by), frozenset(sources), target, **flags)


class Refused(Exception):
    """A deed that is not allowed. Its text is a sentence for the person who tried."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
