"""The order in which a nation puts its people forward: principals, then alternates. Only it and the office see it."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from accounts.actions import keep_history
from accounts.moves import Refused
from courses import actions as courses
from courses.models import Iteration
from enrollment import workflow
from enrollment.models import Nomination

CHANGED = gettext_noop("Order changed")
PREFERENCE = gettext_noop("Order of preference changed")
HAS_CHANGED = gettext_lazy("The list has changed meanwhile. Look at it again and put it in order once more.")
MOVED_UP = gettext_noop("Moved up: a principal fell out")


@transaction.atomic
def rank(iteration: Iteration, principals: Sequence[int], alternates: Sequence[int], *, by) -> list[Nomination]:
    """Put a sender's nominations for an iteration in order, by their ids: the first is its first choice.

    The two lists together name every nomination of the sender that is still in line, each once; else nothing changes.
    """
    row = courses.lock(iteration)
    wanted = [*principals, *alternates]
    found = {each.pk: each for each in _in_line(row).filter(pk__in=wanted)}
    if len(set(wanted)) != len(wanted) or set(found) != set(wanted) or not wanted:
        raise Refused(HAS_CHANGED)
    _refuse_another_sender(found, by)
    _refuse_gaps(row, found)
    for position, pk in enumerate(principals, start=1):
        _place(found[pk], position, False, by, CHANGED)
    for position, pk in enumerate(alternates, start=1):
        _place(found[pk], position, True, by, CHANGED)
    return [found[pk] for pk in wanted]


@transaction.atomic
def prefer(wanted: Sequence[int], *, by) -> list[Nomination]:
    """Put one person's nominations for several iterations of a course in the order in which the nation likes them.

    `wanted` names by their ids all of them that are still in line, the one liked best first; else nothing changes.
    """
    ids = Nomination.objects.filter(pk__in=wanted).values_list("iteration", flat=True)
    list(locked(ids))
    found = {each.pk: each for each in _in_line_anywhere().filter(pk__in=wanted).select_related("iteration")}
    if len(set(wanted)) != len(wanted) or set(found) != set(wanted) or not wanted:
        raise Refused(HAS_CHANGED)
    _refuse_another_sender(found, by)
    first = found[wanted[0]]
    if set(preferences_of(first).values_list("pk", flat=True)) != set(wanted):
        raise Refused(HAS_CHANGED)
    for preference, pk in enumerate(wanted, start=1):
        if found[pk].preference != preference:
            found[pk].preference = preference
            keep_history(found[pk], by=by, reason=PREFERENCE)
            found[pk].save(update_fields=["preference"])
    return [found[pk] for pk in wanted]


def preferences_of(nomination: Nomination):
    """All that the sender has in line for this person on this course, the iteration liked best first."""
    rows = _in_line_anywhere().of_sender(nomination.sender).filter(person=nomination.person_id)
    return rows.filter(iteration__course=nomination.iteration.course_id).order_by("preference", "pk")


def locked(ids: Iterable[int]):
    """Iterations locked in the order of their ids, as everybody does who locks more than one."""
    return Iteration.objects.select_for_update(of=("self",)).filter(pk__in=list(ids)).order_by("pk")


def close_up(fallen: Nomination, *, by) -> None:
    """When a principal falls out, the first alternate becomes the last of the principals. Nobody else is renumbered."""
    if fallen.is_alternate:
        return
    rest = _in_line(fallen.iteration).of_sender(fallen.sender).select_related(None)
    alternate = rest.filter(is_alternate=True).order_by("priority", "pk").values_list("pk", flat=True).first()
    if alternate is not None:
        last = rest.filter(is_alternate=False).aggregate(last=Max("priority"))["last"] or 0
        _place(rest.get(pk=alternate), last + 1, False, by, MOVED_UP)


def _in_line(iteration: Iteration):
    return _in_line_anywhere().filter(iteration=iteration)


def _in_line_anywhere():
    states = workflow.IN_LINE | workflow.WITH_THE_LIAISON
    return Nomination.objects.filter(state__in=states).select_related("nation", "organisation", "person")


def _refuse_another_sender(found: dict[int, Nomination], by) -> None:
    senders = {each.sender for each in found.values()}
    if len(senders) != 1 or not next(iter(found.values())).is_sent_by_those_of(by):
        raise Refused(_("You can only rank the nominees of the nation or organisation for which you are liaison."))


def _refuse_gaps(iteration: Iteration, found: dict[int, Nomination]) -> None:
    sender = next(iter(found.values())).sender
    if _in_line(iteration).of_sender(sender).exclude(pk__in=found).exists():
        raise Refused(HAS_CHANGED)


def _place(nomination: Nomination, priority: int, is_alternate: bool, by, why: str) -> None:
    if (nomination.priority, nomination.is_alternate) == (priority, is_alternate):
        return
    nomination.priority, nomination.is_alternate = priority, is_alternate
    keep_history(nomination, by=by, reason=why)
    nomination.save(update_fields=["priority", "is_alternate"])
