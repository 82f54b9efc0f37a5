"""The results page: all lines at once, or none."""

import pytest
from django.urls import reverse

from courses.models import Iteration
from delivery.models import Result
from enrollment.models import Nomination
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def iteration():
    return make.running_iteration(make.course("GToT"), state="running")


@pytest.fixture
def client_of_the_team(signed_in, iteration):
    return signed_in(make.instructor(iteration))


def address(iteration) -> str:
    return reverse("delivery:results", args=[iteration.pk])


def confirmed(iteration, **person) -> Nomination:
    return make.nomination(make.person(**person), iteration, state="confirmed")


def line(nomination, outcome: str = "", **words) -> dict:
    return {f"{name}-{nomination.pk}": value for name, value in {"outcome": outcome, **words}.items()}


def states() -> dict:
    return dict(Nomination.objects.values_list("pk", "state"))


def test_results_of_all_are_recorded_in_one_go(client_of_the_team, iteration):
    one, two, three = (confirmed(iteration) for _ in range(3))
    sent = {**line(one, "passed", grade_text="A"), **line(two, "no-show"), **line(three)}

    answer = client_of_the_team.post(address(iteration), sent, follow=True)

    assert states() == {one.pk: "passed", two.pk: "no-show", three.pk: "confirmed"}
    assert Result.objects.get(nomination=one).grade_text == "A"
    assert "2 results recorded." in answer.content.decode()


def test_a_line_that_is_wrong_keeps_all_from_being_saved_and_all_that_was_typed(client_of_the_team, iteration):
    good, bad = confirmed(iteration), confirmed(iteration, family_name="Wrong")
    sent = {**line(good, "passed", grade_text="Excellent"), **line(bad, "passed", left_early_on="soon")}

    page = client_of_the_team.post(address(iteration), sent).content.decode()

    assert states() == {good.pk: "confirmed", bad.pk: "confirmed"}
    assert "Nothing was saved" in page
    assert f'href="#left_early_on-{bad.pk}"' in page
    assert 'value="Excellent"' in page
    assert 'value="soon"' in page


def test_what_an_action_refuses_stands_at_its_line(client_of_the_team, iteration):
    good, bad = confirmed(iteration), confirmed(iteration)
    sent = {**line(good, "passed"), **line(bad, "no-show", left_early_on=iteration.ends_on)}

    page = client_of_the_team.post(address(iteration), sent).content.decode()

    assert "Who did not come cannot have left early." in page
    assert f'href="#left_early_on-{bad.pk}"' in page
    assert states() == {good.pk: "confirmed", bad.pk: "confirmed"}


def test_words_without_a_result_are_asked_for_one(client_of_the_team, iteration):
    nomination = confirmed(iteration)

    page = client_of_the_team.post(address(iteration), line(nomination, grade_text="A")).content.decode()

    assert "Choose a result" in page
    assert 'value="A"' in page


def test_an_assessed_course_offers_pass_and_fail_a_seminar_attended(client_of_the_team, iteration, signed_in):
    confirmed(iteration)
    seminar = make.running_iteration(make.course(assessment="none"), state="running")
    confirmed(seminar)

    assessed = client_of_the_team.get(address(iteration)).content.decode()
    attended = signed_in(make.instructor(seminar)).get(address(seminar)).content.decode()

    assert 'value="passed"' in assessed
    assert 'value="attended"' not in assessed
    assert 'value="attended"' in attended
    assert 'value="passed"' not in attended


@pytest.mark.parametrize("outcome", ["attended", "confirmed", "record_passed", "x"])
def test_an_outcome_that_the_course_does_not_know_is_refused(client_of_the_team, iteration, outcome):
    nomination = confirmed(iteration)

    answer = client_of_the_team.post(address(iteration), line(nomination, outcome))

    assert answer.status_code == 200
    assert states() == {nomination.pk: "confirmed"}


def test_under_the_chatham_house_rule_there_is_no_field_for_remarks(client_of_the_team, iteration):
    nomination = confirmed(iteration)
    Iteration.objects.update(is_chatham_house=True)

    page = client_of_the_team.get(address(iteration)).content.decode()
    client_of_the_team.post(address(iteration), line(nomination, "passed", remarks="Said X"))

    assert "remarks-" not in page
    assert Result.objects.get().remarks == ""


