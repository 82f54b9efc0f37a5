from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from partners.models import Person


class TimetableEntry(models.Model):
    """One period of an iteration's programme, in the iteration's own zone."""

    iteration = models.ForeignKey("courses.Iteration", models.CASCADE, related_name="timetable")
    day = models.DateField(_("day"))
    starts_at = models.TimeField(_("from"))
    ends_at = models.TimeField(_("to"))
    title = models.CharField(_("title"), max_length=160)
    room = models.CharField(_("room"), max_length=60, blank=True)
    instructor = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("instructor")
    )

    class Meta:
        verbose_name = _("programme entry")
        verbose_name_plural = _("programme")
        ordering = ["day", "starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="programme_entry_ends_after_it_begins",
                violation_error_message=_("The entry ends before it begins."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.starts_at:%H:%M} {self.title}"
