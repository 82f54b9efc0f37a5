"""The order in which a nation puts its people forward: principals, then alternates. Only it and the office see it."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.actions import keep_history
from accounts.moves import Refused
from courses import actions as courses
from courses.models import Iteration
from enrollment import workflow
from enrollment.models import Nomination

CHANGED = gettext_noop("Order changed")
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
        raise Refused(_("The list has changed meanwhile. Look at it again and put it in order once more."))
    _refuse_another_sender(found, by)
    _refuse_gaps(row, found)
    for position, pk in enumerate(principals, start=1):
        _place(found[pk], position, False, by, CHANGED)
    for position, pk in enumerate(alternates, start=1):
        _place(found[pk], position, True, by, CHANGED)
    return [found[pk] for pk in wanted]


def close_up(fallen: Nomination, *, by) -> None:
    """When a principal falls out, the first alternate becomes the last of the principals. Nobody else is renumbered."""
    if fallen.is_alternate:
        return
    rest = list(_in_line(fallen.iteration).of_sender(fallen.sender).in_nation_order())
    alternate = next((each for each in rest if each.is_alternate), None)
    if alternate is not None:
        behind_all = max((each.priority for each in rest if not each.is_alternate), default=0) + 1
        _place(alternate, behind_all, False, by, MOVED_UP)


def _in_line(iteration: Iteration):
    states = workflow.IN_LINE | workflow.WITH_THE_LIAISON
    rows = Nomination.objects.filter(iteration=iteration, state__in=states)
    return rows.select_related("nation", "organisation", "person")


def _refuse_another_sender(found: dict[int, Nomination], by) -> None:
    senders = {each.sender for each in found.values()}
    if len(senders) != 1 or not next(iter(found.values())).is_sent_by_those_of(by):
        raise Refused(_("You can only rank the nominees of the nation or organisation for which you are liaison."))


def _refuse_gaps(iteration: Iteration, found: dict[int, Nomination]) -> None:
    sender = next(iter(found.values())).sender
    if _in_line(iteration).of_sender(sender).exclude(pk__in=found).exists():
        raise Refused(_("The list has changed meanwhile. Look at it again and put it in order once more."))


def _place(nomination: Nomination, priority: int, is_alternate: bool, by, why: str) -> None:
    if (nomination.priority, nomination.is_alternate) == (priority, is_alternate):
        return
    nomination.priority, nomination.is_alternate = priority, is_alternate
    keep_history(nomination, by=by, reason=why)
    nomination.save(update_fields=["priority", "is_alternate"])
