"""Propose: how long the best selection takes, proven, with a reason for everybody.

40 nations in 5 frameworks nominate, the large ones more. On every iteration rules overlap: a nominee counts towards
a nation, a framework and a category at once. Seconds are the median of several scenes, each with its own seed.
"""

import random
import statistics
import time
from collections import Counter

from enrollment.allocation import Board, Nominee, Proposal, Rule, propose

NATIONS = {f"nation {number}": f"framework {number % 5}" for number in range(40)}
CATEGORIES = {"military": 6, "civilian": 3, "police": 1}
SIZES = {"300": (300, 1), "3000": (3000, 12)}
SCENES = 5
SEATS, RULES = 30, 25


def run() -> dict[str, float]:
    print(
        "| persons | nominations | iterations | seats | rules | seated | floors short | seconds: median, worst | CPU |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    return {f"propose_seconds_{name}": _measure(persons, boards) for name, (persons, boards) in SIZES.items()}


def _measure(persons: int, iterations: int) -> float:
    measured = [_timed(*scene(persons, iterations, seed=seed)) for seed in range(SCENES)]
    seconds, cpu, nominations, proposals = zip(*measured, strict=True)
    cells = [persons, nominations[0], iterations, SEATS * iterations, RULES * iterations, len(proposals[0].chosen)]
    cells += [sum(proposals[0].shortfalls.values()), f"{statistics.median(seconds):.2f}, {max(seconds):.2f}"]
    cells += [f"{statistics.median(cpu):.2f}"]
    print("| " + " | ".join(map(str, cells)) + " |", flush=True)
    return statistics.median(seconds)


def _timed(boards: list[Board], nominees: list[Nominee]) -> tuple[float, float, int, Proposal]:
    start, cpu_before = time.perf_counter(), time.process_time()
    proposal = propose(boards, nominees)
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu_before
    assert proposal.reasons.keys() == {nominee.pk for nominee in nominees}
    return seconds, cpu, len(nominees), proposal


def scene(persons: int, iterations: int, *, seed: int, nested: bool = True) -> tuple[list[Board], list[Nominee]]:
    """Boards of 30 seats and 25 rules; each person is nominated for one to four of them, in order of preference.

    With `nested=False` every rule takes in persons at random, which no office would ask for: the hard case.
    """
    chance = random.Random(seed)
    boards = [_board(number, chance, nested) for number in range(iterations)]
    weights = [chance.choice([1, 1, 2, 3, 5]) for _ in NATIONS]
    ranks: Counter = Counter()
    nominees: list[Nominee] = []
    for person in range(persons):
        (nation,) = chance.choices(list(NATIONS), weights)
        (category,) = chance.choices(list(CATEGORIES), list(CATEGORIES.values()))
        fills = frozenset({nation, NATIONS[nation], category} if nested else chance.sample(range(RULES), 4))
        is_alternate, submitted_at = chance.random() < 0.3, chance.randrange(30 * 24 * 60)
        wanted = chance.sample(range(iterations), min(iterations, chance.choice([1, 1, 2, 2, 3, 4])))
        for preference, board in enumerate(wanted, start=1):
            ranks[nation, board, is_alternate] += 1
            rank = ranks[nation, board, is_alternate]
            pk = len(nominees) + 1
            nominees.append(Nominee(pk, person, board, nation, fills, rank, is_alternate, submitted_at, preference))
    return boards, nominees


def _board(number: int, chance: random.Random, nested: bool) -> Board:
    if not nested:
        return Board(number, SEATS, tuple(Rule(key, str(key), chance.randint(1, 5), 5) for key in range(RULES)))
    frameworks = sorted(set(NATIONS.values()))
    rules = [Rule(key, key, chance.choice([0, 2, 3, 4]), chance.choice([8, 10, 12, None])) for key in frameworks]
    rules += [Rule("military", "military", 0, 20), Rule("civilian", "civilian", 5, 12), Rule("police", "police", 3, 6)]
    nations = chance.sample(list(NATIONS), RULES - len(rules))
    rules += [Rule(key, key, chance.choice([0, 0, 1, 1, 2]), chance.choice([2, 3, 3, 4])) for key in nations]
    return Board(number, SEATS, tuple(rules))
