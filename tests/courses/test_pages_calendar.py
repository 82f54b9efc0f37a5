"""The calendar by month, and the feed for people's own calendars."""

from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
import time_machine
from django.urls import reverse

from courses import actions, months
from courses.models import Iteration
from courses.months import Month
from tests import make

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)
IN_NOVEMBER = {"starts_on": date(2026, 11, 16), "ends_on": date(2026, 11, 20)}


@pytest.fixture(autouse=True)
def _november():
    with time_machine.travel(NOW, tick=False):
        yield


def squares(page) -> dict[date, list[str]]:
    """What stands in each square that holds something; deadlines in brackets."""
    found = {}
    for day in (day for week in page.context["weeks"] for day in week):
        names = [f"({mark.of.place})" if mark.is_deadline else mark.of.place for mark in day.marks]
        if names:
            found[day.date] = names
    return found


def calendar(client, **query):
    response = client.get(reverse("courses:calendar"), query)
    assert response.status_code == 200
    return response


# The grid, alone


def test_a_month_is_whole_weeks_from_monday():
    weeks = Month(2026, 11).weeks

    assert weeks[0][0] == date(2026, 10, 26)
    assert weeks[-1][-1] == date(2026, 12, 6)
    assert all(len(week) == 7 for week in weeks)


def test_months_follow_each_other_over_the_year_and_end_where_the_calendar_ends():
    assert (str(Month(2026, 12).next), str(Month(2026, 1).previous)) == ("2027-01", "2025-12")
    assert Month(2000, 1).previous is None
    assert Month(2100, 12).next is None


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-13", "2026-00", "0001-01", "9999-12", "2026-1", "२०२६-११", "x" * 500]
)
def test_a_month_that_is_none_is_this_one(text):
    assert months.parse(text, date(2026, 11, 10)) == Month(2026, 11)


# The page


def test_an_iteration_stands_on_each_of_its_days(client):
    make.iteration(place="Oslo", **IN_NOVEMBER)

    assert squares(calendar(client)) == {date(2026, 11, day): ["Oslo"] for day in range(16, 21)}


def test_a_deadline_stands_on_its_day_while_it_is_news(client):
    dates = {"starts_on": date(2027, 1, 11), "nominations_close_on": date(2026, 11, 16)}
    make.iteration(place="Oslo", **dates)
    make.iteration(place="Rome", state="nominations closed", **dates)

    page = calendar(client)

    assert squares(page) == {date(2026, 11, 16): ["(Oslo)"]}
    assert [each.place for each in page.context["deadlines"]] == ["Oslo"]
    assert page.context["iterations"] == []


def test_the_list_below_holds_what_touches_the_month_and_nothing_of_its_neighbours(client):
    make.iteration(place="Begins before", starts_on=date(2026, 10, 30), ends_on=date(2026, 11, 1))
    make.iteration(place="Ends after", starts_on=date(2026, 11, 30), ends_on=date(2026, 12, 4))
    make.iteration(place="October", starts_on=date(2026, 10, 26), ends_on=date(2026, 10, 31))
    make.iteration(place="December", starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 2))

    page = calendar(client)

    assert [each.place for each in page.context["iterations"]] == ["Begins before", "Ends after"]
    assert squares(page)[date(2026, 10, 26)] == ["October"]


def test_an_iteration_known_by_its_month_alone_is_listed_and_not_drawn(client):
    make.iteration(place="Oslo", precision="month", starts_on=date(2026, 11, 1), ends_on=date(2026, 11, 30))

    page = calendar(client)

    assert squares(page) == {}
    assert [each.place for each in page.context["iterations"]] == ["Oslo"]


def test_the_months_before_and_after_are_links_and_the_filter_stays_in_the_address(client):
    page = calendar(client, month="2026-12", open="1").content.decode()

    assert 'href="?month=2026-11&amp;open=1"' in page
    assert 'href="?month=2027-01&amp;open=1"' in page
    assert 'href="?month=2026-12"' in page


def test_only_those_open_for_nominations_can_be_shown(client):
    make.iteration(place="Open", **IN_NOVEMBER)
    make.iteration(place="Announced", state="announced", **IN_NOVEMBER)

    assert [each.place for each in calendar(client, open="1").context["iterations"]] == ["Open"]
    assert len(calendar(client).context["iterations"]) == 2


