"""Pages of nominations: put forward, look, change, move, waive, tick, and a person's record."""

from datetime import date, timedelta

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from courses.models import Iteration
from enrollment import actions
from enrollment.models import ChecklistItem, Completion, Nomination
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
def foreigner():
    return make.liaison(make.nation("UA", "Ukraine"))


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def nominate_url(iteration: Iteration) -> str:
    return reverse("enrollment:nominate", args=[iteration.pk])


def page_of(nomination: Nomination) -> str:
    return reverse("enrollment:nomination", args=[nomination.pk])


def move_url(nomination: Nomination) -> str:
    return reverse("enrollment:nomination_move", args=[nomination.pk])


def told_at_once() -> Iteration:
    """An iteration whose candidates learn of a decision together with their liaisons."""
    return make.iteration(person_told_after_hours=0)


def sent_by_ukraine(nomination: Nomination) -> None:
    """As if the person had belonged to Ukraine then."""
    Nomination.objects.filter(pk=nomination.pk).update(nation=make.nation("UA"))


# Who may open what.


def test_each_role_gets_its_answer(client, signed_in, liaison, foreigner, office):
    nomination = make.nomination(to=make.iteration())
    users = {
        "visitor": None,
        "liaison": liaison,
        "foreign liaison": foreigner,
        "coordinator": office,
        "administrator": make.administrator(),
        "instructor": make.instructor(nomination.iteration),
        "trainee": make.trainee(nomination.person),
        "other trainee": make.trainee(make.person()),
    }
    pages = {
        "nomination": page_of(nomination),
        "nominate": nominate_url(nomination.iteration),
        "edit": reverse("enrollment:nomination_edit", args=[nomination.pk]),
        "record": reverse("enrollment:person_nominations", args=[nomination.person_id]),
    }

    answers = {
        name: {page: (signed_in(user) if user else client).get(url).status_code for page, url in pages.items()}
        for name, user in users.items()
    }

    assert answers == {
        "visitor": {"nomination": 302, "nominate": 302, "edit": 302, "record": 302},
        "liaison": {"nomination": 200, "nominate": 200, "edit": 302, "record": 200},
        "foreign liaison": {"nomination": 404, "nominate": 200, "edit": 404, "record": 404},
        "coordinator": {"nomination": 200, "nominate": 403, "edit": 403, "record": 200},
        "administrator": {"nomination": 200, "nominate": 403, "edit": 403, "record": 200},
        "instructor": {"nomination": 404, "nominate": 403, "edit": 403, "record": 404},
        "trainee": {"nomination": 200, "nominate": 403, "edit": 403, "record": 200},
        "other trainee": {"nomination": 404, "nominate": 403, "edit": 403, "record": 404},
    }


def test_a_draft_is_seen_by_the_nation_alone(signed_in, liaison, office):
    draft = make.nomination(state="draft")
    trainee = make.trainee(draft.person)

    answers = [signed_in(user).get(page_of(draft)).status_code for user in (liaison, office, trainee)]

    assert answers == [200, 404, 404]


# Put forward.


def test_the_liaison_finds_own_people_by_any_part_of_the_name_and_nobody_elses(signed_in, jordan, liaison):
    make.person(jordan, family_name="Ødegård", given_names="Åsa")
    make.person(jordan, family_name="Haddad", given_names="Rania")
    make.person(make.nation("UA"), family_name="Odegaard", given_names="Foreign")
    url = nominate_url(make.iteration())

    everybody = text_of(signed_in(liaison).get(url))
    found = text_of(signed_in(liaison).get(url, {"q": "odeg"}))

    assert "Ødegård, Åsa" in everybody
    assert "Haddad, Rania" in everybody
    assert "Foreign" not in everybody
    assert "Ødegård, Åsa" in found
    assert "Haddad" not in found


def test_who_is_nominated_already_is_marked_and_cannot_be_chosen(signed_in, liaison):
    nomination = make.nomination(make.person(family_name="Twice"))
    url = nominate_url(nomination.iteration)

    listed = text_of(signed_in(liaison).get(url))
    chosen = text_of(signed_in(liaison).get(url, {"person": nomination.person_id}))

    assert "is nominated already" in listed
    assert "Twice, Given is already nominated for this iteration." in chosen
    assert "Save as draft" not in chosen


