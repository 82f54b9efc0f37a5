"""What is on record about people and iterations, as the plain values that eligibility.py reads. Constant queries."""

from collections.abc import Iterable

from django.conf import settings
from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import override

from courses.models import Iteration, Prerequisite
from enrollment.eligibility import Candidate, Completed, Criteria, Exemption, Finding, Paper, check, waive
from enrollment.models.dossier import GOT_THROUGH, Dossier, dossiers_for
from enrollment.models.nomination import Nomination, Waiver
from enrollment.models.papers import Evidence
from partners import grades
from partners.models import Person


def criteria_of(iteration: Iteration) -> Criteria:
    course = iteration.course
    asks_officers = course.officers_from is not None or course.officers_to is not None
    officers = (course.officers_from or 1, course.officers_to or 10) if asks_officers else None
    links = Prerequisite.objects.select_related("required").only("course", "is_mandatory", "required__short_name")
    prefetch_related_objects([course], Prefetch("prerequisite_links", links))
    return Criteria(
        officers=officers,
        warrant_officers=course.warrant_officers,
        enlisted_from=course.enlisted_from,
        enlisted_by_waiver_from=course.enlisted_by_waiver_from,
        admits_civilians=course.admits_civilians,
        slp_minimum=course.slp_minimum,
        prerequisites=tuple(link.required.short_name for link in course.prerequisite_links.all() if link.is_mandatory),
        clearance=course.clearance,
        starts_on=iteration.starts_on,
        ends_on=iteration.ends_on,
        time_zone=iteration.time_zone,
    )


def findings_for(nominations: Iterable[Nomination], iteration: Iteration, dossiers=None) -> dict[int, list[Finding]]:
    """The findings of nominations of one iteration, by nomination id: five queries, two with dossiers at hand."""
    nominations = list(nominations)
    found = _before_waivers(nominations, iteration, dossiers)
    return _with_waivers(nominations, found)


def in_the_way(nominations: Iterable[Nomination], iteration: Iteration) -> dict[int, list[Finding]]:
    """What keeps each nominee from a seat, by nomination id: waivers are only read when something is not met."""
    nominations = list(nominations)
    found = _before_waivers(nominations, iteration)
    if any(finding.is_in_the_way for findings in found.values() for finding in findings):
        found = _with_waivers(nominations, found)
    return {pk: [finding for finding in findings if finding.is_in_the_way] for pk, findings in found.items()}


def _before_waivers(nominations: list[Nomination], iteration: Iteration, dossiers=None) -> dict[int, list[Finding]]:
    """A course that asks for nothing but a grade needs no dossier: then it is one query."""
    criteria = criteria_of(iteration)
    if dossiers is None:
        people = [nomination.person for nomination in nominations]
        dossiers = dossiers_for(people) if criteria.asks_for_proof else {each.pk: Dossier(each) for each in people}
    return {each.pk: check(criteria, candidate_of(dossiers[each.person_id])) for each in nominations}


def _with_waivers(nominations: list[Nomination], found: dict[int, list[Finding]]) -> dict[int, list[Finding]]:
    prefetch_related_objects(nominations, Prefetch("waivers", Waiver.objects.select_related("granted_by")))
    return {each.pk: waive(found[each.pk], exemptions_of(each)) for each in nominations}


def exemptions_of(nomination: Nomination) -> list[Exemption]:
    return [Exemption(each.criterion, each.reason, str(each.granted_by)) for each in nomination.waivers.all()]


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
        completions=tuple(
            Completed(stage.course, stage.ends_on, stage.expires_on)
            for stage in dossier.stages
            if stage.state in GOT_THROUGH
        ),
        papers=tuple(_paper(each) for each in dossier.papers if each.kind != Evidence.Kind.LETTER),
    )


def _paper(evidence: Evidence) -> Paper:
    return Paper(
        pk=evidence.pk,
        kind=evidence.kind,
        state=evidence.state,
        uploaded_at=evidence.uploaded_at,
        course=evidence.course.short_name if evidence.course_id else "",
        profile=evidence.profile,
        is_cleared=evidence.is_cleared,
        level=evidence.level,
        dated_on=evidence.dated_on,
        expires_on=evidence.expires_on,
        reason=evidence.decision_reason,
    )
