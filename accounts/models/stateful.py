from django.db import models
from django.utils.translation import gettext as _

from accounts.moves import Move, Refused, Role


class Stateful(models.Model):
    """A record that moves between states by a table of moves (`moves`), asked by pages and guarded by actions."""

    moves: tuple[Move, ...] = ()

    class Meta:
        abstract = True

    def roles_of(self, user) -> set[Role]:
        """Who `user` is to this record. None stands for the system itself."""
        raise NotImplementedError

    def moves_open_to(self, user) -> list[Move]:
        roles = self.roles_of(user)
        return [move for move in self.moves if move.is_open_from(self.state, roles)]

    def may(self, name: str, user) -> bool:
        return any(move.name == name for move in self.moves_open_to(user))

    def guard(self, name: str, by) -> Move:
        """The move `name` if `by` may make it now; refuses with a sentence that says why not."""
        move = next(move for move in self.moves if move.name == name)
        if move.by.isdisjoint(self.roles_of(by)):
            raise Refused(self.not_yours(move))
        if self.state not in move.sources:
            raise Refused(self.too_late_for(move))
        return move

    def not_yours(self, move: Move) -> str:
        who = " / ".join(str(Role(role).label) for role in sorted(move.by))
        return _("“%(move)s” is not yours to do here. It is for: %(who)s.") % {"move": move.label, "who": who}

    def too_late_for(self, move: Move) -> str:
        sentence = _(
            "“%(move)s” is not possible: the state is now “%(state)s”. "
            "Somebody may have decided in the meantime; look at the page again."
        )
        return sentence % {"move": move.label, "state": self.get_state_display()}
