from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from interface.history import History
from partners.models.nation import Nation
from partners.models.organisation import Organisation


class MandateQuerySet(models.QuerySet):
    def in_force(self, on: date | None = None):
        day = on or timezone.localdate()
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)


class Mandate(models.Model):
    """A user's right to act for one nation or organisation, from a day to a day, as liaison or deputy."""

    class Rank(models.TextChoices):
        LIAISON = "liaison", _("Liaison")
        DEPUTY = "deputy", _("Deputy")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="mandates", verbose_name=_("user"))
    nation = models.ForeignKey(
        Nation, models.PROTECT, null=True, blank=True, related_name="mandates", verbose_name=_("nation")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="mandates", verbose_name=_("organisation")
    )
    rank = models.CharField(_("acts as"), max_length=10, choices=Rank.choices, default=Rank.LIAISON)
    starts_on = models.DateField(_("from"), default=timezone.localdate)
    ends_on = models.DateField(_("to"), null=True, blank=True)
    note = models.CharField(_("letter or note"), max_length=200, blank=True)

    objects = MandateQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(nation__isnull=False, organisation__isnull=True)
                | Q(nation__isnull=True, organisation__isnull=False),
                name="mandate_is_for_a_nation_or_an_organisation",
                violation_error_message=_("Choose a nation or an organisation, not both."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="mandate_ends_after_it_begins",
                violation_error_message=_("The mandate ends before it begins."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.sender}"

    @property
    def sender(self) -> Nation | Organisation:
        return self.nation or self.organisation
