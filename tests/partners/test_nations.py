"""Frameworks with dates, suspension, mandates: who is what on which day."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from partners import grades
from partners.models import Mandate, Nation
from partners.models.sender import liaisons_of, mandates_of, senders_of
from tests import make

pytestmark = pytest.mark.django_db


def sweden() -> Nation:
    nation = make.nation("SE", "Sweden")
    make.membership(nation, "PfP", date(1994, 5, 9), to_on=date(2024, 3, 6))
    make.membership(nation, "NATO", date(2024, 3, 7))
    return nation


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(1994, 5, 8), None),
        (date(1994, 5, 9), "PfP"),
        (date(2014, 6, 1), "PfP"),
        (date(2024, 3, 6), "PfP"),
        (date(2024, 3, 7), "NATO"),
        (date(2025, 1, 1), "NATO"),
    ],
)
def test_a_nation_is_in_the_framework_that_is_in_force_on_the_day(day, code):
    framework = sweden().framework_on(day)

    assert (framework and framework.code) == code


def test_a_nation_without_any_framework_is_not_suspended():
    assert make.nation().is_suspended_on() is False


def test_a_nation_is_suspended_from_the_first_to_the_last_day_of_its_suspension():
    nation = make.nation()
    make.membership(nation, suspended_from=date(2026, 3, 1), suspended_to=date(2026, 3, 31))

    days = {day: nation.is_suspended_on(date(2026, *day)) for day in [(2, 28), (3, 1), (3, 31), (4, 1)]}

    assert days == {(2, 28): False, (3, 1): True, (3, 31): True, (4, 1): False}


def test_a_suspension_without_an_end_lasts():
    nation = make.nation()
    make.membership(nation, suspended_from=date(2022, 1, 1))

    assert nation.is_suspended_on()


def test_one_framework_that_is_not_suspended_is_enough():
    nation = make.nation()
    make.membership(nation, "MD", suspended_from=date(2022, 1, 1))
    make.membership(nation, "ICI")

    assert not nation.is_suspended_on()


def test_a_framework_that_ended_does_not_lift_a_suspension():
    nation = make.nation()
    make.membership(nation, "MD", suspended_from=date(2022, 1, 1))
    make.membership(nation, "PfP", to_on=date(2000, 1, 1))

    assert nation.is_suspended_on()


def test_the_code_md_is_a_nation_and_a_framework_without_harm():
    moldova = make.nation("MD", "Moldova")
    make.membership(moldova, "PfP")

    assert moldova.framework_on(timezone.localdate()).code == "PfP"


@pytest.mark.parametrize(
    ("starts", "ends", "holds"),
    [(-1, None, True), (0, None, True), (1, None, False), (-9, 0, True), (-9, -1, False), (-9, 1, True)],
)
def test_a_mandate_is_in_force_from_its_first_to_its_last_day(starts, ends, holds):
    today = timezone.localdate()
    ends_on = None if ends is None else today + timedelta(days=ends)
    user, nation = make.user(), make.nation()
    make.mandate(user, nation, starts_on=today + timedelta(days=starts), ends_on=ends_on)

    assert bool(mandates_of(user)) is holds
    assert user.is_liaison is holds
    assert (nation in senders_of(user)) is holds
    assert (user in liaisons_of(nation)) is holds


def test_several_liaisons_and_a_deputy_act_for_one_nation_and_a_closed_account_is_told_nothing():
    nation = make.nation()
    first, deputy = make.liaison(nation), make.user()
    make.mandate(deputy, nation, rank=Mandate.Rank.DEPUTY)
    make.liaison(nation, is_active=False)

    assert set(liaisons_of(nation)) == {first, deputy}


def test_one_liaison_may_act_for_a_nation_and_an_organisation():
    nation, organisation = make.nation(), make.organisation("AU", kind="international organisation")
    user = make.liaison(nation)
    make.mandate(user, organisation)

    assert senders_of(user) == [nation, organisation]


def test_a_mandate_is_for_a_nation_or_an_organisation_never_for_both_or_none():
    user, nation, organisation = make.user(), make.nation(), make.organisation()

    for sender in ({"nation": nation, "organisation": organisation}, {}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Mandate.objects.create(user=user, **sender)


def test_nations_are_found_by_any_part_of_any_name():
    make.nation("CI", "Côte d’Ivoire", alpha3="CIV", former_names="Ivory Coast", name_fr="Côte d’Ivoire")
    make.nation("TR", "Türkiye", alpha3="TUR", former_names="Turkey")

    found = {
        text: [each.code for each in Nation.objects.search(text)] for text in ("cote d'i", "IVORY", "turki", "tur")
    }

    assert found == {"cote d'i": ["CI"], "IVORY": ["CI"], "turki": ["TR"], "tur": ["TR"]}


@pytest.mark.parametrize("text", ["OF-1", "of-10", " OR-9 ", "WO-5"])
def test_grades_of_the_three_scales_are_read(text):
    assert str(grades.parse(text)) == text.strip().upper()


@pytest.mark.parametrize("text", ["", "OF", "OF-0", "OF-11", "OR-10", "WO-6", "XX-1", "OF-²", "OF-3a", "OF--3"])
def test_other_texts_are_no_grades(text):
    assert grades.parse(text) is None


def test_every_grade_that_can_be_chosen_can_be_read():
    assert len(grades.CHOICES) == 24
    assert all(str(grades.parse(value)) == value for value, _label in grades.CHOICES)
