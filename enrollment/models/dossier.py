"""What is on record about people, read once for findings and background alike: three queries for any number."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import BigIntegerField, CharField, DateField, F, Value

from enrollment import workflow
from enrollment.models.completion import Completion
from enrollment.models.nomination import Nomination
from enrollment.models.papers import Evidence
from enrollment.workflow import NominationState
from partners.models import LanguageTest, Person

ELSEWHERE = "elsewhere"
GOT_THROUGH = {ELSEWHERE, *workflow.WERE_THERE} - {NominationState.FAILED}


@dataclass(frozen=True)
class Stage:
    """A nomination here, or a completion elsewhere: its `state` is ELSEWHERE, with no iteration and no sender."""

    person_id: int
    state: str
    course_id: int
    course: str
    title: str
    starts_on: date
    ends_on: date
    iteration_id: int
    nation_id: int | None
    organisation_id: int | None
    expires_on: date | None

    @property
    def sender(self) -> tuple[int | None, int | None]:
        return self.nation_id, self.organisation_id


@dataclass
class Dossier:
    """One person's record: the person, the latest English test, every stage and every paper with the latest first."""

    person: Person
    english: LanguageTest | None = None
    stages: list[Stage] = field(default_factory=list)
    papers: list[Evidence] = field(default_factory=list)


def dossiers_for(people: Iterable[Person]) -> dict[int, Dossier]:
    """By person id."""
    dossiers = {person.pk: Dossier(person) for person in people}
    tests = LanguageTest.objects.filter(person__in=dossiers, language__iexact="English").order_by("tested_on", "pk")
    for test in tests:
        dossiers[test.person_id].english = test
    stages = [Stage(*row) for row in _places(dossiers).union(_completions(dossiers), all=True)]
    for stage in sorted(stages, key=lambda each: (each.starts_on, each.iteration_id), reverse=True):
        dossiers[stage.person_id].stages.append(stage)
    for paper in Evidence.objects.filter(person__in=dossiers).select_related("course"):
        dossiers[paper.person_id].papers.append(paper)
    return dossiers


def _places(ids: Iterable[int]):
    return (
        Nomination.objects.filter(person__in=ids)
        .order_by()
        .values_list(
            "person_id",
            "state",
            "iteration__course_id",
            "iteration__course__short_name",
            "iteration__course__title",
            "iteration__starts_on",
            "iteration__ends_on",
            "iteration_id",
            "nation_id",
            "organisation_id",
            Value(None, output_field=DateField()),
        )
    )


def _completions(ids: Iterable[int]):
    nothing = Value(None, output_field=BigIntegerField())
    return (
        Completion.objects.filter(person__in=ids)
        .order_by()
        .values_list(
            "person_id",
            Value(ELSEWHERE, output_field=CharField()),
            "course_id",
            "course__short_name",
            "course__title",
            "completed_on",
            F("completed_on"),
            Value(0, output_field=BigIntegerField()),
            nothing,
            nothing,
            "expires_on",
        )
    )
