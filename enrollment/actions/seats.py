"""The one place that gives and frees seats. Lock order: iteration, then nomination."""

from django.db.models import F
from django.utils.translation import gettext as _

from accounts.moves import Refused
from courses import actions as courses
from courses.models import Iteration
from enrollment.models import Nomination


def lock(nomination: Nomination) -> Nomination:
    """The nomination with its iteration, both fresh and locked; call inside a transaction, before any count."""
    iteration = courses.lock(nomination.iteration)
    rows = Nomination.objects.select_for_update(of=("self",)).select_related("person__user", "nation", "organisation")
    row = rows.get(pk=nomination.pk)
    row.iteration = iteration
    return row


def take(iteration: Iteration) -> None:
    """Count one seat as taken, or refuse: capacity is hard, whoever acts (rule 5.1)."""
    free = Iteration.objects.filter(pk=iteration.pk, seats_taken__lt=F("capacity"))
    if not free.update(seats_taken=F("seats_taken") + 1):
        refuse_a_full(iteration)
    iteration.seats_taken += 1


def refuse_a_full(iteration: Iteration) -> None:
    sentence = _("All %(capacity)s seats of %(iteration)s are taken. Put the nominee on the waiting list instead.")
    raise Refused(sentence % {"capacity": iteration.capacity, "iteration": iteration})


def free(iteration: Iteration) -> None:
    """Give one seat back."""
    Iteration.objects.filter(pk=iteration.pk).update(seats_taken=F("seats_taken") - 1)
    iteration.seats_taken -= 1
