"""Pages of one iteration's nominations: the table, decisions on many with their preview, and the cancellation."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses.models import Iteration
from enrollment import actions
from enrollment.models import Nomination
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return make.coordinator()


@pytest.fixture
def jordan():
    return make.nation("JO", "Jordan")


@pytest.fixture
def liaison(jordan):
    return make.liaison(jordan)


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def table_url(iteration: Iteration) -> str:
    return reverse("enrollment:iteration_nominations", args=[iteration.pk])


def decide_url(iteration: Iteration) -> str:
    return reverse("enrollment:decide", args=[iteration.pk])


def cancel_url(iteration: Iteration) -> str:
    return reverse("enrollment:iteration_cancel", args=[iteration.pk])


def nominees(iteration: Iteration, count: int, **fields) -> list[Nomination]:
    return [make.nomination(make.person(), iteration, **fields) for _n in range(count)]


def states_of(nominations: list[Nomination]) -> list[str]:
    now = dict(Nomination.objects.values_list("pk", "state"))
    return [now[each.pk] for each in nominations]


# The table.


def test_each_role_gets_its_answer(client, signed_in, office, liaison):
    iteration = make.iteration()
    make.nomination(to=iteration)
    users = {
        "visitor": None,
        "coordinator": office,
        "liaison": liaison,
        "administrator": make.administrator(),
        "instructor": make.instructor(iteration),
        "trainee": make.trainee(make.person()),
    }
    urls = (table_url(iteration), decide_url(iteration), cancel_url(iteration))

    answers = {
        name: [(signed_in(user) if user else client).get(url).status_code for url in urls]
        for name, user in users.items()
    }

    assert answers == {
        "visitor": [302, 302, 302],
        "coordinator": [200, 302, 200],
        "liaison": [200, 403, 403],
        "administrator": [403, 403, 403],
        "instructor": [403, 403, 403],
        "trainee": [403, 403, 403],
    }


def test_the_office_sees_who_is_put_forward_with_all_that_a_decision_needs(signed_in, office, jordan):
    course = make.course("GENAD", slp_minimum="3232")
    iteration = make.iteration(course, capacity=10)
    person = make.person(jordan, family_name="Haddad", rank="Major", grade="OF-9")
    make.nomination(person, make.running_iteration(make.course("GFP")), state="passed")
    make.nomination(person, make.running_iteration(make.course("GToT")), state="no-show")
    make.nomination(person, iteration, priority=4, is_alternate=True, is_late=True)
    make.nomination(make.person(), iteration, state="selected")
    make.nomination(make.person(family_name="Unseen"), iteration, state="draft")

    page = text_of(signed_in(office).get(table_url(iteration)))

    for words in (
        "Haddad, Given", "Major", "OF-9", "Jordan", "reserve", "English, SLP 3232", "GFP", "late", "Submitted",
        "Did not come to 1 earlier iteration.", "1 / 10", "seats taken, 9 free", "All 2",
    ):  # fmt: skip
        assert words in page, words
    assert "Unseen" not in page


def test_a_liaison_sees_the_own_rows_and_nothing_that_tells_of_others(signed_in, liaison, jordan):
    iteration = make.iteration(capacity=17)
    make.nomination(make.person(jordan, family_name="Ours"), iteration)
    for _n in range(3):
        make.nomination(make.person(make.nation("UA", "Ukraine"), family_name="Theirs"), iteration, state="selected")
    request = make.training_request(make.nation("UA"))
    request.iterations.add(iteration)

    page = text_of(signed_in(liaison).get(table_url(iteration)))

    assert "Ours" in page
    assert "All 1" in page
    for words in ("Theirs", "Ukraine", "seats taken", "Selected", request.number, "Select</button>", "checkbox"):
        assert words not in page, words


def test_the_requests_that_it_answers_are_linked_for_the_office(signed_in, office):
    iteration, request = make.iteration(), make.training_request()
    actions.submit_request(request, by=request.liaison)
    request.iterations.add(iteration)

    page = text_of(signed_in(office).get(table_url(iteration)))

    assert reverse("enrollment:request", args=[request.pk]) in page
    assert request.number in page


def test_nominees_stand_in_their_nations_order_with_reserves_last(signed_in, office, jordan):
    iteration = make.iteration()
    for name, fields in {
        "Nominee Fourth": {"priority": 1, "is_alternate": True},
        "Nominee Third": {"priority": 9},
        "Nominee Second": {"priority": 1},
    }.items():
        make.nomination(make.person(jordan, family_name=name), iteration, **fields)
    make.nomination(make.person(make.nation("AT", "Austria"), family_name="Nominee First"), iteration)

    page = text_of(signed_in(office).get(table_url(iteration)))

    order = [page.index(name) for name in ("Nominee First", "Nominee Second", "Nominee Third", "Nominee Fourth")]
    assert order == sorted(order)


def test_the_table_is_narrowed_by_state(signed_in, office):
    iteration = make.iteration()
    make.nomination(make.person(family_name="Waiting"), iteration, state="waitlisted")
    make.nomination(make.person(family_name="Fresh"), iteration)

    page = text_of(signed_in(office).get(table_url(iteration), {"state": "waitlisted"}))
    nonsense = signed_in(office).get(table_url(iteration), {"state": "nonsense"})

    assert "Waiting" in page
    assert "Fresh" not in page
    assert nonsense.status_code == 200


def test_an_empty_table_says_how_to_get_the_first_row(signed_in, office, liaison):
    iteration = make.iteration()

    assert "Nobody is nominated yet" in text_of(signed_in(office).get(table_url(iteration)))
    mine = text_of(signed_in(liaison).get(table_url(iteration)))
    assert "You have nominated nobody" in mine
    assert reverse("enrollment:nominate", args=[iteration.pk]) in mine


def test_a_row_offers_what_can_be_done_with_one_click(signed_in, office):
    iteration = make.iteration()
    submitted, waiting = make.nomination(to=iteration), make.nomination(make.person(), iteration, state="waitlisted")

    page = text_of(signed_in(office).get(table_url(iteration)))

    offered = {
        nomination.pk: re.findall(
            rf'action="{reverse("enrollment:nomination_move", args=[nomination.pk])}".*?name="move" value="(\w+)"', page
        )
        for nomination in (submitted, waiting)
    }
    assert offered == {submitted.pk: ["select", "waitlist"], waiting.pk: ["select"]}


@pytest.mark.parametrize("viewer", ["office", "liaison"])
def test_the_table_costs_at_most_eleven_queries_for_1_3_and_300_rows(signed_in, office, liaison, jordan, viewer):
    course = make.course(slp_minimum="2222")
    make.prerequisite(course, make.course("ADL"))
    iteration = make.iteration(course, capacity=400)
    earlier = make.running_iteration()
    browser, costs = signed_in(office if viewer == "office" else liaison), []
    for size in (1, 3, 300):
        while iteration.nominations.count() < size:
            nomination = make.nomination(make.person(jordan), iteration)
            if nomination.pk % 50 == 0:
                make.nomination(nomination.person, earlier, state="passed")
                nomination.waivers.create(criterion="slp", reason="Why", granted_by=office)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = browser.get(table_url(iteration))
        assert page.content.decode().count('<th scope="row">') == size
        costs.append(len(queries))

    assert max(costs) <= 11
    assert len(set(costs)) == 1


# Decide on many.


def test_first_the_effect_is_shown_and_nothing_is_decided(signed_in, office):
    iteration = make.iteration(capacity=5)
    listed = nominees(iteration, 2)

    page = text_of(
        signed_in(office).post(decide_url(iteration), {"ids": [each.pk for each in listed], "move": "select"})
    )

    assert "Nothing is decided yet" in page
    assert "Seats free now: 5. Afterwards: 3." in page
    assert all(each.person.list_name in page for each in listed)
    assert states_of(listed) == ["submitted", "submitted"]


def test_confirmed_it_is_done_for_all(signed_in, office):
    iteration = make.iteration()
    listed = nominees(iteration, 3)
    form = {"ids": [each.pk for each in listed], "move": "select", "confirmed": "1"}

    answer = signed_in(office).post(decide_url(iteration), form, follow=True)

    assert answer.redirect_chain == [(table_url(iteration), 302)]
    assert "Selected: 3 nominees. Their liaisons are told." in text_of(answer)
    assert states_of(listed) == ["selected"] * 3
    assert Iteration.objects.get().seats_taken == 3


def test_a_refusal_for_many_needs_its_reason_and_keeps_what_was_chosen(signed_in, office):
    iteration = make.iteration()
    listed = nominees(iteration, 2)
    form = {"ids": [each.pk for each in listed], "move": "refuse", "confirmed": "1", "code": "priority"}

    asked = signed_in(office).post(decide_url(iteration), {**form, "reason": ""})
    done = signed_in(office).post(decide_url(iteration), {**form, "reason": "Two courses this year"})

    assert "Give a reason" in text_of(asked)
    assert '<option value="priority" selected>' in text_of(asked)
    assert done.status_code == 302
    assert states_of(listed) == ["refused", "refused"]


def test_one_who_cannot_be_decided_blocks_the_list_and_the_page_offers_the_others(signed_in, office):
    iteration = make.iteration()
    fit = make.nomination(to=iteration)
    unfit = make.nomination(make.person(grade="OR-9"), iteration)
    form = {"ids": [fit.pk, unfit.pk], "move": "select"}

    page = text_of(signed_in(office).post(decide_url(iteration), form))
    forced = text_of(signed_in(office).post(decide_url(iteration), {**form, "confirmed": "1"}))

    assert "Grade is not met" in page
    assert 'name="confirmed"' not in page
    assert f'name="ids" value="{fit.pk}"' in page
    assert f'name="ids" value="{unfit.pk}"' not in page
    assert "Nothing was changed." in forced
    assert states_of([fit, unfit]) == ["submitted", "submitted"]


def test_more_than_the_seats_is_seen_beforehand_and_refused_afterwards(signed_in, office):
    iteration = make.iteration(capacity=1, minimum=1)
    listed = nominees(iteration, 2)
    form = {"ids": [each.pk for each in listed], "move": "select", "confirmed": "1"}

    page = text_of(signed_in(office).post(decide_url(iteration), form))

    assert "All 1 seats of" in page
    assert states_of(listed) == ["submitted", "submitted"]


@pytest.mark.parametrize("intruder", ["foreign iteration", "draft", "unknown", "text", "huge"])
def test_a_foreign_or_unknown_id_refuses_the_whole_list(signed_in, office, intruder):
    iteration = make.iteration()
    fine = make.nomination(to=iteration)
    ids = {
        "foreign iteration": lambda: make.nomination(make.person(), make.iteration()).pk,
        "draft": lambda: make.nomination(make.person(), iteration, state="draft").pk,
        "unknown": lambda: 999999,
        "text": lambda: "1 or 1=1",
        "huge": lambda: "9" * 40,
    }
    form = {"ids": [fine.pk, ids[intruder]()], "move": "select", "confirmed": "1"}

    answer = signed_in(office).post(decide_url(iteration), form, follow=True)

    assert "The list names somebody who is not nominated here. Nothing was changed" in text_of(answer)
    assert states_of([fine]) == ["submitted"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"ids": []}, "Tick at least one nominee"),
        ({"move": "confirm"}, "Choose what to decide"),
        ({"move": ""}, "Choose what to decide"),
    ],
)
def test_without_names_or_a_decision_nothing_happens(signed_in, office, changes, sentence):
    nomination = make.nomination()
    form = {"ids": [nomination.pk], "move": "select", "confirmed": "1", **changes}

    answer = signed_in(office).post(decide_url(nomination.iteration), form, follow=True)

    assert sentence in text_of(answer)
    assert states_of([nomination]) == ["submitted"]


def test_a_liaison_decides_nothing(signed_in, liaison):
    nomination = make.nomination()
    form = {"ids": [nomination.pk], "move": "select", "confirmed": "1"}

    assert signed_in(liaison).post(decide_url(nomination.iteration), form).status_code == 403
    assert states_of([nomination]) == ["submitted"]


# Cancel.


def test_the_page_shows_who_is_affected_before_anything_is_cancelled(signed_in, office):
    iteration = make.iteration()
    make.nomination(make.person(family_name="Seated"), iteration, state="confirmed")
    make.nomination(make.person(family_name="Hopeful"), iteration)
    make.nomination(make.person(family_name="Unseen"), iteration, state="draft")
    make.nomination(make.person(family_name="Gone"), iteration, state="withdrawn")

    page = text_of(signed_in(office).get(cancel_url(iteration)))

    assert "2 nominations end and 1 draft" in page
    assert "1 person holds a seat and is told not to travel" in page
    assert "Seated" in page
    assert "Hopeful" in page
    assert "Unseen" not in page
    assert "Gone" not in page
    assert Iteration.objects.get().state == "nominations open"


@pytest.mark.parametrize("way", ["link", "button", "htmx"])
def test_the_page_shows_who_would_be_carried_over(signed_in, office, way):
    course = make.course()
    old, new = make.iteration(course), make.iteration(course)
    there, fine = nominees(old, 2)
    make.nomination(there.person, new)
    browser = signed_in(office)

    if way == "button":
        answer = browser.post(cancel_url(old), {"reason": "Kept text", "carry_to": new.pk, "show": "1"})
        assert "Kept text" in text_of(answer)
    else:
        htmx = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "affected"} if way == "htmx" else {}
        answer = browser.get(cancel_url(old), {"carry_to": new.pk}, **htmx)
        assert ("<html" in text_of(answer)) is (way == "link")

    assert "1 of 2 are carried over to" in text_of(answer)
    assert states_of([there, fine]) == ["submitted", "submitted"]


def test_cancelling_ends_the_nominations_and_carries_them(signed_in, office):
    course = make.course()
    old, new = make.iteration(course), make.iteration(course)
    nomination = make.nomination(to=old, state="selected")

    answer = signed_in(office).post(cancel_url(old), {"reason": "The host has no rooms", "carry_to": new.pk})

    assert answer["Location"] == reverse("courses:iteration", args=[old.pk])
    assert states_of([nomination]) == ["cancelled"]
    assert Nomination.objects.get(iteration=new).carried_from == nomination
    assert Iteration.objects.get(pk=old.pk).cancellation_reason == "The host has no rooms"


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"reason": " "}, "Give a reason: everybody concerned reads it."),
        ({"reason": "Kept text", "carry_to": "other course"}, "This iteration takes no nominations now"),
        ({"reason": "Kept text", "carry_to": "nonsense"}, "This iteration takes no nominations now"),
        ({"reason": "x" * 2001}, "at most 2000 characters"),
    ],
)
def test_a_cancellation_that_lacks_something_is_refused_and_kept(signed_in, office, form, sentence):
    iteration = make.iteration()
    if form.get("carry_to") == "other course":
        form = {**form, "carry_to": make.iteration().pk}

    page = text_of(signed_in(office).post(cancel_url(iteration), form))

    assert sentence in page
    assert form["reason"].strip() in page
    assert Iteration.objects.get(pk=iteration.pk).state == "nominations open"


def test_an_iteration_with_outcomes_says_why_it_is_not_cancelled(signed_in, office):
    iteration = make.running_iteration(state="running")
    make.nomination(to=iteration, state="passed")

    page = text_of(signed_in(office).post(cancel_url(iteration), {"reason": "Storm"}))

    assert "Complete the iteration instead" in page
    assert "Storm" in page


@pytest.mark.parametrize("state", ["completed", "closed", "cancelled"])
def test_what_is_over_cannot_be_cancelled(signed_in, office, state):
    iteration = make.iteration(state=state)

    answer = signed_in(office).get(cancel_url(iteration))

    assert answer["Location"] == reverse("courses:iteration", args=[iteration.pk])
