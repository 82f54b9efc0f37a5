"""Who can be seated beside whom: quotas as floors and ceilings, decided exactly. Plain values in, plain values out.

A person fills several rules at once: a Jordanian civilian counts for Jordan, its framework and the civilians. A
guarantee is kept when the seats still free suffice for all who are guaranteed one, and no ceiling bars them.
Since a nation has one framework on a day (rule 5.16), and a person one sender and one category, this is a flow:
framework → sender → category, each arc between its floor and its ceiling. A flow is found whenever there is one.
"""

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.translation import gettext as _

NO_FRAMEWORK = "no framework"
ANY_OTHER = "any other"
CATEGORIES = ("category:military", "category:civilian", "category:police")


class Kind(NamedTuple):
    """What counts of a person: the keys "framework:3", "nation:42" or "organisation:7", "category:civilian"."""

    framework: str
    sender: str
    category: str


@dataclass(frozen=True)
class Rule:
    """A quota in force. `floor` seats are guaranteed; `ceiling` is the most that may be seated, None for no limit."""

    key: str
    name: str
    floor: int = 0
    ceiling: int | None = None


@dataclass(frozen=True)
class Obstacle:
    """Why somebody cannot be seated now. `code` is full, ceiling or guaranteed; `names` are the rules that say so."""

    code: str
    names: tuple[str, ...] = ()
    number: int = 0

    @property
    def sentence(self) -> str:
        if self.code == "full":
            return _("all %(number)s seats are taken") % {"number": self.number}
        if self.code == "ceiling":
            return _("the ceiling of %(number)s for %(name)s is reached") % {
                "number": self.number,
                "name": self.names[0],
            }
        return _("the seats still free are guaranteed to: %(names)s") % {"names": ", ".join(self.names)}


@dataclass
class Plan:
    """An iteration's places: how many, by which rules, the framework of each sender in a rule, who is seated."""

    capacity: int
    rules: tuple[Rule, ...] = ()
    framework_of: dict[str, str] = field(default_factory=dict)
    seated: Counter = field(default_factory=Counter)  # Kind → how many

    @property
    def taken(self) -> int:
        return self.seated.total()

    def used(self, rule: Rule) -> int:
        return sum(count for kind, count in self.seated.items() if rule.key in kind)

    def needs(self) -> dict[str, int]:
        """The seats of each guarantee that nobody fills yet, by rule key."""
        left = {rule.key: rule.floor - self.used(rule) for rule in self.rules}
        return {key: count for key, count in left.items() if count > 0}

    def with_(self, kind: Kind) -> "Plan":
        return Plan(self.capacity, self.rules, self.framework_of, self.seated + Counter([kind]))


def obstacle(plan: Plan, kind: Kind) -> Obstacle | None:
    """Why nobody of this kind can be seated beside those who are. Exact: None means that all rules can be kept."""
    if plan.taken >= plan.capacity:
        return Obstacle("full", number=plan.capacity)
    for rule in plan.rules:
        if rule.ceiling is not None and rule.key in kind and plan.used(rule) >= rule.ceiling:
            return Obstacle("ceiling", (rule.name,), rule.ceiling)
    then = plan.with_(kind)
    if not then.needs() or is_feasible(then) or not is_feasible(plan):
        return None
    return Obstacle("guaranteed", tuple(sorted(rule.name for rule in plan.rules if rule.key in plan.needs())))


def is_feasible(plan: Plan) -> bool:
    """True when those seated, and everybody still guaranteed a seat, fit in under all ceilings."""
    return _reserve(plan, plan.capacity) is not None


def holdings(plan: Plan) -> dict[str, int]:
    """How many of the free seats have to be kept for whom, by rule key: as few in all as the guarantees need.

    Empty where the guarantees cannot all be kept any more.
    """
    if not plan.needs():
        return {}
    low, high, found = plan.taken, plan.capacity, _reserve(plan, plan.capacity)
    if found is None:
        return {}
    while low < high:
        middle = (low + high) // 2
        smaller = _reserve(plan, middle)
        if smaller is None:
            low = middle + 1
        else:
            high, found = middle, smaller
    return _attributed(plan, found)


def _attributed(plan: Plan, reserve: Counter) -> dict[str, int]:
    """Each seat kept goes by the narrowest guarantee that it fills: the sender's, the framework's, the category's."""
    needs, held = Counter(plan.needs()), Counter()
    for kind, count in sorted(reserve.items()):
        for _seat in range(count):
            filled = [key for key in (kind.sender, kind.framework, kind.category) if needs[key] > 0]
            for key in filled:
                needs[key] -= 1
            if filled:
                held[filled[0]] += 1
    return dict(held)


