"""One person put forward for several iterations of a course, in the order in which the nation likes them."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.moves import Refused
from courses.models import Iteration
from enrollment.actions import nominations, ranking
from enrollment.models import Nomination
from partners.models import Person


@transaction.atomic
def nominate_for_several(
    person: Person, iterations: Sequence[Iteration], *, by, submits: bool = False, **facts
) -> list[Nomination]:
    """Draft, or submit, a nomination for each of `iterations`, the one liked best first: all of them, or none.

    They come after what the person is nominated for already. `facts` as for `nominate`.
    """
    _refuse_odd_choice(iterations)
    list(ranking.locked(each.pk for each in iterations))
    before = _live_on_the_course(person, iterations[0]).count()
    deed = nominations.put_forward if submits else nominations.nominate
    made = []
    for preference, iteration in enumerate(iterations, start=before + 1):
        try:
            made.append(deed(person, iteration, by=by, preference=preference, **facts))
        except Refused as refusal:
            raise _about(iteration, refusal) if len(iterations) > 1 else refusal from refusal
    return made


def _about(iteration: Iteration, refusal: Refused) -> Refused:
    facts = {"iteration": iteration, "why": refusal.sentence}
    return Refused(_("Nothing was saved. %(iteration)s: %(why)s") % facts, refusal.field)


def _refuse_odd_choice(iterations: Sequence[Iteration]) -> None:
    if not iterations:
        raise Refused(_("Choose at least one iteration."))
    if len({each.pk for each in iterations}) != len(iterations):
        raise Refused(_("Each iteration can be chosen once."))
    if len({each.course_id for each in iterations}) != 1:
        raise Refused(_("An order of preference is between iterations of one course."))


def _live_on_the_course(person: Person, iteration: Iteration):
    return Nomination.objects.live().filter(person=person.pk, iteration__course=iteration.course_id)
