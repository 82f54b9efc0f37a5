"""Who opens which page of the room, and what stands on it."""

import pytest
from django.urls import reverse

from tests import make

pytestmark = pytest.mark.django_db

PAGES = ["delivery:participants", "delivery:attendance", "delivery:results"]


@pytest.fixture
def iteration():
    return make.running_iteration(make.course("GToT"), state="running")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("anonymous", 302),
        ("trainee", 403),
        ("liaison", 403),
        ("administrator", 403),
        ("coordinator", 200),
        ("own", 200),
        ("other", 404),
    ],
)
def test_the_team_and_the_office_open_the_pages_of_an_iteration(page, who, status, iteration, signed_in, client):
    if who == "own":
        client = signed_in(make.instructor(iteration))
    elif who == "other":
        client = signed_in(make.instructor(make.running_iteration(make.course("GFP"))))
    elif who != "anonymous":
        client = signed_in(getattr(make, who)())

    assert client.get(reverse(page, args=[iteration.pk])).status_code == status


@pytest.mark.parametrize("page", PAGES[1:])
def test_another_iteration_s_instructor_writes_nothing(page, iteration, signed_in):
    stranger = signed_in(make.instructor(make.running_iteration(make.course("GFP"))))

    assert stranger.post(reverse(page, args=[iteration.pk]), {"day": iteration.starts_on}).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_an_iteration_that_is_not_there_is_not_found(page, signed_in):
    assert signed_in(make.coordinator()).get(reverse(page, args=[10**17])).status_code == 404


def test_only_a_coordinator_completes(iteration, signed_in):
    address = reverse("delivery:complete", args=[iteration.pk])

    assert signed_in(make.instructor(iteration)).post(address).status_code == 403
    assert signed_in(make.coordinator()).get(address).status_code == 405


def test_the_list_of_participants_has_no_address_and_no_document(iteration, signed_in):
    person = make.person(
        make.nation("JO", "Jordan"), family_name="Haddad", given_names="Rania", rank="Major", email="rania@example.org"
    )
    make.language_test(person, "3232")
    make.nomination(person, iteration, state="confirmed", remarks="For the office alone")

    page = signed_in(make.instructor(iteration)).get(reverse("delivery:participants", args=[iteration.pk]))

    text = page.content.decode()
    for shown in ("Major", "Haddad, Rania", "Jordan", "English 3232"):
        assert shown in text
    for hidden in ("rania@example.org", "For the office alone"):
        assert hidden not in text


def test_who_was_refused_or_withdrew_is_not_on_the_list(iteration, signed_in):
    elsewhere = ("submitted", "refused", "withdrawn", "waitlisted")
    for state in elsewhere:
        make.nomination(make.person(family_name=f"Is-{state}"), iteration, state=state)

    page = signed_in(make.coordinator()).get(reverse("delivery:participants", args=[iteration.pk])).content.decode()

    assert [state for state in elsewhere if f"Is-{state}" in page] == []
    assert "Nobody has a place yet" in page


def test_a_chatham_house_list_says_that_it_is_not_to_be_handed_on(signed_in):
    iteration = make.running_iteration(is_chatham_house=True)
    make.nomination(to=iteration, state="confirmed")

    page = signed_in(make.coordinator()).get(reverse("delivery:participants", args=[iteration.pk])).content.decode()

    assert "Do not hand it on" in page


# Teaching


@pytest.mark.parametrize(
    ("who", "status"), [("anonymous", 302), ("coordinator", 403), ("liaison", 403), ("trainee", 403)]
)
def test_teaching_is_for_instructors(who, status, signed_in, client):
    client = client if who == "anonymous" else signed_in(getattr(make, who)())

    assert client.get(reverse("delivery:teaching")).status_code == status


def test_an_instructor_sees_the_own_iterations_now_coming_and_past(signed_in):
    course = make.course("GToT")
    running = make.running_iteration(course, title="Runs now", state="running")
    user = make.instructor(running)
    for iteration in (
        make.iteration(course, title="Comes later"),
        make.running_iteration(course, title="Was held", state="closed"),
    ):
        iteration.team.create(person=user.person)
    make.iteration(course, title="Of somebody else")

    page = signed_in(user).get(reverse("delivery:teaching"))

    text = page.content.decode()
    assert [each.title for each in page.context["running"]] == ["Runs now"]
    assert [each.title for each in page.context["coming"]] == ["Comes later"]
    assert [each.title for each in page.context["past"]] == ["Was held"]
    assert "Of somebody else" not in text


def test_teaching_counts_participants_and_open_results(iteration, signed_in):
    make.nomination(to=iteration, state="confirmed")
    make.nomination(to=iteration, state="passed")
    make.nomination(to=iteration, state="withdrawn")

    (row,) = signed_in(make.instructor(iteration)).get(reverse("delivery:teaching")).context["running"]

    assert (row.expected, row.open_results) == (2, 1)


@pytest.mark.parametrize("page", ["delivery:teaching", "delivery:participants"])
def test_pages_cost_the_same_for_one_row_and_for_three(page, iteration, signed_in, django_assert_max_num_queries):
    user = make.instructor(iteration)
    client, costs = signed_in(user), []
    for more in (1, 2):
        for _ in range(more):
            person = make.person()
            make.language_test(person)
            make.nomination(person, iteration, state="confirmed")
            make.running_iteration(iteration.course).team.create(person=user.person)
        address = reverse(page) if page.endswith("teaching") else reverse(page, args=[iteration.pk])
        with django_assert_max_num_queries(10) as queries:
            client.get(address)
        costs.append(len(queries))

    assert costs[0] == costs[1]
