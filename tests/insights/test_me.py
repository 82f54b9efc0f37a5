"""A participant's own page."""

import pytest

from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return make.person(family_name="Khayali", given_names="Rania")


@pytest.fixture
def page(signed_in, person):
    client = signed_in(make.trainee(person))
    return lambda: client.get("/me/").content.decode()


def test_a_trainee_sees_her_place_and_can_confirm_it(page, person):
    make.nomination(person, make.iteration(), state="selected")

    assert "Confirm the place" in page()


def test_a_trainee_is_not_told_what_is_with_the_liaison(page, person):
    make.nomination(person, make.iteration(make.course("SECRET")), state="draft")
    make.nomination(person, make.iteration(make.course("HIDDEN")), state="returned")

    assert "SECRET Course" not in page()
    assert "HIDDEN Course" not in page()


def test_a_trainee_downloads_her_certificate_years_later(page, person):
    passed = make.passed(person)
    certificate = make.certificate(passed)
    type(passed.iteration).objects.filter(pk=passed.iteration_id).update(state="closed")

    assert certificate.number in page()
    assert f'href="/certificates/{certificate.pk}/download/"' in page()
    assert f'href="/verify/{certificate.code}/"' in page()


def test_a_certificate_on_its_way_says_so(page, person):
    made = make.certificate(make.passed(person), state="queued")

    assert "It is being made." in page()
    assert f"/certificates/{made.pk}/download/" not in page()


def test_why_a_certificate_was_revoked_is_the_offices_to_say(page, person):
    make.certificate(make.passed(person), state="revoked", revocation_reason="Wrong person")

    assert "The office can say why." in page()
    assert "Wrong person" not in page()


def test_other_peoples_certificates_and_messages_stay_theirs(page):
    other = make.certificate(make.passed(make.person(family_name="Other")))
    make.notification(make.user(), subject="Not for you")

    assert other.number not in page()
    assert "Not for you" not in page()


def test_own_messages_and_record_are_at_hand(page, person):
    mine = make.notification(person.user, subject="You are selected")

    assert f'href="/outbox/{mine.pk}/"' in page()
    assert f'href="/people/{person.pk}/"' in page()
    assert "Rania Khayali" in page()


def test_what_is_over_stands_under_earlier(page, person):
    make.nomination(person, make.iteration(make.course("GONE")), state="refused")

    assert "GONE Course" in page().partition("Earlier")[2]
    assert "You are not nominated for anything just now" in page()


def test_the_page_takes_as_many_queries_for_three_rows_as_for_one(signed_in, person, django_assert_max_num_queries):
    client, counts = signed_in(make.trainee(person)), []
    for number in (1, 2):
        for _each in range(number):
            make.nomination(person, make.iteration(), state="selected")
            make.certificate(make.passed(person))
            make.notification(person.user)
        client.get("/me/")
        with django_assert_max_num_queries(10) as captured:
            client.get("/me/")
        counts.append(len(captured))

    assert counts[0] == counts[1]
