"""A nation's own order: one screen for seats, nominees, what is missing, and which iteration is liked best."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.moves import Refused
from courses.models import Iteration
from enrollment import actions
from enrollment.models import Nomination
from enrollment.ordering import Order, moved
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def jordan():
    return make.nation("JO", "Jordan")


@pytest.fixture
def liaison(jordan):
    return make.liaison(jordan)


@pytest.fixture
def iteration():
    return make.iteration()


@pytest.fixture
def three(jordan, iteration) -> list[Nomination]:
    names = ("Abbadi", "Bakri", "Chalabi")
    return [
        make.nomination(make.person(jordan, family_name=name), iteration, priority=n) for n, name in enumerate(names, 1)
    ]


def url_of(iteration: Iteration, page: str = "ranking") -> str:
    return reverse(f"enrollment:{page}", args=[iteration.pk])


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def order_now() -> list[tuple[str, int, bool]]:
    rows = Nomination.objects.order_by("is_alternate", "priority").select_related("person")
    return [(row.person.family_name, row.priority, row.is_alternate) for row in rows]


def quota_for(holder, iteration: Iteration, **facts):
    return actions.set_quotas(iteration, [actions.Wish(holder, **facts)], by=make.coordinator())[0]


# The order.


def test_the_liaison_saves_principals_and_alternates_in_her_order(signed_in, liaison, iteration, three):
    first, second, third = (each.pk for each in three)

    answer = signed_in(liaison).post(url_of(iteration), {"principals": [third, first], "alternates": [second]})

    assert answer.status_code == 302
    assert order_now() == [("Chalabi", 1, False), ("Abbadi", 2, False), ("Bakri", 1, True)]


@pytest.mark.parametrize(
    ("move", "expected"),
    [
        ("up", [("Abbadi", 1, False), ("Chalabi", 2, False), ("Bakri", 3, False)]),
        ("down", [("Abbadi", 1, False), ("Bakri", 2, False), ("Chalabi", 1, True)]),
        ("over", [("Abbadi", 1, False), ("Bakri", 2, False), ("Chalabi", 1, True)]),
    ],
)
def test_without_script_a_button_moves_one_line_and_saves(signed_in, liaison, iteration, three, move, expected):
    form = {"principals": [each.pk for each in three], "move": f"{move} {three[2].pk}"}

    signed_in(liaison).post(url_of(iteration), form)

    assert order_now() == expected


def test_a_list_that_has_changed_meanwhile_is_refused_and_kept_as_it_was_sent(
    signed_in, jordan, liaison, iteration, three
):
    sent = [three[2].pk, three[0].pk, three[1].pk]
    make.nomination(make.person(jordan, family_name="Dabbas"), iteration)

    answer = signed_in(liaison).post(url_of(iteration), {"principals": sent})

    page = text_of(answer).partition("Order of Jordan")[2]
    assert answer.status_code == 409
    assert "The list has changed meanwhile" in text_of(answer)
    assert page.index("Chalabi") < page.index("Abbadi") < page.index("Bakri")
    assert "Dabbas" in page
    assert [each.priority for each in Nomination.objects.filter(pk__in=sent).order_by("pk")] == [1, 2, 3]


@pytest.mark.parametrize("sent", [{}, {"principals": ["x", "99999999999999999999999", "-1"]}, {"move": "up ²"}])
def test_nonsense_is_refused_with_a_sentence(signed_in, liaison, iteration, three, sent):
    answer = signed_in(liaison).post(url_of(iteration), sent)

    assert answer.status_code == 409
    assert "The list has changed meanwhile" in text_of(answer)
    assert order_now() == [("Abbadi", 1, False), ("Bakri", 2, False), ("Chalabi", 3, False)]


def test_nobody_ranks_the_people_of_another_nation(signed_in, iteration, three):
    foreigner = make.liaison(make.nation("UA", "Ukraine"))

    answer = signed_in(foreigner).post(url_of(iteration), {"principals": [each.pk for each in reversed(three)]})

    assert answer.status_code == 409
    assert order_now() == [("Abbadi", 1, False), ("Bakri", 2, False), ("Chalabi", 3, False)]


def test_the_order_is_private_to_the_nation_and_the_office(signed_in, jordan, liaison, iteration, three):
    nominee = make.nomination(make.person(jordan, family_name="Ranked"), iteration, priority=30777, preference=30778)
    readers = {
        "trainee": make.trainee(nominee.person),
        "instructor": make.instructor(iteration),
        "foreign liaison": make.liaison(make.nation("UA", "Ukraine")),
    }
    doors = [
        url_of(iteration),
        reverse("enrollment:iteration_nominations", args=[iteration.pk]),
        reverse("enrollment:nominations"),
        reverse("enrollment:nominations") + "?format=csv",
        reverse("enrollment:nomination", args=[nominee.pk]),
        f"/api/v1/nominations/{nominee.pk}/",
        "/api/v1/nominations/",
        "/me/",
        "/nation/",
        reverse("delivery:participants", args=[iteration.pk]),
    ]

    seen = {
        (name, door)
        for name, reader in readers.items()
        for door in doors
        for answer in [signed_in(reader).get(door)]
        if b"30777" in answer.content or b"30778" in answer.content
    }

    assert seen == set()
    assert "30777" in text_of(signed_in(liaison).get(doors[4])), "the liaison sees what was looked for"


def test_the_page_is_the_liaisons_and_shows_nobody_else(signed_in, liaison, iteration, three):
    ukraine = make.nation("UA", "Ukraine")
    make.nomination(make.person(ukraine, family_name="Foreign"), iteration)

    page = text_of(signed_in(liaison).get(url_of(iteration)))

    assert "Abbadi" in page
    assert "Foreign" not in page
    assert "Ukraine" not in page
    for user in (make.coordinator(), make.instructor(iteration), make.trainee(three[0].person)):
        assert signed_in(user).get(url_of(iteration)).status_code == 403


def test_who_acts_for_two_senders_ranks_each_by_itself(signed_in, liaison, iteration, three):
    office = make.organisation("UNITAR")
    make.mandate(liaison, office)
    other = make.nomination(make.person(office, family_name="Unitarian"), iteration)

    page = text_of(signed_in(liaison).get(url_of(iteration)))
    mixed = signed_in(liaison).post(url_of(iteration), {"principals": [other.pk, *(each.pk for each in three)]})

    assert (
        page.index("Order of Jordan") < page.index("Abbadi") < page.index("Order of UNITAR") < page.index("Unitarian")
    )
    assert mixed.status_code == 409


# Seats, what is missing, and by when.


def test_seats_held_are_shown_with_their_release_date(signed_in, jordan, liaison, iteration, three):
    quota_for(jordan, iteration, floor=3, ceiling=5)
    actions.select(three[0], by=make.coordinator())

    page = text_of(signed_in(liaison).get(url_of(iteration)))

    seats = page.partition("Seats of Jordan")[2].partition("Order of Jordan")[0]
    assert "<dt>Guaranteed</dt> <dd> 3" in seats
    assert "<dt>At most</dt> <dd> 5" in seats
    assert "<dt>Held, without a name</dt><dd>2</dd>" in seats
    assert "<dt>Named, not confirmed</dt><dd>1</dd>" in seats
    assert iteration.time_zone in seats
    assert "Turn seats back" in seats


def test_each_person_says_what_is_missing_and_by_when(signed_in, jordan, liaison):
    course = make.course("GENAD", slp_minimum="3232")
    iteration = make.iteration(course, time_zone="Europe/Stockholm")
    make.nomination(make.person(jordan, family_name="Low", grade="OF-1"), iteration)
    make.nomination(make.person(jordan, family_name="Drafted"), iteration, state="draft")
    answer_by = timezone.now() + timedelta(days=2)
    make.nomination(make.person(jordan, family_name="Offered"), iteration, state="offered", answer_by=answer_by)

    page = text_of(signed_in(liaison).get(url_of(iteration))).partition("Order of Jordan")[2]

    assert "Grade: not met." in page
    assert "English, SLP 3232: not proven." in page
    assert "Not submitted yet." in page
    assert "A seat is offered: accept or decline it." in page
    assert "Stockholm time" in page
    assert "(Europe/Stockholm, in " in page


def test_dates_are_one_timeline_that_tells_of_nobody_else(signed_in, jordan, liaison, iteration):
    step = iteration.clock_steps.get(step="take_back_on")
    report = "5 unnamed seats taken back. They were held for: Jordan (2), Ukraine (3). 1 offered to the waiting list."
    iteration.clock_steps.filter(pk=step.pk).update(done_at=timezone.now(), report=report)

    page = text_of(signed_in(liaison).get(url_of(iteration)))

    clock = page.partition("Dates, and what was done")[2]
    assert "Unnamed seats are taken back" in clock
    assert "Jordan: 2." in clock
    assert "Ukraine" not in page
    assert "5 unnamed" not in page


@pytest.mark.parametrize(("held_for", "own"), [("Guinea (1)", "Guinea: 1."), ("Equatorial Guinea (1)", "")])
def test_a_name_within_another_name_is_not_taken_for_it(signed_in, iteration, held_for, own):
    liaison = make.liaison(make.nation("GN", "Guinea"))
    report = f"1 unnamed seats taken back. They were held for: {held_for}."
    iteration.clock_steps.filter(step="take_back_on").update(done_at=timezone.now(), report=report)

    page = text_of(signed_in(liaison).get(url_of(iteration)))

    assert ("Guinea: 1." in page) == bool(own)
    assert "Equatorial" not in page


# Turning seats back.


def test_seats_are_turned_back_after_the_consequences_were_read(signed_in, jordan, liaison, iteration):
    quota = quota_for(jordan, iteration, floor=3)
    browser = signed_in(liaison)

    page = text_of(browser.get(url_of(iteration, "turn_back")))
    answer = browser.post(url_of(iteration, "turn_back"), {"quota": quota.pk, "count": 2})

    assert "Jordan holds 3 seats without a name." in page
    assert "no longer guaranteed to you" in page
    assert answer["Location"] == url_of(iteration)
    quota.refresh_from_db()
    assert quota.floor == 1
    assert iteration.seats.held().count() == 1


@pytest.mark.parametrize(
    ("count", "said"), [("4", "so many can be turned back at most"), ("0", "greater than"), ("", "required")]
)
def test_a_count_that_cannot_be_is_refused_and_kept(signed_in, jordan, liaison, iteration, count, said):
    quota = quota_for(jordan, iteration, floor=3)

    answer = signed_in(liaison).post(url_of(iteration, "turn_back"), {"quota": quota.pk, "count": count})

    assert said in text_of(answer)
    assert f'value="{count}"' in text_of(answer) or not count
    assert iteration.seats.held().count() == 3


def test_nobody_turns_back_the_seats_of_another_nation(signed_in, jordan, iteration):
    quota = quota_for(jordan, iteration, floor=3)
    foreigner = make.liaison(make.nation("UA", "Ukraine"))

    answer = signed_in(foreigner).post(url_of(iteration, "turn_back"), {"quota": quota.pk, "count": 1})

    assert "You hold no seats without a name here" in text_of(answer)
    assert "Jordan" not in text_of(answer)
    assert iteration.seats.held().count() == 3


def test_after_go_or_no_go_the_page_says_that_it_counts_as_late(signed_in, jordan, liaison):
    iteration = make.iteration(go_no_go_on=timezone.localdate() - timedelta(days=1), state="confirmed")
    quota_for(jordan, iteration, floor=1)

    page = text_of(signed_in(liaison).get(url_of(iteration, "turn_back")))

    assert "counts as late" in page


# Several iterations of a course.


@pytest.fixture
def later(iteration):
    return make.iteration(iteration.course, starts_on=iteration.starts_on + timedelta(days=60))


def test_one_person_is_put_forward_for_several_iterations_in_order_of_liking(
    signed_in, jordan, liaison, iteration, later
):
    person = make.person(jordan)
    form = {"person": person.pk, "priority": 1, "deed": "submit"}
    form |= {f"choice_{iteration.pk}": "2", f"choice_{later.pk}": "1"}

    answer = signed_in(liaison).post(url_of(iteration, "nominate"), form)

    made = list(Nomination.objects.order_by("preference").values_list("iteration", "preference", "state"))
    assert answer.status_code == 302
    assert made == [(later.pk, 1, "submitted"), (iteration.pk, 2, "submitted")]


def test_the_form_offers_the_other_open_iterations_of_the_course(signed_in, jordan, liaison, iteration, later):
    person = make.person(jordan)
    hidden = make.iteration(iteration.course, is_by_invitation=True, place="Elsewhere")
    make.iteration(place="Other course")

    page = text_of(signed_in(liaison).get(url_of(iteration, "nominate"), {"person": person.pk}))

    assert f'name="choice_{later.pk}"' in page
    assert f"choice_{hidden.pk}" not in page
    assert "Other course" not in page


def test_two_iterations_cannot_be_the_same_choice(signed_in, jordan, liaison, iteration, later):
    form = {"person": make.person(jordan).pk, "priority": 4, f"choice_{iteration.pk}": "1", f"choice_{later.pk}": "1"}

    answer = signed_in(liaison).post(url_of(iteration, "nominate"), form)

    assert "Two iterations are choice 1." in text_of(answer)
    assert 'value="4"' in text_of(answer)
    assert not Nomination.objects.exists()


def test_all_are_nominated_or_none(jordan, liaison, iteration, later):
    person = make.person(jordan)
    Iteration.objects.filter(pk=later.pk).update(state="announced")

    with pytest.raises(Refused, match="Nothing was saved"):
        actions.nominate_for_several(person, [iteration, later], by=liaison, submits=True)

    assert not Nomination.objects.exists()


def test_an_order_of_preference_is_between_iterations_of_one_course(jordan, liaison, iteration):
    with pytest.raises(Refused, match="iterations of one course"):
        actions.nominate_for_several(make.person(jordan), [iteration, make.iteration()], by=liaison)

    assert not Nomination.objects.exists()


def test_what_comes_later_follows_in_the_order(jordan, liaison, iteration, later):
    person = make.person(jordan)
    make.nomination(person, iteration)

    made = actions.nominate_for_several(person, [later], by=liaison)

    assert [each.preference for each in made] == [2]


def test_the_ranking_page_changes_which_iteration_is_liked_best(signed_in, jordan, liaison, iteration, later):
    person = make.person(jordan, family_name="Choosy")
    first, second = actions.nominate_for_several(person, [iteration, later], by=liaison)
    browser = signed_in(liaison)

    page = text_of(browser.get(url_of(iteration)))
    browser.post(url_of(iteration, "preference"), {"principals": [first.pk, second.pk], "move": f"up {second.pk}"})

    assert "Who could come to several iterations" in page
    preferences = Nomination.objects.order_by("preference").values_list("pk", flat=True)
    assert list(preferences) == [second.pk, first.pk]


def test_an_order_of_preference_names_all_of_one_person_and_is_her_senders(jordan, liaison, iteration, later):
    person, foreigner = make.person(jordan), make.liaison(make.nation("UA", "Ukraine"))
    first, second = actions.nominate_for_several(person, [iteration, later], by=liaison)
    other = make.nomination(make.person(jordan), iteration)

    for wanted, by in (
        ([second.pk], liaison),
        ([second.pk, first.pk, other.pk], liaison),
        ([second.pk, second.pk], liaison),
        ([], liaison),
        ([second.pk, first.pk], foreigner),
    ):
        with pytest.raises(Refused):
            actions.prefer(wanted, by=by)

    assert list(Nomination.objects.order_by("pk").values_list("preference", flat=True)) == [1, 2, 1]


# Places in two lists, as plain values.


@pytest.mark.parametrize(
    ("deed", "pk", "expected"),
    [
        ("up", 1, ([1, 2], [3, 4])),
        ("up", 2, ([2, 1], [3, 4])),
        ("up", 3, ([1, 2, 3], [4])),
        ("down", 1, ([2, 1], [3, 4])),
        ("down", 2, ([1], [2, 3, 4])),
        ("down", 4, ([1, 2], [3, 4])),
        ("over", 1, ([2], [3, 4, 1])),
        ("over", 4, ([1, 2, 4], [3])),
        ("up", 9, ([1, 2], [3, 4])),
        ("nonsense", 2, ([1, 2], [3, 4])),
    ],
)
def test_a_line_moves_by_one_place_across_the_border_of_the_lists(deed, pk, expected):
    assert moved(Order([1, 2], [3, 4]), deed, pk) == Order(*expected)


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_page_costs_the_same_for_few_nominees_and_for_many(
    signed_in, jordan, liaison, iteration, later, count, django_assert_max_num_queries
):
    for _n in range(count):
        person = make.person(jordan)
        make.nomination(person, iteration)
        make.nomination(person, later)
    browser = signed_in(liaison)
    browser.get(url_of(iteration))

    with django_assert_max_num_queries(13):
        browser.get(url_of(iteration))
