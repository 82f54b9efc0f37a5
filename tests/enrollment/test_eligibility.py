"""Entry criteria, rules 5.6 to 5.8: grade, language profile, prerequisites. The pure rules, then what they read."""

from datetime import date, timedelta

import pytest

from enrollment.eligibility import (
    MET,
    NOT_MET,
    NOT_PROVEN,
    Candidate,
    Completed,
    Criteria,
    Exemption,
    check,
    is_eligible,
    levels_of,
)
from enrollment.models.dossier import dossiers_for
from enrollment.models.evidence import candidate_of, criteria_of, findings_for
from partners.grades import parse
from tests import make

STARTS_ON = date(2027, 3, 1)
ENDS_ON = date(2027, 3, 12)


def finding(criterion: str, criteria: Criteria, candidate: Candidate, waived=()):
    return next(each for each in check(criteria, candidate, waived) if each.criterion == criterion)


def found_before(person, iteration) -> dict:
    """What the record says of a person who is not nominated yet, by criterion."""
    found = check(criteria_of(iteration), candidate_of(dossiers_for([person])[person.pk]))
    return {each.criterion: each for each in found}


def candidate(grade: str = "OF-3", **fields) -> Candidate:
    return Candidate(grade=parse(grade), **{"is_civilian": False, **fields})


def asking(**fields) -> Criteria:
    return Criteria(**{"starts_on": STARTS_ON, "ends_on": ENDS_ON, **fields})


@pytest.mark.parametrize(
    ("grade", "verdict"),
    [
        ("OF-1", NOT_MET),
        ("OF-2", MET),
        ("OF-5", MET),
        ("OF-6", NOT_MET),
        ("OF-10", NOT_MET),
        ("OR-9", NOT_MET),
        ("WO-5", NOT_MET),
        ("", NOT_PROVEN),
        ("Major", NOT_PROVEN),
    ],
)
def test_officers_compare_inside_their_own_scale(grade, verdict):
    assert finding("grade", asking(officers=(2, 5)), candidate(grade)).verdict == verdict


@pytest.mark.parametrize(
    ("grade", "verdict"),
    [("OR-5", NOT_MET), ("OR-6", MET), ("OR-9", MET), ("WO-1", MET), ("OF-1", MET), ("OF-5", MET), ("OF-6", NOT_MET)],
)
def test_a_course_may_admit_several_scales(grade, verdict):
    criteria = asking(officers=(1, 5), enlisted_from=6, warrant_officers=True)

    assert finding("grade", criteria, candidate(grade)).verdict == verdict


@pytest.mark.parametrize(("grade", "may_be_waived"), [("OR-6", False), ("OR-7", True), ("OR-9", True), ("WO-1", True)])
def test_an_nco_where_officers_are_asked_comes_only_by_waiver_and_only_from_the_grade_that_is_named(
    grade, may_be_waived
):
    found = finding("grade", asking(officers=(2, 6), enlisted_by_waiver_from=7), candidate(grade))

    assert found.verdict == NOT_MET
    assert found.may_be_waived is may_be_waived
    assert "by waiver" in found.evidence


def test_where_ncos_come_by_waiver_alone_no_other_scale_is_admitted():
    criteria = asking(enlisted_by_waiver_from=7)

    assert [finding("grade", criteria, candidate(grade)).verdict for grade in ("OF-3", "OR-8")] == [NOT_MET, NOT_MET]


def test_a_course_that_asks_for_no_grade_admits_everybody_with_or_without_one():
    verdicts = [finding("grade", asking(), candidate(grade)).verdict for grade in ("", "OR-1", "OF-9", "WO-3")]

    assert verdicts == [MET] * 4


def test_a_civilian_counts_by_the_equivalent_grade():
    criteria = asking(officers=(4, 6))

    verdicts = [
        finding("grade", criteria, candidate(grade, is_civilian=True)).verdict for grade in ("OF-4", "OF-3", "")
    ]

    assert verdicts == [MET, NOT_MET, NOT_PROVEN]


