"""Nobody is seated twice: neither on the same days, nor on two iterations of one course still to come."""

from collections.abc import Iterable
from datetime import date

from courses.models import Iteration
from enrollment import workflow
from enrollment.models.nomination import Nomination
from enrollment.workflow import NominationState

TO_COME = workflow.EXPECTED | {NominationState.OFFERED}


def keeps_from(iteration: Iteration, *, state: str, course: int, starts_on: date, ends_on: date) -> bool:
    """True when a nomination of this state, on another iteration as described, keeps its person from a seat here."""
    if state not in workflow.KEEPS_A_SEAT:
        return False
    same_days = starts_on <= iteration.ends_on and ends_on >= iteration.starts_on
    return same_days or (course == iteration.course_id and state in TO_COME)


def places_elsewhere(people: Iterable[int], iteration: Iteration) -> dict[int, int]:
    """The id of such another iteration, by person id, of those among these people who have one; one narrow query."""
    others = Nomination.objects.keeping_a_seat().filter(person__in=list(people)).exclude(iteration=iteration)
    facts = ("person", "iteration", "state", "iteration__course", "iteration__starts_on", "iteration__ends_on")
    found: dict[int, int] = {}
    for person, other, state, course, starts_on, ends_on in others.order_by("pk").values_list(*facts):
        if keeps_from(iteration, state=state, course=course, starts_on=starts_on, ends_on=ends_on):
            found.setdefault(person, other)
    return found