def test_choosing_a_person_shows_each_criterion_with_its_evidence_before_anything_is_submitted(
    signed_in, jordan, liaison
):
    course = make.course(slp_minimum="3232")
    make.prerequisite(course, make.course("ADL 169"))
    person = make.person(jordan, grade="OR-8")
    make.language_test(person, "3333")

    page = text_of(signed_in(liaison).get(nominate_url(make.iteration(course)), {"person": person.pk}))

    for words in (
        "Not met",
        "OR-8 on record; asked for",
        "Met",
        "SLP 3333 on record.",
        "Not proven",
        "No completion on record.",
    ):
        assert words in page
    assert not Nomination.objects.exists()


def test_what_speaks_against_it_is_said_beforehand(signed_in, jordan, liaison):
    course = make.course("GENAD")
    person = make.person(jordan)
    iteration = make.iteration(course, nominations_close_on=timezone.localdate() - timedelta(days=2))
    make.nomination(person, make.running_iteration(course), state="passed")
    make.nomination(person, make.iteration(make.course("GFP"), starts_on=iteration.starts_on), state="selected")

    page = text_of(signed_in(liaison).get(nominate_url(iteration), {"person": person.pk}))

    assert "Was on the same course within 24 months" in page
    assert "Overlaps with another nomination: GFP Course" in page
    assert "will be marked as late" in page
    assert "Earlier courses: GENAD" in page


def test_what_another_nation_did_with_the_person_is_not_told(signed_in, jordan, liaison):
    iteration = make.iteration()
    person = make.person(jordan)
    sent_by_ukraine(make.nomination(person, make.iteration(starts_on=iteration.starts_on)))

    page = text_of(signed_in(liaison).get(nominate_url(iteration), {"person": person.pk}))

    assert "Overlaps" not in page


@pytest.mark.parametrize(
    ("fields", "sentence", "may_draft"),
    [
        ({"state": "announced"}, "takes no nominations", False),
        ({"is_by_invitation": True}, "is by invitation, and Jordan is not invited", False),
        (
            {"nominations_close_on": date(2026, 1, 1), "late_policy": "refuse"},
            "Late nominations are not accepted",
            True,
        ),
    ],
)
def test_where_it_would_be_refused_the_page_says_so_and_offers_no_submit(
    signed_in, jordan, liaison, fields, sentence, may_draft
):
    person = make.person(jordan)

    page = text_of(signed_in(liaison).get(nominate_url(make.iteration(**fields)), {"person": person.pk}))

    assert sentence in page
    assert 'value="submit"' not in page
    assert ('value="draft"' in page) is may_draft


def test_a_suspended_nation_reads_why_it_cannot_nominate(signed_in, jordan, liaison):
    make.membership(jordan, suspended_from=date(2024, 1, 1))
    person = make.person(jordan)

    page = text_of(signed_in(liaison).get(nominate_url(make.iteration()), {"person": person.pk}))

    assert "partnership is suspended" in page
    assert "<textarea" not in page


@pytest.mark.parametrize(("deed", "state"), [("draft", "draft"), ("submit", "submitted"), ("", "draft")])
def test_a_nomination_is_saved_as_a_draft_or_submitted(signed_in, jordan, liaison, deed, state):
    person, iteration = make.person(jordan), make.iteration()
    form = {"person": person.pk, "priority": 2, "is_alternate": "on", "remarks": "Late arrival", "deed": deed}

    answer = signed_in(liaison).post(nominate_url(iteration), form, follow=True)

    nomination = Nomination.objects.get()
    assert (nomination.state, nomination.priority, nomination.is_alternate) == (state, 2, True)
    assert answer.redirect_chain == [(page_of(nomination), 302)]
    assert "Late arrival" in text_of(answer)


def test_what_was_typed_is_kept_when_something_is_wrong(signed_in, jordan, liaison):
    person = make.person(jordan)
    form = {"person": person.pk, "priority": "0", "remarks": "A remark worth keeping", "deed": "submit"}

    answer = signed_in(liaison).post(nominate_url(make.iteration()), form)

    assert answer.status_code == 200
    page = text_of(answer)
    assert "greater than or equal to 1" in page
    assert "A remark worth keeping" in page
    assert person.titled_name in page
    assert not Nomination.objects.exists()


def test_a_refusal_is_a_sentence_beside_what_was_typed(signed_in, jordan, liaison):
    person, iteration = make.person(jordan), make.iteration(nominations_close_on=date(2026, 1, 1), late_policy="refuse")
    form = {"person": person.pk, "priority": 1, "remarks": "A remark worth keeping", "deed": "submit"}

    page = text_of(signed_in(liaison).post(nominate_url(iteration), form))

    assert "Late nominations are not accepted." in page
    assert "A remark worth keeping" in page
    assert not Nomination.objects.exists()