@pytest.mark.parametrize("criteria", [asking(officers=(2, 5), admits_civilians=False), asking(admits_civilians=False)])
def test_where_civilians_are_not_admitted_no_equivalent_grade_helps(criteria):
    found = finding("grade", criteria, candidate("OF-3", is_civilian=True))

    assert (found.verdict, found.evidence) == (NOT_MET, "Civilians are not admitted.")


@pytest.mark.parametrize(
    ("profile", "levels"),
    [("3232", [3, 2, 3, 2]), ("2+222+", [2.5, 2, 2, 2.5]), ("0000", [0, 0, 0, 0]), ("", []), ("+", []), ("33", [3, 3])],
)
def test_a_plus_ranks_between_two_levels(profile, levels):
    assert levels_of(profile) == levels


@pytest.mark.parametrize(
    ("has", "verdict", "short"),
    [
        ("3232", MET, ""),
        ("3333", MET, ""),
        ("3+23+2", MET, ""),
        ("2232", NOT_MET, "listening"),
        ("3132", NOT_MET, "speaking"),
        ("31+32", NOT_MET, "speaking"),
        ("3222", NOT_MET, "reading"),
        ("322+2", NOT_MET, "reading"),
        ("3231", NOT_MET, "writing"),
        ("2121", NOT_MET, "listening, speaking, reading, writing"),
    ],
)
def test_a_profile_is_compared_skill_by_skill_in_the_order_listening_speaking_reading_writing(has, verdict, short):
    found = finding("slp", asking(slp_minimum="3232"), candidate(slp=has))

    assert found.verdict == verdict
    assert not short or found.evidence.endswith(f"too low in: {short}.")


def test_high_levels_in_some_skills_do_not_make_up_for_one_that_is_low():
    assert finding("slp", asking(slp_minimum="2222"), candidate(slp="5515")).verdict == NOT_MET


def test_a_minimum_with_a_plus_asks_for_more_than_the_level_below():
    criteria = asking(slp_minimum="2+2+2+2+")

    verdicts = [finding("slp", criteria, candidate(slp=slp)).verdict for slp in ("2222", "2+2+2+2+", "3333")]

    assert verdicts == [NOT_MET, MET, MET]


def test_no_profile_on_record_is_not_proven_and_never_met():
    assert finding("slp", asking(slp_minimum="0000"), candidate(slp="")).verdict == NOT_PROVEN


@pytest.mark.parametrize("nonsense", ["33", "33333", "ABCD", "+"])
def test_a_profile_that_cannot_be_read_is_not_proven(nonsense):
    found = finding("slp", asking(slp_minimum="2222"), candidate(slp=nonsense))

    assert found.verdict == NOT_PROVEN
    assert nonsense in found.evidence


@pytest.mark.parametrize(
    ("expires_on", "verdict"), [(None, MET), (ENDS_ON, MET), (ENDS_ON - timedelta(days=1), NOT_PROVEN)]
)
def test_a_profile_has_to_last_to_the_end(expires_on, verdict):
    found = finding("slp", asking(slp_minimum="2222"), candidate(slp="3333", slp_expires_on=expires_on))

    assert found.verdict == verdict


def test_a_course_that_asks_for_no_language_says_nothing_about_it():
    assert [each.criterion for each in check(asking(), candidate())] == ["grade"]


@pytest.mark.parametrize(
    ("completed_on", "verdict"),
    [
        (STARTS_ON - timedelta(days=1), MET),
        (STARTS_ON - timedelta(days=4000), MET),
        (STARTS_ON, NOT_MET),
        (STARTS_ON + timedelta(days=1), NOT_MET),
    ],
)
def test_a_prerequisite_is_met_only_by_a_completion_before_the_first_day(completed_on, verdict):
    has = candidate(completions=(Completed("ADL 169", completed_on),))

    assert finding("needs:ADL 169", asking(prerequisites=("ADL 169",)), has).verdict == verdict


def test_a_prerequisite_without_a_recorded_completion_is_not_proven():
    has = candidate(completions=(Completed("ADL 168", STARTS_ON - timedelta(days=9)),))

    assert finding("needs:ADL 169", asking(prerequisites=("ADL 169",)), has).verdict == NOT_PROVEN


