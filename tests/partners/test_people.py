"""People: who sees whom, how they are found, when two records may be one person."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from partners.likeness import sounds_alike
from partners.models import Person
from tests import make

pytestmark = pytest.mark.django_db


def test_each_sees_the_people_that_concern_them():
    jordan, ukraine, union = make.nation("JO"), make.nation("UA"), make.organisation("AU", kind="ngo")
    hers, theirs, staff = make.person(jordan), make.person(ukraine), make.person(union)
    users = {
        "office": make.coordinator(),
        "administrator": make.administrator(),
        "liaison of Jordan": make.liaison(jordan),
        "liaison of the union": make.liaison(union),
        "trainee": make.trainee(theirs),
        "analyst": make.user(is_analyst=True),
        "nobody": AnonymousUser(),
    }

    seen = {name: set(Person.objects.visible_to(user)) for name, user in users.items()}

    assert seen == {
        "office": {hers, theirs, staff},
        "administrator": {hers, theirs, staff},
        "liaison of Jordan": {hers},
        "liaison of the union": {staff},
        "trainee": {theirs},
        "analyst": set(),
        "nobody": set(),
    }


def test_a_liaison_whose_mandate_has_ended_sees_nobody():
    jordan = make.nation()
    make.person(jordan)
    user = make.user()
    make.mandate(user, jordan, ends_on="2024-01-01")

    assert not Person.objects.visible_to(user).exists()


@pytest.mark.parametrize(
    "text",
    ["Đurić", "duric", "DURIC", "uri", "zeljka", "Željka duric", "duric želj", "ЂУРИЋ", "zeljka.d@", "  duric   "],
)
def test_people_are_found_by_any_part_of_any_name_with_or_without_accents(text):
    found = make.person(
        family_name="Đurić", given_names="Željka", printed_name="Жељка Ђурић", email="zeljka.d@example.org"
    )
    make.person(family_name="Other", given_names="Somebody", email="s.o@example.org")

    assert list(Person.objects.search(text)) == [found]


def test_people_are_not_found_by_a_word_that_is_in_none_of_their_names():
    make.person(family_name="Haddad", given_names="Rania")

    assert not Person.objects.search("haddad omar").exists()


def test_the_printed_name_is_given_names_and_family_name_unless_it_is_said():
    assert make.person(family_name="Haddad", given_names="Rania").printed_name == "Rania Haddad"
    assert make.person(family_name="Suharto", given_names="").printed_name == "Suharto"
    assert make.person(printed_name="رانيا حداد").printed_name == "رانيا حداد"


def test_a_person_is_sent_by_a_nation_or_an_organisation_never_by_both_or_none():
    both = {"nation": make.nation(), "organisation": make.organisation()}

    for sender in (both, {}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Person.objects.create(family_name="Nobody", **sender)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Muhammad", "Ali"), ("Mohamed", "Ali")),
        (("Đoković", "Ana"), ("Djokovic", "Ana")),
        (("Shevchenko", "Olena"), ("Chevtchenko", "Olena")),
        (("Haddad", "Rania"), ("Hadad", "Raniya")),
        (("Al-Khalidi", "Sara"), ("Alkhalidi", "Sarah")),
        (("Haddad", "Rania"), ("Rania", "Haddad")),
        (("Haddad", "Rania Maria"), ("Haddad", "Rania")),
        (("Suharto", ""), ("Suharto", "")),
    ],
)
def test_these_names_sound_alike(one, other):
    assert sounds_alike(one, other)
    assert sounds_alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Haddad", "Rania"), ("Haddad", "Omar")),
        (("Ali", "Omar"), ("Ali", "Amira")),
        (("Haddad", "Rania"), ("Suleiman", "Rania")),
        (("", ""), ("", "")),
        (("Ολένα", "Ана"), ("ნინო", "حداد")),
    ],
)
def test_these_names_do_not(one, other):
    assert not sounds_alike(one, other)


def suspects_of(typed: Person, user) -> list[Person]:
    return Person.objects.visible_to(user).perhaps_the_same_as(typed)


def test_a_person_may_be_on_record_under_another_spelling_in_the_same_nation():
    jordan = make.nation("JO")
    known = make.person(jordan, family_name="Muhammad", given_names="Leyla")
    make.person(make.nation("MA"), family_name="Muhammad", given_names="Laila")
    typed = Person(nation=jordan, family_name="Mohamed", given_names="Layla")

    assert suspects_of(typed, make.coordinator()) == [known]


def test_a_person_may_be_on_record_under_the_same_name_e_mail_or_printed_name_of_another_nation():
    known = [
        make.person(make.nation("SE"), family_name="Öberg", given_names="Åsa"),
        make.person(make.nation("FI"), family_name="Berg", given_names="A.", email="asa@example.org"),
        make.person(make.nation("NO"), family_name="Bergh", given_names="O.", printed_name="Åsa Öberg"),
    ]
    typed = Person(
        nation=make.nation("DK"),
        family_name="Oberg",
        given_names="Asa",
        email="ASA@example.org",
        printed_name="Åsa Öberg",
    )

    assert set(suspects_of(typed, make.coordinator())) == set(known)


def test_a_liaison_is_never_told_of_a_likeness_with_somebody_elses_person():
    make.person(make.nation("UA"), family_name="Haddad", given_names="Rania", email="rania@example.org")
    jordan = make.nation("JO")
    typed = Person(nation=jordan, family_name="Haddad", given_names="Rania", email="rania@example.org")

    assert suspects_of(typed, make.liaison(jordan)) == []


def test_a_family_name_alone_is_no_reason_to_ask():
    jordan = make.nation("JO")
    make.person(jordan, family_name="Haddad", given_names="Omar")

    assert suspects_of(Person(nation=jordan, family_name="Haddad"), make.coordinator()) == []


def test_the_likeness_is_asked_with_the_same_number_of_queries_for_few_and_many(django_assert_num_queries):
    jordan, office = make.nation(), make.coordinator()
    typed = Person(nation=jordan, family_name="Haddad", given_names="Rania")

    for _each in range(3):
        make.person(jordan, family_name="Haddad", given_names="Rania")
        with django_assert_num_queries(2):
            suspects_of(typed, office)
