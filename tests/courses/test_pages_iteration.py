"""An iteration's page: facts for everybody, more by role, and the moves made from it."""

from datetime import date, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses import actions
from courses.models import Iteration, Teaching, TimetableEntry
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(signed_in):
    return signed_in(make.coordinator())


def page_of(iteration: Iteration):
    return reverse("courses:iteration", args=[iteration.pk])


def shown(client, iteration: Iteration) -> str:
    response = client.get(page_of(iteration))
    assert response.status_code == 200
    return response.content.decode()


def a_full_iteration(**fields) -> Iteration:
    """With a host, a provider, a team, a programme, and an invited nation."""
    made = make.iteration(
        host=make.organisation("RACVIAC"),
        is_by_invitation=True,
        time_zone="Europe/Zagreb",
        notes="Bring boots",
        **fields,
    )
    make.provision(made, make.organisation("NCGM"))
    made.invited_nations.add(make.nation("XK", "Invitedland"))
    director = make.person(make.organisation(), family_name="Director", rank="Major", email="director@example.org")
    Teaching.objects.create(iteration=made, person=director, part=Teaching.Part.DIRECTOR)
    TimetableEntry.objects.create(
        iteration=made, day=made.starts_on, starts_at=time(9), ends_at=time(12), title="Opening", instructor=director
    )
    return made


# What is on it


def test_everybody_reads_the_facts_the_clock_and_the_programme(client):
    iteration = a_full_iteration(capacity=20, seats_taken=4, place="Zagreb")

    page = shown(client, iteration)

    for fact in (
        "Zagreb",
        "Europe/Zagreb",
        "RACVIAC in full",
        "NCGM in full",
        "16 of 20 are free",
        "Opening",
        "Bring boots",
    ):
        assert fact in page
    assert "The coordinator decides" in page


def test_a_visitor_reads_neither_the_team_nor_the_invited_nor_the_log(client):
    page = shown(client, a_full_iteration())

    for secret in ("Director", "director@example.org", "Invitedland", "Log", "What can be done next", "Nominate"):
        assert secret not in page


def test_who_is_signed_in_reads_the_team_but_no_addresses_and_no_invited(signed_in):
    page = shown(signed_in(make.trainee()), a_full_iteration())

    assert "Major Given Director" in page
    assert "director@example.org" not in page
    assert "Invitedland" not in page
    assert "Log" not in page


def test_the_office_reads_who_is_invited_and_who_did_what_when_and_why(office):
    iteration = a_full_iteration(state="draft")
    actions.make_move(iteration, "announce", by=make.coordinator(name="Anna Announcer"), reason="The venue is booked")

    page = shown(office, iteration)

    assert "Invitedland" in page
    assert "Anna Announcer" in page
    assert "The venue is booked" in page


def test_the_clock_marks_what_is_past_and_what_is_next(client):
    today = timezone.localdate()
    iteration = make.iteration(starts_on=today + timedelta(days=30))

    steps = {step.label: (step.is_past, step.is_next) for step in client.get(page_of(iteration)).context["steps"]}

    assert steps["Nominations close on"] == (True, False)
    assert steps["Go / no-go on"] == (False, True)
    assert steps["Last day"] == (False, False)


@pytest.mark.parametrize(
    ("who", "status"),
    [("anonymous", 404), ("trainee", 404), ("liaison", 404), ("stranger", 404), ("own", 200), ("coordinator", 200)],
)
def test_a_draft_is_seen_by_the_office_and_its_own_team(who, status, client, signed_in):
    draft = make.iteration(state="draft")
    if who == "own":
        client = signed_in(make.instructor(draft))
    elif who == "stranger":
        client = signed_in(make.instructor(make.iteration()))
    elif who != "anonymous":
        client = signed_in(getattr(make, who)())

    assert client.get(page_of(draft)).status_code == status


def test_an_iteration_that_is_not_there_is_not_found(client):
    assert client.get(reverse("courses:iteration", args=[10**17])).status_code == 404


def test_a_cancelled_iteration_says_why(client):
    assert "The hall burnt down" in shown(
        client, make.iteration(state="cancelled", cancellation_reason="The hall burnt down")
    )


@pytest.mark.parametrize(
    ("who", "tabs"),
    [
        ("anonymous", []),
        ("trainee", []),
        ("liaison", ["facts", "nominations", "ranking", "letters"]),
        ("own", ["facts", "participants", "attendance", "results"]),
        ("stranger", []),
        (
            "coordinator",
            [
                "facts",
                "nominations",
                "board",
                "seats",
                "waiting",
                "letters",
                "participants",
                "attendance",
                "results",
                "certificates",
            ],
        ),
    ],
)
def test_the_tabs_are_those_that_one_may_open(who, tabs, client, signed_in):
    iteration = make.iteration()
    if who == "own":
        client = signed_in(make.instructor(iteration))
    elif who == "stranger":
        client = signed_in(make.instructor(make.iteration()))
    elif who != "anonymous":
        client = signed_in(getattr(make, who)())

    page = client.get(page_of(iteration))

    assert [tab.name for tab in page.context["tabs"]] == tabs
    for tab in page.context["tabs"]:
        assert client.get(tab.url).status_code == 200


# Nominating


def test_a_liaison_nominates_from_here_while_it_is_possible(signed_in):
    iteration, liaison = make.iteration(), signed_in(make.liaison())
    address = reverse("enrollment:nominate", args=[iteration.pk])

    assert address in shown(liaison, iteration)
    Iteration.objects.update(state="announced")
    assert address not in shown(liaison, iteration)
    assert "No nominations are taken now." in shown(liaison, iteration)