def test_each_prerequisite_is_a_criterion_of_its_own_however_long_its_name():
    names = ("Gender Perspective 1", "Gender Perspective 2")
    has = candidate(completions=(Completed(names[0], STARTS_ON - timedelta(days=9)),))

    found = check(asking(prerequisites=names), has)[1:]

    assert [each.verdict for each in found] == [MET, NOT_PROVEN]
    assert len({each.criterion for each in found}) == 2
    assert all(len(each.criterion) <= 30 for each in found)


def test_a_waiver_lifts_one_criterion_and_no_other():
    criteria = asking(officers=(2, 5), slp_minimum="3333", enlisted_by_waiver_from=7)

    found = check(criteria, candidate("OR-8", slp="2222"), waived=[Exemption("grade")])

    assert [(each.criterion, each.is_in_the_way) for each in found] == [("grade", False), ("slp", True)]
    assert not is_eligible(found)


def test_eligible_means_that_each_criterion_is_met_or_waived():
    criteria = asking(officers=(2, 5), slp_minimum="2222")

    assert is_eligible(check(criteria, candidate("OF-3", slp="2222")))
    assert is_eligible(check(criteria, candidate("OF-3"), waived=[Exemption("slp")]))
    assert not is_eligible(check(criteria, candidate("OF-3"))), "not proven is not met"


@pytest.mark.django_db
def test_the_criteria_are_those_of_the_course_and_the_days_those_of_the_iteration():
    adl = make.course("ADL 169", kind="e-learning")
    course = make.course(officers_from=2, officers_to=None, slp_minimum="3232", enlisted_by_waiver_from=7)
    make.prerequisite(course, adl)
    make.prerequisite(course, make.course("Read first"), is_mandatory=False)
    iteration = make.iteration(course)

    criteria = criteria_of(iteration)

    assert criteria.officers == (2, 10)
    assert criteria.prerequisites == ("ADL 169",), "what is recommended is no entry criterion"
    assert (criteria.starts_on, criteria.ends_on) == (iteration.starts_on, iteration.ends_on)


@pytest.mark.django_db
def test_a_course_that_names_only_the_highest_officer_admits_all_officers_below():
    iteration = make.iteration(make.course(officers_from=None, officers_to=5))

    assert criteria_of(iteration).officers == (1, 5)


@pytest.mark.django_db
def test_the_latest_english_test_counts():
    person = make.person()
    iteration = make.iteration(make.course(slp_minimum="3333"))
    make.language_test(person, "3333", tested_on=date(2020, 1, 1))
    make.language_test(person, "2222", tested_on=date(2026, 1, 1))
    make.language_test(person, "4444", tested_on=date(2026, 5, 1), language="French")

    found = found_before(person, iteration)

    assert found["slp"].verdict == NOT_MET
    assert "2222" in found["slp"].evidence


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "verdict"), [("passed", MET), ("attended", MET), ("failed", NOT_PROVEN), ("no-show", NOT_PROVEN)]
)
def test_a_required_course_held_here_counts_from_its_last_day_for_those_who_got_through(state, verdict):
    person, required = make.person(), make.course("GFP")
    course = make.course("GENAD")
    make.prerequisite(course, required)
    make.nomination(person, make.running_iteration(required), state=state)

    found = found_before(person, make.iteration(course))

    assert found["needs:GFP"].verdict == verdict


@pytest.mark.django_db
def test_a_waiver_of_one_nomination_is_none_for_another():
    iteration, office = make.iteration(), make.coordinator()
    first, second = (make.nomination(make.person(grade="OR-7"), iteration) for _n in range(2))
    first.waivers.create(criterion="grade", reason="Long experience", granted_by=office)

    found = findings_for([first, second], iteration)

    assert [found[each.pk][0].is_in_the_way for each in (first, second)] == [False, True]


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3, 30])
def test_findings_cost_the_same_for_one_and_for_many(count, django_assert_num_queries):
    course = make.course(slp_minimum="2222")
    make.prerequisite(course, make.course("ADL"))
    iteration = make.iteration(course)
    nominations = [make.nomination(make.person(), iteration) for _n in range(count)]

    with django_assert_num_queries(5):
        findings_for(nominations, iteration)
