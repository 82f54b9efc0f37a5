"""The selection board as the office meets it: seats, nominees, effect, proposal, preview, saving, two at once."""

import gzip
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courses.models import Iteration
from enrollment import actions
from enrollment.actions import Goal, Wish
from enrollment.models import Nomination
from enrollment.models.trail import version_of
from tests import make

pytestmark = pytest.mark.django_db
MOST_QUERIES = 15


@pytest.fixture
def office():
    return make.coordinator()


@pytest.fixture
def page_of(signed_in, office):
    """A function that opens the office's board, or sends its form."""
    client = signed_in(office)

    def ask(iteration: Iteration, do: str = "", **data):
        url = reverse("enrollment:board", args=[iteration.pk])
        if not do:
            return client.get(url, data)
        return client.post(url, {"do": do, "seen": str(version_of(iteration)), **data})

    return ask


def text_of(answer) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", answer.content.decode()).split())


def nominee(iteration: Iteration, name: str, code: str = "JO", **fields) -> Nomination:
    facts = {key: fields.pop(key) for key in ("sex", "category", "grade") if key in fields}
    return make.nomination(make.person(make.nation(code), family_name=name, **facts), iteration, **fields)


def states(*nominations: Nomination) -> list[str]:
    now = dict(Nomination.objects.values_list("pk", "state"))
    return [now[each.pk] for each in nominations]


def is_chosen(answer, nomination: Nomination, letter: str) -> bool:
    return bool(re.search(rf"name=c{nomination.pk} value={letter} checked", answer.content.decode()))


def shown_sum(answer, key: str) -> str:
    """What stands for a key among the counts with the choices."""
    return re.search(rf'data-sum="{key}"[^>]*>(\d+)<', answer.content.decode()).group(1)


# What it shows.


def test_the_board_is_the_offices_alone(client, signed_in, office):
    iteration = make.iteration()
    users = [None, office, make.liaison(), make.administrator(), make.instructor(iteration), make.trainee()]

    for name in ("enrollment:board", "enrollment:board_changes"):
        url = reverse(name, args=[iteration.pk])
        answers = [(signed_in(user) if user else client).get(url).status_code for user in users]

        assert answers in ([302, 200, 403, 403, 403, 403], [302, 204, 403, 403, 403, 403])


def test_the_tab_leads_the_office_to_the_board(signed_in, office):
    iteration = make.iteration()
    url = reverse("enrollment:board", args=[iteration.pk])
    facts = reverse("courses:iteration", args=[iteration.pk])

    assert url in signed_in(office).get(facts).content.decode()
    assert url not in signed_in(make.liaison()).get(facts).content.decode()


def test_the_seats_stand_by_rule_with_what_is_used_held_and_free(page_of, office):
    iteration = make.iteration(capacity=10)
    actions.set_quotas(iteration, [Wish(make.nation("JO", "Jordan"), 2, 3), Wish("civilian", 1)], by=office)
    nominee(iteration, "Seated", state="selected")
    nominee(iteration, "Asked", state="offered", answer_by=timezone.now())

    page = text_of(page_of(iteration))

    assert "Capacity 10 Seated 1 Offered 1 Free 8" in page
    assert re.search(r"Jordan .*?2 3 \d 2 2", page)
    assert "Civilian" in page


def test_a_released_quota_says_so(page_of, office):
    iteration = make.iteration()
    (quota,) = actions.set_quotas(iteration, [Wish(make.nation("JO", "Jordan"), 2)], by=office)
    actions.release_quota(quota, by=office)

    assert "released" in text_of(page_of(iteration))


def test_a_nominee_stands_with_criteria_history_rank_and_state(page_of):
    iteration = make.iteration(make.course("GENAD", slp_minimum="3232"))
    haddad = nominee(iteration, "Haddad", priority=2, preference=2, is_late=True, grade="OF-9")
    make.nomination(haddad.person, make.running_iteration(make.course("GFP")), state="passed")
    make.nomination(haddad.person, make.running_iteration(make.course("GToT")), state="no-show")
    nominee(iteration, "Spare", is_alternate=True)

    page = text_of(page_of(iteration))

    for words in (
        "Haddad, Given", "OF-9", "preference 2", "Not met Grade", "Not proven English, SLP 3232", "GFP",
        "Did not come to 1 earlier iteration.", "late", "reserve 1", "In 3 years, of 2 places: no-shows 1",
    ):  # fmt: skip
        assert words in page, words


