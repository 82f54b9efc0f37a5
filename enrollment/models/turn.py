from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import Seat
from enrollment.models.nomination import Nomination


class Turn(models.Model):
    """A waiting nominee's turn for one free seat: it was offered, or she was passed over, and why. Kept for good."""

    class Outcome(models.TextChoices):
        OFFERED = "offered", _("Offered")
        PASSED_OVER = "passed over", _("Passed over")

    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="turns", verbose_name=_("nomination"))
    seat = models.ForeignKey(Seat, models.SET_NULL, null=True, related_name="turns", verbose_name=_("seat"))
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices)
    reason = models.CharField(_("reason"), max_length=300, help_text=_("In English."))
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("turn")
        verbose_name_plural = _("turns")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.nomination}: {self.get_outcome_display()}"
