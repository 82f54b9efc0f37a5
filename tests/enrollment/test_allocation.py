"""Propose: the best selection by the published order, against brute force; and reasons that are true of it."""

import json
import random
from collections import Counter
from itertools import combinations, product
from types import SimpleNamespace

import highspy
import numpy as np
import pytest

from enrollment.allocation import Board, Code, Nominee, NotProven, Reason, Rule, Step, propose, say
from tests.bench.propose import scene

CASES = range(200)
RULES = ("nation", "framework", "civilian", "organisation")


# A second reading of the published order, as plain as can be, to hold the first one against.


def is_allowed(boards, chosen) -> bool:
    if len({nominee.person for nominee in chosen}) < len(chosen):
        return False
    for board in boards:
        here = [nominee for nominee in chosen if nominee.board == board.key]
        if len(here) > max(0, board.capacity_free):
            return False
        for rule in board.rules:
            more = sum(rule.key in nominee.fills for nominee in here)
            if more and rule.ceiling is not None and board.seated.get(rule.key, 0) + more > rule.ceiling:
                return False
    return True


def shortfalls(boards, chosen) -> dict:
    missing = {
        (board.key, rule.key): rule.floor
        - board.seated.get(rule.key, 0)
        - sum(rule.key in nominee.fills and nominee.board == board.key for nominee in chosen)
        for board in boards
        for rule in board.rules
    }
    return {where: short for where, short in missing.items() if short > 0}


def squares(boards, nominees, chosen) -> int:
    seats = Counter((nominee.board, nominee.sender) for nominee in chosen)
    for board in boards:
        seats.update({(board.key, sender): count for sender, count in board.seated_by_sender.items()})
    return sum(count**2 for count in seats.values())


def worth(boards, nominees, chosen) -> list[tuple]:
    """The smaller, the better: one entry for each step of the order, and the last resort."""
    queue = sorted(nominees, key=lambda nominee: (nominee.submitted_at, nominee.pk))
    standings = sorted({(nominee.is_alternate, nominee.rank) for nominee in nominees})
    preferences = sorted({nominee.preference for nominee in nominees})
    return [
        (sum(shortfalls(boards, chosen).values()),),
        (-len(chosen),),
        tuple(-sum((each.is_alternate, each.rank) == standing for each in chosen) for standing in standings),
        tuple(-sum(each.preference == preference for each in chosen) for preference in preferences),
        (squares(boards, nominees, chosen),),
        (sum(place for place, nominee in enumerate(queue) if nominee in chosen),),
        tuple(nominee not in chosen for nominee in queue),
    ]


def best_by_brute_force(boards, nominees) -> frozenset[int]:
    choices = (
        [nominee for nominee, is_in in zip(nominees, bits, strict=True) if is_in]
        for bits in product((False, True), repeat=len(nominees))
    )
    allowed = (chosen for chosen in choices if is_allowed(boards, chosen))
    best = min(allowed, key=lambda chosen: worth(boards, nominees, chosen))
    return frozenset(nominee.pk for nominee in best)


def small_case(seed: int) -> tuple[list[Board], list[Nominee]]:
    """Up to nine nominations on one or two boards; rules overlap at random, floors may be out of reach."""
    chance = random.Random(seed)
    boards = [small_board(key, chance) for key in "AB"[: chance.choice([1, 2, 2])]]
    nominees, submitted = [], [chance.randrange(6) for _ in range(9)]
    while len(nominees) < chance.randint(5, 9):
        person, sender = len(nominees), chance.choice(["Jordan", "Tunisia", "Georgia"])
        fills = frozenset(key for key in RULES if chance.random() < 0.5)
        wanted = chance.sample(boards, chance.randint(1, len(boards)))
        for preference, board in enumerate(wanted, start=1):
            pk = len(nominees) + 1
            rank, is_alternate = chance.randint(1, 3), chance.random() < 0.3
            nominees.append(
                Nominee(pk, person, board.key, sender, fills, rank, is_alternate, submitted[pk % 9], preference)
            )
    return boards, nominees[:9]


def small_board(key: str, chance: random.Random) -> Board:
    rules = tuple(
        Rule(rule, rule.title(), chance.choice([0, 0, 1, 2]), chance.choice([None, 0, 1, 1, 2, 3])) for rule in RULES
    )
    seated = {rule: chance.choice([0, 0, 0, 1, 2]) for rule in RULES}
    senders = {sender: chance.randint(0, 2) for sender in ("Jordan", "Tunisia", "Armenia")}
    return Board(key, chance.randint(0, 5), rules, seated, senders, name=f"the iteration {key}")


