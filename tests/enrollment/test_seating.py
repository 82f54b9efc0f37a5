"""Quotas as floors and ceilings: what can be seated is decided exactly, as a search through everything would."""

import random
from collections import Counter
from itertools import combinations_with_replacement

import pytest

from enrollment.seating import NO_FRAMEWORK, Kind, Plan, Rule, holdings, is_feasible, obstacle

MD, PFP = "framework:1", "framework:2"
JORDAN, MOROCCO, UKRAINE, RACVIAC = "nation:1", "nation:2", "nation:3", "organisation:9"
MILITARY, CIVILIAN, POLICE = "category:military", "category:civilian", "category:police"
FRAMEWORK_OF = {JORDAN: MD, MOROCCO: MD, UKRAINE: PFP}


def kind(sender: str, category: str = MILITARY) -> Kind:
    return Kind(FRAMEWORK_OF.get(sender, NO_FRAMEWORK), sender, category)


def plan(capacity: int, *rules: Rule, seated: list[Kind] = ()) -> Plan:
    return Plan(capacity, rules, FRAMEWORK_OF, Counter(seated))


def test_without_quotas_capacity_alone_decides():
    assert obstacle(plan(2, seated=[kind(JORDAN)]), kind(UKRAINE)) is None
    assert obstacle(plan(1, seated=[kind(JORDAN)]), kind(UKRAINE)).sentence == "all 1 seats are taken"


@pytest.mark.parametrize(
    ("key", "name", "seated", "comes"),
    [
        (JORDAN, "Jordan", [kind(JORDAN)], kind(JORDAN, CIVILIAN)),
        (MD, "Mediterranean Dialogue", [kind(JORDAN)], kind(MOROCCO)),
        (RACVIAC, "RACVIAC", [kind(RACVIAC)], kind(RACVIAC)),
        (CIVILIAN, "Civilian", [kind(UKRAINE, CIVILIAN)], kind(JORDAN, CIVILIAN)),
    ],
)
def test_a_ceiling_holds_for_whatever_it_counts_and_is_named(key, name, seated, comes):
    found = obstacle(plan(9, Rule(key, name, 0, 1), seated=seated), comes)

    assert found.sentence == f"the ceiling of 1 for {name} is reached"


def test_a_guaranteed_seat_is_not_given_to_others_and_its_holder_is_named():
    full_but_for_jordan = plan(2, Rule(JORDAN, "Jordan", 1), seated=[kind(UKRAINE)])

    assert obstacle(full_but_for_jordan, kind(MOROCCO)).sentence == "the seats still free are guaranteed to: Jordan"
    assert obstacle(full_but_for_jordan, kind(JORDAN)) is None


def test_one_person_fills_several_guarantees_at_once():
    rules = (Rule(JORDAN, "Jordan", 1), Rule(MD, "MD", 1), Rule(CIVILIAN, "Civilian", 1))

    assert sum(holdings(plan(5, *rules)).values()) == 1
    assert obstacle(plan(1, *rules), kind(JORDAN, CIVILIAN)) is None
    assert obstacle(plan(1, *rules), kind(JORDAN)).code == "guaranteed"


def test_a_framework_s_ceiling_leaves_room_for_the_guarantee_of_its_nation():
    rules = (Rule(JORDAN, "Jordan", 2), Rule(MD, "MD", 0, 3))

    assert obstacle(plan(20, *rules, seated=[kind(MOROCCO)]), kind(MOROCCO)).code == "guaranteed"
    assert obstacle(plan(20, *rules, seated=[kind(MOROCCO)]), kind(JORDAN)) is None


def test_seats_are_kept_for_the_narrowest_holder():
    rules = (Rule(JORDAN, "Jordan", 2), Rule(MD, "MD", 3), Rule(POLICE, "Police", 1))

    assert holdings(plan(20, *rules)) == {JORDAN: 2, MD: 1}
    assert holdings(plan(20, *rules, seated=[kind(JORDAN, POLICE), kind(MOROCCO)])) == {JORDAN: 1}


def test_quotas_that_were_overtaken_by_facts_keep_nobody_out_but_by_ceilings_and_capacity():
    impossible = plan(2, Rule(JORDAN, "Jordan", 2), seated=[kind(UKRAINE)])

    assert not is_feasible(impossible)
    assert obstacle(impossible, kind(MOROCCO)) is None
    assert holdings(impossible) == {}


KINDS = [kind(sender, category) for sender in (JORDAN, MOROCCO, UKRAINE, RACVIAC) for category in (MILITARY, CIVILIAN)]
KINDS += [Kind(framework, f"other {framework}", MILITARY) for framework in (MD, PFP, NO_FRAMEWORK)]
KINDS += [Kind(framework, f"other {framework}", CIVILIAN) for framework in (MD, PFP, NO_FRAMEWORK)]


def keeps_all(rules, people) -> bool:
    for rule in rules:
        count = sum(rule.key in each for each in people)
        if count < rule.floor or (rule.ceiling is not None and count > rule.ceiling):
            return False
    return True


def smallest_full_house(case: Plan) -> int | None:
    """By trying everybody who could still come."""
    seated = list(case.seated.elements())
    for more in range(case.capacity - len(seated) + 1):
        if any(keeps_all(case.rules, seated + list(group)) for group in combinations_with_replacement(KINDS, more)):
            return len(seated) + more
    return None


def some_case(source: random.Random) -> Plan:
    keys = source.sample([JORDAN, MOROCCO, UKRAINE, RACVIAC, MD, PFP, MILITARY, CIVILIAN], source.randint(1, 4))
    rules = []
    for key in keys:
        floor = source.randint(0, 2)
        rules.append(Rule(key, key, floor, source.choice([None, floor + source.randint(0, 2)])))
    seated = Counter(source.choices(KINDS, k=source.randint(0, 2)))
    return Plan(source.randint(2, 4), tuple(rules), FRAMEWORK_OF, seated)


@pytest.mark.parametrize("seed", range(200))
def test_what_fits_is_found_whenever_it_exists_and_with_the_fewest_seats_kept(seed):
    case = some_case(random.Random(seed))
    over = any(rule.ceiling is not None and case.used(rule) > rule.ceiling for rule in case.rules)
    smallest = smallest_full_house(case)

    if not over:
        assert is_feasible(case) == (smallest is not None)
    if not over and smallest is not None:
        assert sum(holdings(case).values()) == smallest - case.taken
