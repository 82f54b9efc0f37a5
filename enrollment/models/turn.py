from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.models import Seat
from enrollment.models.nomination import Nomination
from enrollment.seating import Obstacle


class Turn(models.Model):
    """A waiting nominee's turn for one free seat: it was offered, or she was passed over, and why. Kept for good."""

    class Outcome(models.TextChoices):
        OFFERED = "offered", _("Offered")
        PASSED_OVER = "passed over", _("Passed over")

    class Reason(models.TextChoices):
        """The last three are the codes of an Obstacle, which `names` and `number` complete."""

        FIRST_IN_LINE = "first in line", _("First of the waiting list who can be seated.")
        OUT_OF_TURN = "out of turn", _("Chosen by the office, out of turn.")
        ANOTHER_WAS_CHOSEN = "another was chosen", _("The office offered the seat to another.")
        FULL = "full", _("All seats are taken.")
        CEILING = "ceiling", _("A ceiling is reached.")
        GUARANTEED = "guaranteed", _("The seats still free are guaranteed to others.")

    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="turns", verbose_name=_("nomination"))
    seat = models.ForeignKey(Seat, models.SET_NULL, null=True, related_name="turns", verbose_name=_("seat"))
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices)
    names = models.JSONField(_("names"), default=list, help_text=_("Of the quotas that stood in the way."))
    number = models.PositiveIntegerField(_("number"), default=0, help_text=_("The ceiling, or the seats."))
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("turn")
        verbose_name_plural = _("turns")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.nomination}: {self.get_outcome_display()}"

    @property
    def sentence(self) -> str:
        """The reason in the reader's language, with all that the office may know."""
        if self.reason not in (self.Reason.FULL, self.Reason.CEILING, self.Reason.GUARANTEED):
            return self.get_reason_display()
        why = Obstacle(self.reason, tuple(self.names), self.number).sentence
        return gettext("Passed over: %(why)s.") % {"why": why}
