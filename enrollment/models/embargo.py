"""What a candidate knows of her own nominations: a decision reaches her liaison first, and her later."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise

from django.utils import timezone

from enrollment import workflow
from enrollment.models.nomination import Nomination
from enrollment.workflow import NominationState


def as_she_knows_them(nominations: Iterable[Nomination]) -> list[Nomination]:
    """Her nominations with the state that she was last told of in place of the true one; one query, never saved."""
    nominations = list(nominations)
    rows = Nomination.history.filter(id__in=[each.pk for each in nominations]).order_by("history_date", "history_id")
    stories = defaultdict(list)
    for row in rows:
        stories[row.id].append(row)
    for each in nominations:
        told = steps_told(stories[each.pk], each.iteration.all_clear_at)
        each.state = told[-1].state if told else NominationState.SUBMITTED
    return nominations


def steps_told(story: list, all_clear_at: datetime | None) -> list:
    """Those history rows of one nomination, oldest first, that its candidate learned of before the next came."""
    ends = [after.history_date for _before, after in pairwise(story)] + [timezone.now()]
    known = [row for row, end in zip(story, ends, strict=True) if _was_told(row, end, all_clear_at)]
    return [row for row in known if row.state in workflow.KNOWN_TO_THE_PERSON]


def _was_told(row, end: datetime, all_clear_at: datetime | None) -> bool:
    if row.state not in workflow.DECISIONS_TOLD_LATER or row.person_told_at is None:
        return True
    return min(row.person_told_at, all_clear_at or row.person_told_at) <= end
