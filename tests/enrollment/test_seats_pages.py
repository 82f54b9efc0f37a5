"""The office's page of seats: each seat and its history, counts, quotas and their release, the clock, the all clear."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from courses.models import ClockStep, Seat
from enrollment import actions
from enrollment.actions import Wish
from enrollment.models import Nomination
from notifications.models import Notification
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
    made = make.nation("JO", "Jordan")
    make.membership(made)
    return made


def address(iteration, page: str = "seats/") -> str:
    return f"/iterations/{iteration.pk}/{page}"


def words(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def step_of(iteration, name: str = "warn_holders_on", **fields) -> ClockStep:
    ClockStep.objects.filter(iteration=iteration, step=name).update(**fields)
    return ClockStep.objects.get(iteration=iteration, step=name)


def parked(iteration, name: str = "warn_holders_on") -> ClockStep:
    return step_of(iteration, name, parked_at=timezone.now(), attempts=5, failure="OSError: the disk is full")


# Seats.


def test_every_seat_says_who_holds_it_and_who_sits_there(office, coordinator, jordan):
    iteration = make.iteration(capacity=3, minimum=1)
    nomination = make.nomination(make.person(jordan, family_name="Haddad"), iteration)
    actions.set_quotas(iteration, [Wish(jordan, 2, 2)], by=coordinator)
    actions.select(nomination, by=coordinator)

    page = office.get(address(iteration))

    rows = re.findall(r'<tr id="seat-\d+">(.*?)</tr>', page.content.decode(), re.DOTALL)
    assert len(rows) == 3
    assert [("Haddad" in row, "Jordan" in row) for row in rows] == [(True, True), (False, True), (False, False)]
    assert "1 free + 1 held + 1 named = 3 seats, and the capacity is 3." in words(page)


def test_the_counts_add_up_to_the_capacity_in_every_state(office):
    iteration = make.iteration(capacity=9, minimum=1)
    for seat, state in zip(iteration.seats.all(), ("free", "turned back", "lapsed"), strict=False):
        Seat.objects.filter(pk=seat.pk).update(state=state)
    for state in ("selected", "confirmed", "offered"):
        make.nomination(to=iteration, state=state, answer_by=timezone.now())

    page = office.get(address(iteration))

    assert sum(count for _state, count in page.context["counts"]) == iteration.capacity == len(page.context["seats"])


def test_one_state_can_be_looked_at_alone(office, coordinator, jordan):
    iteration = make.iteration(capacity=4, minimum=1)
    actions.set_quotas(iteration, [Wish(jordan, 1)], by=coordinator)

    page = office.get(address(iteration), {"state": "held"})
    other = office.get(address(iteration), {"state": "no such state"})

    assert [seat.state for seat in page.context["seats"]] == ["held"]
    assert len(other.context["seats"]) == 4


def test_a_seat_unfolds_its_history_with_who_when_and_why(office, coordinator, jordan):
    iteration = make.iteration(capacity=1, minimum=1)
    actions.set_quotas(iteration, [Wish(jordan, 1)], by=coordinator)
    nomination = make.nomination(make.person(jordan, family_name="Haddad"), iteration)
    actions.select(nomination, by=coordinator)
    actions.release(nomination, by=coordinator, reason="Double booking")

    story = office.get(address(iteration), {"seat": "1"}).context["story"]

    newest_first = [(entry.state, entry.label, entry.by) for entry in story]
    assert newest_first[-2:] == [("held", "Quotas changed", str(coordinator)), ("free", "Capacity", "The system")]
    assert [entry.why for entry in story if entry.state == "named"] == [f"{nomination.person} (Jordan)"]
    assert next(entry.why for entry in story if entry.state == "held") == "Held for Jordan"


def test_without_a_reload_only_the_one_history_comes(office):
    iteration = make.iteration(capacity=2, minimum=1)

    part = office.get(address(iteration), {"seat": "2"}, headers={"HX-Request": "true"})
    missing = office.get(address(iteration), {"seat": "3"}, headers={"HX-Request": "true"})

    assert part.content.decode().lstrip().startswith("<tr>")
    assert "History of seat 2" in words(part)
    assert missing.status_code == 404


@pytest.mark.parametrize("value", ["0", "-1", "x", "99999999999999999999", "1,2"])
def test_a_seat_that_is_none_unfolds_nothing(value, office):
    page = office.get(address(make.iteration()), {"seat": value})

    assert page.status_code == 200
    assert page.context["story"] == []


def test_only_the_office_sees_seats_and_a_missing_iteration_is_not_found(office, client, signed_in):
    iteration = make.iteration()

    assert client.get(address(iteration)).status_code == 302
    for user in (make.liaison(), make.instructor(iteration), make.trainee(), make.administrator()):
        assert signed_in(user).get(address(iteration)).status_code == 403
    assert office.get("/iterations/987654/seats/").status_code == 404


def test_seats_quotas_and_history_cost_ten_queries_however_many(office, coordinator, django_assert_num_queries):
    iteration = make.iteration(capacity=40, minimum=1)
    for code in ("JO", "TN", "UA", "GE", "SE"):
        nation = make.nation(code)
        make.nomination(make.person(nation), iteration, state="selected")
    counts = []
    for wishes in ([Wish("civilian", 1)], [Wish(make.nation(code), 2, 5) for code in ("JO", "TN", "UA", "GE")]):
        actions.set_quotas(iteration, wishes, by=coordinator)
        office.get(address(iteration))
        with django_assert_num_queries(10):
            counts.append(len(office.get(address(iteration)).context["quotas"]))

    assert counts == [1, 4]


# Quotas on the page, and their release.


def test_a_quota_shows_what_is_seated_what_is_held_and_its_history(office, coordinator, jordan):
    iteration = make.iteration(capacity=6, minimum=1)
    civilian = make.nomination(make.person(jordan, category="civilian"), iteration)
    actions.select(civilian, by=coordinator)
    actions.set_quotas(iteration, [Wish(jordan, 3, 4), Wish("civilian", 1)], by=coordinator)
    actions.set_quotas(iteration, [Wish(jordan, 2, 4), Wish("civilian", 1)], by=coordinator)

    lines = office.get(address(iteration)).context["quotas"]

    assert [(line.quota.holder_name, line.used, line.held) for line in lines] == [("Jordan", 1, 1), ("Civilian", 1, 0)]
    assert [entry.why for entry in lines[0].story] == ["2 guaranteed, 4 at most", "3 guaranteed, 4 at most"]


def test_a_release_says_first_what_it_means_and_then_does_it(office, coordinator, jordan):
    iteration = make.iteration(capacity=4, minimum=1)
    (quota,) = actions.set_quotas(iteration, [Wish(jordan, 3, 3)], by=coordinator)
    url = address(iteration, "quotas/release/")

    before = office.get(url, {"quota": quota.pk})
    untouched = iteration.seats.held().count()
    answer = office.post(url, {"quota": quota.pk}, follow=True)

    assert "3 seats that are held without a name are let go" in words(before)
    assert "The ceiling ends too" in words(before)
    assert untouched == 3
    assert "The quota of Jordan is released: 3 seats are anybody&#x27;s now." in answer.content.decode()
    assert iteration.seats.filter(state="lapsed").count() == 3


def test_a_quota_of_another_iteration_is_not_released_from_here(office, coordinator, jordan):
    here, there = make.iteration(), make.iteration()
    (quota,) = actions.set_quotas(there, [Wish(jordan, 1)], by=coordinator)

    for value in (quota.pk, "x", "", "99999999999999999999"):
        answer = office.post(address(here, "quotas/release/"), {"quota": value}, follow=True)
        assert "There is no such quota here" in words(answer)

    quota.refresh_from_db()
    assert not quota.is_released


def test_a_quota_is_released_once(office, coordinator, jordan):
    iteration = make.iteration()
    (quota,) = actions.set_quotas(iteration, [Wish(jordan, 1)], by=coordinator)
    actions.release_quota(quota, by=coordinator)

    answer = office.post(address(iteration, "quotas/release/"), {"quota": quota.pk}, follow=True)

    assert "released already" in words(answer)


# The clock.


def test_the_clock_says_what_was_done_when_and_what_is_due(office):
    iteration = make.iteration(time_zone="Asia/Tbilisi")
    now = timezone.now()
    step_of(
        iteration, "nominations_close_on", done_at=now, due_on=now.date() - timedelta(days=9), report="Closed by it."
    )
    parked(iteration)

    page = office.get(address(iteration))

    states = {line.step: line.state for line in page.context["clock_steps"]}
    assert states["nominations_close_on"] == "done late"
    assert states["warn_holders_on"] == "parked"
    assert states["take_back_on"] == "planned"
    assert "Closed by it." in words(page)
    assert "Last fault: OSError: the disk is full" in words(page)
    assert "All days are those of the time zone Asia/Tbilisi." in words(page)
    assert f"/iterations/{iteration.pk}/edit/#clock" in page.content.decode()


def test_a_step_is_late_by_its_date_however_often_it_was_tried(coordinator):
    iteration = make.iteration()
    day = timezone.localdate() - timedelta(days=3)
    step = step_of(iteration, due_on=day, due_at=timezone.now(), done_at=timezone.now())

    assert step.was_late


@pytest.mark.parametrize(
    ("state", "shown"), [("nominations open", "overdue"), ("draft", "planned"), ("cancelled", "not taken")]
)
def test_an_undone_step_is_overdue_only_while_the_clock_runs(state, shown, office):
    iteration = make.iteration(state=state)
    step_of(iteration, due_on=timezone.localdate() - timedelta(days=2))

    page = office.get(address(iteration))

    assert {line.step: line.state for line in page.context["clock_steps"]}["warn_holders_on"] == shown


def test_a_step_that_was_set_aside_is_tried_again_with_fresh_attempts(office):
    iteration = make.iteration()
    step = parked(iteration)

    answer = office.post(address(iteration, "clock/again/"), {"step": step.step}, follow=True)

    step.refresh_from_db()
    assert "is tried again" in words(answer)
    assert (step.parked_at, step.attempts, step.failure) == (None, 0, "")
    assert list(ClockStep.objects.waiting().filter(iteration=iteration)) == [step]


@pytest.mark.parametrize("name", ["take_back_on", "no_such_step", ""])
def test_what_is_not_set_aside_is_not_tried_again(name, office):
    iteration = make.iteration()

    answer = office.post(address(iteration, "clock/again/"), {"step": name}, follow=True)

    assert "look at the clock again" in words(answer) or "There is no such step" in words(answer)
    assert not ClockStep.objects.waiting().filter(iteration=iteration).exists()


def test_the_clock_of_a_cancelled_iteration_stands_still(office):
    iteration = make.iteration(state="cancelled")
    step = parked(iteration)

    answer = office.post(address(iteration, "clock/again/"), {"step": step.step}, follow=True)

    step.refresh_from_db()
    assert "stands still" in words(answer)
    assert step.parked_at is not None


# The all clear.


def test_the_all_clear_says_how_many_are_told_and_tells_them(office, coordinator):
    iteration = make.iteration(person_told_after_hours=48)
    nominations = [make.nomination(to=iteration) for _n in range(2)]
    actions.select(nominations[0], by=coordinator)
    actions.waitlist(nominations[1], by=coordinator)

    page = office.get(address(iteration, "nominations/"))
    answer = office.post(address(iteration, "all-clear/"), follow=True)

    assert "candidates 48 hours later, or on “all clear”" in words(page)
    assert words(page).count("Candidate told on") == 4  # two rows, and the two names below the button
    assert "Tell 2 candidates now" in words(page)
    assert "All clear: 2 messages to candidates go out now." in words(answer)
    assert "All clear since" in words(answer)
    assert not any(each.is_under_embargo for each in Nomination.objects.all())
    assert not Notification.objects.undone().filter(due_at__gt=timezone.now()).exists()


def test_before_a_decision_the_page_says_who_is_told_when(office):
    nomination = make.nomination(to=make.iteration(person_told_after_hours=12))

    page = office.get(f"/nominations/{nomination.pk}/")
    preview = office.post(address(nomination.iteration, "decide/"), {"ids": [nomination.pk], "move": "select"})

    sentence = "Liaisons are told at once, candidates 12 hours later, or on “all clear”."
    assert sentence in words(page)
    assert sentence in words(preview)


def test_a_nomination_that_is_not_told_yet_says_until_when(office, coordinator):
    nomination = make.nomination(to=make.iteration(person_told_after_hours=12))
    actions.select(nomination, by=coordinator)

    page = office.get(f"/nominations/{nomination.pk}/")

    assert "Until then only the liaison knows of the decision." in words(page)


def test_late_nominations_are_marked_with_what_the_policy_means(office):
    iteration = make.iteration(late_policy="coordinator decides")
    late = make.nomination(to=iteration, is_late=True)

    page = office.get(address(iteration, "nominations/"))
    everything = office.get("/nominations/")
    preview = office.post(address(iteration, "decide/"), {"ids": [late.pk], "move": "select"})
    cancelling = office.get(address(iteration, "cancel/"))

    assert "1 nomination came after the deadline. The coordinator decides on each." in words(page)
    assert all(">Late</span>" in answer.content.decode() for answer in (page, everything, preview, cancelling))
    assert "The coordinator decides on each." in words(preview)


# Capacity, on the iteration's own form.


def test_a_capacity_below_what_is_guaranteed_is_refused_beside_its_field(office, coordinator, jordan):
    iteration = make.iteration(capacity=6, minimum=1)
    actions.set_quotas(iteration, [Wish(jordan, 4)], by=coordinator)
    url = f"/iterations/{iteration.pk}/edit/"
    form = office.get(url).context["form"]
    shown = {name: value for name in form.fields if (value := form[name].value())}
    typed = {**shown, "seen": " ".join(clash.key for clash in iteration.clashes())}
    typed |= {"capacity": "3", "place": "Typed just now"}

    page = office.post(url, typed)

    iteration.refresh_from_db()
    assert "guaranteed" in str(page.context["form"].errors["capacity"])
    assert "Typed just now" in page.content.decode()
    assert iteration.capacity == iteration.seats.count() == 6
