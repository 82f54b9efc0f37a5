"""Quotas and those who are seated, read as the plain values that seating.py and waiting.py decide upon."""

from collections import Counter
from collections.abc import Iterable

from courses.models import Iteration, Quota
from enrollment import workflow
from enrollment.models.nomination import Nomination
from enrollment.seating import NO_FRAMEWORK, Kind, Plan, Rule
from enrollment.waiting import Entry
from partners.models import FrameworkMembership


class Places:
    """What is to be known of one iteration's places before anybody is seated; read it under the iteration's lock.

    Where no quota is in force it costs one query; else the holders, the seated and the frameworks of the first day too.
    With `counts`, who is seated is read in any case, as the order of a waiting list needs it. Who has read the quotas,
    the frameworks (key by nation) and the nominations already, hands them over: then it asks nothing.
    """

    def __init__(
        self,
        iteration: Iteration,
        quotas: Iterable[Quota] | None = None,
        *,
        counts: bool = False,
        frameworks: dict[int, str] | None = None,
        nominations: Iterable[Nomination] | None = None,
    ) -> None:
        self.iteration = iteration
        found = iteration.quotas.in_force().prefetch_related(*Quota.HOLDERS) if quotas is None else quotas
        self.quotas = {quota.key: quota for quota in found}
        self._frameworks = (
            (self._frameworks_of_the_first_day() if self.quotas else {}) if frameworks is None else frameworks
        )
        if nominations is not None:
            seated = Counter(self.kind_of(each) for each in nominations if each.state in workflow.KEEPS_A_SEAT)
        else:
            seated = self._seated() if self.quotas or counts else self._taken()
        self.plan = Plan(iteration.capacity, self._rules(), self._framework_of(), seated)

    def kind_of(self, nomination: Nomination) -> Kind:
        person = nomination.person
        return self._kind(nomination.nation_id, nomination.organisation_id, person.category)

    def entry_of(self, nomination: Nomination) -> Entry:
        return Entry(
            pk=nomination.pk,
            kind=self.kind_of(nomination),
            sender=str(nomination.sender),
            priority=nomination.priority,
            is_alternate=nomination.is_alternate,
            submitted_at=nomination.submitted_at.timestamp(),
        )

    def _rules(self) -> tuple[Rule, ...]:
        return tuple(
            Rule(key, quota.holder_name, quota.floor_in_force, quota.ceiling_in_force)
            for key, quota in sorted(self.quotas.items())
        )

    def _framework_of(self) -> dict[str, str]:
        return {f"nation:{pk}": key for pk, key in self._frameworks.items()}

    def _taken(self) -> Counter:
        return Counter({Kind(NO_FRAMEWORK, "", ""): self.iteration.seats_taken})

    def _seated(self) -> Counter:
        rows = Nomination.objects.keeping_a_seat().filter(iteration=self.iteration).order_by()
        return self._count(rows.values_list("nation", "organisation", "person__category"))

    def _count(self, rows: Iterable[tuple]) -> Counter:
        return Counter(self._kind(*row) for row in rows)

    def _frameworks_of_the_first_day(self) -> dict[int, str]:
        """The framework in force on the first day, by nation (rule 5.16)."""
        rows = FrameworkMembership.objects.in_force_on(self.iteration.starts_on).order_by("-from_on", "-pk")
        return {nation: f"framework:{framework}" for nation, framework in rows.values_list("nation", "framework")}

    def _kind(self, nation: int | None, organisation: int | None, category: str) -> Kind:
        sender = f"nation:{nation}" if nation else f"organisation:{organisation}"
        return Kind(self._frameworks.get(nation, NO_FRAMEWORK), sender, f"category:{category}")
