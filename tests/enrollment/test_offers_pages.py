"""An offer and a place on the waiting list, as the liaison and the person read them; somebody else instead."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.models import Iteration
from enrollment import actions
from enrollment.models import Nomination, Turn
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
    return make.iteration(state="nominations closed", capacity=3, minimum=1, time_zone="Europe/Stockholm")


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def page_of(nomination: Nomination) -> str:
    return reverse("enrollment:nomination", args=[nomination.pk])


def offered(jordan, iteration: Iteration, **fields) -> Nomination:
    facts = {"answer_by": timezone.now() + timedelta(days=2), "person_told_at": timezone.now(), **fields}
    return make.nomination(make.person(jordan), iteration, state="offered", **facts)


def filled(iteration: Iteration, sender, count: int) -> None:
    for _n in range(count):
        make.nomination(make.person(sender), iteration, state="selected")


def state_of(nomination: Nomination) -> str:
    return Nomination.objects.get(pk=nomination.pk).state


# An offer.


def test_an_offer_is_answered_from_every_page_that_shows_it(signed_in, jordan, liaison, iteration):
    nomination = offered(jordan, iteration)
    person = make.trainee(nomination.person)
    doors = [(liaison, "/nation/"), (liaison, page_of(nomination)), (person, "/me/"), (person, page_of(nomination))]

    for user, door in doors:
        page = text_of(signed_in(user).get(door))

        assert "Answer by" in page, door
        assert "Stockholm time" in page, door
        assert 'value="accept_offer"' in page, door
        assert 'value="decline_offer"' in page, door


@pytest.mark.parametrize("who", ["liaison", "person"])
@pytest.mark.parametrize(
    ("form", "state", "said"),
    [
        ({"move": "accept_offer"}, "selected", "Offer accepted"),
        ({"move": "decline_offer", "reason": "Duty"}, "lapsed", "Offer declined"),
    ],
)
def test_liaison_or_person_answers_and_reads_what_comes_next(
    signed_in, jordan, liaison, iteration, who, form, state, said
):
    nomination = offered(jordan, iteration)
    user, home = {"liaison": (liaison, "/nation/"), "person": (make.trainee(nomination.person), "/me/")}[who]

    answer = signed_in(user).post(
        reverse("enrollment:nomination_move", args=[nomination.pk]), {**form, "next": home}, follow=True
    )

    assert state_of(nomination) == state
    assert said in text_of(answer)


def test_an_offer_is_not_declined_without_a_reason_and_not_accepted_too_late(signed_in, jordan, liaison, iteration):
    nomination = offered(jordan, iteration)
    url = reverse("enrollment:nomination_move", args=[nomination.pk])

    without = signed_in(liaison).post(url, {"move": "decline_offer", "reason": " "})
    Nomination.objects.update(answer_by=timezone.now() - timedelta(minutes=1))
    late = signed_in(liaison).post(url, {"move": "accept_offer"}, follow=True)

    assert "Give a reason" in text_of(without)
    assert "The time to answer is over" in text_of(late)
    assert state_of(nomination) == "offered"


def test_an_offer_answered_twice_says_so(signed_in, jordan, liaison, iteration):
    nomination = offered(jordan, iteration)
    url = reverse("enrollment:nomination_move", args=[nomination.pk])
    signed_in(liaison).post(url, {"move": "accept_offer"})

    again = signed_in(make.trainee(nomination.person)).post(url, {"move": "accept_offer"}, follow=True)
    by_liaison = signed_in(liaison).post(url, {"move": "accept_offer"}, follow=True)

    assert again.status_code == 404, "she is not yet told"
    assert "is not possible: the state is now “Selected”" in text_of(by_liaison)


# The waiting list.


def test_who_waits_reads_her_place_and_what_would_have_to_happen(signed_in, jordan, liaison, iteration, office):
    filled(iteration, make.nation("UA", "Ukraine"), 3)
    for n in range(3):
        make.nomination(make.person(make.nation("TN", "Tunisia")), iteration, state="waitlisted", priority=n + 1)
    nomination = make.nomination(make.person(jordan), iteration, state="waitlisted", priority=1)
    person = make.trainee(nomination.person)

    pages = [
        text_of(signed_in(user).get(door))
        for user, door in (
            (liaison, "/nation/"),
            (liaison, page_of(nomination)),
            (liaison, reverse("enrollment:ranking", args=[iteration.pk])),
            (person, "/me/"),
            (person, page_of(nomination)),
        )
    ]

    for page in pages:
        assert "Waiting, number 2 of 4." in page
        assert "It moves when a seat becomes free." in page
        assert "not yet decided" not in page.lower()
        assert "Tunisia" not in page
        assert "Ukraine" not in page


def test_the_own_ceiling_is_named_with_what_it_takes(signed_in, jordan, liaison, iteration, office):
    actions.set_quotas(iteration, [actions.Wish(jordan, ceiling=1)], by=office)
    filled(iteration, jordan, 1)
    nomination = make.nomination(make.person(jordan), iteration, state="waitlisted")

    page = text_of(signed_in(liaison).get(page_of(nomination)))

    assert "Waiting, number 1 of 1." in page
    assert "The ceiling of 1 for Jordan is reached, so only when one of its nominees gives a seat back." in page


def test_seats_guaranteed_to_others_are_theirs_without_a_name(signed_in, jordan, liaison, iteration, office):
    actions.set_quotas(iteration, [actions.Wish(make.nation("UA", "Ukraine"), floor=3)], by=office)
    nomination = make.nomination(make.person(jordan), iteration, state="waitlisted")

    page = text_of(signed_in(liaison).get(page_of(nomination)))

    assert "The seats still free are guaranteed to others." in page
    assert "Ukraine" not in page


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        (
            {"reason": "ceiling", "names": ["Jordan"], "number": 3},
            "Passed over: the ceiling of 3 for Jordan was reached.",
        ),
        (
            {"reason": "guaranteed", "names": ["Tunisia", "Ukraine"]},
            "Passed over: the seats still free were guaranteed to others.",
        ),
        ({"reason": "another was chosen"}, "Passed over: the office offered the seat to another."),
        ({"reason": "full", "number": 20}, "Passed over: all seats were taken."),
    ],
)
def test_each_turn_is_told_with_its_reason_and_without_other_nations(signed_in, jordan, liaison, iteration, kept, said):
    nomination = make.nomination(make.person(jordan), iteration, state="waitlisted")
    Turn.objects.create(nomination=nomination, outcome="passed over", **kept)

    for user in (liaison, make.trainee(nomination.person)):
        page = text_of(signed_in(user).get(page_of(nomination)))

        assert said in page
        assert "Ukraine" not in page


def test_waiting_and_not_yet_decided_are_different_words(signed_in, jordan, liaison, iteration):
    undecided = make.nomination(make.person(jordan), iteration)
    waiting = make.nomination(make.person(jordan), iteration, state="waitlisted")
    browser = signed_in(liaison)

    undecided_page, waiting_page = (text_of(browser.get(page_of(each))) for each in (undecided, waiting))

    assert "not yet decided" in undecided_page
    assert "waiting" not in undecided_page.partition("<main")[2].lower()
    assert "On the waiting list: decided" in waiting_page
    assert "not yet decided" not in waiting_page


@pytest.mark.parametrize("count", [1, 3, 12])
def test_places_cost_the_same_for_one_list_and_for_many(
    signed_in, jordan, liaison, office, count, django_assert_max_num_queries
):
    for _n in range(count):
        made = make.iteration(state="nominations closed")
        actions.set_quotas(made, [actions.Wish(jordan, floor=1)], by=office)
        make.nomination(make.person(jordan), made, state="waitlisted")
    browser = signed_in(liaison)
    browser.get("/nation/")

    with django_assert_max_num_queries(14):
        browser.get("/nation/")


# The home of the liaison.


def test_seats_without_a_name_wait_for_the_liaison_with_their_date(signed_in, jordan, liaison, office):
    made = make.iteration(take_back_on=timezone.localdate() + timedelta(days=20))
    actions.set_quotas(made, [actions.Wish(jordan, floor=2)], by=office)

    page = text_of(signed_in(liaison).get("/nation/"))

    assert "2 seats are held for you and have no name" in page
    assert "in 20 days" in page
    assert "Nothing waits for you." not in page


def test_nominees_without_a_clear_order_are_to_be_ranked(signed_in, jordan, liaison):
    made = make.iteration()
    rows = [make.nomination(make.person(jordan), made) for _n in range(2)]
    browser = signed_in(liaison)

    before = text_of(browser.get("/nation/"))
    actions.rank(made, [each.pk for each in rows], [], by=liaison)
    after = text_of(browser.get("/nation/"))

    assert "2 nominees, and no clear order among them: rank them." in before
    assert "no clear order" not in after


# Somebody else instead.


@pytest.fixture
def place(jordan, iteration) -> Nomination:
    return make.nomination(make.person(jordan, family_name="Leaving"), iteration, state="confirmed")


def test_somebody_else_takes_the_seat_after_a_look_at_the_criteria(signed_in, jordan, liaison, place):
    new = make.person(jordan, family_name="Coming")
    url, browser = reverse("enrollment:substitute", args=[place.pk]), signed_in(liaison)

    offers_it = text_of(browser.get(page_of(place)))
    page = text_of(browser.get(url, {"person": new.pk}))
    answer = browser.post(url, {"person": new.pk, "reason": "Redeployed"}, follow=True)

    assert url in offers_it
    assert "Grade" in page
    assert state_of(place) == "substituted"
    assert Nomination.objects.get(person=new).state == "selected"
    assert "comes instead of" in text_of(answer)


def test_a_withdrawn_place_is_handed_over_within_its_grace_and_not_later(signed_in, jordan, liaison, place):
    actions.withdraw(place, by=liaison, reason="Ill")
    url, browser = reverse("enrollment:substitute", args=[place.pk]), signed_in(liaison)

    within = browser.get(url)
    Nomination.objects.filter(pk=place.pk).update(decided_at=timezone.now() - timedelta(days=30))
    later = browser.get(url, follow=True)

    assert within.status_code == 200
    assert "Nobody can take this place now" in text_of(later)
    assert url not in text_of(browser.get(page_of(place)))


def test_who_does_not_meet_the_criteria_is_refused_and_the_reason_is_kept(signed_in, jordan, liaison, place):
    low = make.person(jordan, family_name="Low", grade="OF-1")
    url, browser = reverse("enrollment:substitute", args=[place.pk]), signed_in(liaison)

    page = text_of(browser.get(url, {"person": low.pk}))
    answer = browser.post(url, {"person": low.pk, "reason": "Kept words"})

    assert "An entry criterion is not met" in page
    assert answer.status_code == 200
    assert state_of(place) == "confirmed"
    assert not Nomination.objects.filter(person=low).exists()


def test_people_of_another_nation_cannot_be_sent_and_are_not_found(signed_in, jordan, liaison, place):
    foreign = make.person(make.nation("UA", "Ukraine"), family_name="Foreign")
    url, browser = reverse("enrollment:substitute", args=[place.pk]), signed_in(liaison)

    assert browser.get(url, {"person": foreign.pk}).status_code == 404
    assert "Foreign" not in text_of(browser.get(url))
    answer = browser.post(url, {"person": foreign.pk, "reason": "Try"})

    assert "none of your people" in text_of(answer)
    assert state_of(place) == "confirmed"


def test_another_nations_liaison_finds_no_such_page(signed_in, place):
    foreigner = make.liaison(make.nation("UA", "Ukraine"))

    assert signed_in(foreigner).get(reverse("enrollment:substitute", args=[place.pk])).status_code == 404


def test_giving_back_after_go_or_no_go_is_announced_as_late(signed_in, jordan, liaison):
    made = make.iteration(go_no_go_on=timezone.localdate() - timedelta(days=1), state="confirmed")
    nomination = make.nomination(make.person(jordan), made, state="selected", person_told_at=timezone.now())
    person = make.trainee(nomination.person)

    for user, door in ((liaison, page_of(nomination)), (person, page_of(nomination)), (person, "/me/")):
        assert "counts as late" in text_of(signed_in(user).get(door)), door
