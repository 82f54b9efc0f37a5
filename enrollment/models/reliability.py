"""How often a sender's people did not come, or gave their place back too late to fill it."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from enrollment import workflow
from enrollment.models.background import years_before
from enrollment.models.nomination import Nomination
from enrollment.workflow import NominationState

YEARS = 3
CAME_OR_NOT = workflow.WERE_THERE | {NominationState.NO_SHOW}
Sender = tuple[int | None, int | None]  # the ids of nation and organisation, one of them None


@dataclass(frozen=True)
class Reliability:
    """Of `places` that a sender had: to how many nobody came, and how many were given back late."""

    no_shows: int = 0
    left_late: int = 0
    places: int = 0

    @property
    def is_spotless(self) -> bool:
        return not (self.no_shows or self.left_late)


def reliability_before(day: date) -> dict[Sender, Reliability]:
    """Of every sender, over the iterations that began in the three years up to `day`. One query.

    Who took a place elsewhere in a transfer, or was replaced in time, has not left late: see Nomination.left_late.
    """
    late = Q(left_late=True)
    counted = Nomination.objects.filter(
        Q(state__in=CAME_OR_NOT) | late,
        iteration__starts_on__gte=years_before(day, YEARS),
        iteration__starts_on__lte=day,
    )
    rows = counted.order_by().values("nation", "organisation")
    rows = rows.annotate(
        no_shows=Count("pk", filter=Q(state=NominationState.NO_SHOW)), late=Count("pk", filter=late), places=Count("pk")
    )
    return {
        (row["nation"], row["organisation"]): Reliability(row["no_shows"], row["late"], row["places"]) for row in rows
    }
