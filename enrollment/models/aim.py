from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.models import Iteration
from interface.history import History

COUNTED_ONLY = {"nations", "frameworks"}  # of these there is no share


class Aim(models.Model):
    """What the office hopes for in an iteration's group, such as “at least 40 % women”. Shown beside, never applied."""

    class About(models.TextChoices):
        WOMEN = "women", _("Women")
        MEN = "men", _("Men")
        NATIONS = "nations", _("Nations")
        FRAMEWORKS = "frameworks", _("Frameworks")
        MILITARY = "military", _("Military")
        CIVILIANS = "civilians", _("Civilians")
        POLICE = "police", _("Police")

    iteration = models.ForeignKey(Iteration, models.CASCADE, related_name="aims", verbose_name=_("iteration"))
    about = models.CharField(_("about"), max_length=12, choices=About.choices)
    at_least = models.PositiveSmallIntegerField(_("at least"))
    is_share = models.BooleanField(_("in per cent"), default=False)

    history = History()

    class Meta:
        verbose_name = _("aim")
        verbose_name_plural = _("aims")
        ordering = ["iteration_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["iteration", "about"],
                name="one_aim_per_matter_and_iteration",
                violation_error_message=_("There is an aim about this already."),
            ),
            models.CheckConstraint(
                condition=Q(is_share=False) | (Q(at_least__lte=100) & ~Q(about__in=sorted(COUNTED_ONLY))),
                name="an_aimed_share_is_one_of_people",
                violation_error_message=_("A share is of people, and at most 100 %."),
            ),
        ]

    def __str__(self) -> str:
        facts = {"least": self.at_least, "about": self.get_about_display().lower()}
        if self.is_share:
            return gettext("at least %(least)s %% %(about)s") % facts
        return gettext("at least %(least)s %(about)s") % facts