def test_a_liaison_of_a_nation_that_is_not_invited_is_told(signed_in):
    iteration = a_full_iteration()

    assert "yours is not among those invited" in shown(signed_in(make.liaison(make.nation("JO"))), iteration)
    assert "enrollment:nominate" not in shown(signed_in(make.liaison(make.nation("JO"))), iteration)
    assert reverse("enrollment:nominate", args=[iteration.pk]) in shown(
        signed_in(make.liaison(make.nation("XK"))), iteration
    )


def test_after_the_deadline_a_liaison_is_told_what_the_policy_means(signed_in):
    passed = {"starts_on": timezone.localdate() + timedelta(days=20)}
    liaison = signed_in(make.liaison())

    assert "will be marked as late" in shown(liaison, make.iteration(**passed))
    assert "late nominations are refused here" in shown(liaison, make.iteration(late_policy="refuse", **passed))


# Next steps


@pytest.mark.parametrize(
    ("state", "moves"),
    [
        ("draft", ["Announce"]),
        ("announced", ["Open nominations"]),
        ("nominations open", ["Close nominations"]),
        ("nominations closed", ["Confirm: it will be held", "Open nominations"]),
        ("confirmed", ["Start"]),
        ("running", []),
        ("completed", ["Close the books"]),
        ("closed", []),
        ("cancelled", []),
    ],
)
def test_the_office_is_offered_the_moves_that_are_open(state, moves, office):
    response = office.get(page_of(make.iteration(state=state)))

    assert [str(move.label) for move in response.context["moves"]] == moves
    assert response.context["may_complete"] == (state == "running")
    assert response.context["may_cancel"] == (state not in ("completed", "closed", "cancelled"))
    assert response.context["may_change"] == (state not in ("closed", "cancelled"))


def test_a_move_is_made_and_the_page_says_what_comes_next(office):
    iteration = make.iteration(state="draft")

    page = office.post(reverse("courses:iteration_move", args=[iteration.pk]), {"move": "announce"}, follow=True)

    assert Iteration.objects.get().state == "announced"
    assert "Next: open it for nominations." in page.content.decode()


def test_a_move_from_a_stale_page_says_what_happened(office):
    iteration = make.iteration(state="announced")

    page = office.post(reverse("courses:iteration_move", args=[iteration.pk]), {"move": "announce"}, follow=True)

    assert "the state is now “Announced”" in page.content.decode()


@pytest.mark.parametrize("name", ["", "complete", "cancel", "delete", "x" * 5000])
def test_a_move_that_is_not_made_here_is_refused_with_a_sentence(name, office):
    iteration = make.iteration(state="running")

    page = office.post(reverse("courses:iteration_move", args=[iteration.pk]), {"move": name}, follow=True)

    assert "There is no such move here." in page.content.decode()
    assert Iteration.objects.get().state == "running"


def test_the_own_instructor_starts_it_and_a_stranger_cannot(signed_in):
    iteration = make.running_iteration()
    own, stranger = signed_in(make.instructor(iteration)), signed_in(make.instructor(make.iteration()))
    address = reverse("courses:iteration_move", args=[iteration.pk])

    refused = stranger.post(address, {"move": "start"}, follow=True)
    assert "is not yours to do here" in refused.content.decode()
    assert "Started." in own.post(address, {"move": "start"}, follow=True).content.decode()
    assert Iteration.objects.get(pk=iteration.pk).state == "running"


@pytest.mark.parametrize(("who", "status"), [("trainee", 403), ("liaison", 403), ("administrator", 403)])
def test_nobody_else_makes_moves(who, status, signed_in, client):
    iteration = make.iteration(state="draft")
    address = reverse("courses:iteration_move", args=[iteration.pk])

    assert signed_in(getattr(make, who)()).post(address, {"move": "announce"}).status_code == status
    assert client.post(address, {"move": "announce"}).url.startswith("/accounts/login/")
    assert signed_in(make.coordinator()).get(address).status_code == 405
    assert Iteration.objects.get().state == "draft"


def test_the_office_sees_clashes_and_a_missed_minimum(office):
    iteration = make.iteration(state="nominations closed", place="Oslo", minimum=5)
    other = make.iteration(place="Oslo", starts_on=iteration.starts_on)

    page = shown(office, iteration)

    assert "Oslo is taken by" in page
    assert page_of(other) in page
    assert "Below the minimum: 0 seats are taken, 5 are needed." in page


def test_what_has_begun_has_no_planning_clashes_any_more(office):
    iteration = make.running_iteration(state="running", place="Oslo")
    make.iteration(place="Oslo", starts_on=date(2020, 1, 1), ends_on=timezone.localdate(), state="running")

    assert "Oslo is taken by" not in shown(office, iteration)


@pytest.mark.parametrize(("who", "most"), [("anonymous", 6), ("coordinator", 10), ("liaison", 10), ("instructor", 10)])
def test_the_page_costs_the_same_number_of_queries_however_much_it_holds(
    who, most, client, signed_in, django_assert_max_num_queries
):
    iteration = a_full_iteration(nation=make.nation("HR"))
    if who == "instructor":
        client = signed_in(make.instructor(iteration))
    elif who == "liaison":
        client = signed_in(make.liaison(make.nation("XK")))
    elif who == "coordinator":
        client = signed_in(make.coordinator())
    counts = []
    for more in (1, 2):
        for n in range(more):
            teacher = make.person(make.organisation())
            Teaching.objects.create(iteration=iteration, person=teacher)
            make.provision(iteration, make.organisation(f"School {more}{n}"))
            iteration.invited_organisations.add(make.organisation(f"School {more}{n}"))
            make.instructor(make.iteration(starts_on=iteration.starts_on, place=iteration.place))
            iteration.save()
        with django_assert_max_num_queries(most) as queries:
            client.get(page_of(iteration))
        counts.append(len(queries))

    assert counts[0] == counts[1]
