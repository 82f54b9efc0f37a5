"""The attendance page: one day at a time, by the own team."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.models import Iteration
from delivery.models import Attendance
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def iteration():
    return make.running_iteration(make.course("GToT"))


@pytest.fixture
def client_of_the_team(signed_in, iteration):
    return signed_in(make.instructor(iteration))


def address(iteration) -> str:
    return reverse("delivery:attendance", args=[iteration.pk])


def confirmed(iteration, **person):
    return make.nomination(make.person(**person), iteration, state="confirmed")


def marks(day) -> dict:
    return dict(Attendance.objects.filter(day=day).values_list("nomination", "is_present"))


def test_the_page_opens_at_today_with_everybody_on_the_register(client_of_the_team, iteration):
    confirmed(iteration, family_name="Haddad", given_names="Rania")
    make.nomination(make.person(family_name="Undecided"), iteration)

    page = client_of_the_team.get(address(iteration)).content.decode()

    assert "Haddad, Rania" in page
    assert "Undecided" not in page
    assert f'name="day" value="{timezone.localdate()}"' in page


def test_a_day_is_saved_and_the_page_says_what_was_saved(client_of_the_team, iteration):
    here, away = confirmed(iteration), confirmed(iteration)
    day = iteration.starts_on

    answer = client_of_the_team.post(
        address(iteration), {"day": day, "listed": [here.pk, away.pk], "present": [here.pk]}, follow=True
    )

    assert marks(day) == {here.pk: True, away.pk: False}
    assert "1 was there on" in answer.content.decode()
    assert answer.redirect_chain[0][0].endswith(f"?day={day}")


def test_all_present_marks_all_that_were_listed(client_of_the_team, iteration):
    one, two, late = (confirmed(iteration) for _ in range(3))
    day = iteration.starts_on

    client_of_the_team.post(address(iteration), {"day": day, "listed": [one.pk, two.pk], "all_present": "1"})

    assert marks(day) == {one.pk: True, two.pk: True}
    assert late.pk not in marks(day)


def test_the_grid_shows_what_was_marked_and_the_share_of_all_days(client_of_the_team, iteration):
    nomination = confirmed(iteration)
    client_of_the_team.post(address(iteration), {"day": iteration.starts_on, "present": [nomination.pk]})

    page = client_of_the_team.get(address(iteration)).content.decode()

    assert 'aria-label="present"' in page
    assert "33 %" in page


def test_days_to_come_are_shown_and_cannot_be_opened(client_of_the_team, iteration):
    confirmed(iteration)
    tomorrow = timezone.localdate() + timedelta(days=1)
    Iteration.objects.update(ends_on=tomorrow)

    page = client_of_the_team.get(f"{address(iteration)}?day={tomorrow}").content.decode()

    assert "not yet" in page
    assert f"?day={tomorrow}" not in page
    assert f'name="day" value="{timezone.localdate()}"' in page


def test_a_day_to_come_is_refused_and_the_ticks_are_kept(client_of_the_team, iteration):
    one, two = confirmed(iteration), confirmed(iteration)
    tomorrow = timezone.localdate() + timedelta(days=1)
    Iteration.objects.update(ends_on=tomorrow)

    answer = client_of_the_team.post(address(iteration), {"day": tomorrow, "present": [one.pk]})

    page = answer.content.decode()
    assert "has not come yet" in page
    assert page.count("checked") == 1
    assert f'value="{one.pk}" checked' in page
    assert f'value="{two.pk}" checked' not in page
    assert not Attendance.objects.exists()


@pytest.mark.parametrize("sent", ["", "yesterday", "2026-13-40", "9" * 40])
def test_nonsense_for_a_day_is_told_and_changes_nothing(client_of_the_team, iteration, sent):
    confirmed(iteration)

    assert client_of_the_team.get(address(iteration), {"day": sent}).status_code == 200
    answer = client_of_the_team.post(address(iteration), {"day": sent})

    assert answer.status_code == 200
    assert "Choose the day." in answer.content.decode()
    assert not Attendance.objects.exists()


@pytest.mark.parametrize("stranger", ["foreign", "nobody", "nonsense"])
def test_an_id_that_is_not_on_the_register_refuses_the_whole_list(client_of_the_team, iteration, stranger):
    own, other = confirmed(iteration), confirmed(make.running_iteration())
    sent = {"foreign": other.pk, "nobody": 10**15, "nonsense": "x"}[stranger]

    answer = client_of_the_team.post(address(iteration), {"day": iteration.starts_on, "present": [own.pk, sent]})

    assert "no longer on the register" in answer.content.decode()
    assert not Attendance.objects.exists()


def test_who_withdrew_while_the_page_was_open_is_told(client_of_the_team, iteration):
    gone, here = confirmed(iteration), confirmed(iteration)
    gone.state, gone.seat = "withdrawn", None
    gone.save()

    answer = client_of_the_team.post(address(iteration), {"day": iteration.starts_on, "present": [gone.pk, here.pk]})

    assert "no longer on the register" in answer.content.decode()
    assert f'value="{here.pk}" checked' in answer.content.decode()


@pytest.mark.parametrize(("state", "sentence"), [("closed", "“Closed”"), ("nominations open", "“Nominations open”")])
def test_where_nothing_can_be_marked_the_page_says_why_and_has_no_form(client_of_the_team, iteration, state, sentence):
    confirmed(iteration)
    Iteration.objects.update(state=state)

    page = client_of_the_team.get(address(iteration)).content.decode()

    assert sentence in page
    assert 'name="present"' not in page


def test_an_empty_register_says_how_people_come_onto_it(client_of_the_team, iteration):
    assert "once their places are confirmed" in client_of_the_team.get(address(iteration)).content.decode()


def test_the_page_costs_the_same_for_one_and_for_three(client_of_the_team, iteration, django_assert_max_num_queries):
    costs = []
    for more in (1, 2):
        for _ in range(more):
            make.attended(confirmed(iteration))
        with django_assert_max_num_queries(10) as queries:
            client_of_the_team.get(address(iteration))
        costs.append(len(queries))

    assert costs[0] == costs[1]
