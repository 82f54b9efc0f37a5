"""Who gets which certificate: field.md, rule 5.10."""

import pytest

from certificates.entitlement import Record, entitlement


def record(**facts) -> Record:
    return Record(
        **{
            "course_certificate": "completion",
            "outcome": "passed",
            "attendance": 100,
            "minimum_attendance": 80,
            **facts,
        }
    )


def test_who_passed_and_attended_enough_gets_a_certificate_of_completion():
    assert entitlement(record()).kind == "completion"


def test_the_minimum_itself_is_enough():
    assert entitlement(record(attendance=80)).kind == "completion"


def test_one_per_cent_below_the_minimum_gives_none_and_says_both_figures():
    found = entitlement(record(attendance=79))

    assert found.kind == ""
    assert found.why_not == "Attended 79 % of the days; 80 % are needed."


@pytest.mark.parametrize("outcome", ["attended", "failed"])
def test_completion_needs_a_pass(outcome):
    found = entitlement(record(outcome=outcome))

    assert found.kind == ""
    assert found.why_not == "Did not pass."


@pytest.mark.parametrize("outcome", ["attended", "passed", "failed"])
def test_a_seminar_gives_attendance_to_everybody_who_was_there(outcome):
    assert entitlement(record(course_certificate="attendance", outcome=outcome)).kind == "attendance"


@pytest.mark.parametrize("certificate", ["completion", "attendance"])
def test_a_no_show_never_gets_one(certificate):
    found = entitlement(record(course_certificate=certificate, outcome="no-show"))

    assert found.kind == ""
    assert found.why_not == "Did not come."


@pytest.mark.parametrize("outcome", ["confirmed", "selected", "withdrawn", "cancelled"])
def test_without_a_result_there_is_none(outcome):
    found = entitlement(record(outcome=outcome))

    assert found.kind == ""
    assert found.why_not == "No result recorded yet."


def test_a_course_may_give_no_certificate_at_all():
    found = entitlement(record(course_certificate="none"))

    assert found.kind == ""
    assert found.why_not == "The course gives no certificate."


@pytest.mark.parametrize("outcome", ["passed", "failed", "attended", "no-show", "confirmed"])
@pytest.mark.parametrize("attendance", [0, 50, 79, 80, 100])
@pytest.mark.parametrize("certificate", ["completion", "attendance", "none"])
def test_there_is_always_either_a_kind_or_a_reason(certificate, attendance, outcome):
    found = entitlement(record(course_certificate=certificate, attendance=attendance, outcome=outcome))

    assert bool(found.kind) != bool(found.why_not)
