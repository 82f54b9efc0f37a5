"""Planning clashes: pure values in, sentences out."""

from datetime import date
from decimal import Decimal

import pytest

from courses.planning import Plan, clashes

TODAY = date(2027, 1, 1)
MONDAY, FRIDAY = date(2027, 3, 1), date(2027, 3, 5)


def plan(**fields) -> Plan:
    return Plan(**{"name": "GENAD", "starts_on": MONDAY, "ends_on": FRIDAY, "pk": 1, **fields})


def other(**fields) -> Plan:
    return plan(**{"name": "GFP", "pk": 2, **fields})


def sentences(*args, **kwargs) -> list[str]:
    return [clash.sentence for clash in clashes(*args, today=TODAY, **kwargs)]


def test_a_plain_plan_has_no_clash():
    assert sentences(plan(), [], training_days=5, duration=Decimal("5.0"), deadline=TODAY) == []


def test_two_in_the_same_place_at_the_same_time_clash():
    found = clashes(plan(place="Kungsängen "), [other(place="kungsangen")], today=TODAY)

    assert [clash.sentence for clash in found] == ["Kungsängen is taken by GFP, 1 March 2027 to 5 March 2027."]
    assert found[0].other == 2


@pytest.mark.parametrize("day", ["starts_on", "ends_on"])
def test_one_common_day_is_enough(day):
    common = {"starts_on": FRIDAY, "ends_on": FRIDAY} if day == "ends_on" else {"starts_on": MONDAY, "ends_on": MONDAY}

    assert sentences(plan(place="Oslo"), [other(place="Oslo", **common)])


def test_the_week_after_does_not_clash():
    later = other(place="Oslo", starts_on=date(2027, 3, 6), ends_on=date(2027, 3, 9))

    assert sentences(plan(place="Oslo"), [later]) == []


@pytest.mark.parametrize("fact", ["nation", "host"])
def test_the_same_word_in_another_country_or_house_is_another_place(fact):
    assert sentences(plan(place="Main hall", **{fact: 1}), [other(place="Main hall", **{fact: 2})]) == []
    assert sentences(plan(place="Main hall", **{fact: 1}), [other(place="Main hall", **{fact: None})])


def test_an_unknown_place_clashes_with_nothing():
    assert sentences(plan(place=""), [other(place="")]) == []


def test_somebody_who_teaches_elsewhere_is_named():
    found = sentences(plan(people={7: "Berg, Ida", 8: "Lund, Per"}), [other(people={7: ""})])

    assert found == ["Berg, Ida also teaches GFP, 1 March 2027 to 5 March 2027."]


def test_a_plan_does_not_clash_with_itself():
    assert sentences(plan(place="Oslo", people={7: "Berg, Ida"}), [plan(place="Oslo", people={7: ""})]) == []


@pytest.mark.parametrize(("days", "duration"), [(5, "5.0"), (5, "4.5"), (1, "0.5")])
def test_half_days_count_as_days_on_which_people_are_there(days, duration):
    assert sentences(plan(), [], training_days=days, duration=Decimal(duration)) == []


def test_dates_that_do_not_fit_the_course_are_named():
    found = sentences(plan(), [], training_days=5, duration=Decimal("10.0"))

    assert found == ["The dates give 5 training days, the course takes 10."]


def test_a_deadline_and_a_start_in_the_past_are_named():
    found = sentences(plan(starts_on=date(2026, 12, 1)), [], deadline=date(2026, 11, 1))

    assert found == [
        "The nomination deadline, 1 November 2026, is in the past: every nomination will be late.",
        "The first day, 1 December 2026, is in the past.",
    ]


def test_the_key_of_a_clash_changes_when_its_facts_do():
    first = clashes(plan(), [], today=TODAY, training_days=5, duration=Decimal(3))
    second = clashes(plan(), [], today=TODAY, training_days=4, duration=Decimal(3))

    assert first[0].key != second[0].key
