"""The waiting list's page: the published order, why not now, turns, and moving it by hand."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from enrollment import actions
from enrollment.actions import Wish
from enrollment.models import Nomination, Turn
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator():
    return make.coordinator()


@pytest.fixture
def office(signed_in, coordinator):
    return signed_in(coordinator)


@pytest.fixture
def jordan():
    return make.nation("JO", "Jordan")


@pytest.fixture
def tunisia():
    return make.nation("TN", "Tunisia")


def closed_iteration(**fields):
    return make.iteration(**{"state": "nominations closed", "capacity": 2, "minimum": 1, **fields})


def address(iteration) -> str:
    return f"/iterations/{iteration.pk}/waiting/"


def offer_of(nomination) -> str:
    return f"/nominations/{nomination.pk}/offer/"


def waits(sender, iteration, **fields) -> Nomination:
    return make.nomination(make.person(sender), iteration, state="waitlisted", **fields)


def words(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def state_of(nomination) -> str:
    nomination.refresh_from_db()
    return nomination.state


def test_the_list_stands_in_the_published_order(office, jordan, tunisia):
    iteration = closed_iteration(capacity=1)
    make.nomination(make.person(jordan), iteration, state="selected")
    reserve = waits(tunisia, iteration, is_alternate=True)
    second = waits(jordan, iteration, priority=2)
    of_the_seated = waits(jordan, iteration)
    of_nobody_seated = waits(tunisia, iteration)

    lines = office.get(address(iteration)).context["lines"]

    in_order = [of_nobody_seated, of_the_seated, second, reserve]
    assert [(line.place, line.nomination.pk) for line in lines] == [
        (place, each.pk) for place, each in enumerate(in_order, start=1)
    ]
    assert {line.why_not for line in lines} == {"All 1 seats are taken."}


def test_the_order_is_said_in_words_to_the_office_and_to_everybody(office, client):
    iteration = closed_iteration()

    page, public = office.get(address(iteration)), client.get(f"/iterations/{iteration.pk}/")

    assert "Who fills a guarantee that nobody fills yet." in words(page)
    assert "principals before reserves" in words(public)


def test_everybody_is_told_what_stands_in_the_way(office, coordinator, jordan, tunisia):
    iteration = closed_iteration(capacity=4)
    make.nomination(make.person(jordan), iteration, state="selected")
    actions.set_quotas(iteration, [Wish(jordan, 0, 1)], by=coordinator)
    at_the_ceiling = waits(jordan, iteration)
    barred = make.nomination(make.person(tunisia, grade="OF-1"), iteration, state="waitlisted")
    elsewhere = waits(tunisia, iteration)
    make.nomination(elsewhere.person, make.iteration(iteration.course), state="selected")
    free_to_go = waits(tunisia, iteration, priority=5)

    page = office.get(address(iteration))

    lines = {line.nomination.pk: line for line in page.context["lines"]}
    assert lines[at_the_ceiling.pk].why_not == "The ceiling of 1 for Jordan is reached."
    assert "is not met" in lines[barred.pk].why_not
    assert "Has a place on" in lines[elsewhere.pk].why_not
    assert lines[free_to_go.pk].why_not == ""
    assert [pk for pk, line in lines.items() if line.is_barred] == [barred.pk, elsewhere.pk]
    assert "Move the list now: 1 offer" in words(page)


def test_who_waits_behind_the_last_free_seat_is_told_so(office, jordan):
    iteration = closed_iteration(capacity=1)
    waits(jordan, iteration)
    waits(jordan, iteration, priority=2)

    lines = office.get(address(iteration)).context["lines"]

    assert [line.why_not for line in lines] == ["", "Those who stand before come first."]


def test_what_the_page_foresees_is_what_moving_the_list_does(office, coordinator, jordan, tunisia):
    iteration = closed_iteration(capacity=3)
    actions.set_quotas(iteration, [Wish(jordan, 0, 1), Wish(tunisia, 1, 2)], by=coordinator)
    for sender in (jordan, jordan, tunisia, tunisia, tunisia):
        waits(sender, iteration)

    foreseen = {line.nomination.pk for line in office.get(address(iteration)).context["due"]}
    answer = office.post(address(iteration), follow=True)

    assert set(Nomination.objects.with_an_offer().values_list("pk", flat=True)) == foreseen
    assert len(foreseen) == 3
    assert "Seats are offered to" in words(answer)


def test_moving_by_hand_keeps_who_did_it_and_why_others_were_passed_over(office, coordinator, jordan, tunisia):
    iteration = closed_iteration(capacity=2)
    make.nomination(make.person(jordan), iteration, state="selected")
    actions.set_quotas(iteration, [Wish(jordan, 0, 1)], by=coordinator)
    passed, offered = waits(jordan, iteration), waits(tunisia, iteration, priority=2)

    page = office.post(address(iteration), follow=True)

    assert (state_of(passed), state_of(offered)) == ("waitlisted", "offered")
    assert offered.history.first().history_user == coordinator
    assert "Passed over: the ceiling of 1 for Jordan is reached." in words(page)
    assert [turn.outcome for turn in page.context["turns"]] == ["passed over", "offered"]
    assert f"{offered.person}" in words(page)


def test_a_list_that_stands_still_says_why_and_does_not_move(office, jordan):
    iteration = make.iteration(capacity=2, minimum=1)
    nomination = waits(jordan, iteration)

    page = office.get(address(iteration))
    answer = office.post(address(iteration), follow=True)

    assert "The waiting list moves once nominations are closed." in words(page)
    assert "Move the list now" not in words(page)
    assert "The waiting list moves once nominations are closed." in words(answer)
    assert state_of(nomination) == "waitlisted"


def test_a_full_iteration_offers_nothing(office, jordan):
    iteration = closed_iteration(capacity=1)
    make.nomination(to=iteration, state="selected")
    waits(jordan, iteration)

    answer = office.post(address(iteration), follow=True)

    assert "No seat is offered: nobody who waits can be given one now." in words(answer)


def test_an_offer_out_of_turn_says_who_is_passed_over_and_keeps_it(office, coordinator, jordan, tunisia):
    iteration = closed_iteration(capacity=1)
    first, second = waits(jordan, iteration), waits(jordan, iteration, priority=2)
    chosen = waits(tunisia, iteration, priority=3)

    before = office.get(offer_of(chosen))
    answer = office.post(offer_of(chosen), follow=True)

    assert "2 who stand before are passed over and keep the reason" in words(before)
    assert [line.nomination.pk for line in before.context["passed_over"]] == [first.pk, second.pk]
    assert state_of(chosen) == "offered"
    assert f"A seat is offered to {chosen.person}." in words(answer)
    assert {(turn.nomination_id, turn.outcome, turn.sentence) for turn in Turn.objects.all()} == {
        (chosen.pk, "offered", "Chosen by the office, out of turn."),
        (first.pk, "passed over", "The office offered the seat to another."),
        (second.pk, "passed over", "The office offered the seat to another."),
    }


def test_an_offer_in_turn_passes_nobody_over(office, jordan):
    iteration = closed_iteration()
    first = waits(jordan, iteration)
    waits(jordan, iteration, priority=2)

    before = office.get(offer_of(first))
    office.post(offer_of(first))

    assert "Nobody who could be seated stands before this nominee." in words(before)
    assert [turn.sentence for turn in Turn.objects.all()] == ["First of the waiting list who can be seated."]


def test_who_does_not_wait_gets_no_offer_and_a_ceiling_holds_out_of_turn_too(office, coordinator, jordan):
    iteration = closed_iteration()
    selected = make.nomination(make.person(jordan), iteration, state="selected")
    actions.set_quotas(iteration, [Wish(jordan, 0, 1)], by=coordinator)
    at_the_ceiling = waits(jordan, iteration)

    before = office.get(offer_of(at_the_ceiling))
    late = office.post(offer_of(selected), follow=True)
    refused = office.post(offer_of(at_the_ceiling), follow=True)

    assert "No seat can be offered here now: The ceiling of 1 for Jordan is reached." in words(before)
    assert "“Offer a seat” is not possible" in words(late)
    assert "the ceiling of 1 for Jordan is reached" in words(refused)
    assert (state_of(selected), state_of(at_the_ceiling)) == ("selected", "waitlisted")


def test_who_has_a_place_elsewhere_is_offered_none(office, jordan):
    iteration = closed_iteration()
    nomination = waits(jordan, iteration)
    make.nomination(nomination.person, make.iteration(iteration.course), state="selected")

    page = office.get(offer_of(nomination))
    answer = office.post(offer_of(nomination), follow=True)

    assert "No seat can be offered here now: Has a place on" in words(page)
    assert "Give that one back first." in words(answer)
    assert state_of(nomination) == "waitlisted"


def test_too_late_for_an_answer_is_said_before_and_refused(office, jordan):
    iteration = closed_iteration(last_substitution_on=timezone.localdate() - timedelta(days=2))
    nomination = waits(jordan, iteration)

    page = office.get(offer_of(nomination))
    answer = office.post(offer_of(nomination), follow=True)

    assert "Too little time is left for an answer" in words(page)
    assert "Too little time is left for an answer" in words(answer)
    assert state_of(nomination) == "waitlisted"


def test_an_offer_is_ended_from_the_list_and_the_seat_goes_on(office, jordan, tunisia):
    iteration = closed_iteration(capacity=1)
    first, second = waits(jordan, iteration), waits(tunisia, iteration, priority=2)
    office.post(address(iteration))
    page = office.get(address(iteration))

    form = {"move": "lapse", "next": address(iteration)}
    answer = office.post(f"/nominations/{first.pk}/move/", form, follow=True)

    assert "Let the offer lapse" in words(page)
    assert answer.redirect_chain[-1][0] == address(iteration)
    assert "has lapsed. The seat goes to the next on the waiting list." in words(answer)
    assert (state_of(first), state_of(second)) == ("lapsed", "offered")


def test_only_the_office_sees_and_moves_the_list(office, client, signed_in, jordan):
    iteration = closed_iteration()
    nomination = waits(jordan, iteration)

    for url in (address(iteration), offer_of(nomination)):
        assert client.get(url).status_code == 302
        for user in (make.liaison(jordan), make.trainee(), make.administrator()):
            assert signed_in(user).post(url).status_code == 403
    assert office.get("/iterations/987654/waiting/").status_code == 404
    assert office.get("/nominations/987654/offer/").status_code == 404
    assert state_of(nomination) == "waitlisted"


def test_the_page_costs_the_same_however_many_wait(office, coordinator, jordan, django_assert_num_queries):
    iteration = closed_iteration(capacity=3)
    actions.set_quotas(iteration, [Wish(jordan, 0, 1)], by=coordinator)
    for number in (1, 6):
        for _each in range(number):
            waits(jordan, iteration)
            Turn.objects.create(nomination=waits(jordan, iteration), outcome="passed over", reason="full", number=3)
        make.nomination(to=iteration, state="offered", answer_by=timezone.now() + timedelta(days=1))
        office.get(address(iteration))
        with django_assert_num_queries(13):
            office.get(address(iteration))
