"""Who is told of a decision, and when: read before it is made, so that a preview can say it."""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from courses.models import Iteration
from enrollment.models.nomination import Nomination
from enrollment.workflow import NominationState
from partners.models import Mandate

TARGETS = {
    "select": NominationState.SELECTED,
    "waitlist": NominationState.WAITLISTED,
    "refuse": NominationState.REFUSED,
}


@dataclass(frozen=True)
class Telling:
    """The liaisons, told at once; the candidate at `person_at`, if there is an address (`has_address`)."""

    target: NominationState
    liaisons: list[str]
    has_address: bool
    person_at: datetime


def tellings(decided: Iterable[tuple[Nomination, str]], iteration: Iteration) -> dict[int, Telling]:
    """By nomination id, of pairs of nomination and move. One query."""
    decided = list(decided)
    liaisons = _liaisons()
    at = person_told_at(iteration)
    return {
        each.pk: Telling(
            TARGETS[move],
            liaisons.get((each.nation_id, each.organisation_id), []),
            bool(each.person.user_id or each.person.email),
            at,
        )
        for each, move in decided
    }


def person_told_at(iteration: Iteration) -> datetime:
    """When a candidate would learn of a decision made now: after the liaison, unless the office gave the all clear."""
    delay = timedelta() if iteration.all_clear_at else timedelta(hours=iteration.person_told_after_hours)
    return timezone.now() + delay


def as_decided(nomination: Nomination, move: str, *, reason: str, code: str) -> Nomination:
    """A copy as it would stand after the move, for its letter; it is not saved."""
    then = copy(nomination)
    then.state, then.decision_reason, then.reason_code = TARGETS[move], reason, code
    then.person_told_at = person_told_at(nomination.iteration)
    return then


def _liaisons() -> dict[tuple[int | None, int | None], list[str]]:
    found: dict[tuple[int | None, int | None], list[str]] = {}
    mandates = Mandate.objects.in_force().filter(user__is_active=True).select_related("user").order_by("rank", "pk")
    for mandate in mandates:
        found.setdefault((mandate.nation_id, mandate.organisation_id), []).append(str(mandate.user))
    return found