@pytest.mark.parametrize("person", ["foreign", "999999", "nobody", "", "9" * 30])
def test_nobody_but_the_own_people_can_be_put_forward(signed_in, liaison, person):
    foreign = make.person(make.nation("UA"), family_name="Foreign")
    chosen = foreign.pk if person == "foreign" else person
    url = nominate_url(make.iteration())

    posted = signed_in(liaison).post(url, {"person": chosen, "priority": 1, "deed": "submit"})
    shown = signed_in(liaison).get(url, {"person": chosen})

    assert posted.status_code == 200
    assert "Foreign" not in text_of(posted)
    assert ("none of your people" in text_of(posted)) or ("Choose the person" in text_of(posted))
    assert shown.status_code == (200 if person == "" else 404)
    assert not Nomination.objects.exists()


def test_an_iteration_that_is_not_public_cannot_be_nominated_for(signed_in, liaison):
    assert signed_in(liaison).get(nominate_url(make.iteration(state="draft"))).status_code == 404


def test_with_htmx_only_the_part_that_changes_comes_back(signed_in, jordan, liaison):
    person, url = make.person(jordan), nominate_url(make.iteration())
    browser = signed_in(liaison)

    choice = text_of(browser.get(url, {"person": person.pk}, HTTP_HX_REQUEST="true", HTTP_HX_TARGET="choice"))
    people = text_of(browser.get(url, {"q": ""}, HTTP_HX_REQUEST="true", HTTP_HX_TARGET="people"))

    assert "<html" not in choice + people
    assert "Save as draft" in choice
    assert person.list_name in people


# Change.


def test_the_liaison_changes_a_draft_and_nothing_that_was_submitted(signed_in, liaison):
    draft, submitted = make.nomination(state="draft"), make.nomination()
    form = {"priority": 7, "remarks": "Changed"}

    shown = signed_in(liaison).get(reverse("enrollment:nomination_edit", args=[draft.pk]))
    late = signed_in(liaison).get(reverse("enrollment:nomination_edit", args=[submitted.pk]), follow=True)
    changed = signed_in(liaison).post(reverse("enrollment:nomination_edit", args=[draft.pk]), form)
    refused = signed_in(liaison).post(reverse("enrollment:nomination_edit", args=[submitted.pk]), form)

    assert shown.status_code == 200
    assert "can no longer be changed" in text_of(late)
    assert changed.status_code == 302
    assert "can no longer be changed" in text_of(refused)
    assert "Changed" in text_of(refused)
    assert list(Nomination.objects.order_by("pk").values_list("priority", flat=True)) == [7, 1]


# The page of a nomination.


def test_the_person_reads_state_and_evidence_but_not_what_nation_and_office_say_to_each_other(
    signed_in, liaison, office
):
    nomination = make.nomination(to=told_at_once(), state="draft", priority=5, remarks="Inner remark")
    nomination = actions.submit(nomination, by=liaison)
    actions.return_for_completion(nomination, by=office, reason="Inner return")
    actions.submit(nomination, by=liaison)
    actions.refuse(nomination, by=office, reason="Inner refusal", code="priority")

    hers = text_of(signed_in(make.trainee(nomination.person)).get(page_of(nomination)))
    inside = text_of(signed_in(liaison).get(page_of(nomination)))

    for words in ("Inner", "Others had priority", "Priority", "Returned", str(office), str(liaison)):
        assert words not in hers, words
    assert "Your liaison knows the reason" in hers
    for words in ("Inner remark", "Inner return", "Inner refusal", "Others had priority", str(office)):
        assert words in inside, words


def test_waiting_and_not_yet_decided_are_different_words(signed_in, liaison):
    submitted, waiting = make.nomination(), make.nomination(state="waitlisted")

    assert "not yet decided" in text_of(signed_in(liaison).get(page_of(submitted)))
    page = text_of(signed_in(liaison).get(page_of(waiting)))
    assert "On the waiting list" in page
    assert "not yet decided" not in page


def test_a_seat_before_go_says_not_to_travel(signed_in, liaison):
    before = make.nomination(state="selected")
    after = make.nomination(to=make.iteration(state="confirmed"), state="confirmed")

    assert "Do not travel before the iteration is confirmed" in text_of(signed_in(liaison).get(page_of(before)))
    assert "Do not travel" not in text_of(signed_in(liaison).get(page_of(after)))


