"""What is on record about people and iterations, as the plain values that eligibility.py reads. Constant queries."""

from collections.abc import Iterable

from courses.models import Iteration
from enrollment import workflow
from enrollment.eligibility import Candidate, Criteria, Finding, check
from enrollment.models.completion import Completion
from enrollment.models.nomination import Nomination, Waiver
from partners import grades
from partners.models import LanguageTest, Person


def criteria_of(iteration: Iteration) -> Criteria:
    course = iteration.course
    asks_officers = course.officers_from is not None or course.officers_to is not None
    officers = (course.officers_from or 1, course.officers_to or 10) if asks_officers else None
    links = course.prerequisite_links.filter(is_mandatory=True).select_related("required")
    return Criteria(
        officers=officers,
        warrant_officers=course.warrant_officers,
        enlisted_from=course.enlisted_from,
        enlisted_by_waiver_from=course.enlisted_by_waiver_from,
        admits_civilians=course.admits_civilians,
        slp_minimum=course.slp_minimum,
        prerequisites=tuple(link.required.short_name for link in links),
        starts_on=iteration.starts_on,
        ends_on=iteration.ends_on,
    )


def candidates_from(people: Iterable[Person]) -> dict[int, Candidate]:
    """Each person's record as a Candidate, by person id: three queries for any number of people."""
    people = list(people)
    ids = [person.pk for person in people]
    tests = _latest_english_tests(ids)
    completions = _completions(ids)
    return {person.pk: _candidate(person, tests.get(person.pk), completions.get(person.pk, [])) for person in people}


def findings_for(nominations: Iterable[Nomination], iteration: Iteration) -> dict[int, list[Finding]]:
    """The findings of nominations of one iteration, by nomination id."""
    nominations = list(nominations)
    criteria = criteria_of(iteration)
    candidates = candidates_from(nomination.person for nomination in nominations)
    waived = _waived(nominations)
    return {
        nomination.pk: check(criteria, candidates[nomination.person_id], waived.get(nomination.pk, ()))
        for nomination in nominations
    }


def findings_before(person: Person, iteration: Iteration) -> list[Finding]:
    """What would be found if `person` were nominated for `iteration` now."""
    return check(criteria_of(iteration), candidates_from([person])[person.pk])


def _candidate(person: Person, test: LanguageTest | None, completions: list) -> Candidate:
    return Candidate(
        grade=grades.parse(person.grade),
        is_civilian=person.category == Person.Category.CIVILIAN,
        slp=test.profile if test else "",
        slp_expires_on=test.expires_on if test else None,
        completions=tuple(completions),
    )


def _latest_english_tests(person_ids: list[int]) -> dict[int, LanguageTest]:
    tests = LanguageTest.objects.filter(person__in=person_ids, language__iexact="English").order_by("tested_on", "pk")
    return {test.person_id: test for test in tests}


def _completions(person_ids: list[int]) -> dict[int, list]:
    """Recorded completions, and courses passed or attended here: {person id: [(course, day)]}."""
    recorded = Completion.objects.filter(person__in=person_ids).values_list(
        "person", "course__short_name", "completed_on"
    )
    here = Nomination.objects.filter(
        person__in=person_ids, state__in=workflow.WERE_THERE - {workflow.NominationState.FAILED}
    ).values_list("person", "iteration__course__short_name", "iteration__ends_on")
    found: dict[int, list] = {}
    for person_id, course, day in [*recorded, *here]:
        found.setdefault(person_id, []).append((course, day))
    return found


def _waived(nominations: list[Nomination]) -> dict[int, set[str]]:
    waived: dict[int, set[str]] = {}
    for pk, criterion in Waiver.objects.filter(nomination__in=nominations).values_list("nomination", "criterion"):
        waived.setdefault(pk, set()).add(criterion)
    return waived
