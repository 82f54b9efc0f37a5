"""Move a nominee to another iteration of the course: targets with free seats, what it means, then the move."""

import re

import pytest
from django.utils import timezone

from enrollment import actions
from enrollment.actions import Wish
from enrollment.models import Nomination
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(signed_in):
    return signed_in(make.coordinator())


@pytest.fixture
def jordan():
    return make.nation("JO", "Jordan")


def address(nomination) -> str:
    return f"/nominations/{nomination.pk}/transfer/"


def words(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def two_iterations(**fields):
    here = make.iteration(capacity=4, minimum=1)
    return here, make.iteration(here.course, **{"capacity": 4, "minimum": 1, "reference": "2027-02", **fields})


def test_the_nomination_leads_to_the_page_and_the_page_shows_targets_with_their_free_seats(office):
    here, there = two_iterations()
    make.nomination(to=there, state="selected")
    other_course = make.iteration(reference="ELSEWHERE")
    nomination = make.nomination(to=here, state="selected")

    record, page = office.get(f"/nominations/{nomination.pk}/"), office.get(address(nomination))

    assert f'href="{address(nomination)}"' in record.content.decode()
    assert [each.pk for each, _is_there in page.context["targets"]] == [there.pk]
    assert "3 of 4" in words(page)
    assert other_course.reference not in words(page)


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("confirmed", "gets a seat on"),
        ("waitlisted", "waits on the list of"),
        ("submitted", "and is not yet decided there"),
    ],
)
def test_what_it_means_is_said_first_and_changes_nothing(state, sentence, office):
    here, there = two_iterations()
    nomination = make.nomination(to=here, state=state)

    page = office.post(address(nomination), {"to": there.pk, "reason": "Typed just now", "show": "1"})

    assert sentence in words(page)
    assert "Typed just now" in page.content.decode()
    assert Nomination.objects.count() == 1


def test_who_has_a_seat_moves_with_it(office):
    here, there = two_iterations()
    nomination = make.nomination(to=here, state="confirmed", confirmed_at=timezone.now())

    answer = office.post(address(nomination), {"to": there.pk, "reason": "Asked by the nation"}, follow=True)

    new = Nomination.objects.get(iteration=there)
    nomination.refresh_from_db()
    here.refresh_from_db()
    there.refresh_from_db()
    assert (new.state, nomination.state, here.seats_taken, there.seats_taken) == ("confirmed", "withdrawn", 0, 1)
    assert answer.redirect_chain[-1][0] == f"/nominations/{new.pk}/"
    assert f"Moved: {new.person} is now “Confirmed”" in words(answer)


def test_the_old_page_leads_to_the_new_one(office):
    here, there = two_iterations()
    nomination = make.nomination(to=here, state="submitted")
    office.post(address(nomination), {"to": there.pk})

    page = office.get(f"/nominations/{nomination.pk}/")

    assert f'href="/nominations/{Nomination.objects.get(iteration=there).pk}/"' in page.content.decode()


def test_a_ceiling_over_there_is_said_before_and_refused(office, jordan):
    here, there = two_iterations()
    make.nomination(make.person(jordan), there, state="selected")
    actions.set_quotas(there, [Wish(jordan, 0, 1)], by=make.coordinator())
    nomination = make.nomination(make.person(jordan), here, state="selected")

    shown = office.post(address(nomination), {"to": there.pk, "show": "1"})
    refused = office.post(address(nomination), {"to": there.pk})

    assert "Not possible: the ceiling of 1 for Jordan is reached." in words(shown)
    assert "the ceiling of 1 for Jordan is reached" in words(refused)
    nomination.refresh_from_db()
    assert nomination.state == "selected"


def test_where_the_person_is_nominated_already_cannot_be_chosen(office):
    here, there = two_iterations()
    person = make.person()
    nomination = make.nomination(person, here)
    make.nomination(person, there)

    page = office.get(address(nomination))
    answer = office.post(address(nomination), {"to": there.pk})

    assert "nominated there already" in words(page)
    assert "is nominated for" in words(answer)
    assert Nomination.objects.live().count() == 2


@pytest.mark.parametrize("value", ["", "x", "0", "99999999999999999999", "other course", "1,2"])
def test_a_target_that_is_none_is_refused_and_what_was_typed_is_kept(value, office):
    here, _there = two_iterations()
    other = make.iteration()
    nomination = make.nomination(to=here)

    sent = {"to": str(other.pk) if value == "other course" else value, "reason": "Typed just now"}
    page = office.post(address(nomination), sent)

    assert page.status_code == 200
    assert "to" in page.context["form"].errors
    assert "Typed just now" in page.content.decode()
    assert Nomination.objects.count() == 1


def test_without_another_iteration_the_page_says_what_to_do(office):
    nomination = make.nomination()

    page = office.get(address(nomination))

    assert "No other iteration of this course takes nominations now." in words(page)
    assert f"/iterations/{nomination.iteration_id}/duplicate/" in page.content.decode()


@pytest.mark.parametrize("state", ["refused", "withdrawn", "attended", "offered"])
def test_who_cannot_be_moved_is_not(state, office):
    here, there = two_iterations()
    answered = {"answer_by": here.created_at} if state == "offered" else {}
    nomination = make.nomination(to=here, state=state, **answered)

    answer = office.post(address(nomination), {"to": there.pk}, follow=True)

    assert "“Move to another iteration” is not possible" in words(answer)
    assert Nomination.objects.count() == 1


def test_only_the_office_moves_a_nominee(client, signed_in, jordan, office):
    here, there = two_iterations()
    nomination = make.nomination(make.person(jordan), here)

    assert client.get(address(nomination)).status_code == 302
    for user in (make.liaison(jordan), make.trainee(nomination.person), make.administrator()):
        assert signed_in(user).post(address(nomination), {"to": there.pk}).status_code == 403
    assert office.get("/nominations/987654/transfer/").status_code == 404
    assert Nomination.objects.count() == 1
