"""Other iterations of a course: where nominations of a cancelled one can go (rule 5.13), and who may come as well."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils import timezone

from courses import workflow as iterations
from courses.models import Iteration
from enrollment import workflow
from enrollment.models.nomination import Nomination
from partners.models import Person


def targets_for(iteration: Iteration):
    """Other iterations of the same course that take nominations, the next first."""
    others = Iteration.objects.filter(course=iteration.course_id, state__in=iterations.TAKING_NOMINATIONS)
    ahead = others.upcoming().filter(starts_on__gt=timezone.localdate())
    return ahead.exclude(pk=iteration.pk).select_related("course")


def further_for(person: Person, iteration: Iteration):
    """Other iterations of the course for which `person` can be nominated too: her sender invited, she not yet there."""
    sender = {f"invited_{type(person.sender).__name__.lower()}s": person.sender}
    invited = Q(is_by_invitation=False) | Q(pk__in=Iteration.objects.filter(**sender).values("pk"))
    there = Nomination.objects.live().filter(person=person).values("iteration")
    return targets_for(iteration).filter(invited).exclude(pk__in=there)


def will_be_carried(nominations: Iterable[Nomination], to: Iteration) -> set[int]:
    """The ids of those that cancelling carries: handed in, from a sender that is invited, of a person not yet there."""
    there = set(Nomination.objects.live().filter(iteration=to).values_list("person", flat=True))
    invited = _senders_invited_to(to)
    return {each.pk for each in nominations if _is_carried(each, there, invited)}


def _is_carried(nomination: Nomination, already_there: set[int], invited: set[tuple] | None) -> bool:
    was_sent = nomination.state not in workflow.WITH_THE_LIAISON
    is_invited = invited is None or (nomination.nation_id, nomination.organisation_id) in invited
    return was_sent and is_invited and nomination.person_id not in already_there


def _senders_invited_to(iteration: Iteration) -> set[tuple] | None:
    """(nation id, organisation id) of everybody who is invited; None when the call is open to all."""
    if not iteration.is_by_invitation:
        return None
    nations = {(pk, None) for pk in iteration.invited_nations.values_list("pk", flat=True)}
    return nations | {(None, pk) for pk in iteration.invited_organisations.values_list("pk", flat=True)}