def shuffled(items, seed: int) -> list:
    items = list(items)
    random.Random(seed).shuffle(items)
    return items


# The selection.


@pytest.mark.parametrize("seed", CASES)
def test_a_proposal_is_what_brute_force_finds(seed):
    boards, nominees = small_case(seed)

    proposal = propose(boards, nominees)

    assert proposal.chosen == best_by_brute_force(boards, nominees)
    chosen = [nominee for nominee in nominees if nominee.pk in proposal.chosen]
    assert proposal.shortfalls == shortfalls(boards, chosen)


def test_the_small_cases_reach_what_they_are_made_for():
    seen = Counter()

    for seed in CASES:
        boards, nominees = small_case(seed)
        proposal = propose(boards, nominees)
        seen["short"] += bool(proposal.shortfalls)
        seen["full"] += any(reason.code == Code.FULL for reason in proposal.reasons.values())
        seen.update({reason.code for reason in proposal.reasons.values()})

    assert min(seen[what] for what in ("short", "full", Code.GUARANTEED, Code.CEILING, Code.ELSEWHERE)) > 20


def test_rules_that_overlap_in_a_circle_are_weighed_exactly():
    # Half of everybody would keep all ceilings and fill more seats than any whole selection does.
    ceilings = tuple(Rule(pair, pair, 0, 1) for pair in ("ab", "bc", "cd", "de", "ea"))
    nominees = [
        Nominee(pk, pk, "A", letter, frozenset(pair for pair in ("ab", "bc", "cd", "de", "ea") if letter in pair))
        for pk, letter in enumerate("abcde")
    ]
    boards = [Board("A", 5, ceilings)]

    proposal = propose(boards, nominees)

    assert len(proposal.chosen) == 2
    assert proposal.chosen == best_by_brute_force(boards, nominees)


def test_the_order_of_the_input_changes_nothing():
    boards, nominees = scene(300, 3, seed=3)
    first = propose(boards, nominees)

    for seed in range(3):
        again = propose(shuffled(boards, seed), shuffled(nominees, seed))

        assert again == first


def test_what_is_equal_in_everything_is_decided_by_the_queue_and_then_by_the_number():
    nominees = [Nominee(pk, pk, "A", f"sender {pk}", submitted_at=1.0) for pk in (4, 3, 2, 1)]

    assert propose([Board("A", 2)], nominees).chosen == {1, 2}
    assert propose([Board("A", 2)], [*nominees, Nominee(9, 9, "A", "x", submitted_at=0.5)]).chosen == {1, 9}


@pytest.mark.parametrize("count", [4, 6, 8, 10])
def test_where_even_the_queue_is_equal_the_earliest_in_whom_two_selections_differ_is_seated(count):
    # First and last, second and last but one, ...: only these go together, and their places add up alike.
    apart = [pair for pair in combinations(range(1, count + 1), 2) if sum(pair) != count + 1]
    rules = tuple(Rule(str(pair), str(pair), 0, 1) for pair in apart)
    nominees = [
        Nominee(pk, pk, "A", f"sender {pk}", frozenset(str(pair) for pair in apart if pk in pair), submitted_at=pk)
        for pk in range(1, count + 1)
    ]

    assert propose([Board("A", 2, rules)], nominees).chosen == {1, count}


def test_a_solver_that_errs_is_found_out(monkeypatch):
    def nobody(highs):
        nothing = np.zeros(highs.getNumCol())
        return SimpleNamespace(col_value=nothing, row_dual=np.zeros(highs.getNumRow()))

    monkeypatch.setattr(highspy.Highs, "getSolution", nobody)

    with pytest.raises(NotProven):
        propose([Board("A", 2)], [jordan(1), jordan(2)])


def test_where_nobody_can_fill_a_floor_it_stays_short_and_all_else_is_as_good_as_can_be():
    boards = [Board("A", 3, (Rule("police", "police", 2),), seated={"police": 0})]
    nominees = [Nominee(1, 1, "A", "Jordan", frozenset({"police"}), rank=5), Nominee(2, 2, "A", "Jordan")]

    proposal = propose(boards, nominees)

    assert proposal.chosen == {1, 2}
    assert proposal.shortfalls == {("A", "police"): 1}


