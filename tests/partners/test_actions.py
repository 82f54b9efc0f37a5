"""Who keeps people's records, and what is kept of each change."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.moves import Refused
from partners import actions
from partners.models import LanguageTest, Person
from tests import make

pytestmark = pytest.mark.django_db


def history_of(person: Person) -> list[tuple]:
    return list(person.history.values_list("history_change_reason", "history_user__email"))


def test_a_liaison_enters_a_person_of_the_own_nation():
    jordan = make.nation()
    liaison = make.liaison(jordan)

    person = actions.save_person(Person(nation=jordan, family_name="Haddad"), by=liaison)

    assert Person.objects.get() == person
    assert history_of(person) == [("Entered", liaison.email)]


def test_a_liaison_of_an_organisation_enters_its_people():
    union = make.organisation("AU")

    actions.save_person(Person(organisation=union, family_name="Okoye"), by=make.liaison(union))

    assert Person.objects.get().sender == union


@pytest.mark.parametrize("who", ["foreign liaison", "trainee", "administrator", "former liaison"])
def test_nobody_else_enters_people_of_a_nation(who):
    jordan = make.nation("JO")
    users = {
        "foreign liaison": lambda: make.liaison(make.nation("UA")),
        "trainee": lambda: make.trainee(make.person(jordan)),
        "administrator": make.administrator,
        "former liaison": make.user,
    }
    user = users[who]()
    before = Person.objects.count()

    with pytest.raises(Refused, match="no mandate"):
        actions.save_person(Person(nation=jordan, family_name="Haddad"), by=user)

    assert Person.objects.count() == before


def test_a_liaison_can_neither_take_nor_give_away_a_person():
    jordan, ukraine = make.nation("JO"), make.nation("UA")
    liaison, own, foreign = make.liaison(jordan), make.person(jordan), make.person(ukraine)
    own.nation, foreign.nation = ukraine, jordan

    for person in (own, foreign):
        with pytest.raises(Refused):
            actions.save_person(person, by=liaison)

    assert Person.objects.get(pk=own.pk).nation == jordan
    assert Person.objects.get(pk=foreign.pk).nation == ukraine


def test_the_office_moves_a_person_to_another_nation_and_the_history_tells():
    person, office = make.person(make.nation("SE")), make.coordinator()
    person.nation = make.nation("FI")

    actions.save_person(person, by=office)

    assert list(person.history.values_list("nation__code", flat=True)) == ["FI", "SE"]
    assert history_of(person)[0] == ("Changed", office.email)


def test_a_suspended_nation_still_keeps_its_people_up_to_date():
    jordan = make.nation()
    make.membership(jordan, suspended_from="2022-01-01")

    actions.save_person(Person(nation=jordan, family_name="Haddad"), by=make.liaison(jordan))

    assert Person.objects.exists()


def test_an_account_given_in_the_meantime_is_not_taken_away_by_an_older_copy():
    person = make.person()
    older = Person.objects.get(pk=person.pk)
    user = make.trainee(person)
    older.rank = "Major"

    actions.save_person(older, by=make.coordinator())

    person.refresh_from_db()
    assert (person.user, person.rank) == (user, "Major")


def test_an_anonymised_record_stays_as_it_is():
    person = make.person(anonymised_at=timezone.now())
    user = make.trainee(person)

    with pytest.raises(Refused, match="anonymised"):
        actions.save_person(person, by=make.coordinator())
    with pytest.raises(Refused, match="anonymised"):
        actions.correct_own_data(person, by=user)
    with pytest.raises(Refused, match="anonymised"):
        actions.add_language_test(a_test(person), by=make.coordinator())


def test_the_person_corrects_rank_post_and_phone_and_nothing_else():
    person = make.person(family_name="Haddad", printed_name="Rania Haddad")
    user = make.trainee(person)
    person.rank, person.post_title, person.phone = "Major", "Adviser", "+962 6 000"
    person.printed_name, person.grade = "Somebody Else", "OF-5"

    actions.correct_own_data(person, by=user)

    stored = Person.objects.get()
    assert (stored.rank, stored.post_title, stored.phone) == ("Major", "Adviser", "+962 6 000")
    assert (stored.printed_name, stored.grade) == ("Rania Haddad", "OF-3")
    assert history_of(person)[0] == ("Corrected by the person", user.email)


def test_nobody_corrects_the_own_data_of_another():
    person = make.person()

    for user in (make.trainee(), make.liaison(person.nation), make.coordinator()):
        with pytest.raises(Refused):
            actions.correct_own_data(person, by=user)


def a_test(person: Person, **fields) -> LanguageTest:
    return LanguageTest(person=person, **{"profile": "3232", "tested_on": timezone.localdate(), **fields})


def test_the_liaison_records_a_language_test_and_the_history_tells():
    person = make.person()
    liaison = make.liaison(person.nation)

    actions.add_language_test(a_test(person), by=liaison)

    assert [str(each) for each in person.language_tests.all()] == ["English 3232"]
    assert history_of(person)[0] == ("Language test added: English 3232", liaison.email)


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"tested_on": timezone.localdate() + timedelta(days=1)}, "tested_on", "cannot lie ahead"),
        ({"expires_on": timezone.localdate() - timedelta(days=1)}, "expires_on", "expires before"),
    ],
)
def test_a_language_test_has_possible_days(fields, field, sentence):
    person = make.person()

    with pytest.raises(Refused, match=sentence) as refused:
        actions.add_language_test(a_test(person, **fields), by=make.coordinator())

    assert refused.value.field == field
    assert not person.language_tests.exists()


def test_the_same_language_test_is_recorded_once():
    person, office = make.person(), make.coordinator()
    actions.add_language_test(a_test(person), by=office)

    with pytest.raises(Refused, match="already on record"):
        actions.add_language_test(a_test(person), by=office)

    assert person.language_tests.count() == 1


def test_a_stranger_and_the_person_herself_record_no_language_test():
    person = make.person(make.nation("JO"))

    for user in (make.liaison(make.nation("UA")), make.trainee(person)):
        with pytest.raises(Refused, match="own liaison"):
            actions.add_language_test(a_test(person), by=user)
