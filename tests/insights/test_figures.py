import io
from datetime import UTC, date, datetime, timedelta

import pytest
from openpyxl import load_workbook

from courses.models import Iteration
from enrollment import actions
from enrollment.models import Nomination, TrainingRequest
from insights import figures
from insights.figures import Group, Period
from tests import make

pytestmark = pytest.mark.django_db
YEAR_2014 = Period(date(2014, 1, 1), date(2014, 12, 31))
YEAR_2025 = Period(date(2025, 1, 1), date(2025, 12, 31))
IN_2014 = "first=2014-01-01&last=2014-12-31"


def sweden():
    nation = make.nation("SE", "Sweden")
    make.framework("NATO", name="NATO")
    make.framework("PFP", name="Partnership for Peace")
    make.membership(nation, "PFP", date(1994, 5, 9), to_on=date(2024, 3, 6))
    make.membership(nation, "NATO", date(2024, 3, 7))
    return nation


def held(year: int, **fields):
    return make.iteration(state="closed", **{"starts_on": date(year, 5, 5), **fields})


def received(sender, on: date, **fields) -> TrainingRequest:
    filed = make.training_request(sender, **fields)
    actions.submit_request(filed, by=filed.liaison)
    TrainingRequest.objects.filter(pk=filed.pk).update(received_at=datetime(on.year, on.month, on.day, 12, tzinfo=UTC))
    return filed


def test_a_swede_counts_as_pfp_in_2014_and_as_nato_in_2025():
    nation = sweden()
    for year in (2014, 2025):
        make.nomination(make.person(nation, sex="woman"), held(year), state="passed")

    assert figures.participants_by("framework", YEAR_2014) == [Group("PFP", "Partnership for Peace", (1, 0, 0))]
    assert figures.participants_by("framework", YEAR_2025) == [Group("NATO", "NATO", (1, 0, 0))]


@pytest.mark.parametrize(("first_day", "framework"), [(date(2024, 3, 6), "PFP"), (date(2024, 3, 7), "NATO")])
def test_the_first_day_decides_even_in_the_week_of_the_change(first_day, framework):
    nation = sweden()
    make.nomination(make.person(nation), held(2024, starts_on=first_day), state="attended")

    [group] = figures.participants_by("framework", Period(date(2024, 1, 1), date(2024, 12, 31)))

    assert group.key == framework


def test_organisations_and_nations_outside_count_without_framework():
    sweden()
    iteration = held(2014)
    make.nomination(make.person(make.organisation("UN Women")), iteration, state="attended")
    make.nomination(make.person(make.nation("GH", "Ghana")), iteration, state="attended")

    assert figures.participants_by("framework", YEAR_2014) == [Group("none", "No framework", (0, 0, 2))]


def test_a_participant_who_moved_stays_with_the_nation_that_sent_her():
    person = make.person(make.nation("JO", "Jordan"), sex="woman")
    make.nomination(person, held(2014), state="passed")
    person.nation = make.nation("UA", "Ukraine")
    person.save()

    [group] = figures.participants_by("nation", YEAR_2014)

    assert group.name == "Jordan"


def test_women_men_and_not_stated_add_up_to_all_who_were_there():
    iteration = held(2014)
    for sex, state in [("woman", "passed"), ("man", "failed"), ("man", "passed"), ("not stated", "attended")]:
        make.nomination(make.person(sex=sex), iteration, state=state)
    make.nomination(make.person(sex="man"), iteration, state="no-show")
    make.nomination(make.person(sex="woman"), iteration, state="refused")

    [group] = figures.participants_by("nation", YEAR_2014)

    assert group == Group("JO", "JO", (1, 2, 1))
    assert group.total == figures.participants(YEAR_2014).count() == 4


@pytest.mark.parametrize("grouping", ["month", "nation", "framework"])
def test_every_grouping_adds_up_to_the_same_total(grouping):
    nation = sweden()
    for n, sex in enumerate(["woman", "man", "not stated", "woman", "man"]):
        sender = (nation, make.nation("JO", "Jordan"), make.organisation("UN Women"))[n % 3]
        make.nomination(make.person(sender, sex=sex), held(2014, starts_on=date(2014, 1 + n, 5)), state="passed")

    groups = figures.participants_by(grouping, YEAR_2014)

    assert [sum(series) for series in zip(*(group.counts for group in groups), strict=True)] == [2, 2, 1]


def test_a_cancelled_iteration_is_out():
    make.nomination(make.person(), make.iteration(state="cancelled", starts_on=date(2014, 5, 5)), state="attended")

    assert figures.participants_by("month", YEAR_2014) == []


def test_both_ends_of_the_period_belong_to_it():
    for day in (date(2013, 12, 31), date(2014, 1, 1), date(2014, 12, 31), date(2015, 1, 1)):
        make.nomination(make.person(), held(2014, starts_on=day), state="passed")

    assert [group.name for group in figures.participants_by("month", YEAR_2014)] == ["2014-01", "2014-12"]


@pytest.mark.parametrize("grouping", ["month", "nation", "framework"])
def test_every_figure_opens_as_many_rows_as_it_counts(grouping, signed_in):
    nation = sweden()
    for n, sender in enumerate((nation, nation, make.nation("JO", "Jordan"))):
        make.nomination(make.person(sender), held(2014, starts_on=date(2014, 4 + n, 5)), state="passed")
        received(sender, date(2014, 4 + n, 6))
    office = signed_in(make.coordinator())

    for of, groups in (
        ("participants", figures.participants_by(grouping, YEAR_2014)),
        ("requests", figures.requests_by(grouping, YEAR_2014)),
    ):
        for group in groups:
            page = office.get(f"/insights/rows/?{IN_2014}&by={grouping}&of={of}&group={group.key}").content.decode()
            assert page.count('<th scope="row"') == group.total
            assert group.name in page


