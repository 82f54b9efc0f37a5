"""A group counted: keys of people, shares over those stated, aims."""

from hypothesis import given
from hypothesis import strategies as st

from enrollment.balance import MEASURES, MEN, NATION, STATED, WOMEN, Tally, band_of, key_of_rule, keys_of

people = st.lists(
    st.builds(
        keys_of,
        nation=st.integers(1, 5),
        organisation=st.none(),
        framework=st.none() | st.integers(1, 3),
        sex=st.sampled_from(["woman", "man", "not stated"]),
        category=st.sampled_from(["military", "civilian", "police"]),
        grade=st.sampled_from(["", "OF-2", "OF-5", "OF-7", "WO-1", "OR-6", "nonsense"]),
    )
)


def person(**facts) -> tuple[str, ...]:
    usual = {"nation": 1, "organisation": None, "framework": 3, "sex": "woman", "category": "military", "grade": "OF-3"}
    return keys_of(**{**usual, **facts})


def test_a_person_counts_for_sender_framework_sex_category_and_grade():
    assert person() == ("n1", "f3", "sw", "cm", "g1")
    assert person(nation=None, organisation=7, framework=None)[0] == "o7"


def test_grades_fall_into_bands_of_their_own_scale():
    bands = [band_of(grade) for grade in ("OF-1", "OF-3", "OF-4", "OF-5", "OF-6", "WO-5", "OR-9", "")]

    assert bands == ["g1", "g1", "g2", "g2", "g3", "g4", "g5", "g0"]


def test_a_quota_is_counted_by_the_same_keys():
    rules = ("nation:41", "framework:3", "organisation:7", "category:civilian")

    assert [key_of_rule(rule) for rule in rules] == ["n41", "f3", "o7", "cc"]


def test_shares_of_the_sexes_are_over_those_who_stated_one():
    tally = Tally([person(), person(sex="man"), person(sex="man"), person(sex="not stated")])

    assert tally.share(WOMEN, STATED) == 33
    assert tally.of("sn") == 1


def test_nobody_has_no_share():
    assert Tally([]).share(WOMEN, STATED) is None
    assert MEASURES["women"].value(Tally([]), is_share=True) is None


def test_an_aim_about_nations_counts_different_ones_and_no_organisation():
    tally = Tally([person(), person(), person(nation=2), person(nation=None, organisation=9, framework=None)])

    assert MEASURES["nations"].value(tally, is_share=False) == 2
    assert MEASURES["frameworks"].value(tally, is_share=False) == 1


def test_an_aim_counts_people_or_their_share():
    tally = Tally([person(category="civilian"), person(), person(category="police"), person()])

    assert MEASURES["civilians"].value(tally, is_share=False) == 1
    assert MEASURES["civilians"].value(tally, is_share=True) == 25


@given(people)
def test_the_parts_always_add_up_to_the_whole(group):
    tally = Tally(group)

    assert tally.of(WOMEN) + tally.of(MEN) + tally.of("sn") == tally.total
    assert sum(tally.of(key) for key in ("cm", "cc", "cp")) == tally.total
    assert sum(tally.of(f"g{band}") for band in range(6)) == tally.total
    assert tally.different(NATION) == len({keys[0] for keys in group})