@pytest.mark.parametrize(
    ("state", "viewer", "offered"),
    [
        ("draft", "liaison", {"submit", "withdraw"}),
        ("submitted", "liaison", {"withdraw"}),
        ("submitted", "office", {"return", "select", "waitlist", "refuse"}),
        ("submitted", "person", set()),
        ("waitlisted", "office", {"select", "refuse"}),
        ("selected", "person", {"confirm", "decline"}),
        ("selected", "liaison", {"confirm", "withdraw"}),
        ("confirmed", "office", {"release"}),
        ("passed", "office", set()),
    ],
)
def test_the_page_offers_the_moves_that_are_open_to_the_reader(signed_in, liaison, office, state, viewer, offered):
    nomination = make.nomination(state=state)
    user = {"liaison": liaison, "office": office, "person": make.trainee(nomination.person)}[viewer]

    page = signed_in(user).get(page_of(nomination)).content.decode()

    assert {name for name in actions.NOMINATION_DEEDS if f'name="move" value="{name}"' in page} == offered


def test_the_findings_of_today_stand_beside_those_of_the_submission(signed_in, office):
    course = make.course(slp_minimum="2222")
    nomination = make.nomination(make.person(), make.iteration(course), state="draft")
    actions.submit(nomination, by=nomination.nominated_by)
    make.language_test(nomination.person, "3333")

    page = text_of(signed_in(office).get(page_of(nomination)))

    assert "SLP 3333 on record." in page
    assert "No language test on record." in page


# Moves.


def test_a_nomination_walks_through_its_page(signed_in, liaison, office):
    nomination = make.nomination(to=told_at_once(), state="draft")
    person = make.trainee(nomination.person)
    walk = [
        (liaison, {"move": "submit"}, "submitted"),
        (office, {"move": "return", "reason": "Certificate missing"}, "returned"),
        (liaison, {"move": "submit"}, "submitted"),
        (office, {"move": "waitlist", "reason": ""}, "waitlisted"),
        (office, {"move": "select"}, "selected"),
        (person, {"move": "confirm"}, "confirmed"),
        (person, {"move": "decline", "reason": "Ill"}, "withdrawn"),
    ]

    for user, form, state in walk:
        answer = signed_in(user).post(move_url(nomination), form)
        assert (answer.status_code, answer["Location"]) == (302, page_of(nomination)), form
        assert Nomination.objects.get().state == state

    assert Iteration.objects.get().seats_taken == 0


def test_a_move_goes_back_to_the_page_of_this_site_that_it_came_from(signed_in, office):
    first, second = make.nomination(), make.nomination()
    url = reverse("enrollment:iteration_nominations", args=[first.iteration_id])

    home = signed_in(office).post(move_url(first), {"move": "select", "next": url})
    away = signed_in(office).post(move_url(second), {"move": "select", "next": "https://example.com/"})

    assert home["Location"] == url
    assert away["Location"] == page_of(second)


def test_a_missing_reason_is_asked_for_on_the_page_and_nothing_moves(signed_in, office):
    nomination = make.nomination()

    answer = signed_in(office).post(move_url(nomination), {"move": "refuse", "code": "capacity", "reason": "  "})

    assert answer.status_code == 200
    assert "Give a reason" in text_of(answer)
    assert '<option value="capacity" selected>' in text_of(answer)
    assert Nomination.objects.get().state == "submitted"


def test_a_reason_that_is_too_long_is_kept_for_shortening(signed_in, office):
    nomination = make.nomination()

    answer = signed_in(office).post(move_url(nomination), {"move": "refuse", "reason": "word " * 500})

    assert "at most 2000 characters" in text_of(answer)
    assert "word word word" in text_of(answer)


def test_a_stale_page_is_answered_by_the_fresh_one_with_a_sentence(signed_in, office):
    nomination = make.nomination()
    actions.refuse(nomination, by=make.coordinator(), reason="No", code="other")

    answer = signed_in(office).post(move_url(nomination), {"move": "select"}, follow=True)

    assert "Somebody may have decided in the meantime" in text_of(answer)
    assert Iteration.objects.get().seats_taken == 0


@pytest.mark.parametrize("move", ["record_passed", "cancel", "nonsense", ""])
def test_a_move_that_is_none_of_this_page_is_refused(signed_in, office, move):
    nomination = make.nomination()

    answer = signed_in(office).post(move_url(nomination), {"move": move, "reason": "x"}, follow=True)

    assert "There is no such move here" in text_of(answer)
    assert Nomination.objects.get().state == "submitted"