def _reserve(plan: Plan, seats: int) -> Counter | None:
    """People still to come, by kind, with whom every guarantee is kept in `seats` seats in all; None: impossible."""
    network = _Network()
    for arc in _arcs(plan, seats):
        network.add(*arc)
    if not network.is_satisfied():
        return None
    flows = {(head, tail): flow for head, tail, flow in network.flows() if flow}
    return Counter(dict(_people(flows, plan)))


def _arcs(plan: Plan, seats: int) -> Iterator[tuple[str, str, int, int]]:
    """(from, to, at least, at most): everybody passes framework, sender and category once."""
    rules = {rule.key: rule for rule in plan.rules}
    frameworks = {NO_FRAMEWORK, *(key for key in rules if key.startswith("framework:"))}
    senders = {key: plan.framework_of.get(key, NO_FRAMEWORK) for key in rules if key.startswith(("nation:", "organ"))}
    senders |= {kind.sender: kind.framework for kind in plan.seated}
    frameworks |= set(senders.values())
    senders |= {f"{ANY_OTHER} {framework}": framework for framework in frameworks}

    def limits(key: str) -> tuple[int, int]:
        rule = rules.get(key)
        if rule is None:
            return 0, seats
        used = plan.used(rule)
        return rule.floor, seats if rule.ceiling is None else max(rule.ceiling, used, rule.floor)

    yield "end", "start", 0, seats
    for framework in sorted(frameworks):
        yield "start", framework, *limits(framework)
    for sender, framework in sorted(senders.items()):
        yield framework, sender, *limits(sender)
        for category in CATEGORIES:
            yield sender, category, plan.seated[Kind(framework, sender, category)], seats
    for category in CATEGORIES:
        yield category, "end", *limits(category)


def _people(flows: dict, plan: Plan) -> Iterator[tuple[Kind, int]]:
    """What flows from each sender to each category beyond those who are seated."""
    framework_of = {tail: head for head, tail in flows if head.startswith("framework:") or head == NO_FRAMEWORK}
    for (sender, category), flow in flows.items():
        if category in CATEGORIES:
            kind = Kind(framework_of[sender], sender, category)
            if flow > plan.seated[kind]:
                yield kind, flow - plan.seated[kind]


class _Network:
    """A circulation with lower bounds, found by the shortest augmenting paths (Edmonds and Karp)."""

    def __init__(self) -> None:
        self.heads: list[str] = []
        self.tails: list[str] = []
        self.room: list[int] = []  # arc 2n and its way back 2n + 1
        self.lower: list[int] = []
        self.out: dict[str, list[int]] = {}
        self.excess: Counter = Counter()
        self.own = 0  # how many of the arcs are not those that the bounds add

    def add(self, head: str, tail: str, lower: int, upper: int) -> None:
        self.excess[tail] += lower
        self.excess[head] -= lower
        self._arc(head, tail, upper - lower, lower)

    def _arc(self, head: str, tail: str, room: int, lower: int = 0) -> None:
        for one, other, free in ((head, tail, room), (tail, head, 0)):
            self.out.setdefault(one, []).append(len(self.room))
            self.heads.append(one)
            self.tails.append(other)
            self.room.append(free)
            self.lower.append(lower)

    def is_satisfied(self) -> bool:
        """True when every lower bound can be kept; the flows are then those of such a circulation."""
        if any(room < 0 for room in self.room):
            return False
        wanted = sum(count for count in self.excess.values() if count > 0)
        self.own = len(self.room)
        for node, count in list(self.excess.items()):
            if count > 0:
                self._arc("source", node, count)
            elif count < 0:
                self._arc(node, "sink", -count)
        return sum(iter(self._augment, 0)) == wanted

    def _augment(self) -> int:
        """Push along one shortest path from source to sink; says how much."""
        came_by: dict[str, int] = {}
        ahead = deque(["source"])
        while ahead and "sink" not in came_by:
            for arc in self.out.get(ahead.popleft(), ()):
                node = self.tails[arc]
                if self.room[arc] > 0 and node not in came_by and node != "source":
                    came_by[node] = arc
                    ahead.append(node)
        if "sink" not in came_by:
            return 0
        path = list(self._back(came_by))
        pushed = min(self.room[arc] for arc in path)
        for arc in path:
            self.room[arc] -= pushed
            self.room[arc ^ 1] += pushed
        return pushed

    def _back(self, came_by: dict[str, int]) -> Iterator[int]:
        node = "sink"
        while node != "source":
            yield came_by[node]
            node = self.heads[came_by[node]]

    def flows(self) -> Iterable[tuple[str, str, int]]:
        """(from, to, how much) of each arc, its lower bound included."""
        for arc in range(0, self.own, 2):
            yield self.heads[arc], self.tails[arc], self.room[arc ^ 1] + self.lower[arc]
