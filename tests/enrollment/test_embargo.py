"""Liaison first: a decision is the liaison's at once, and the candidate's after the delay, through every door."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.models import Iteration
from enrollment import actions
from enrollment.models import Nomination
from notifications.models import Notification
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def jordan():
    return make.nation("JO", "Jordan")


@pytest.fixture
def liaison(jordan):
    return make.liaison(jordan)


@pytest.fixture
def office():
    return make.coordinator()


@pytest.fixture
def iteration():
    return make.iteration(make.course("EMBARGO"), state="nominations closed", time_zone="Europe/Stockholm")


@pytest.fixture
def nomination(jordan, liaison, iteration):
    return make.nomination(make.person(jordan, family_name="Candidate"), iteration, nominated_by=liaison)


@pytest.fixture
def person(nomination):
    return make.trainee(nomination.person)


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def main_of(answer) -> str:
    return text_of(answer).partition("<main")[2]


def page_of(nomination: Nomination) -> str:
    return reverse("enrollment:nomination", args=[nomination.pk])


def time_passes() -> None:
    """The delay is over, as if it had begun so much earlier."""
    Nomination.objects.update(person_told_at=timezone.now() - timedelta(minutes=1))
    Notification.objects.update(due_at=timezone.now() - timedelta(minutes=1))


DECISIONS = {
    "selected": lambda row, by: actions.select(row, by=by),
    "waitlisted": lambda row, by: actions.waitlist(row, by=by),
    "refused": lambda row, by: actions.refuse(row, by=by, reason="Others had priority"),
}


@pytest.mark.parametrize("state", DECISIONS)
def test_no_door_tells_the_person_before_her_time(signed_in, office, nomination, person, state):
    DECISIONS[state](nomination, office)
    browser = signed_in(person)
    gone = [
        page_of(nomination),
        f"/api/v1/nominations/{nomination.pk}/",
        reverse("certificates:nomination_letters", args=[nomination.pk]),
        reverse("enrollment:nomination_evidence_new", args=[nomination.pk]),
    ]
    silent = [
        "/me/",
        "/messages/",
        f"/people/{nomination.person_id}/",
        f"/people/{nomination.person_id}/nominations/",
        "/api/v1/nominations/",
        f"/api/v1/nominations/?state={state}",
        "/search/?q=Candidate",
        f"/iterations/{nomination.iteration_id}/",
    ]

    answers = {door: browser.get(door) for door in [*gone, *silent]}

    assert {door: answers[door].status_code for door in gone} == dict.fromkeys(gone, 404)
    words = {"selected": "Selected", "waitlisted": "waiting list", "refused": "Refused"}[state]
    for door in silent:
        assert answers[door].status_code == 200, door
        assert words not in main_of(answers[door]), door
        assert page_of(nomination) not in text_of(answers[door]), door
    for door in ("/api/v1/nominations/", f"/api/v1/nominations/?state={state}"):
        assert answers[door].json()["results"] == [], door


@pytest.mark.parametrize("state", DECISIONS)
def test_meanwhile_it_stands_as_submitted_without_a_link(signed_in, office, nomination, person, state):
    DECISIONS[state](nomination, office)

    for door in ("/me/", f"/people/{nomination.person_id}/nominations/"):
        page = main_of(signed_in(person).get(door))

        assert "Submitted" in page, door
        assert "EMBARGO Course" in page, door
        assert page_of(nomination) not in page, door


@pytest.mark.parametrize("state", DECISIONS)
def test_the_liaison_knows_at_once_and_reads_when_the_person_is_told(
    signed_in, liaison, office, nomination, person, state
):
    DECISIONS[state](nomination, office)

    page = text_of(signed_in(liaison).get(page_of(nomination)))

    assert "does not know it yet: the person is told on" in page
    assert "Stockholm time" in page
    assert "all clear" in page


@pytest.mark.parametrize("state", DECISIONS)
def test_after_the_delay_she_reads_it_everywhere(signed_in, office, nomination, person, state):
    DECISIONS[state](nomination, office)

    time_passes()

    browser = signed_in(person)
    assert browser.get(page_of(nomination)).status_code == 200
    assert browser.get("/api/v1/nominations/").json()["results"][0]["state"] == state
    assert page_of(nomination) in text_of(browser.get("/me/"))
    assert Notification.objects.addressed_to(person).count() == 1


def test_the_all_clear_ends_it(signed_in, office, nomination, person):
    actions.select(nomination, by=office)

    actions.give_all_clear(nomination.iteration, by=office)

    assert signed_in(person).get(page_of(nomination)).status_code == 200


def test_a_place_that_the_liaison_confirms_meanwhile_gives_nothing_away(signed_in, liaison, office, nomination, person):
    actions.confirm(actions.select(nomination, by=office), by=liaison)
    browser = signed_in(person)

    page = main_of(browser.get("/me/"))

    assert "Submitted" in page
    assert "Confirmed" not in page
    assert browser.get(page_of(nomination)).status_code == 404


def test_an_offer_to_one_who_waits_stands_as_waiting_until_she_is_told(signed_in, office, nomination, person):
    Iteration.objects.update(person_told_after_hours=0)
    actions.waitlist(nomination, by=office)
    Iteration.objects.update(person_told_after_hours=24)
    actions.offer(nomination, by=office)

    page = main_of(signed_in(person).get("/me/"))

    assert "On the waiting list" in page
    assert "Offered" not in page
    assert "Submitted" not in page


def test_who_was_never_told_of_the_list_still_stands_as_submitted(signed_in, office, nomination, person):
    actions.waitlist(nomination, by=office)
    actions.offer(nomination, by=office)

    page = main_of(signed_in(person).get("/me/"))

    assert "Submitted" in page
    assert "waiting list" not in page


def test_what_she_was_never_told_is_left_out_of_her_story(signed_in, liaison, office, nomination, person):
    actions.withdraw(actions.select(nomination, by=office), by=liaison, reason="Ill")

    page = main_of(signed_in(person).get(page_of(nomination)))

    assert "Withdrawn" in page
    assert "Selected" not in page


def test_a_substitute_for_somebody_who_knows_nothing_is_not_told_to_her(jordan, liaison, office, nomination, person):
    actions.select(nomination, by=office)

    actions.substitute(nomination, make.person(jordan), by=liaison, reason="Ill")

    assert not Notification.objects.filter(recipient=person, cancelled_at__isnull=True).exists()


def test_her_own_answer_is_known_to_her(signed_in, office, nomination, person):
    actions.waitlist(nomination, by=office)
    actions.offer(nomination, by=office)
    time_passes()

    actions.accept_offer(nomination, by=person)

    page = main_of(signed_in(person).get("/me/"))
    assert "Selected" in page
    assert "Confirm the place" in page


def test_she_cannot_answer_what_she_does_not_know(signed_in, office, nomination, person):
    actions.select(nomination, by=office)
    browser = signed_in(person)

    by_page = browser.post(reverse("enrollment:nomination_move", args=[nomination.pk]), {"move": "confirm"})
    by_program = browser.post(f"/api/v1/nominations/{nomination.pk}/move/", {"move": "confirm"})

    assert (by_page.status_code, by_program.status_code) == (404, 404)
    assert Nomination.objects.get().state == "selected"


@pytest.mark.parametrize("count", [1, 3, 30])
def test_her_page_costs_the_same_for_one_and_for_many(
    signed_in, office, jordan, person, count, django_assert_max_num_queries
):
    for _n in range(count):
        told_at = timezone.now() + timedelta(hours=3)
        make.nomination(person.person, make.iteration(), state="selected", person_told_at=told_at)
    browser = signed_in(person)
    browser.get("/me/")

    with django_assert_max_num_queries(11):
        browser.get("/me/")