def test_a_foreign_liaison_moves_nothing_and_learns_nothing(signed_in, foreigner):
    nomination = make.nomination()

    for url in (move_url(nomination), reverse("enrollment:nomination_edit", args=[nomination.pk])):
        assert signed_in(foreigner).post(url, {"move": "withdraw", "reason": "x"}).status_code == 404

    assert Nomination.objects.get().state == "submitted"


# Waivers.


def test_a_coordinator_waives_a_criterion_from_the_page(signed_in, office):
    nomination = make.nomination(make.person(grade="OR-9"))
    url = reverse("enrollment:waive", args=[nomination.pk])

    empty = signed_in(office).post(url, {"criterion": "grade", "reason": ""})
    done = signed_in(office).post(url, {"criterion": "grade", "reason": "Ten years in the field"}, follow=True)
    again = signed_in(office).post(url, {"criterion": "grade", "reason": "Twice"}, follow=True)

    assert "a waiver is kept with who, when and why" in text_of(empty)
    assert f"Waived by {office}: Ten years in the field" in text_of(done)
    assert "already waived" in text_of(again)
    assert nomination.waivers.count() == 1


def test_the_form_for_a_waiver_stands_only_where_one_is_possible(signed_in, office, liaison):
    course = make.course(enlisted_by_waiver_from=7)
    possible, too_low = (
        make.nomination(make.person(grade=grade), make.iteration(course)) for grade in ("OR-7", "OR-6")
    )
    waive = {each: reverse("enrollment:waive", args=[each.pk]) for each in (possible, too_low)}

    assert waive[possible] in text_of(signed_in(office).get(page_of(possible)))
    assert waive[too_low] not in text_of(signed_in(office).get(page_of(too_low)))
    assert waive[possible] not in text_of(signed_in(liaison).get(page_of(possible)))
    assert signed_in(liaison).post(waive[possible], {"criterion": "grade", "reason": "x"}).status_code == 403


# The checklist.


def test_the_person_ticks_with_and_without_javascript(signed_in):
    nomination = make.nomination(state="selected")
    person = make.trainee(nomination.person)
    actions.confirm(nomination, by=person)
    item = ChecklistItem.objects.get(kind="insurance")
    url = reverse("enrollment:checklist", args=[item.pk])

    plain = signed_in(person).post(url, {"is_done": "1", "next": page_of(nomination)})
    assert plain["Location"] == page_of(nomination)
    assert ChecklistItem.objects.get(pk=item.pk).done_at is not None
    part = signed_in(person).post(url, {"is_done": "0"}, HTTP_HX_REQUEST="true")
    assert "<html" not in text_of(part)
    assert "Arrange health insurance" in text_of(part)
    assert ChecklistItem.objects.get(pk=item.pk).done_at is None


def test_others_do_not_tick_and_strangers_do_not_find_it(signed_in, liaison, foreigner):
    nomination = make.nomination(state="selected")
    actions.confirm(nomination, by=liaison)
    url = reverse("enrollment:checklist", args=[ChecklistItem.objects.first().pk])

    own = signed_in(liaison).post(url, {"is_done": "1"}, follow=True)

    assert "somebody else's checklist" in text_of(own).replace("&#x27;", "'")
    assert signed_in(foreigner).post(url, {"is_done": "1"}).status_code == 404
    assert not ChecklistItem.objects.filter(done_at__isnull=False).exists()


@pytest.mark.parametrize(
    ("state", "offered"),
    [("selected", {"confirm", "decline"}), ("confirmed", {"decline"}), ("submitted", set()), ("passed", set())],
)
def test_a_place_on_the_own_page_says_what_it_means_and_what_can_be_done(rf, state, offered):
    nomination = make.nomination(state=state, decision_reason="Inner reason")
    nomination.checklist.create(kind="visa")

    part = render_to_string("enrollment/_place.html", {"nomination": nomination}, request=rf.get("/me/"))

    assert {name for name in actions.NOMINATION_DEEDS if f'name="move" value="{name}"' in part} == offered
    assert ("Do not travel before" in part) is (state in ("selected", "confirmed", "passed"))
    assert ("Apply for a visa" in part) is nomination.has_a_seat
    assert 'name="next" value="/me/"' in part or not offered
    assert "Inner reason" not in part


# A person's record.