@pytest.mark.parametrize(
    ("boards", "nominees"),
    [([], []), ([Board("A", 3, (Rule("x", "x", 1),))], []), ([Board("A", 0)], [Nominee(1, 1, "A", "x")])],
)
def test_nothing_to_seat_is_an_answer(boards, nominees):
    proposal = propose(boards, nominees)

    assert proposal.chosen == frozenset()
    assert proposal.reasons.keys() == {nominee.pk for nominee in nominees}


@pytest.mark.parametrize("capacity", [-2, 0, 1])
def test_what_is_overfull_already_is_never_filled_further(capacity):
    board = Board("A", capacity, (Rule("x", "x", 0, 1),), seated={"x": 3})

    assert propose([board], [Nominee(1, 1, "A", "Jordan", frozenset({"x"}))]).chosen == frozenset()


@pytest.mark.parametrize(
    ("boards", "nominees"),
    [
        ([Board("A", 1)], [Nominee(1, 1, "B", "x")]),
        ([Board("A", 1)], [Nominee(1, 1, "A", "x"), Nominee(1, 2, "A", "x")]),
        ([Board("A", 1), Board("A", 2)], []),
        ([Board("A", 1, (Rule("x", "x"), Rule("x", "y")))], []),
    ],
)
def test_a_question_that_contradicts_itself_is_not_answered(boards, nominees):
    with pytest.raises(ValueError, match=r"twice|two rules|not given"):
        propose(boards, nominees)


def test_without_the_time_for_a_proof_there_is_no_proposal():
    with pytest.raises(NotProven):
        propose(*scene(3000, 12, seed=1, nested=False), seconds=0.2)


def test_a_proposal_prints_nothing(capfd):
    propose([Board("A", 1)], [Nominee(1, 1, "A", "Jordan")])

    assert capfd.readouterr() == ("", "")


# The reasons.


def exchanges(boards, nominees, chosen, comer) -> list[tuple[Nominee, int]]:
    """(who leaves, the step that loses) for each exchange that keeps all rules."""
    before = worth(boards, nominees, chosen)
    found = []
    for leaver in chosen:
        after = [nominee for nominee in chosen if nominee != leaver] + [comer]
        if leaver.board == comer.board and leaver.person != comer.person and is_allowed(boards, after):
            steps = zip(before, worth(boards, nominees, after), strict=True)
            found.append((leaver, next(step for step, (was, is_) in enumerate(steps, start=1) if is_ != was)))
    return found


@pytest.mark.parametrize("seed", CASES)
def test_every_nominee_has_a_reason_and_it_is_true(seed):
    boards, nominees = small_case(seed)

    proposal = propose(boards, nominees)

    chosen = [nominee for nominee in nominees if nominee.pk in proposal.chosen]
    assert proposal.reasons.keys() == {nominee.pk for nominee in nominees}
    for nominee in nominees:
        reason = proposal.reasons[nominee.pk]
        assert reason.is_seated == (nominee in chosen)
        assert TRUE_IF[reason.code](boards, nominees, chosen, nominee, reason.facts), (nominee, reason)


def guaranteed_is_true(boards, nominees, chosen, nominee, facts):
    without = shortfalls(boards, [each for each in chosen if each != nominee])
    more = {where[1] for where, short in without.items() if short > shortfalls(boards, chosen).get(where, 0)}
    return {name for name, _ in facts["floors"]} == {key.title() for key in more}


def rivals_of(boards, nominees, chosen, nominee) -> list[int]:
    left_out = [each for each in nominees if each.person not in {one.person for one in chosen}]
    return [
        step for comer in left_out for leaver, step in exchanges(boards, nominees, chosen, comer) if leaver == nominee
    ]


def unrivalled_is_true(boards, nominees, chosen, nominee, facts):
    return rivals_of(boards, nominees, chosen, nominee) == []


def ahead_is_true(boards, nominees, chosen, nominee, facts):
    steps = rivals_of(boards, nominees, chosen, nominee)
    return len(steps) == facts["others"] and max(steps) == facts["step"] and min(steps) >= Step.RANK


