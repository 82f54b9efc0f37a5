"""Everybody's own page, at one and at three rows with the same number of queries."""

from datetime import timedelta

import pytest
from django.utils import timezone

from enrollment import actions as enrollment
from tests import make

pytestmark = pytest.mark.django_db


def queries_of(client, path, django_assert_max_num_queries, most) -> int:
    client.get(path)  # what is loaded once is loaded now
    with django_assert_max_num_queries(most) as captured:
        response = client.get(path)
    assert response.status_code == 200
    return len(captured)


def test_home_shows_what_takes_nominations_and_hides_drafts(client):
    make.iteration(make.course("OPEN"))
    make.iteration(make.course("HIDDEN"), state="draft")

    page = client.get("/").content.decode()

    assert "OPEN Course" in page
    assert page.count("/iterations/") == 1


def test_home_takes_the_same_few_queries_for_one_and_three_iterations(client, django_assert_max_num_queries):
    make.iteration()
    few = queries_of(client, "/", django_assert_max_num_queries, 6)
    make.iteration()
    make.iteration()

    assert queries_of(client, "/", django_assert_max_num_queries, 6) == few


def busy_desk() -> None:
    jordan = make.nation("JO")
    liaison = make.liaison(jordan)
    enrollment.submit_request(make.training_request(jordan, by=liaison), by=liaison)
    soon = timezone.localdate() + timedelta(days=30)
    coming = make.iteration(starts_on=soon, nominations_close_on=timezone.localdate() + timedelta(days=3))
    make.nomination(make.person(jordan), coming, nominated_by=liaison)
    make.nomination(make.person(jordan, email=""), coming, state="selected", nominated_by=liaison)
    held = make.running_iteration(state="running")
    make.nomination(make.person(jordan), held, state="passed", nominated_by=liaison)
    make.mandate(make.user(), jordan, ends_on=timezone.localdate() + timedelta(days=5))
    make.notification(liaison, parked_at=timezone.now(), failure="Refused")


def test_the_desk_lists_what_needs_the_office(signed_in):
    busy_desk()

    page = signed_in(make.coordinator()).get("/desk/").content.decode()

    for heading in (
        "Training requests to decide",
        "Nominations to decide",
        "Selected, not confirmed yet",
        "Certificates to issue",
        "Deadlines this week",
        "Below the minimum",
        "Jobs that need help",
        "Gaps in the data",
    ):
        assert heading in page


def test_an_empty_desk_says_so(signed_in):
    page = signed_in(make.coordinator()).get("/desk/").content.decode()

    assert "Nothing waits for you" in page


def test_the_desk_takes_ten_queries_however_much_lies_on_it(signed_in, django_assert_max_num_queries):
    client = signed_in(make.coordinator())
    busy_desk()
    few = queries_of(client, "/desk/", django_assert_max_num_queries, 10)
    busy_desk()
    busy_desk()

    assert queries_of(client, "/desk/", django_assert_max_num_queries, 10) == few


def test_a_nation_sees_its_own_and_nobody_elses(signed_in):
    jordan, ukraine = make.nation("JO", "Jordan"), make.nation("UA", "Ukraine")
    liaison, iteration = make.liaison(jordan), make.iteration()
    make.nomination(make.person(jordan, family_name="Ourown"), iteration, nominated_by=liaison)
    make.nomination(make.person(ukraine, family_name="Theirs"), iteration)

    page = signed_in(liaison).get("/nation/").content.decode()

    assert "Ourown" in page
    assert "Theirs" not in page


def test_the_nation_page_takes_as_many_queries_for_three_nominees_as_for_one(signed_in, django_assert_max_num_queries):
    jordan = make.nation("JO", "Jordan")
    liaison = make.liaison(jordan)
    client = signed_in(liaison)
    make.nomination(make.person(jordan), make.iteration(), nominated_by=liaison)
    few = queries_of(client, "/nation/", django_assert_max_num_queries, 10)
    for _ in range(2):
        make.nomination(make.person(jordan), make.iteration(), nominated_by=liaison)

    assert queries_of(client, "/nation/", django_assert_max_num_queries, 10) == few


def test_a_suspended_nation_reads_why_it_can_ask_for_nothing(signed_in):
    nation = make.nation("BY", "Belarus")
    make.membership(nation, "PFP", suspended_from=timezone.localdate() - timedelta(days=1))

    page = signed_in(make.liaison(nation)).get("/nation/").content.decode()

    assert "suspended" in page
    assert "New training request" not in page


def test_a_trainee_sees_her_place_and_can_confirm_it(signed_in):
    person = make.person()
    trainee = make.trainee(person)
    make.nomination(person, make.iteration(), state="selected")

    page = signed_in(trainee).get("/me/").content.decode()

    assert "Confirm the place" in page


def test_a_trainee_is_not_told_of_a_draft(signed_in):
    person = make.person()
    trainee = make.trainee(person)
    make.nomination(person, make.iteration(make.course("SECRET")), state="draft")

    page = signed_in(trainee).get("/me/").content.decode()

    assert "SECRET Course" not in page


@pytest.mark.parametrize(
    ("who", "page"),
    [("coordinator", "/desk/"), ("liaison", "/nation/"), ("trainee", "/me/"), ("administrator", "/admin/")],
)
def test_signing_in_leads_to_the_own_page(signed_in, who, page):
    response = signed_in(getattr(make, who)()).get("/welcome/")

    assert response.headers["Location"] == page


@pytest.mark.parametrize("path", ["/desk/", "/nation/", "/me/", "/insights/"])
def test_an_unknown_visitor_is_asked_to_sign_in(client, path):
    assert client.get(path).headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("path", ["/desk/", "/nation/", "/me/", "/insights/"])
def test_a_page_of_another_role_says_whom_it_is_for(signed_in, path):
    response = signed_in(make.user()).get(path)

    assert response.status_code == 403
    assert "This page is for" in response.content.decode()


def test_the_palette_finds_only_what_its_user_may_see(signed_in):
    jordan, ukraine = make.nation("JO", "Jordan"), make.nation("UA", "Ukraine")
    make.person(jordan, family_name="Zębala Ourown")
    make.person(ukraine, family_name="Zębala Theirs")

    found = signed_in(make.liaison(jordan)).get("/search/?q=zebala", headers={"accept": "application/json"}).json()

    assert [each["label"] for each in found] == ["Zębala Ourown, Given"]
