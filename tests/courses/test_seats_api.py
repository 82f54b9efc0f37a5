"""Seats and quotas of an iteration, for programs of the office."""

import pytest

from enrollment import actions
from enrollment.actions import Wish
from tests import make

pytestmark = pytest.mark.django_db


def address(iteration) -> str:
    return f"/api/v1/iterations/{iteration.pk}/seats/"


def test_the_office_reads_seats_by_state_and_quotas(signed_in):
    coordinator, jordan = make.coordinator(), make.nation("JO", "Jordan")
    iteration = make.iteration(capacity=6, minimum=1)
    make.nomination(make.person(make.nation("SE")), iteration, state="selected")
    actions.set_quotas(iteration, [Wish(jordan, 2, 3, True)], by=coordinator)

    answer = signed_in(coordinator).get(address(iteration)).json()

    assert answer["capacity"] == sum(answer["seats"].values()) == 6
    assert {state: count for state, count in answer["seats"].items() if count} == {"free": 3, "held": 2, "named": 1}
    assert answer["quotas"] == [
        {"holder": "Jordan", "floor": 2, "ceiling": 3, "keeps_ceiling": True, "released_at": None, "held": 2}
    ]


def test_nobody_else_reads_them(client, signed_in):
    iteration = make.iteration()

    assert client.get(address(iteration)).status_code == 401
    for user in (make.liaison(), make.instructor(iteration), make.trainee(), make.administrator()):
        assert signed_in(user).get(address(iteration)).status_code == 403


def test_an_iteration_that_is_not_there_is_not_found(signed_in):
    assert signed_in(make.coordinator()).get("/api/v1/iterations/987654/seats/").status_code == 404


def test_many_quotas_cost_no_more_questions(signed_in, django_assert_num_queries):
    coordinator, iteration = make.coordinator(), make.iteration(capacity=20)
    office = signed_in(coordinator)
    for codes in (["JO"], ["JO", "TN", "UA", "GE"]):
        actions.set_quotas(iteration, [Wish(make.nation(code), 2) for code in codes], by=coordinator)
        office.get(address(iteration))
        with django_assert_num_queries(5):
            assert len(office.get(address(iteration)).json()["quotas"]) == len(codes)