def test_a_waived_criterion_is_waived_in_words_and_no_bar(page_of, office):
    iteration = make.iteration()
    waived, barred = nominee(iteration, "Waived", grade="OF-9"), nominee(iteration, "Barred", grade="OF-9")
    actions.grant_waiver(waived, "grade", by=office, reason="Long experience.")

    page = page_of(iteration)

    assert "Waived Grade" in text_of(page)
    assert f"name=c{barred.pk} value=s disabled" in page.content.decode()
    assert f"name=c{waived.pk} value=s disabled" not in page.content.decode()


def test_nominees_stand_under_their_senders_principals_first_and_drafts_nowhere(page_of):
    iteration = make.iteration()
    for name, code, fields in (
        ("Fourth", "JO", {"priority": 1, "is_alternate": True}),
        ("Third", "JO", {"priority": 2}),
        ("Second", "JO", {"priority": 1}),
        ("First", "AT", {}),
        ("Unseen", "AT", {"state": "draft"}),
    ):
        nominee(iteration, name, code, **fields)

    page = text_of(page_of(iteration))

    order = [page.index(f"{name}, Given") for name in ("First", "Second", "Third", "Fourth")]
    assert order == sorted(order)
    assert "Unseen" not in page


@pytest.mark.parametrize(("order", "expected"), [("rank", ["B", "A", "C"]), ("time", ["A", "C", "B"])])
def test_the_order_can_be_by_rank_or_by_time(page_of, order, expected):
    iteration, now = make.iteration(), timezone.now()
    ago = {"A": (3, 2), "B": (1, 1), "C": (2, 3)}
    for name, (hours, priority) in ago.items():
        nominee(iteration, f"Nominee{name}", priority=priority, submitted_at=now - timezone.timedelta(hours=hours))

    page = text_of(page_of(iteration, order=order))

    assert sorted(expected, key=lambda name: page.index(f"Nominee{name},")) == expected


def test_who_is_refused_is_folded_away(page_of):
    iteration = make.iteration()
    nominee(iteration, "Gone", state="refused", decision_reason="Others had priority.")
    nominee(iteration, "Here")

    page = page_of(iteration).content.decode()

    assert page.index("Here, Given") < page.index('<details class="folded">') < page.index("Gone, Given")


def test_an_iteration_that_is_over_can_only_be_read(page_of):
    iteration = make.iteration(state="closed")
    nominee(iteration, "Late")

    page = page_of(iteration)

    assert "Nothing can be decided here now" in text_of(page)
    assert "type=radio" not in page.content.decode()


# The effect, without script.


def test_choices_are_counted_and_kept_by_the_server(page_of):
    iteration = make.iteration(capacity=5)
    make.membership(make.nation("JO"))
    nominee(iteration, "Seated", sex="man", state="selected")
    chosen, refused = nominee(iteration, "Chosen", sex="woman", category="civilian"), nominee(iteration, "Refused")

    page = page_of(iteration, "show", **{f"c{chosen.pk}": "s", f"c{refused.pk}": "r"})

    assert is_chosen(page, chosen, "s")
    assert is_chosen(page, refused, "r")
    assert [shown_sum(page, key) for key in ("sw", "sm", "cc")] == ["1", "1", "1"]
    assert "Free with your choices 3" in text_of(page)
    assert states(chosen, refused) == ["submitted", "submitted"]


def test_a_button_chooses_for_all_who_are_ticked_and_skips_whom_it_cannot(page_of):
    iteration = make.iteration()
    one, two, barred, other = (nominee(iteration, name) for name in ("One", "Two", "Barred", "Other"))
    type(barred.person).objects.filter(pk=barred.person_id).update(grade="OF-9")

    page = page_of(iteration, "mark_s", ids=[one.pk, two.pk, barred.pk], **{f"c{other.pk}": "w"})

    assert [is_chosen(page, each, "s") for each in (one, two, barred, other)] == [True, True, False, False]
    assert is_chosen(page, other, "w")


def test_a_button_takes_choices_back(page_of):
    iteration = make.iteration()
    one = nominee(iteration, "One")

    page = page_of(iteration, "mark_u", ids=[one.pk], **{f"c{one.pk}": "s"})

    assert not is_chosen(page, one, "s")