def test_drafts_are_for_the_office_and_what_is_cancelled_for_nobody(client, signed_in):
    draft = make.iteration(place="Draft", state="draft", **IN_NOVEMBER)
    make.iteration(place="Cancelled", state="cancelled", **IN_NOVEMBER)
    teacher = make.instructor(draft)

    assert calendar(client).context["iterations"] == []
    assert calendar(signed_in(make.liaison())).context["iterations"] == []
    assert [each.place for each in calendar(signed_in(teacher)).context["iterations"]] == ["Draft"]
    assert [each.place for each in calendar(signed_in(make.coordinator())).context["iterations"]] == ["Draft"]


def test_an_empty_month_says_where_to_look(client):
    assert "Nothing is planned in this month" in calendar(client).content.decode()
    assert "Take the filter away" in calendar(client, open="1").content.decode()


def test_the_page_costs_the_same_number_of_queries_however_full(client, django_assert_max_num_queries):
    counts = []
    for more in (1, 2):
        for _n in range(more):
            make.iteration(nation=make.nation(), host=make.organisation(), **IN_NOVEMBER)
        with django_assert_max_num_queries(6) as queries:
            calendar(client)
        counts.append(len(queries))

    assert counts[0] == counts[1]


# The feed


def feed(client) -> icalendar.Calendar:
    response = client.get(reverse("courses:feed"))
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return icalendar.Calendar.from_ical(response.content)


def events(client) -> dict[str, icalendar.Event]:
    return {str(event["uid"]).split("-")[0]: event for event in feed(client).events}


def test_the_feed_has_the_days_and_the_deadline_of_each_iteration(client, settings):
    settings.BASE_URL = "https://training.example.org"
    iteration = make.iteration(
        place="Tbilisi; hall, B",
        nation=make.nation("GE", "Georgia"),
        time_zone="Asia/Tbilisi",
        starts_on=date(2027, 1, 11),
        ends_on=date(2027, 1, 15),
        nominations_close_on=date(2026, 11, 16),
    )

    found = events(client)

    days, deadline = found["iteration"], found["deadline"]
    assert (days.start, days.end) == (date(2027, 1, 11), date(2027, 1, 16))
    assert days["location"] == "Tbilisi; hall, B, Georgia"
    assert days["url"] == f"https://training.example.org/iterations/{iteration.pk}/"
    assert deadline.end == datetime(2026, 11, 17, tzinfo=deadline.end.tzinfo)
    assert deadline.end.astimezone(UTC) == datetime(2026, 11, 16, 20, tzinfo=UTC)
    assert str(deadline["summary"]).startswith("Nominations close: ")


def test_every_zone_that_the_feed_names_is_described_in_it(client):
    for zone in ("Asia/Tbilisi", "Europe/Stockholm", "America/New_York"):
        make.iteration(time_zone=zone)

    whole = feed(client)

    assert {str(zone["tzid"]) for zone in whole.timezones} == {"Asia/Tbilisi", "Europe/Stockholm", "America/New_York"}
    assert whole.get_missing_tzids() == set()


def test_an_event_keeps_its_uid_and_counts_its_changes(client):
    iteration, office = make.iteration(), make.coordinator()
    first = events(client)["iteration"]

    iteration.place = "Oslo"
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        actions.save_iteration(iteration, by=office)
    second = events(client)["iteration"]

    assert first["uid"] == second["uid"]
    assert (first["sequence"], second["sequence"]) == (0, 1)
    assert second["dtstamp"].dt - first["dtstamp"].dt == timedelta(hours=1)


def test_seats_that_are_taken_are_no_change_of_the_event(client):
    make.iteration()
    before = client.get(reverse("courses:feed")).content
    Iteration.objects.update(seats_taken=3)

    assert client.get(reverse("courses:feed")).content == before


def test_what_is_cancelled_stays_in_the_feed_as_cancelled_and_has_no_deadline(client):
    make.iteration(state="cancelled")

    found = events(client)

    assert found.keys() == {"iteration"}
    assert found["iteration"]["status"] == "CANCELLED"


def test_the_feed_is_the_same_for_everybody_and_holds_no_draft(client, signed_in):
    make.iteration(state="draft", place="Secret place")
    make.iteration(is_by_invitation=True).invited_nations.add(make.nation("JO", "Jordan"))

    for somebody in (client, signed_in(make.coordinator())):
        written = somebody.get(reverse("courses:feed")).content.decode()
        assert "Secret place" not in written
        assert "Jordan" not in written


def test_the_feed_leaves_the_distant_past_out(client):
    make.iteration(state="completed", starts_on=date(2025, 1, 1))

    assert feed(client).events == []


def test_the_feed_costs_one_query_however_long(client, django_assert_num_queries):
    for _n in range(3):
        make.iteration(nation=make.nation())

    with django_assert_num_queries(1):
        client.get(reverse("courses:feed"))