def elsewhere_is_true(boards, nominees, chosen, nominee, facts):
    (seat,) = [each for each in chosen if each.person == nominee.person]
    (there,) = [board for board in boards if board.key == seat.board]
    preferred = seat.preference < nominee.preference
    moved = [each for each in chosen if each != seat] + [nominee]
    keeps_out = {
        "": preferred,
        "ceiling": "ceilings" in facts and ceilings_are_full(boards, chosen, nominee, facts),
        "full": len([each for each in chosen if each.board == nominee.board])
        >= board_of(boards, nominee).capacity_free,
        "floors": sum(shortfalls(boards, moved).values()) > sum(shortfalls(boards, chosen).values()),
        "rank": (nominee.is_alternate, nominee.rank) > (seat.is_alternate, seat.rank),
    }
    return seat.board != nominee.board and facts["board"] == there.name and keeps_out[facts["here"]]


def board_of(boards, nominee) -> Board:
    return next(board for board in boards if board.key == nominee.board)


def no_seat_is_true(boards, nominees, chosen, nominee, facts):
    return board_of(boards, nominee).capacity_free <= 0


def ceilings_are_full(boards, chosen, nominee, facts) -> bool:
    board = board_of(boards, nominee)
    held = Counter(board.seated)
    held.update(key for each in chosen if each.board == nominee.board for key in each.fills)
    rules = [rule for rule in board.rules if [rule.name, rule.ceiling] in facts["ceilings"]]
    return len(rules) == len(facts["ceilings"]) > 0 and all(
        rule.key in nominee.fills and held[rule.key] >= rule.ceiling for rule in rules
    )


def ceiling_taken_is_true(boards, nominees, chosen, nominee, facts):
    return ceilings_are_full(boards, [], nominee, facts)


def step_is_true(boards, nominees, chosen, nominee, facts) -> bool:
    steps = [step for _, step in exchanges(boards, nominees, chosen, nominee)]
    return max(steps, default=Step.SEATS) == facts["step"]


def ceiling_is_true(boards, nominees, chosen, nominee, facts):
    keys = {rule.key for rule in board_of(boards, nominee).rules if [rule.name, rule.ceiling] in facts["ceilings"]}
    holders = [each for each in chosen if each.board == nominee.board and each.fills & keys]
    return (
        ceilings_are_full(boards, chosen, nominee, facts)
        and step_is_true(boards, nominees, chosen, nominee, facts)
        and facts["all_rank_before"] == all_rank_before(holders, nominee)
    )


def full_is_true(boards, nominees, chosen, nominee, facts):
    here = [each for each in chosen if each.board == nominee.board]
    return (
        len(here) == facts["seats"] == board_of(boards, nominee).capacity_free
        and step_is_true(boards, nominees, chosen, nominee, facts)
        and facts["all_rank_before"] == all_rank_before(here, nominee)
    )


def all_rank_before(others, nominee) -> bool:
    return all((each.is_alternate, each.rank) < (nominee.is_alternate, nominee.rank) for each in others)


TRUE_IF = {
    Code.GUARANTEED: guaranteed_is_true,
    Code.UNRIVALLED: unrivalled_is_true,
    Code.AHEAD: ahead_is_true,
    Code.ELSEWHERE: elsewhere_is_true,
    Code.NO_SEAT: no_seat_is_true,
    Code.CEILING_TAKEN: ceiling_taken_is_true,
    Code.CEILING: ceiling_is_true,
    Code.FULL: full_is_true,
}


def test_reasons_are_stored_as_json_and_said_as_one_sentence():
    said = Counter()

    for seed in CASES:
        for reason in propose(*small_case(seed)).reasons.values():
            again = Reason.from_dict(json.loads(json.dumps(reason.as_dict())))
            sentence = say(again)
            said[reason.code] += 1

            assert again == reason
            assert sentence.startswith("Seated: " if reason.is_seated else "Not seated")
            assert sentence.count(".") == 1
            assert sentence.endswith(".")
            assert "%" not in sentence

    assert said.keys() == set(Code) - {Code.TWICE}


def jordan(pk: int, rank: int = 1, fills: set = frozenset(), **fields) -> Nominee:
    return Nominee(pk, fields.pop("person", pk), fields.pop("board", "A"), "Jordan", frozenset(fills), rank, **fields)


def said_of(pk: int, boards: list[Board], *nominees: Nominee) -> str:
    return say(propose(boards, nominees).reasons[pk])


def test_a_guaranteed_seat_names_its_rule():
    rules = (Rule("jo", "Jordan", 1), Rule("md", "MD", 3))

    sentence = said_of(1, [Board("A", 1, rules)], jordan(1, fills={"jo", "md"}))

    assert sentence == (
        "Seated: first choice of Jordan, which fills the guaranteed seat for Jordan and one of the 3 guaranteed seats"
        " for MD."
    )