def test_a_record_shows_each_reader_what_the_reader_may_know(signed_in, jordan, liaison, office):
    person = make.person(jordan)
    draft, foreign = make.nomination(person, state="draft"), make.nomination(person, make.iteration())
    sent_by_ukraine(foreign)
    make.completion(person, make.course("ADL 169"), reference="JKO-1")
    url = reverse("enrollment:person_nominations", args=[person.pk])
    readers = {"liaison": liaison, "office": office, "person": make.trainee(person)}

    pages = {name: text_of(signed_in(user).get(url)) for name, user in readers.items()}

    shown = {name: [page_of(draft) in page, page_of(foreign) in page, "JKO-1" in page] for name, page in pages.items()}
    assert shown == {"liaison": [True, False, True], "office": [False, True, True], "person": [False, True, True]}
    assert "Record a completion" not in pages["person"]
    assert "<html" not in text_of(signed_in(liaison).get(url, HTTP_HX_REQUEST="true"))


def test_a_completion_is_recorded_and_counts_as_evidence(signed_in, jordan, liaison):
    person, adl = make.person(jordan), make.course("ADL 169")
    url = reverse("enrollment:completion_add", args=[person.pk])
    form = {"course": adl.pk, "completed_on": "2026-02-03", "reference": "JKO-7"}

    done = signed_in(liaison).post(url, form)
    twice = signed_in(liaison).post(url, form)

    assert done.status_code == 302
    assert "already recorded" in text_of(twice)
    assert "JKO-7" in text_of(twice)
    assert Completion.objects.get().recorded_by == liaison


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"completed_on": "2999-01-01"}, "cannot lie ahead"),
        ({"completed_on": "someday"}, "Enter a valid date"),
        ({"course": "999999"}, "Select a valid choice"),
        ({"reference": "x" * 81}, "at most 80 characters"),
    ],
)
def test_a_completion_that_cannot_be_is_refused_and_kept(signed_in, jordan, liaison, changes, sentence):
    person, adl = make.person(jordan), make.course("ADL 169")
    form = {"course": adl.pk, "completed_on": "2026-02-03", "reference": "JKO-7", **changes}

    answer = signed_in(liaison).post(reverse("enrollment:completion_add", args=[person.pk]), form)

    assert answer.status_code == 200
    assert sentence in text_of(answer)
    assert form["reference"] in text_of(answer)
    assert not Completion.objects.exists()


def test_nobody_records_for_another_nations_people_or_for_herself(signed_in, jordan, foreigner):
    person = make.person(jordan)
    url = reverse("enrollment:completion_add", args=[person.pk])

    assert signed_in(foreigner).post(url, {}).status_code == 404
    assert signed_in(make.trainee(person)).post(url, {}).status_code == 403


# What a page costs.


@pytest.mark.parametrize("viewer", ["liaison", "office", "person"])
@pytest.mark.parametrize("state", ["submitted", "confirmed"])
def test_the_page_of_a_nomination_costs_at_most_eleven_queries(
    signed_in, liaison, office, state, viewer, django_assert_max_num_queries
):
    course = make.course(slp_minimum="2222")
    for n in range(3):
        make.prerequisite(course, make.course(f"ADL {n}"))
    nomination = make.nomination(to=make.iteration(course), state=state)
    user = {"liaison": liaison, "office": office, "person": make.trainee(nomination.person)}[viewer]
    for waived in ("grade", "slp"):
        nomination.waivers.create(criterion=waived, reason="Why", granted_by=office)
    browser = signed_in(user)

    with django_assert_max_num_queries(11):
        browser.get(page_of(nomination))


@pytest.mark.parametrize("count", [1, 3, 30])
def test_nominating_costs_the_same_for_few_people_and_for_many(
    signed_in, jordan, liaison, count, django_assert_num_queries
):
    people = [make.person(jordan) for _n in range(count)]
    url, browser = nominate_url(make.iteration()), signed_in(liaison)

    with django_assert_num_queries(6):
        browser.get(url)
    with django_assert_num_queries(12):
        browser.get(url, {"person": people[0].pk})


@pytest.mark.parametrize("count", [1, 3, 30])
def test_a_record_costs_the_same_for_a_short_and_a_long_history(
    signed_in, jordan, liaison, count, django_assert_max_num_queries
):
    person = make.person(jordan)
    for _n in range(count):
        make.nomination(person, make.iteration(), state="withdrawn")
        make.completion(person, make.course(), recorded_by=liaison)
    browser = signed_in(liaison)

    with django_assert_max_num_queries(10):
        browser.get(reverse("enrollment:person_nominations", args=[person.pk]))