def test_somebody_of_another_iteration_is_passed_over_and_said(page_of):
    iteration, foreign = make.iteration(), nominee(make.iteration(), "Foreign")
    one = nominee(iteration, "One")

    page = page_of(iteration, "save", **{f"c{one.pk}": "s", f"c{foreign.pk}": "s"})

    assert "somebody who is not nominated here" in text_of(page)
    assert states(one, foreign) == ["submitted", "submitted"]


# Aims.


def test_an_aim_stands_beside_the_balance_and_filters_nobody(page_of, office):
    iteration = make.iteration()
    actions.set_aims(iteration, [Goal("women", 40, True), Goal("nations", 2)], by=office)
    woman, man = nominee(iteration, "Woman", sex="woman"), nominee(iteration, "Man", "UA", sex="man")

    page = text_of(page_of(iteration, "show", **{f"c{man.pk}": "s"}))
    better = text_of(page_of(iteration, "show", **{f"c{man.pk}": "s", f"c{woman.pk}": "s"}))

    assert "at least 40 % women now 0 %" in page
    assert "at least 40 % women now 50 %" in better
    assert "at least 2 nations now 2" in better


def test_aims_are_changed_on_the_board_and_the_choices_stay(page_of):
    iteration = make.iteration()
    one = nominee(iteration, "One")
    aims = {"least_women": "40", "unit_women": "share", "least_police": "3", "unit_police": "people"}

    page = page_of(iteration, "aims", **aims, **{f"c{one.pk}": "s"})

    assert [str(aim) for aim in iteration.aims.all()] == ["at least 40 % women", "at least 3 police"]
    assert is_chosen(page, one, "s")


@pytest.mark.parametrize("number", ["101", "-1", "many"])
def test_an_aim_that_cannot_be_is_said_and_keeps_what_was_typed(page_of, number):
    iteration = make.iteration()
    nominee(iteration, "One")

    page = page_of(iteration, "aims", least_women=number, unit_women="share").content.decode()

    assert f'value="{number}"' in page
    assert "errorlist" in page
    assert not iteration.aims.exists()


# The proposal.


def test_a_proposal_fills_the_choices_says_why_to_everybody_and_changes_nothing(page_of):
    iteration = make.iteration(capacity=2, minimum=1)
    first, second, third = (nominee(iteration, f"N{n}", priority=n) for n in (1, 2, 3))
    barred = nominee(iteration, "Barred", "UA", grade="OF-9")

    page = page_of(iteration, "propose")

    assert [is_chosen(page, each, "s") for each in (first, second, third, barred)] == [True, True, False, False]
    assert is_chosen(page, third, "w")
    assert not is_chosen(page, barred, "w")
    assert page.content.decode().count("<tr class=why>") == 4
    text = text_of(page)
    assert "Seated: first choice of JO" in text
    assert "Not seated: all 2 free seats are taken by nominees ranked before." in text
    assert "Not proposed, left undecided: Grade is not met" in text
    assert set(states(first, second, third, barred)) == {"submitted"}


def test_a_proposal_leaves_seats_that_are_given_and_lets_who_waits_take_part(page_of):
    iteration = make.iteration(capacity=2, minimum=1)
    seated, waiting = nominee(iteration, "Seated", state="confirmed"), nominee(iteration, "Waits", state="waitlisted")

    page = page_of(iteration, "propose")

    assert is_chosen(page, waiting, "s")
    assert f"name=c{seated.pk}" not in page.content.decode()
    assert "Seated already: a proposal takes no seat away." in text_of(page)


def test_what_is_proposed_can_be_saved_though_a_guarantee_has_nobody_to_fill_it(page_of, office):
    iteration = make.iteration(capacity=3, minimum=1)
    actions.set_quotas(iteration, [Wish(make.nation("BR", "Brazil"), 1)], by=office)
    people = [nominee(iteration, f"N{n}", priority=n) for n in (1, 2, 3)]

    page = page_of(iteration, "propose")
    choices = {f"c{each.pk}": letter for each in people for letter in "sw" if is_chosen(page, each, letter)}
    saved = page_of(iteration, "confirm", **choices)

    assert "1 seat stays free: it is guaranteed to Brazil" in text_of(page)
    assert saved.status_code == 302
    assert states(*people) == ["selected", "selected", "waitlisted"]


