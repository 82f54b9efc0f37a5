"""What keeps a sender from handing in a nomination now. Pages show every sentence, actions refuse with the first."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts import moment
from accounts.moves import Refused
from courses import workflow as iterations
from courses.models import Iteration
from courses.workflow import IterationState
from enrollment.actions.training_requests import refuse_the_suspended
from partners.models import Nation, Organisation


def to_nominating(sender: Nation | Organisation, iteration: Iteration) -> list[Refused]:
    """Why `sender` cannot put anybody forward for `iteration`; empty when it can."""
    return [each for each in (_suspension(sender), *to_submitting_again(sender, iteration)) if each]


def to_submitting(sender: Nation | Organisation, iteration: Iteration, now: datetime) -> list[Refused]:
    """Why `sender` cannot hand in a nomination for the first time at `now`: also the late policy (rule 4.7)."""
    late = _lateness(iteration) if is_late(iteration, now) else None
    return [each for each in (*to_nominating(sender, iteration), late) if each]


def to_submitting_again(sender: Nation | Organisation, iteration: Iteration) -> list[Refused]:
    """The same for a nomination that the office returned: neither deadline nor suspension undoes a first submission."""
    return [each for each in (_closure(iteration), _missing_invitation(sender, iteration)) if each]


def is_late(iteration: Iteration, now: datetime) -> bool:
    """True after the deadline, and as soon as the office has closed nominations, whichever is first."""
    return iteration.state != IterationState.OPEN or iteration.is_late_at(now)


def is_too_late(iteration: Iteration, now: datetime) -> bool:
    """True when the late policy lets nobody in any more."""
    return is_late(iteration, now) and _lateness(iteration) is not None


def refuse_for_the_first(obstacles: list[Refused]) -> None:
    if obstacles:
        raise obstacles[0]


def _suspension(sender) -> Refused | None:
    try:
        refuse_the_suspended(sender)
    except Refused as refusal:
        return refusal
    return None


def _closure(iteration: Iteration) -> Refused | None:
    if iteration.state in iterations.TAKING_NOMINATIONS and not iteration.has_begun():
        return None
    if iteration.state in iterations.TAKING_NOMINATIONS:
        return Refused(_("%s has begun and takes no nominations.") % iteration, field="iteration")
    sentence = _("%(iteration)s takes no nominations: its state is “%(state)s”.")
    return Refused(sentence % {"iteration": iteration, "state": iteration.get_state_display()}, field="iteration")


def _missing_invitation(sender, iteration: Iteration) -> Refused | None:
    if iteration.invites(sender):
        return None
    sentence = _("%(iteration)s is by invitation, and %(sender)s is not invited.")
    return Refused(sentence % {"iteration": iteration, "sender": sender}, field="iteration")


def _lateness(iteration: Iteration) -> Refused | None:
    if iteration.late_policy == Iteration.LatePolicy.REFUSE:
        return Refused(f"{when_closed(iteration)} {_('Late nominations are not accepted.')}")
    if iteration.late_policy == Iteration.LatePolicy.IF_SEATS and iteration.seats_free < 1:
        sentence = _("Late nominations are accepted only while seats are free, and none is.")
        return Refused(f"{when_closed(iteration)} {sentence}")
    return None


def when_closed(iteration: Iteration) -> str:
    """Since when nominations count as late, in a sentence that names the zone (rule 5.20)."""
    if iteration.nominations_close_on is None or not iteration.is_late_at(moment.now()):
        return _("The office has closed nominations for %s.") % iteration
    day = date_format(iteration.nominations_close_on, "j F Y")
    return _("Nominations closed at the end of %(day)s (%(zone)s).") % {"day": day, "zone": iteration.time_zone}
