"""Ask for letters: which kind a state asks for, who may, once for each decision."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.moves import Refused
from certificates.letters import actions, kinds
from certificates.letters.kinds import LetterKind
from certificates.models import Letter
from courses.models import Iteration
from courses.workflow import IterationState
from enrollment import actions as enrollment
from enrollment.models import Nomination
from enrollment.workflow import NominationState
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return make.coordinator()


def fresh(nomination: Nomination) -> Nomination:
    return Nomination.objects.select_related("iteration__course", "person").get(pk=nomination.pk)


# Kinds


def test_every_state_asks_for_one_kind_or_says_why_for_none():
    assert {*kinds.KIND_OF, *kinds.WHY_NONE} >= set(NominationState)
    assert set(kinds.KIND_OF) & set(kinds.WHY_NONE) == set()


@pytest.mark.parametrize("state", ["draft", "announced", "nominations open", "nominations closed"])
def test_a_place_before_go_is_a_letter_not_to_travel(state, office):
    iteration = make.iteration(state=state)

    for place in ("selected", "confirmed"):
        letter = actions.make(make.nomination(to=iteration, state=place), by=office)
        assert letter.kind == LetterKind.DO_NOT_TRAVEL


@pytest.mark.parametrize("state", ["confirmed", "running"])
def test_a_place_after_go_is_an_acceptance(state, office):
    nomination = make.nomination(to=make.iteration(state=state), state="confirmed")

    assert actions.make(nomination, by=office).kind == LetterKind.ACCEPTED


@pytest.mark.parametrize(("state", "kind"), [("waitlisted", "waiting"), ("refused", "refused")])
def test_no_place_is_no_place_before_go_and_after(state, kind, office):
    for held in (IterationState.OPEN, IterationState.CONFIRMED):
        nomination = make.nomination(to=make.iteration(state=held), state=state)
        assert actions.make(nomination, by=office).kind == kind


@pytest.mark.parametrize("state", sorted(set(kinds.WHY_NONE) & set(NominationState)))
def test_other_states_are_refused_with_their_reason(state, office):
    nomination = make.nomination(state=state)

    with pytest.raises(Refused, match="There is no letter to make") as refusal:
        actions.make(nomination, by=office)

    assert str(kinds.WHY_NONE[state]) in refusal.value.sentence
    assert not Letter.objects.exists()


def test_a_draft_that_fell_with_its_iteration_gets_no_letter(office):
    nomination = make.nomination(state="cancelled", submitted_at=None)

    with pytest.raises(Refused, match="Never submitted"):
        actions.make(nomination, by=office)


# Who may


def test_the_liaison_of_the_nation_may_and_keeps_her_name_on_it():
    liaison = make.liaison(make.nation("JO"))
    nomination = make.nomination(make.person(make.nation("JO")), state="waitlisted")

    assert actions.make(nomination, by=liaison).requested_by == liaison


@pytest.mark.parametrize("who", ["foreign", "trainee", "instructor"])
def test_nobody_else_may(who):
    nomination = make.nomination(make.person(make.nation("JO")), state="selected")
    users = {
        "foreign": lambda: make.liaison(make.nation("UA")),
        "trainee": lambda: make.trainee(nomination.person),
        "instructor": lambda: make.instructor(nomination.iteration),
    }

    with pytest.raises(Refused, match="by the training office or by the liaison"):
        actions.make(nomination, by=users[who]())

    assert not Letter.objects.exists()


# Once for each decision


def test_asked_twice_it_is_the_same_letter(office):
    nomination = make.nomination(state="waitlisted")

    assert actions.make(nomination, by=office) == actions.make(nomination, by=office)
    assert Letter.objects.count() == 1


def test_a_later_decision_makes_a_new_letter_and_overtakes_the_old_one(office):
    nomination = enrollment.waitlist(make.nomination(), by=office)
    first = actions.make(nomination, by=office)
    enrollment.select(nomination, by=office)

    second = actions.make(nomination, by=office)

    assert [first.kind, second.kind] == ["waiting", "do-not-travel"]
    assert not Letter.objects.get(pk=first.pk).is_current
    assert Letter.objects.get(pk=second.pk).is_current


def test_taking_the_place_is_another_occasion_though_the_kind_is_the_same(office):
    nomination = enrollment.select(make.nomination(), by=office)
    first = actions.make(nomination, by=office)
    enrollment.confirm(nomination, by=nomination.nominated_by)

    second = actions.make(nomination, by=office)

    assert first != second
    assert first.kind == second.kind
    assert (first.printed["is_confirmed"], second.printed["is_confirmed"]) == (False, True)


def test_go_overtakes_what_said_do_not_travel_yet(office):
    nomination = make.nomination(state="confirmed")
    letter = actions.make(nomination, by=office)

    Iteration.objects.update(state=IterationState.CONFIRMED)

    assert not Letter.objects.get(pk=letter.pk).is_current
    assert actions.make(fresh(nomination), by=office).kind == LetterKind.ACCEPTED


def test_a_withdrawal_overtakes_the_letter_and_asks_for_none(office):
    nomination = enrollment.select(make.nomination(), by=office)
    letter = actions.make(nomination, by=office)

    enrollment.release(nomination, by=office, reason="Nobody confirmed it.")

    assert not Letter.objects.get(pk=letter.pk).is_current
    with pytest.raises(Refused, match="Withdrawn"):
        actions.make(nomination, by=office)


@pytest.mark.parametrize("change", [{"ends_on": timezone.localdate() + timedelta(days=93)}, {"place": "Elsewhere"}])
def test_other_days_or_another_place_overtake_it_too(change, office):
    nomination = make.nomination(state="selected")
    letter = actions.make(nomination, by=office)

    Iteration.objects.update(**change)

    assert not Letter.objects.get(pk=letter.pk).is_current
    assert actions.make(fresh(nomination), by=office) != letter


def test_another_name_overtakes_nothing_and_alters_nothing(office):
    nomination = make.nomination(make.person(printed_name="Rania Haddad"), state="selected")
    letter = actions.make(nomination, by=office)

    nomination.person.printed_name = "Rania Khoury"
    nomination.person.save()

    assert Letter.objects.get(pk=letter.pk).is_current
    assert actions.make(nomination, by=office).printed["name"] == "Rania Haddad"


def test_an_acceptance_stays_right_when_she_has_come(office):
    nomination = make.nomination(to=make.running_iteration(), state="confirmed")
    letter = actions.make(nomination, by=office)

    Nomination.objects.update(state="passed")

    assert Letter.objects.get(pk=letter.pk).is_current


# For a whole iteration


def test_all_missing_letters_are_asked_for_in_one_act_with_references_in_order(office):
    iteration = make.iteration()
    for state in ("selected", "waitlisted", "refused", "submitted"):
        make.nomination(to=iteration, state=state)
    there = actions.make(iteration.nominations.get(state="refused"), by=office)

    letters = actions.make_missing(iteration, by=office)

    assert sorted(each.kind for each in letters) == ["do-not-travel", "waiting"]
    year = iteration.today().year
    assert there.reference == f"NCGM-L-{year}-000001"
    assert [each.reference for each in letters] == [f"NCGM-L-{year}-000002", f"NCGM-L-{year}-000003"]


def test_when_all_have_theirs_it_is_refused(office):
    nomination = make.nomination(state="refused")
    actions.make(nomination, by=office)

    with pytest.raises(Refused, match="everybody who gets one has it"):
        actions.make_missing(nomination.iteration, by=office)


def test_a_liaison_asks_for_the_own_nation_only():
    iteration, jordan, ukraine = make.iteration(), make.nation("JO"), make.nation("UA")
    make.nomination(make.person(ukraine), iteration, state="refused")
    own = make.nomination(make.person(jordan), iteration, state="refused")

    letters = actions.make_missing(iteration, by=make.liaison(jordan))

    assert [each.nomination for each in letters] == [own]


def test_references_go_on_beside_the_numbers_of_certificates(office):
    make.certificate()

    letter = actions.make(make.nomination(state="refused"), by=office)

    assert letter.reference.endswith("-000001")


# Once more


def test_what_failed_is_tried_again_with_the_words_of_today(office):
    letter = make.letter(make.nomination(state="refused"), by=office, state="failed")
    person = letter.nomination.person
    person.printed_name = "Mended Name"
    person.save()

    again = actions.retry(letter, by=office)

    assert (again.state, again.attempts, again.failure) == ("queued", 0, "")
    assert again.printed["name"] == "Mended Name"
    assert again.reference == letter.reference


@pytest.mark.parametrize("state", ["queued", "made"])
def test_what_has_not_failed_is_not_tried_again(state, office):
    letter = make.letter(state=state, by=office)

    with pytest.raises(Refused, match="has not failed"):
        actions.retry(letter, by=office)


def test_what_is_overtaken_is_not_tried_again(office):
    nomination = enrollment.waitlist(make.nomination(), by=office)
    letter = make.letter(nomination, by=office, state="failed")
    enrollment.refuse(nomination, by=office, reason="No seat will come free.")

    with pytest.raises(Refused, match="Make the new letter instead"):
        actions.retry(letter, by=office)


def test_a_foreign_liaison_tries_nothing_again():
    letter = make.letter(make.nomination(make.person(make.nation("JO")), state="refused"), state="failed")

    with pytest.raises(Refused, match="by the training office"):
        actions.retry(letter, by=make.liaison(make.nation("UA")))


# Who sees it


@pytest.mark.parametrize(
    ("state", "held", "sees"),
    [
        ("selected", "nominations open", True),
        ("confirmed", "confirmed", True),
        ("waitlisted", "confirmed", False),
        ("refused", "confirmed", False),
        ("cancelled", "cancelled", False),
    ],
)
def test_the_person_sees_what_is_written_to_her_and_not_what_is_written_to_the_nation(state, held, sees):
    trainee = make.trainee()
    make.letter(make.nomination(trainee.person, make.iteration(state=held), state=state))

    assert Letter.objects.visible_to(trainee).exists() is sees


def test_the_person_sees_her_letter_once_she_is_told_and_the_liaison_before(office):
    trainee, soon = make.trainee(), timezone.now() + timedelta(hours=1)
    liaison = make.liaison(trainee.person.nation)
    nomination = make.nomination(trainee.person, state="selected", person_told_at=soon)
    make.letter(nomination, by=office)

    assert [Letter.objects.visible_to(user).exists() for user in (liaison, trainee)] == [True, False]

    Nomination.objects.update(person_told_at=timezone.now())
    assert Letter.objects.visible_to(trainee).exists()


def test_letters_are_seen_by_the_office_and_the_own_liaison_alone():
    letter = make.letter(make.nomination(make.person(make.nation("JO")), state="refused"))

    seers = [make.coordinator(), make.liaison(make.nation("JO"))]
    strangers = [make.liaison(make.nation("UA")), make.trainee(), make.instructor(letter.nomination.iteration)]
    assert all(Letter.objects.visible_to(user).exists() for user in seers)
    assert not any(Letter.objects.visible_to(user).exists() for user in strangers)