# Preview and saving.


def test_the_preview_says_what_happens_and_who_is_told_when(page_of):
    iteration = make.iteration(person_told_after_hours=48)
    jordan = make.nation("JO")
    make.liaison(jordan, name="Leila Liaison")
    chosen, refused = nominee(iteration, "Chosen"), nominee(iteration, "Refused")
    nameless = make.nomination(make.person(jordan, family_name="Nameless", email=""), iteration)

    page = text_of(page_of(iteration, "save", **{f"c{chosen.pk}": "s", f"c{refused.pk}": "r", f"c{nameless.pk}": "w"}))

    for words in (
        "Nothing is decided yet", "Seats free now: 20. Afterwards: 19.", "Leila Liaison", "never: no address on record",
        "candidates are told 48 hours after you save", "What the liaison reads: Selected:", "DO NOT TRAVEL",
        "Reason of the refusals",
    ):  # fmt: skip
        assert words in page, words
    assert states(chosen, refused, nameless) == ["submitted"] * 3


def test_after_the_all_clear_candidates_are_told_at_once(page_of, office):
    iteration = make.iteration()
    one = nominee(iteration, "One")
    actions.give_all_clear(iteration, by=office)

    assert "at once: the all clear is given" in text_of(page_of(iteration, "save", **{f"c{one.pk}": "s"}))


def test_an_obstacle_is_shown_before_anything_is_saved(page_of):
    iteration = make.iteration(capacity=1, minimum=1)
    one, two = nominee(iteration, "One"), nominee(iteration, "Two")

    page = page_of(iteration, "save", **{f"c{one.pk}": "s", f"c{two.pk}": "s"})

    assert "All 1 seats" in text_of(page)
    assert "Go on with the 1 for whom it is possible" in text_of(page)
    assert 'value="confirm"' not in page.content.decode()


def test_confirmed_choices_are_decided_and_said(page_of):
    iteration = make.iteration()
    chosen, refused = nominee(iteration, "Chosen"), nominee(iteration, "Refused")

    answer = page_of(
        iteration, "confirm", reason="Too few seats.", code="capacity", **{f"c{chosen.pk}": "s", f"c{refused.pk}": "r"}
    )

    assert states(chosen, refused) == ["selected", "refused"]
    assert answer.url == reverse("enrollment:board", args=[iteration.pk])
    assert "Saved: 1 selected, 1 refused. The liaisons are told." in text_of(page_of(iteration))
    assert Nomination.objects.get(pk=refused.pk).reason_code == "capacity"


def test_a_refusal_without_a_reason_comes_back_with_everything_kept(page_of):
    iteration = make.iteration()
    one, two = nominee(iteration, "One"), nominee(iteration, "Two")

    page = page_of(
        iteration,
        "confirm",
        reason="",
        code="late",
        **{f"c{one.pk}": "r", f"c{two.pk}": "r", f"r{one.pk}": "Too late."},
    )

    assert "Give a reason: it is kept and shown to those concerned. (Two, Given)" in text_of(page)
    assert 'value="Too late."' in page.content.decode()
    assert states(one, two) == ["submitted", "submitted"]


def test_one_of_the_refused_can_have_a_reason_of_her_own(page_of):
    iteration = make.iteration()
    one, two = nominee(iteration, "One"), nominee(iteration, "Two")
    letters = {f"c{one.pk}": "r", f"c{two.pk}": "r"}

    page_of(iteration, "confirm", reason="Too few seats.", code="other", **letters, **{f"r{one.pk}": "Too late."})

    reasons = dict(Nomination.objects.values_list("pk", "decision_reason"))
    assert reasons == {one.pk: "Too late.", two.pk: "Too few seats."}


def test_nothing_chosen_is_said(page_of):
    iteration = make.iteration()
    nominee(iteration, "One")

    assert "Nothing is chosen." in text_of(page_of(iteration, "save"))


@pytest.mark.parametrize("data", [{"do": "nonsense"}, {"do": "confirm"}, {"do": "save", "order": "x", "seen": "y"}])
def test_nonsense_changes_nothing_and_breaks_nothing(page_of, data):
    iteration = make.iteration()
    one = nominee(iteration, "One")

    answer = page_of(iteration, data.pop("do"), **{"c²": "s", f"c{one.pk}": "zz", "ids": "x", **data})

    assert answer.status_code in (200, 409)
    assert states(one) == ["submitted"]


