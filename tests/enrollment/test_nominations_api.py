"""Nominations for programs: the same walls as on the pages."""

import pytest

from tests import make

pytestmark = pytest.mark.django_db


def test_the_person_reads_neither_priority_nor_reason_and_the_nation_both(signed_in):
    nomination = make.nomination(state="refused", priority=4, decision_reason="Inner reason")
    readers = {
        "person": make.trainee(nomination.person),
        "liaison": nomination.nominated_by,
        "office": make.coordinator(),
    }

    answers = {
        name: signed_in(user).get(f"/api/v1/nominations/{nomination.pk}/").json() for name, user in readers.items()
    }

    assert {name: (each["priority"], each["decision_reason"]) for name, each in answers.items()} == {
        "person": (None, ""),
        "liaison": (4, "Inner reason"),
        "office": (4, "Inner reason"),
    }


def test_a_foreign_liaison_finds_nothing(signed_in):
    nomination = make.nomination()
    foreigner = signed_in(make.liaison(make.nation("UA")))

    assert foreigner.get(f"/api/v1/nominations/{nomination.pk}/").status_code == 404
    assert foreigner.get("/api/v1/nominations/").json()["results"] == []
    move = foreigner.post(
        f"/api/v1/nominations/{nomination.pk}/move/",
        {"move": "withdraw", "reason": "x"},
        content_type="application/json",
    )
    assert move.status_code == 404


def test_a_refused_move_is_a_conflict_with_its_sentence(signed_in):
    nomination = make.nomination(make.person(grade="OR-9"))
    office = signed_in(make.coordinator())

    answer = office.post(
        f"/api/v1/nominations/{nomination.pk}/move/", {"move": "select"}, content_type="application/json"
    )

    assert answer.status_code == 409
    assert "Grade is not met" in answer.json()["detail"]
    unknown = office.post(f"/api/v1/nominations/{nomination.pk}/move/", {"move": "x"}, content_type="application/json")
    assert (unknown.status_code, unknown.json()["detail"]) == (409, "There is no such move here.")
