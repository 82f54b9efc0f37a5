"""Entry criteria, rules 5.6 to 5.8: grade, language profile, prerequisites. The pure rules, then what they read."""

from datetime import UTC, date, datetime, timedelta

import pytest

from enrollment.actions import evidence
from enrollment.eligibility import (
    MET,
    NOT_MET,
    NOT_PROVEN,
    Candidate,
    Completed,
    Criteria,
    Exemption,
    Paper,
    check,
    clearance_level,
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


def paper(kind: str, state: str = "submitted", pk: int = 7, **facts) -> Paper:
    return Paper(pk=pk, kind=kind, state=state, uploaded_at=datetime(2026, 5, 3, 12, tzinfo=UTC), **facts)


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


def test_a_completion_has_to_last_to_the_end():
    expires_on = ENDS_ON - timedelta(days=1)
    has = candidate(completions=(Completed("ADL", date(2025, 1, 1), expires_on),))

    found = finding("needs:ADL", asking(prerequisites=("ADL",)), has)

    assert (found.verdict, found.evidence) == (
        NOT_PROVEN,
        "Completed on 1 January 2025, but it expires on 11 March 2027, before the end.",
    )


def test_a_completion_that_lasts_counts_beside_one_that_does_not():
    expired = Completed("ADL", date(2026, 1, 1), ENDS_ON - timedelta(days=1))
    has = candidate(completions=(expired, Completed("ADL", date(2025, 1, 1))))

    assert finding("needs:ADL", asking(prerequisites=("ADL",)), has).verdict == MET


# Papers: what was handed in and not checked yet never changes a verdict.

SLP, ADL = asking(slp_minimum="3333"), asking(prerequisites=("ADL",))
CERTIFICATE = {"profile": "3333", "dated_on": date(2026, 4, 1)}
DIPLOMA = {"course": "ADL", "dated_on": date(2026, 4, 1)}


@pytest.mark.parametrize(
    ("criterion", "criteria", "waiting", "says"),
    [
        ("slp", SLP, paper("language", **CERTIFICATE), "A certificate of SLP 3333"),
        ("needs:ADL", ADL, paper("completion", **DIPLOMA), "A certificate of completion on 1 April 2026"),
    ],
)
def test_an_unchecked_paper_is_spoken_of_and_proves_nothing(criterion, criteria, waiting, says):
    found = finding(criterion, criteria, candidate(papers=(waiting,)))

    assert found.verdict == NOT_PROVEN
    assert f"{says}, uploaded on 3 May 2026, not checked yet." in found.evidence
    assert found.paper == 7


def test_an_unchecked_paper_makes_no_not_met_softer():
    has = candidate(slp="2222", papers=(paper("language", **CERTIFICATE),))

    found = finding("slp", SLP, has)

    assert found.verdict == NOT_MET
    assert "too low" in found.evidence
    assert "not checked yet" in found.evidence


def test_an_unchecked_paper_that_will_have_expired_says_so():
    has = candidate(papers=(paper("language", **CERTIFICATE, expires_on=ENDS_ON - timedelta(days=1)),))

    assert "it expires on 11 March 2027, before the end" in finding("slp", SLP, has).evidence


def test_a_rejected_paper_says_why():
    has = candidate(papers=(paper("language", "rejected", **CERTIFICATE, reason="Unreadable"),))

    found = finding("slp", SLP, has)

    assert found.verdict == NOT_PROVEN
    assert found.evidence.endswith("uploaded on 3 May 2026, was rejected: Unreadable")


def test_only_the_newest_paper_is_spoken_of_and_a_replaced_one_never():
    newest, older = paper("language", **CERTIFICATE), paper("language", "rejected", 6, **CERTIFICATE, reason="Blurred")
    replaced = paper("language", "replaced", 9, **CERTIFICATE)

    found = finding("slp", SLP, candidate(papers=(replaced, newest, older)))

    assert "not checked yet" in found.evidence
    assert "Blurred" not in found.evidence
    assert found.paper == 7


def test_what_is_met_names_the_checked_paper_and_nothing_that_waits():
    checked, waiting = paper("language", "checked", 5, **CERTIFICATE), paper("language", **CERTIFICATE)

    found = finding("slp", SLP, candidate(slp="3333", papers=(waiting, checked)))

    assert (found.verdict, found.evidence, found.paper) == (MET, "SLP 3333 on record.", 5)


def test_a_paper_for_another_course_proves_nothing_here():
    found = finding("needs:ADL", ADL, candidate(papers=(paper("completion", course="OTHER", dated_on=STARTS_ON),)))

    assert (found.verdict, found.evidence, found.paper) == (NOT_PROVEN, "No completion on record.", None)


def test_the_day_of_an_upload_is_that_of_the_iterations_zone():
    late = Paper(7, "language", "submitted", datetime(2026, 5, 3, 23, 30, tzinfo=UTC), **CERTIFICATE)
    criteria = asking(slp_minimum="3333", time_zone="Asia/Tbilisi")

    assert "uploaded on 4 May 2026" in finding("slp", criteria, candidate(papers=(late,))).evidence


# Clearance: yes or no, up to a level, until a day.


def cleared(level: str = "SECRET", expires_on: date | None = ENDS_ON, state: str = "checked", **facts) -> Paper:
    return paper("clearance", state, **{"is_cleared": True, "level": level, "expires_on": expires_on, **facts})


@pytest.mark.parametrize(
    ("stated", "verdict"),
    [
        (cleared(), MET),
        (cleared("TOP SECRET"), MET),
        (cleared("CONFIDENTIAL"), NOT_MET),
        (cleared("RESTRICTED"), NOT_MET),
        (cleared(expires_on=ENDS_ON - timedelta(days=1)), NOT_PROVEN),
        (cleared(state="submitted"), NOT_PROVEN),
        (cleared(state="rejected", reason="Wrong person"), NOT_PROVEN),
        (cleared(state="replaced"), NOT_PROVEN),
        (cleared(level="", expires_on=None, is_cleared=False), NOT_MET),
        (cleared(level="", expires_on=None, is_cleared=False, state="submitted"), NOT_PROVEN),
    ],
)
def test_a_clearance_is_met_by_a_checked_statement_that_reaches_to_the_end(stated, verdict):
    assert finding("clearance", asking(clearance="NATO SECRET"), candidate(papers=(stated,))).verdict == verdict


def test_no_statement_is_not_proven():
    found = finding("clearance", asking(clearance="NATO SECRET"), candidate())

    assert (found.verdict, found.evidence) == (NOT_PROVEN, "No checked statement of clearance.")


def test_the_words_of_a_clearance_say_level_and_day():
    found = finding("clearance", asking(clearance="NATO SECRET"), candidate(papers=(cleared("CONFIDENTIAL"),)))

    assert found.evidence == "Cleared up to CONFIDENTIAL only, until 12 March 2027."


def test_where_the_course_names_no_level_any_clearance_will_do():
    criteria = asking(clearance="National security clearance")

    assert finding("clearance", criteria, candidate(papers=(cleared("RESTRICTED"),))).verdict == MET
    assert finding("clearance", criteria, candidate()).verdict == NOT_PROVEN


@pytest.mark.parametrize("words", ["NATO UNCLASSIFIED releasable to partners", "None", "Not required", "no clearance"])
def test_what_is_unclassified_needs_no_clearance(words):
    assert finding("clearance", asking(clearance=words), candidate()).verdict == MET


@pytest.mark.parametrize(
    ("words", "level"),
    [
        ("COSMIC TOP SECRET", "TOP SECRET"),
        ("NATO SECRET", "SECRET"),
        ("nato confidential", "CONFIDENTIAL"),
        ("Part of it UNCLASSIFIED, part NATO RESTRICTED", "RESTRICTED"),
        ("NATO UNCLASSIFIED", ""),
    ],
)
def test_the_level_is_read_from_the_courses_words(words, level):
    assert clearance_level(words) == level


def test_a_waiver_says_of_what_why_and_by_whom():
    exemption = Exemption("clearance", "Stays in the open part", "Karin Coordinator")

    found = finding("clearance", asking(clearance="NATO SECRET"), candidate(), [exemption])

    assert (found.waived, found.waived_because, found.waived_by) == (
        True,
        "Stays in the open part",
        "Karin Coordinator",
    )


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


@pytest.mark.django_db
def test_papers_are_read_with_the_record_and_the_check_makes_them_count():
    adl, office = make.course("ADL"), make.coordinator()
    course = make.course(slp_minimum="3333", clearance="NATO SECRET")
    make.prerequisite(course, adl)
    iteration, person = make.iteration(course), make.person()
    papers = {
        "slp": make.evidence(person, expires_on=iteration.ends_on),
        "needs:ADL": make.evidence(person, "completion", course=adl),
        "clearance": make.evidence(person, "clearance", expires_on=iteration.ends_on),
    }
    before = found_before(person, iteration)

    for each in papers.values():
        evidence.check(each, by=office)

    after = found_before(person, iteration)
    assert {(before[name].verdict, before[name].paper) for name in papers} == {
        (NOT_PROVEN, each.pk) for each in papers.values()
    }
    assert {(after[name].verdict, after[name].paper) for name in papers} == {(MET, each.pk) for each in papers.values()}


@pytest.mark.django_db
def test_a_letter_is_no_criterion():
    nomination = make.nomination()
    make.evidence(kind="letter", nomination=nomination)

    assert [each.criterion for each in findings_for([nomination], nomination.iteration)[nomination.pk]] == ["grade"]


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3, 30])
def test_waivers_and_papers_cost_the_same_for_one_and_for_many(count, django_assert_num_queries):
    iteration, office = make.iteration(make.course(slp_minimum="2222")), make.coordinator()
    nominations = [make.nomination(make.person(), iteration) for _n in range(count)]
    for nomination in nominations:
        nomination.waivers.create(criterion="grade", reason="Why", granted_by=office)
        make.evidence(nomination.person)

    with django_assert_num_queries(5):
        found = findings_for(nominations, iteration)

    assert all(findings[0].waived_by == "Karin Coordinator" for findings in found.values())
