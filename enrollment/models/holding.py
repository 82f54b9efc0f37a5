"""What a sender holds of an iteration's seats, as its liaison reads it: its own numbers and nobody else's."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from courses.models import Iteration, Quota, Seat
from enrollment.models.nomination import Nomination
from enrollment.workflow import NominationState
from partners.models import Nation, Organisation


@dataclass(frozen=True)
class Holding:
    """`unnamed` seats wait for a name under the quota, if there is one; the others are with the sender's nominees."""

    quota: Quota | None
    unnamed: int
    selected: int
    confirmed: int
    offered: int

    @property
    def may_be_turned_back(self) -> bool:
        return self.unnamed > 0


def quotas_of(senders: Iterable[Nation | Organisation]):
    """The quotas that these senders hold themselves, each with `unnamed`, the seats that wait for a name."""
    senders = list(senders)
    nations = [each.pk for each in senders if isinstance(each, Nation)]
    organisations = [each.pk for each in senders if isinstance(each, Organisation)]
    unnamed = Count("seats", filter=Q(seats__state=Seat.State.HELD))
    own = Quota.objects.filter(Q(nation__in=nations) | Q(organisation__in=organisations))
    return own.with_holders().annotate(unnamed=unnamed).order_by("iteration__starts_on", "pk")


def unnamed_seats_of(senders: Iterable[Nation | Organisation]):
    """Those under which seats wait for a name, of iterations still to come."""
    ahead = Iteration.objects.upcoming().order_by().values("pk")
    return quotas_of(senders).filter(unnamed__gt=0, iteration__in=ahead).select_related("iteration__course")


def holding_of(sender: Nation | Organisation, quotas: Iterable[Quota], nominees: Iterable[Nomination]) -> Holding:
    quota = next((each for each in quotas if (each.nation or each.organisation) == sender), None)
    states = Counter(each.state for each in nominees)
    return Holding(
        quota=quota,
        unnamed=quota.unnamed if quota else 0,
        selected=states[NominationState.SELECTED],
        confirmed=states[NominationState.CONFIRMED],
        offered=states[NominationState.OFFERED],
    )