def test_a_line_that_nobody_touched_does_not_undo_what_another_recorded_meanwhile(client_of_the_team, iteration):
    one, two = confirmed(iteration), confirmed(iteration)
    as_shown = {f"initial-outcome-{each.pk}": "" for each in (one, two)}
    Nomination.objects.filter(pk=two.pk).update(state="failed")

    client_of_the_team.post(address(iteration), {**as_shown, **line(one, "passed"), **line(two)})

    assert states() == {one.pk: "passed", two.pk: "failed"}


def test_unchanged_lines_write_no_history(client_of_the_team, iteration):
    nomination = make.nomination(to=iteration, state="passed")
    before = nomination.history.count()
    sent = {f"initial-outcome-{nomination.pk}": "passed", **line(nomination, "passed")}

    answer = client_of_the_team.post(address(iteration), sent, follow=True)

    assert nomination.history.count() == before
    assert "Nothing was changed" in answer.content.decode()


def test_a_result_can_be_corrected_until_the_books_are_closed(client_of_the_team, iteration):
    nomination = make.nomination(to=iteration, state="passed")
    Iteration.objects.update(state="completed")

    client_of_the_team.post(address(iteration), line(nomination, "failed"))

    assert states() == {nomination.pk: "failed"}


def test_who_withdrew_while_the_page_was_open_keeps_all_from_being_saved(client_of_the_team, iteration):
    here, gone = confirmed(iteration), confirmed(iteration)
    Nomination.objects.filter(pk=gone.pk).update(state="withdrawn", seat=None)

    answer = client_of_the_team.post(address(iteration), {**line(here, "passed"), **line(gone, "passed")})

    assert "no longer on the register" in answer.content.decode()
    assert states() == {here.pk: "confirmed", gone.pk: "withdrawn"}


def test_selected_but_unconfirmed_participants_are_named(client_of_the_team, iteration):
    make.nomination(make.person(family_name="Undecided"), iteration, state="selected")

    page = client_of_the_team.get(address(iteration)).content.decode()

    assert "Undecided" in page
    assert "not confirmed" in page


@pytest.mark.parametrize("state", ["closed", "nominations open"])
def test_where_nothing_can_be_recorded_the_page_says_why_and_shows_what_there_is(client_of_the_team, iteration, state):
    make.nomination(make.person(family_name="Haddad"), iteration, state="passed")
    Iteration.objects.update(state=state)

    page = client_of_the_team.get(address(iteration)).content.decode()

    assert "cannot be recorded now" in page
    assert "Haddad" in page
    assert 'name="outcome-' not in page


def test_the_page_costs_the_same_for_one_and_for_three(client_of_the_team, iteration, django_assert_max_num_queries):
    costs = []
    for more in (1, 2):
        for _ in range(more):
            make.attended(confirmed(iteration))
        with django_assert_max_num_queries(10) as queries:
            client_of_the_team.get(address(iteration))
        costs.append(len(queries))

    assert costs[0] == costs[1]


# Completing


def test_a_coordinator_completes_when_everybody_has_a_result(signed_in, iteration):
    make.nomination(to=iteration, state="passed")
    office = signed_in(make.coordinator())

    answer = office.post(reverse("delivery:complete", args=[iteration.pk]))

    assert answer.url == reverse("certificates:iteration", args=[iteration.pk])
    assert Iteration.objects.get().state == "completed"


def test_a_missing_result_is_told_and_nothing_is_completed(signed_in, iteration):
    confirmed(iteration)
    office = signed_in(make.coordinator())

    answer = office.post(reverse("delivery:complete", args=[iteration.pk]), follow=True)

    assert "have no result yet" in answer.content.decode()
    assert Iteration.objects.get().state == "running"


def test_a_stale_page_is_told_the_state_of_now(signed_in, iteration):
    Iteration.objects.update(state="completed")

    answer = signed_in(make.coordinator()).post(reverse("delivery:complete", args=[iteration.pk]), follow=True)

    assert "the state is now “Completed”" in answer.content.decode()
