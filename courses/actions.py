"""What the office does with courses and iterations. The deed that reaches nominations too stands in enrollment."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actions import carry_out, keep_history, only_coordinators
from accounts.moves import Refused
from courses import clock
from courses.models import Course, Iteration


@transaction.atomic
def save_course(course: Course, *, by) -> Course:
    """Create or change a catalogue entry."""
    only_coordinators(by, _("Only a training coordinator may change courses and iterations."))
    keep_history(course, by=by, reason=_("Changed") if course.pk else _("Created"))
    course.save()
    return course


def save_iteration(iteration: Iteration, *, by) -> Iteration:
    """Create or change an iteration. Steps of the clock left empty are derived from the course.

    Refuses a capacity below the seats that are taken, also when they were taken a moment ago.
    """
    only_coordinators(by, _("Only a training coordinator may change courses and iterations."))
    fill_in_the_clock(iteration)
    try:
        with transaction.atomic():
            _keep_what_others_wrote(iteration)
            keep_history(iteration, by=by, reason=_("Changed") if iteration.pk else _("Scheduled"))
            iteration.save()
    except IntegrityError as broken:
        raise Refused(_broken_rule(broken)) from broken
    return iteration


def fill_in_the_clock(iteration: Iteration) -> None:
    """Derive the steps that have no date from the course's offsets."""
    offsets = {step: getattr(iteration.course, field) for step, field in clock.STEPS.items()}
    for step, day in clock.dates_for(iteration.starts_on, offsets).items():
        if getattr(iteration, step) is None:
            setattr(iteration, step, day)


def _keep_what_others_wrote(iteration: Iteration) -> None:
    """A form never writes state or seats: under lock, take them from the row."""
    if not iteration.pk:
        return
    row = Iteration.objects.select_for_update(of=("self",)).get(pk=iteration.pk)
    iteration.state, iteration.seats_taken = row.state, row.seats_taken
    iteration.cancellation_reason = row.cancellation_reason


def _broken_rule(broken: IntegrityError) -> str:
    for constraint in Iteration._meta.constraints:
        if constraint.name in str(broken):
            return str(constraint.violation_error_message)
    raise broken


@transaction.atomic
def make_move(iteration: Iteration, name: str, *, by, reason: str = "") -> Iteration:
    """Announce, open, close nominations, confirm, start, complete or close an iteration; see the table of moves."""
    locked = lock(iteration)
    carry_out(locked, name, by=by, reason=reason)
    return locked


def lock(iteration: Iteration) -> Iteration:
    """The iteration's row, fresh and locked to the end of the transaction: the first lock of every deed with seats."""
    return Iteration.objects.select_for_update(of=("self",)).select_related("course").get(pk=iteration.pk)