@pytest.mark.parametrize("grouping", ["month", "nation", "framework"])
def test_an_unknown_line_has_no_rows(grouping, signed_in):
    make.nomination(make.person(), held(2014), state="passed")

    page = signed_in(make.coordinator()).get(f"/insights/rows/?{IN_2014}&by={grouping}&group=nobody").content.decode()

    assert "Nothing counts here" in page


def test_the_rows_of_a_line_can_be_opened_however_many_days_it_counts(signed_in):
    """One condition for each pair of nation and day would be more than SQLite takes."""
    person, course = make.person(sweden()), make.course()
    days = [date(2005, 1, 1) + timedelta(days=n) for n in range(1200)]
    iterations = Iteration.objects.bulk_create(
        Iteration(course=course, starts_on=day, ends_on=day, capacity=1, state="closed") for day in days
    )
    one = make.nomination(person, iterations[0], state="passed")
    Nomination.objects.bulk_create(
        Nomination(person=person, iteration=each, nation=person.nation, nominated_by=one.nominated_by, state="passed")
        for each in iterations[1:]
    )

    page = signed_in(make.coordinator()).get("/insights/rows/?by=framework&first=2005-01-01&group=PFP")

    assert "1200 participants" in page.content.decode()


def test_requests_count_when_they_were_received():
    jordan = make.nation("JO", "Jordan")
    make.training_request(jordan)
    received(jordan, date(2014, 12, 31))
    received(jordan, date(2015, 1, 1))

    assert figures.requests_by("nation", YEAR_2014) == [Group("Jordan", "Jordan", (1,))]


def test_a_request_counts_under_the_framework_that_it_names_else_under_the_senders_own():
    nation = sweden()
    received(nation, date(2014, 6, 1))
    received(nation, date(2014, 6, 1), framework=make.framework("ICI", name="Istanbul Cooperation Initiative"))

    found = {group.key: group.counts for group in figures.requests_by("framework", YEAR_2014)}

    assert found == {"PFP": (1,), "ICI": (1,)}


def test_the_page_compares_with_the_same_length_of_time_before(signed_in):
    for year in (2013, 2013, 2014):
        make.nomination(make.person(), held(year), state="passed")

    page = signed_in(make.coordinator()).get(f"/insights/?{IN_2014}").content.decode()

    assert YEAR_2014.before() == Period(date(2013, 1, 1), date(2013, 12, 31))
    assert "1 participant, and 2 in the same length of time before" in page


@pytest.mark.parametrize(
    "query",
    [
        "",
        "by=framework",
        "by=nope",
        "first=2026-13-45",
        "first=2026-05-05&last=2020-01-01",
        "last=9999-12-31",
        "first=0001-01-01&last=0001-01-02",
        "group=%27%22%3C&of=requests&by=month",
    ],
)
@pytest.mark.parametrize("path", ["/insights/", "/insights/rows/"])
def test_the_pages_answer_any_address(signed_in, path, query):
    response = signed_in(make.coordinator()).get(f"{path}?{query}")

    assert response.status_code == 200


def test_a_period_that_cannot_be_read_keeps_what_was_typed_and_says_why(signed_in):
    page = signed_in(make.coordinator()).get("/insights/?first=2026-05-05&last=2020-01-01").content.decode()

    assert "The last day is before the first day." in page
    assert 'value="2020-01-01"' in page


def test_the_figures_are_for_coordinators_and_analysts_their_rows_for_coordinators(signed_in):
    make.nomination(make.person(), held(2014), state="passed")
    analyst = signed_in(make.user(is_analyst=True))

    page = analyst.get(f"/insights/?{IN_2014}")

    assert page.status_code == 200
    assert "/insights/rows/" not in page.content.decode()
    assert analyst.get("/insights/rows/").status_code == 403
    assert signed_in(make.liaison()).get("/insights/").status_code == 403


@pytest.mark.parametrize("path", ["/insights/", "/insights/rows/"])
@pytest.mark.parametrize("grouping", ["month", "nation", "framework"])
def test_three_lines_take_as_many_queries_as_one(signed_in, django_assert_max_num_queries, path, grouping):
    client, counts = signed_in(make.coordinator()), []
    for codes in (["JO"], ["UA", "GE"]):
        for code in codes:
            make.nomination(make.person(make.nation(code)), held(2014), state="passed")
            received(make.nation(code), date(2014, 6, 1))
        client.get(path)
        with django_assert_max_num_queries(10) as captured:
            client.get(f"{path}?{IN_2014}&by={grouping}")
        counts.append(len(captured))

    assert counts[0] == counts[1]


def test_the_files_neutralise_a_formula(signed_in):
    make.nomination(make.person(make.nation("ZZ", "=1+1")), held(2014), state="passed")
    office = signed_in(make.coordinator())

    text = office.get(f"/insights/?by=nation&{IN_2014}&format=csv").content.decode("utf-8-sig")
    sheet = load_workbook(io.BytesIO(office.get(f"/insights/?by=nation&{IN_2014}&format=xlsx").content)).active

    assert "Participants,'=1+1,0,0,1,1" in text
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert not any(cell.data_type == "f" for cell in cells)
    assert "'=1+1" in [cell.value for cell in cells]


def test_the_rows_can_be_taken_away_as_a_file(signed_in):
    make.nomination(make.person(make.nation("JO", "Jordan"), family_name="Zębala"), held(2014), state="passed")

    text = signed_in(make.coordinator()).get(f"/insights/rows/?{IN_2014}&format=csv").content.decode("utf-8-sig")

    assert '"Zębala, Given",Jordan,Not stated' in text
