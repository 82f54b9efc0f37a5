from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import Iteration
from enrollment.models import Nomination
from interface.history import History


class AttendanceQuerySet(models.QuerySet):
    def present_days(self, nominations: Iterable[Nomination]) -> dict[int, set[date]]:
        """The days on which each nominee was there: {nomination id: {days}}; one query."""
        days: dict[int, set[date]] = defaultdict(set)
        for pk, day in self.filter(nomination__in=nominations, is_present=True).values_list("nomination", "day"):
            days[pk].add(day)
        return days

    def shares(self, nominations: Iterable[Nomination], iteration: Iteration) -> dict[int, int]:
        """Each nominee's attendance in whole per cent of the iteration's training days, rounded down."""
        nominations, training_days = list(nominations), set(iteration.training_days())
        present = self.present_days(nominations)
        return {
            nomination.pk: 100 * len(present[nomination.pk] & training_days) // len(training_days)
            for nomination in nominations
        }


class Attendance(models.Model):
    """Whether one participant was there on one day."""

    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="attendance")
    day = models.DateField(_("day"))
    is_present = models.BooleanField(_("present"))
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    marked_at = models.DateTimeField(_("marked at"), default=timezone.now)

    objects = AttendanceQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        ordering = ["day", "pk"]
        constraints = [models.UniqueConstraint(fields=["nomination", "day"], name="one_mark_per_participant_and_day")]

    def __str__(self) -> str:
        return f"{self.nomination}: {self.day}"


class Result(models.Model):
    """What a participant leaves with in words: the outcome stands in the nomination's state, the remarks here."""

    nomination = models.OneToOneField(Nomination, models.PROTECT, related_name="result")
    grade_text = models.CharField(_("grade"), max_length=80, blank=True)
    remarks = models.TextField(_("remarks"), blank=True)
    left_early_on = models.DateField(_("left early on"), null=True, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)

    history = History()

    class Meta:
        verbose_name = _("result")
        verbose_name_plural = _("results")

    def __str__(self) -> str:
        return str(self.nomination)