# Two on the same board.


@pytest.mark.parametrize("do", ["save", "confirm"])
def test_whoever_saves_an_older_board_sees_what_changed_and_keeps_the_own_choices(page_of, do):
    iteration = make.iteration()
    mine, hers = nominee(iteration, "Mine"), nominee(iteration, "Hers")
    seen = str(version_of(iteration))
    actions.select(hers, by=make.coordinator(name="Otto Other"))

    page = page_of(iteration, do, seen=seen, **{f"c{mine.pk}": "s", f"c{hers.pk}": "w"})

    text = text_of(page)
    assert page.status_code == 409
    assert "Not saved: the board has changed meanwhile" in text
    assert "Otto Other selected Hers, Given, a moment ago" in text
    assert "Your choice for Hers, Given is dropped" in text
    assert is_chosen(page, mine, "s")
    assert "class=is-changed" in page.content.decode()
    assert states(mine, hers) == ["submitted", "selected"]


def test_after_another_look_the_same_choices_can_be_saved(page_of):
    iteration = make.iteration()
    mine, hers = nominee(iteration, "Mine"), nominee(iteration, "Hers")
    seen = str(version_of(iteration))
    actions.select(hers, by=make.coordinator())

    page = page_of(iteration, "confirm", seen=seen, **{f"c{mine.pk}": "s"})
    fresh = re.search(r'name="seen" value="([^"]+)"', page.content.decode()).group(1)
    page_of(iteration, "confirm", seen=fresh, **{f"c{mine.pk}": "s"})

    assert states(mine, hers) == ["selected", "selected"]


def test_an_open_page_hears_of_the_deeds_of_others_once_each(signed_in, office):
    iteration = make.iteration()
    one = nominee(iteration, "One")
    seen, client = str(version_of(iteration)), signed_in(office)
    url = reverse("enrollment:board_changes", args=[iteration.pk])
    before = client.get(url, {"since": seen})
    actions.select(one, by=make.coordinator(name="Otto Other"))

    after = client.get(url, {"since": seen})
    again = client.get(url, {"since": seen, "known": str(version_of(iteration))})

    assert before.status_code == again.status_code == 204
    assert "Otto Other selected One, Given, a moment ago" in text_of(after)
    assert f'data-changed="{one.pk}"' in after.content.decode()


@pytest.mark.parametrize("since", ["", "x", "1.2.3.4.5"])
def test_a_page_that_does_not_say_what_it_knows_hears_nothing(signed_in, office, since):
    url = reverse("enrollment:board_changes", args=[make.iteration().pk])

    assert signed_in(office).get(url, {"since": since}).status_code == 204


# Light enough.


def counted(page_of, size: int, office) -> tuple[int, int, int]:
    """Statements of a board of `size` nominees, its bytes, and its bytes when compressed."""
    iteration = make.iteration(make.course(slp_minimum="3232"), capacity=max(20, size))
    make.prerequisite(iteration.course, make.course())
    nations = [make.nation(code, f"Nation {code}") for code in ("JO", "UA", "GE", "MD", "BA", "RS")]
    liaisons = {nation.pk: make.liaison(nation) for nation in nations}
    for n in range(size):
        nation = nations[n % len(nations)]
        person = make.person(nation, family_name=f"Exempelström{n}", rank="Major")
        made = make.nomination(person, iteration, priority=1 + n // len(nations), nominated_by=liaisons[nation.pk])
        if n % 3 == 0:
            make.language_test(person)
        if n % 10 == 0:
            actions.waitlist(made, by=office)
    actions.set_quotas(iteration, [Wish(nation, 0, 300) for nation in nations], by=office)
    actions.set_aims(iteration, [Goal("women", 40, True)], by=office)
    page_of(iteration)
    with CaptureQueriesContext(connection) as queries:
        answer = page_of(iteration)
    return len(queries), len(answer.content), len(gzip.compress(answer.content, 6))


def test_a_board_of_300_asks_as_often_as_one_of_3_and_is_light(page_of, office):
    small, large = (counted(page_of, size, office) for size in (3, 300))

    assert small[0] == large[0] <= MOST_QUERIES
    assert large[1] < 250_000
    assert large[2] < 60_000
