"""What needs the office: each line appears for its cause, and leads to the act."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from enrollment import actions
from enrollment.actions import Wish
from enrollment.models import TrainingRequest
from insights import deadlines
from insights.desk import below_minimum, next_moves
from tests import make

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture
def office(signed_in):
    return signed_in(make.coordinator())


def desk(office) -> str:
    return office.get("/desk/").content.decode()


def days(number: int):
    return timezone.localdate() + timedelta(days=number)


def received(days_ago: int, **fields) -> TrainingRequest:
    filed = make.training_request(**fields)
    actions.submit_request(filed, by=filed.liaison)
    TrainingRequest.objects.filter(pk=filed.pk).update(received_at=timezone.now() - timedelta(days=days_ago))
    return filed


def test_an_empty_desk_says_so(office):
    assert "Nothing waits for you" in desk(office)


def test_requests_come_the_oldest_first_with_the_days_that_they_wait(office):
    newer, older = received(2), received(19)
    draft = make.training_request()

    page = desk(office)

    assert page.index(older.number) < page.index(newer.number)
    assert "19 days ago" in page
    assert f"/requests/{draft.pk}/" not in page
    assert "Nothing waits for you" not in page


def test_an_approved_request_leads_to_its_scheduling(office):
    request = received(3)
    actions.make_request_move(request, "approve", by=make.coordinator(), reason="")

    page = desk(office)

    assert f'href="/requests/{request.pk}/schedule/"' in page
    assert "Training requests to decide" not in page


def test_nominations_are_counted_by_iteration(office):
    iteration = make.iteration()
    for state in ("submitted", "submitted", "selected", "draft"):
        make.nomination(to=iteration, state=state)

    page = desk(office)

    assert f'href="/iterations/{iteration.pk}/nominations/"' in page
    assert "2 to decide" in page
    assert "1 person has not answered" in page


def test_a_deadline_of_this_week_names_its_step_and_zone(office):
    make.iteration(nominations_close_on=days(3), time_zone="Asia/Tbilisi")

    page = desk(office)

    assert "Nominations close" in page
    assert "(Asia/Tbilisi)" in page


def test_an_iteration_below_its_minimum_appears_when_go_no_go_is_near(office):
    near = make.iteration(go_no_go_on=days(10), starts_on=days(40), minimum=5)
    far = make.iteration(go_no_go_on=days(30), starts_on=days(60), minimum=5)
    enough = make.iteration(go_no_go_on=days(10), starts_on=days(40), minimum=1)
    make.nomination(to=enough, state="confirmed")

    assert below_minimum([near, far, enough]) == [near]
    assert "0 of at least 5" in desk(office)


@pytest.mark.parametrize(
    ("state", "dates", "says"),
    [
        ("announced", {"nominations_close_on": 20, "starts_on": 80}, "open nominations"),
        ("nominations open", {"nominations_close_on": -2, "starts_on": 50}, "close nominations"),
        ("nominations closed", {"nominations_close_on": -30, "go_no_go_on": 0, "starts_on": 28}, "Go / no-go is due"),
        ("confirmed", {"nominations_close_on": -60, "starts_on": -1}, "start it"),
        ("running", {"nominations_close_on": -60, "starts_on": -6}, "complete it"),
        ("completed", {"nominations_close_on": -99, "starts_on": -40}, "close the books"),
    ],
)
def test_an_iteration_says_which_move_is_due(state, dates, says):
    iteration = make.iteration(state=state, **{name: days(number) for name, number in dates.items()})

    [line] = next_moves([iteration])

    assert says in line.sentence


@pytest.mark.parametrize(
    ("state", "starts_in"), [("announced", 200), ("nominations open", 120), ("confirmed", 9), ("closed", -99)]
)
def test_an_iteration_in_time_is_left_alone(state, starts_in):
    assert next_moves([make.iteration(state=state, starts_on=days(starts_in))]) == []


def test_results_are_missing_only_after_the_end(office):
    over = make.iteration(state="running", starts_on=days(-9), ends_on=days(-5))
    begun = make.iteration(state="running", starts_on=days(-1), ends_on=days(3))
    for iteration in (over, begun):
        make.nomination(to=iteration, state="confirmed")

    page = desk(office)

    assert f'href="/iterations/{over.pk}/results/"' in page
    assert f'href="/iterations/{begun.pk}/results/"' not in page


def test_certificates_wait_for_those_who_passed_and_have_none(office):
    issued, waiting = make.passed(), make.passed()
    make.nomination(to=waiting.iteration, state="failed")
    make.certificate(issued)

    page = desk(office)

    assert f'href="/iterations/{waiting.iteration_id}/certificates/"' in page
    assert "1 person has a result and no certificate" in page
    assert f'href="/iterations/{issued.iteration_id}/certificates/"' not in page


def test_a_revoked_certificate_does_not_come_back_as_one_to_issue(office):
    revoked = make.certificate(state="revoked")

    assert f'href="/iterations/{revoked.nomination.iteration_id}/certificates/"' not in desk(office)


def test_failed_and_stuck_certificates_ask_for_help(office):
    long_ago = timezone.now() - timedelta(hours=1)
    failed = make.certificate(state="failed")
    stuck = make.certificate(state="queued", queued_at=long_ago)
    fresh = make.certificate(state="queued")

    page = desk(office)

    assert "The printed name is too long." in page
    assert f'href="/certificates/{failed.pk}/"' in page
    assert f'href="/certificates/{stuck.pk}/"' in page
    assert f'href="/certificates/{fresh.pk}/"' not in page


def test_failed_and_stuck_messages_ask_for_help(office):
    to = make.user()
    parked = make.notification(to, parked_at=timezone.now(), failure="Mailbox unknown")
    stuck = make.notification(to, due_at=timezone.now() - timedelta(hours=1))
    for fields in (
        {},
        {"sent_at": timezone.now()},
        {"cancelled_at": timezone.now()},
        {"due_at": timezone.now() + WEEK},
    ):
        make.notification(to, **fields)

    page = desk(office)

    assert "Mailbox unknown" in page
    assert set(re.findall(r"/outbox/(\d+)/", page)) == {str(parked.pk), str(stuck.pk)}


def test_gaps_in_the_data_appear(office):
    unreachable = make.person(email="")
    make.nomination(unreachable, state="confirmed")
    make.nomination(make.person(email=""), state="refused")
    make.mandate(make.user(name="Ending Soon"), make.nation(), ends_on=days(20))
    make.mandate(make.user(name="Ending Late"), make.nation(), ends_on=days(60))

    page = desk(office)

    assert page.count("has a place, and no e-mail address") == 1
    assert f'href="/people/{unreachable.pk}/edit/"' in page
    assert "Ending Soon" in page
    assert "Ending Late" not in page


def test_who_may_administer_is_led_to_the_mandate(signed_in):
    mandate = make.mandate(make.user(), make.nation(), ends_on=days(20))

    page = desk(signed_in(make.coordinator(is_staff=True)))

    assert f'href="/admin/partners/mandate/{mandate.pk}/change/"' in page


def test_a_step_that_was_set_aside_can_be_tried_again_from_the_desk(office):
    iteration = make.iteration()
    step = iteration.clock_steps.get(step="take_back_on")
    type(step).objects.filter(pk=step.pk).update(parked_at=timezone.now(), attempts=5, failure="OSError: disk full")

    page = desk(office)
    answer = office.post(f"/iterations/{iteration.pk}/clock/again/", {"step": "take_back_on", "next": "/desk/"})

    assert "Seat clocks that need help" in page
    assert "OSError: disk full" in page
    assert f'action="/iterations/{iteration.pk}/clock/again/"' in page
    assert answer["Location"] == "/desk/"
    assert "Seat clocks that need help" not in desk(office)


def test_a_step_that_nobody_took_is_overdue_unless_the_iteration_is_off_the_clock(office):
    waits, cancelled = make.iteration(), make.iteration(state="cancelled")
    for iteration in (waits, cancelled):
        iteration.clock_steps.filter(step="warn_holders_on").update(due_at=timezone.now() - timedelta(hours=1))

    page = desk(office)

    assert f'href="/iterations/{waits.pk}/seats/#clock"' in page
    assert f"/iterations/{cancelled.pk}/" not in page
    assert "does a worker run?" in page


def test_offers_without_an_answer_lead_to_the_waiting_list(office):
    iteration = make.iteration(time_zone="Asia/Tbilisi")
    for hours in (30, 5):
        make.nomination(to=iteration, state="offered", answer_by=timezone.now() + timedelta(hours=hours))

    page = desk(office)

    assert f'href="/iterations/{iteration.pk}/waiting/"' in page
    assert "2 offers" in page
    assert "the first to be answered by" in page


def test_who_waits_beside_free_seats_is_told_and_held_seats_are_not_free(office):
    beside, behind = make.iteration(capacity=3, minimum=1), make.iteration(capacity=2, minimum=1)
    for iteration in (beside, behind):
        make.nomination(to=iteration, state="waitlisted")
    actions.set_quotas(behind, [Wish(make.nation(), 2)], by=make.coordinator())

    page = desk(office)

    assert f'href="/iterations/{beside.pk}/waiting/"' in page
    assert "3 seats are held by nobody" in page
    assert f'href="/iterations/{behind.pk}/waiting/"' not in page


def test_seats_without_a_name_are_told_when_they_are_soon_taken_back(office):
    soon, later = make.iteration(take_back_on=days(5)), make.iteration(take_back_on=days(40))
    for iteration in (soon, later):
        actions.set_quotas(iteration, [Wish(make.nation(), 4)], by=make.coordinator())

    page = desk(office)

    assert f'href="/iterations/{soon.pk}/seats/?state=held"' in page
    assert "4 seats are held without a name" in page
    assert f'href="/iterations/{later.pk}/seats/?state=held"' not in page


def fill_the_desk() -> None:
    received(5)
    coming = make.iteration(starts_on=days(30), nominations_close_on=days(3))
    make.nomination(to=coming)
    make.nomination(to=coming, state="waitlisted")
    make.nomination(to=coming, state="offered", answer_by=timezone.now())
    make.nomination(make.person(email=""), coming, state="selected")
    make.passed()
    make.certificate(state="failed")
    make.mandate(make.user(), make.nation(), ends_on=days(5))
    make.notification(make.user(), parked_at=timezone.now(), failure="Refused")


def test_the_desk_takes_twelve_queries_however_much_lies_on_it(office, django_assert_max_num_queries):
    counts = []
    for number in (1, 2):
        for _each in range(number):
            fill_the_desk()
        desk(office)
        with django_assert_max_num_queries(12) as captured:
            desk(office)
        counts.append(len(captured))

    assert counts[0] == counts[1]


def test_a_day_is_counted_in_the_iterations_own_zone():
    """In Kiritimati it is always a day later than in Pago Pago."""
    west = make.iteration(time_zone="Pacific/Pago_Pago", starts_on=days(90))
    west.nominations_close_on = west.today()
    east = make.iteration(time_zone="Pacific/Kiritimati", starts_on=days(90))
    east.nominations_close_on = west.today()

    found = deadlines.coming([west, east], within=timedelta(days=1))

    assert [each.iteration for each in found] == [west]


def test_a_step_that_is_over_whatever_its_date_is_no_deadline():
    confirmed = make.iteration(state="confirmed", starts_on=days(40), nominations_close_on=days(2), go_no_go_on=days(3))

    labels = {each.label for each in deadlines.coming([confirmed], within=WEEK)}

    assert labels.isdisjoint({"Nominations close", "Go / no-go"})


def test_deadlines_come_in_order_and_end_with_the_week():
    iteration = make.iteration(
        starts_on=days(40),
        nominations_close_on=days(7),
        warn_holders_on=days(8),
        take_back_on=days(9),
        go_no_go_on=days(9),
    )

    assert [each.day for each in deadlines.coming([iteration], within=WEEK)] == [days(7)]
    found = deadlines.coming([iteration], within=timedelta(days=9))
    assert [each.day for each in found] == [days(7), days(8), days(8), days(9), days(9)]
