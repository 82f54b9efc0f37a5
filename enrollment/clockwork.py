"""The door through which time comes in: it calls actions as a page does. Each task may be repeated."""

from celery import shared_task
from django.utils import timezone

from accounts.moves import Refused
from courses.models import ClockStep, Iteration
from enrollment import actions
from enrollment.actions.offers import MOVING
from enrollment.models import Nomination
from notifications import jobs


@shared_task
def take_clock_step(step_id: int) -> None:
    """Take one due step of a seat clock under a lease."""
    steps = ClockStep.objects.select_related("iteration__course")
    jobs.work_on(steps, step_id, actions.take_step, give_up=ClockStep.park)


@shared_task
def lapse_offer(nomination_id: int) -> None:
    """End one offer whose time to answer is over; the seat goes on."""
    offered = Nomination.objects.with_an_offer().filter(pk=nomination_id, answer_by__lte=timezone.now()).first()
    if offered is None:
        return
    try:
        actions.lapse(offered)
    except Refused:  # answered at this moment
        return


@shared_task
def move_waiting_list(iteration_id: int) -> None:
    """Offer what is free to who waits, should a deed have left anything to do."""
    iteration = Iteration.objects.filter(pk=iteration_id).first()
    if iteration is not None:
        actions.promote(iteration)


@shared_task
def sweep() -> None:
    """Ring for every due step, every overdue offer, and every waiting list beside a free seat."""
    jobs.ring_for_all(ClockStep.objects, take_clock_step)
    overdue = Nomination.objects.with_an_offer().filter(answer_by__lte=timezone.now())
    for pk in overdue.order_by("answer_by").values_list("pk", flat=True)[: jobs.SWEEP_LIMIT]:
        lapse_offer.delay(pk)
    waiting = Nomination.objects.waiting().values("iteration")
    for pk in Iteration.objects.filter(pk__in=waiting, state__in=MOVING).with_free_seats().values_list("pk", flat=True):
        move_waiting_list.delay(pk)
