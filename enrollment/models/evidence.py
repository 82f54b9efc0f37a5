"""What is on record about people and iterations, as the plain values that eligibility.py reads. Constant queries."""

from collections.abc import Iterable

from django.conf import settings
from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import override

from courses.models import Iteration, Prerequisite
from enrollment.eligibility import Candidate, Criteria, Finding, check
from enrollment.models.dossier import GOT_THROUGH, Dossier, dossiers_for
from enrollment.models.nomination import Nomination
from partners import grades
from partners.models import Person


def criteria_of(iteration: Iteration) -> Criteria:
    course = iteration.course
    asks_officers = course.officers_from is not None or course.officers_to is not None
    officers = (course.officers_from or 1, course.officers_to or 10) if asks_officers else None
    links = Prerequisite.objects.select_related("required")
    prefetch_related_objects([course], Prefetch("prerequisite_links", links))
    return Criteria(
        officers=officers,
        warrant_officers=course.warrant_officers,
        enlisted_from=course.enlisted_from,
        enlisted_by_waiver_from=course.enlisted_by_waiver_from,
        admits_civilians=course.admits_civilians,
        slp_minimum=course.slp_minimum,
        prerequisites=tuple(link.required.short_name for link in course.prerequisite_links.all() if link.is_mandatory),
        starts_on=iteration.starts_on,
        ends_on=iteration.ends_on,
    )


def findings_for(nominations: Iterable[Nomination], iteration: Iteration, dossiers=None) -> dict[int, list[Finding]]:
    """The findings of nominations of one iteration, by nomination id: four queries, two with dossiers at hand."""
    nominations = list(nominations)
    criteria = criteria_of(iteration)
    dossiers = dossiers_for(nomination.person for nomination in nominations) if dossiers is None else dossiers
    prefetch_related_objects(nominations, "waivers")
    return {
        nomination.pk: check(
            criteria,
            candidate_of(dossiers[nomination.person_id]),
            [waiver.criterion for waiver in nomination.waivers.all()],
        )
        for nomination in nominations
    }


def checks_on_record(nomination: Nomination, iteration: Iteration) -> list[dict]:
    """The findings as they are kept with a nomination: in English, for others read them than who submits."""
    with override(settings.LANGUAGE_CODE):
        return [finding.as_dict() for finding in findings_for([nomination], iteration)[nomination.pk]]


def candidate_of(dossier: Dossier) -> Candidate:
    person, test = dossier.person, dossier.english
    return Candidate(
        grade=grades.parse(person.grade),
        is_civilian=person.category == Person.Category.CIVILIAN,
        slp=test.profile if test else "",
        slp_expires_on=test.expires_on if test else None,
        completions=tuple((stage.course, stage.ends_on) for stage in dossier.stages if stage.state in GOT_THROUGH),
    )
