from datetime import date

import pytest

from insights import figures
from insights.figures import Period
from tests import make

pytestmark = pytest.mark.django_db
YEAR_2014 = Period(date(2014, 1, 1), date(2014, 12, 31))
YEAR_2025 = Period(date(2025, 1, 1), date(2025, 12, 31))


def sweden():
    nation = make.nation("SE", "Sweden")
    make.framework("NATO", name="NATO")
    make.framework("PFP", name="Partnership for Peace")
    make.membership(nation, "PFP", date(1994, 5, 9), to_on=date(2024, 3, 6))
    make.membership(nation, "NATO", date(2024, 3, 7))
    return nation


def held(year: int, **fields):
    return make.iteration(state="closed", starts_on=date(year, 5, 5), **fields)


def test_a_swede_counts_as_pfp_in_2014_and_as_nato_in_2025():
    nation = sweden()
    for year in (2014, 2025):
        make.nomination(make.person(nation, sex="woman"), held(year), state="passed")

    assert figures.participants_by("framework", YEAR_2014) == [("Partnership for Peace", (1, 0, 0))]
    assert figures.participants_by("framework", YEAR_2025) == [("NATO", (1, 0, 0))]


def test_women_men_and_not_stated_add_up_to_all_who_were_there():
    iteration = held(2014)
    for sex, state in [("woman", "passed"), ("man", "failed"), ("man", "passed"), ("not stated", "attended")]:
        make.nomination(make.person(sex=sex), iteration, state=state)
    make.nomination(make.person(sex="man"), iteration, state="no-show")
    make.nomination(make.person(sex="woman"), iteration, state="refused")

    [(name, counts)] = figures.participants_by("nation", YEAR_2014)

    assert (name, counts) == ("JO", (1, 2, 1))
    assert sum(counts) == figures.participants(YEAR_2014).count() == 4


def test_a_cancelled_iteration_is_out():
    make.nomination(make.person(), make.iteration(state="cancelled", starts_on=date(2014, 5, 5)), state="attended")

    assert figures.participants_by("month", YEAR_2014) == []


@pytest.mark.parametrize("grouping", ["month", "nation", "framework"])
def test_every_figure_opens_as_many_rows_as_it_counts(grouping):
    nation = sweden()
    for sender in (nation, nation, make.nation("JO", "Jordan")):
        make.nomination(make.person(sender), held(2014), state="passed")

    for name, counts in figures.participants_by(grouping, YEAR_2014):
        assert figures.rows_of(grouping, name, YEAR_2014).count() == sum(counts)


def test_requests_count_when_they_were_received(signed_in):
    from enrollment import actions

    jordan = make.nation("JO", "Jordan")
    liaison = make.liaison(jordan)
    make.training_request(jordan, by=liaison)
    received = actions.submit_request(make.training_request(jordan, by=liaison), by=liaison)
    year = Period(received.received_at.date().replace(month=1, day=1), received.received_at.date())

    assert figures.requests_by("nation", year) == [("Jordan", (1,))]


@pytest.mark.parametrize(
    "query",
    ["", "?by=framework", "?by=nope", "?first=2026-13-45", "?first=2026-05-05&last=2020-01-01", "?last=9999-12-31"],
)
def test_the_page_answers_any_address(signed_in, query):
    response = signed_in(make.coordinator()).get(f"/insights/{query}")

    assert response.status_code == 200


def test_the_figures_are_for_coordinators_and_analysts(signed_in):
    assert signed_in(make.user(is_analyst=True)).get("/insights/").status_code == 200
    assert signed_in(make.liaison()).get("/insights/").status_code == 403


def test_the_file_neutralises_a_formula(signed_in):
    iteration = held(2026)
    make.nomination(make.person(make.nation("ZZ", "=1+1")), iteration, state="passed")

    content = (
        signed_in(make.coordinator())
        .get("/insights/?by=nation&format=csv&first=2026-01-01")
        .content.decode("utf-8-sig")
    )

    assert "'=1+1" in content
    assert ",=1+1" not in content
