from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses import clock, workflow
from courses.models.iteration import Iteration
from notifications.jobs import Job, JobQuerySet

LATE = timedelta(hours=1)
A_WORKERS_TIME = timedelta(minutes=10)


class ClockStepQuerySet(JobQuerySet):
    def undone(self):
        """What is still to be done, of iterations that are announced and not over."""
        return self.filter(done_at__isnull=True, parked_at__isnull=True, iteration__state__in=workflow.ON_THE_CLOCK)


class ClockStep(Job):
    """One dated step of an iteration's seat clock: work until it is done, then the record of what the system did."""

    class Step(models.TextChoices):
        NOMINATIONS_CLOSE = "nominations_close_on", _("Nominations close")
        WARN_HOLDERS = "warn_holders_on", _("Holders of unnamed seats are warned")
        NOTIFICATION = "notification_on", _("Decisions are told")
        TAKE_BACK = "take_back_on", _("Unnamed seats are taken back")
        GO_NO_GO = "go_no_go_on", _("Go or no-go")
        JOINING_INSTRUCTIONS = "joining_instructions_on", _("Joining instructions are sent")
        LAST_SUBSTITUTION = "last_substitution_on", _("Last day for substitutions")

    iteration = models.ForeignKey(Iteration, models.CASCADE, related_name="clock_steps", verbose_name=_("iteration"))
    step = models.CharField(_("step"), max_length=30, choices=Step.choices)
    due_on = models.DateField(_("day"), help_text=_("In the iteration's own time zone."))
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    report = models.TextField(_("what it did"), blank=True)

    objects = ClockStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of the seat clock")
        verbose_name_plural = _("steps of the seat clock")
        ordering = ["iteration_id", "due_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["iteration", "step"], name="one_clock_step_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.get_step_display()} ({self.iteration})"

    @property
    def falls_due_at(self) -> datetime:
        """When it is to be taken by its date. `due_at` is later than that once an attempt has failed."""
        return clock.due_at(self.step, self.due_on, self.iteration.time_zone)

    @property
    def was_late(self) -> bool:
        """Done more than an hour after it was due: the system was down, or the date was moved into the past."""
        return self.done_at is not None and self.done_at - self.falls_due_at > LATE

    @property
    def is_overdue(self) -> bool:
        """To be done by the system, and not done for longer than a worker needs."""
        if self.done_at or self.parked_at or self.iteration.state not in workflow.ON_THE_CLOCK:
            return False
        return timezone.now() - self.falls_due_at > A_WORKERS_TIME

    @property
    def is_done_by_hand(self) -> bool:
        """The system has nothing left to do: somebody closed the nominations, or confirmed the iteration, before."""
        done_in = {self.Step.NOMINATIONS_CLOSE: workflow.NO_LONGER_OPEN, self.Step.GO_NO_GO: workflow.GO}
        return self.iteration.state in done_in.get(self.step, ())

    @property
    def is_a_deadline(self) -> bool:
        return self.step in clock.DEADLINES