def test_who_has_no_rival_hears_so():
    sentence = said_of(1, [Board("A", 2)], jordan(1, rank=3, is_alternate=True))

    assert sentence == "Seated: alternate 3 of Jordan; nobody left out could have this seat instead."


@pytest.mark.parametrize(
    ("other", "by", "why_not"),
    [
        (jordan(2, rank=2), "by rank", "by nominees ranked before"),
        (
            jordan(2, preference=2),
            "by the order of preference",
            "and the nearest nominee has the same rank, but a higher preference for this iteration",
        ),
        (
            Nominee(2, 2, "A", "Tunisia"),
            "by the spread over senders",
            "and the nearest nominee has the same rank, but a sender with fewer seats here",
        ),
        (
            jordan(2, submitted_at=1.0),
            "by earlier submission",
            "and the nearest nominee is equal in all else, but was submitted earlier",
        ),
    ],
)
def test_the_step_that_decides_is_said_to_both(other, by, why_not):
    board = Board("A", 1, seated_by_sender={"Tunisia": 1})
    seated = f"Seated: first choice of Jordan; goes before one other who could have this seat, {by}."

    assert said_of(1, [board], jordan(1), other) == seated
    assert said_of(2, [board], jordan(1), other) == f"Not seated: the one free seat is taken {why_not}."


def test_a_ceiling_is_named_with_who_reached_it():
    nominees = [jordan(1, 1, {"jo"}), jordan(2, 2, {"jo"}), jordan(3, 3, {"jo"})]
    reached = "Not seated: the ceiling of 2 for Jordan is reached"

    board = Board("A", 9, (Rule("jo", "Jordan", 0, 2),))
    assert said_of(3, [board], *nominees) == f"{reached} by nominees ranked before."

    board = Board("A", 9, (Rule("jo", "Jordan", 0, 2),), seated={"jo": 2})
    assert said_of(3, [board], *nominees) == f"{reached} by those already seated."

    board = Board("A", 9, (Rule("jo", "Jordan", 0, 0),))
    assert said_of(3, [board], *nominees) == "Not seated: the ceiling for Jordan is 0."


def test_who_ranks_before_somebody_seated_for_a_floor_is_not_told_otherwise():
    board = Board("A", 2, (Rule("police", "police", 1),))
    nominees = jordan(1, 1), jordan(2, 2), jordan(3, 3, {"police"})

    sentence = said_of(2, [board], *nominees)

    assert sentence == (
        "Not seated: all 2 free seats are taken by nominees ranked before or needed for guaranteed seats."
    )


def test_where_making_room_would_cost_two_seats_the_sentence_says_so():
    rules = Rule("jo", "Jordan", 0, 1), Rule("civ", "civilians", 0, 1)
    nominees = jordan(1, 1, {"jo", "civ"}), jordan(2, 2, {"jo"}), jordan(3, 3, {"civ"})

    sentence = said_of(1, [Board("A", 9, rules)], *nominees)

    assert sentence == (
        "Not seated: the ceiling of 1 for civilians and the ceiling of 1 for Jordan are reached"
        " and making room would cost more than one seat."
    )


def test_a_seat_elsewhere_names_the_iteration_and_the_preference():
    boards = [Board("A", 1, name="the iteration of 4 May"), Board("B", 1, name="the iteration of 7 June")]
    asked_twice = jordan(1, person=1, board="A"), jordan(2, person=1, board="B", preference=2)

    assert said_of(2, boards, *asked_twice) == (
        "Not seated here: seated on the iteration of 4 May, the first preference of Jordan."
    )
    assert said_of(1, [Board("A", 1), boards[1]], *asked_twice, jordan(3, preference=1, submitted_at=-1)) == (
        "Not seated here: seated on the iteration of 7 June, the second preference of Jordan; all seats here are taken."
    )


def test_a_person_whom_two_senders_nominate_is_seated_once():
    twice = jordan(1, person=1), Nominee(2, 1, "A", "SEESAC", submitted_at=1.0)

    proposal = propose([Board("A", 5)], twice)

    assert proposal.chosen == {1}
    assert say(proposal.reasons[2]) == "Not seated: this person is seated here by the nomination of Jordan."
