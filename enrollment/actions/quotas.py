"""Who holds seats before they are named: quotas set by the office, turned back by their holders, released."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.actions import keep_history, only_coordinators
from accounts.moves import Refused
from courses import actions as courses
from courses import workflow as iterations
from courses.models import Iteration, Quota, Seat
from enrollment import emails
from enrollment.actions import offers, seats
from enrollment.models.places import Places
from enrollment.seating import is_feasible
from partners.models import Framework, Nation, Organisation
from partners.models.sender import mandates_of

CHANGED = gettext_noop("Quotas changed")
RELEASED = gettext_noop("Quota released: unused seats taken back")
TURNED_BACK = gettext_noop("Turned back by its holder")


@dataclass(frozen=True)
class Wish:
    """One quota as the office wants it: for a nation, framework or organisation, or for a category by its value."""

    holder: Nation | Framework | Organisation | str
    floor: int = 0
    ceiling: int | None = None
    keeps_ceiling: bool = False

    @property
    def field(self) -> str:
        return "category" if isinstance(self.holder, str) else type(self.holder).__name__.lower()


@transaction.atomic
def set_quotas(iteration: Iteration, wishes: Sequence[Wish], *, by) -> list[Quota]:
    """Make these the quotas of an iteration; those not named end. Refuses what cannot be kept beside who is seated.

    A quota that was released stays so unless its numbers change.
    """
    only_coordinators(by, _("Only a training coordinator may set quotas."))
    row = courses.lock(iteration)
    _refuse_when_over(row)
    _refuse_too_many(row, wishes)
    quotas = [_save(row, wish, by) for wish in wishes]
    dropped = row.quotas.exclude(pk__in=[quota.pk for quota in quotas])
    _let_go(row, list(dropped), by)
    _refuse_what_cannot_be_kept(row)
    seats.hold(Places(row), by=by, why=CHANGED)
    offers.pass_on(row)
    return quotas


@transaction.atomic
def release_quota(quota: Quota, *, by) -> int:
    """End a guarantee before its date, or on it when `by` is None: the clock. Says how many seats it sets free."""
    if by is not None:
        only_coordinators(by, _("Only a training coordinator may release a quota."))
    row = courses.lock(quota.iteration)
    fresh = row.quotas.select_related("nation", "framework", "organisation").get(pk=quota.pk)
    if fresh.is_released:
        raise Refused(_("The quota of %s is released already.") % fresh.holder_name)
    unused = release_all(row, [fresh], by=by)
    offers.pass_on(row)
    return unused


def release_all(iteration: Iteration, quotas: Sequence[Quota], *, by) -> int:
    """The same for several quotas of a locked iteration; the waiting list is not called upon yet."""
    before = iteration.seats.held().count()
    for quota in quotas:
        quota.released_at = timezone.now()
        keep_history(quota, by=by, reason=RELEASED)
        quota.save(update_fields=["released_at"])
    seats.hold(Places(iteration), by=by, why=RELEASED, into=Seat.State.LAPSED)
    return before - iteration.seats.held().count()


@transaction.atomic
def turn_back(quota: Quota, count: int, *, by) -> Quota:
    """A holder gives back seats it cannot fill: the guarantee shrinks, and the seats go to whom they are due."""
    row = courses.lock(quota.iteration)
    fresh = row.quotas.select_related("nation", "framework", "organisation").get(pk=quota.pk)
    _refuse_another_holder(fresh, by)
    held = row.seats.held().filter(quota=fresh).count()
    if not 1 <= count <= held:
        sentence = _("%(holder)s holds %(held)s unnamed seats here: so many can be turned back at most.")
        raise Refused(sentence % {"holder": fresh.holder_name, "held": held}, field="count")
    fresh.floor -= count
    keep_history(fresh, by=by, reason=TURNED_BACK)
    fresh.save(update_fields=["floor"])
    seats.hold(Places(row), by=by, why=TURNED_BACK, into=Seat.State.TURNED_BACK)
    emails.tell_of_seats_turned_back(fresh, count, by)
    offers.pass_on(row)
    return fresh


def _save(iteration: Iteration, wish: Wish, by) -> Quota:
    holder = {wish.field: wish.holder}
    quota = iteration.quotas.filter(**holder).first() or Quota(iteration=iteration, **holder)
    facts = {"floor": wish.floor, "ceiling": wish.ceiling, "keeps_ceiling": wish.keeps_ceiling}
    if quota.pk and all(getattr(quota, name) == value for name, value in facts.items()):
        return quota
    for name, value in facts.items():
        setattr(quota, name, value)
    quota.released_at = None
    keep_history(quota, by=by, reason=CHANGED)
    try:
        with transaction.atomic():
            quota.save()
    except IntegrityError as broken:
        raise _broken(broken) from broken
    return quota


def _let_go(iteration: Iteration, dropped: list[Quota], by) -> None:
    kept = Places(iteration, [each for each in _fresh(iteration) if each.pk not in {gone.pk for gone in dropped}])
    if dropped:
        seats.hold(kept, by=by, why=CHANGED)
    for quota in dropped:
        keep_history(quota, by=by, reason=CHANGED)
        quota.delete()


def _fresh(iteration: Iteration) -> list[Quota]:
    return list(iteration.quotas.in_force().with_holders())


def _refuse_when_over(iteration: Iteration) -> None:
    if iteration.state not in iterations.BEFORE_COMPLETED or iteration.has_begun():
        raise Refused(_("%s has begun or is over: its quotas can no longer be changed.") % iteration)


def _refuse_too_many(iteration: Iteration, wishes: Sequence[Wish]) -> None:
    for wish in wishes:
        if wish.ceiling is not None and wish.ceiling < wish.floor:
            sentence = _("%(holder)s: more seats are guaranteed (%(floor)s) than may be filled at most (%(ceiling)s).")
            facts = {"holder": wish.holder, "floor": wish.floor, "ceiling": wish.ceiling}
            raise Refused(sentence % facts)
    holders = [(wish.field, wish.holder) for wish in wishes]
    if twice := next((holder for holder in holders if holders.count(holder) > 1), None):
        raise Refused(_("%s has two quotas. Leave one.") % twice[1])
    total = sum(wish.floor for wish in wishes)
    if total > iteration.capacity:
        sentence = _("%(total)s seats would be guaranteed, and there are %(capacity)s. Guarantee fewer.")
        raise Refused(sentence % {"total": total, "capacity": iteration.capacity})


def _refuse_what_cannot_be_kept(iteration: Iteration) -> None:
    plan = Places(iteration).plan
    for rule in plan.rules:
        used = plan.used(rule)
        if rule.ceiling is not None and used > rule.ceiling:
            sentence = _("%(used)s are seated for %(holder)s already: the ceiling cannot be %(ceiling)s.")
            raise Refused(sentence % {"used": used, "holder": rule.name, "ceiling": rule.ceiling})
    if not is_feasible(plan):
        raise Refused(_("These quotas cannot all be kept beside who is seated. Guarantee fewer, or raise a ceiling."))


def _refuse_another_holder(quota: Quota, by) -> None:
    if by.is_authenticated and by.is_coordinator:
        return
    mine = {(each.nation_id, each.organisation_id) for each in mandates_of(by)}
    if (quota.nation_id, quota.organisation_id) not in mine - {(None, None)}:
        raise Refused(_("Only the liaison of the holder, or the office, can turn seats back."))


def _broken(broken: IntegrityError) -> Refused:
    for constraint in Quota._meta.constraints:
        if constraint.name in str(broken):
            return Refused(str(constraint.violation_error_message))
    raise broken
