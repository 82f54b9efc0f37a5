from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.models.organisation import Organisation


class CooperationActivity(models.Model):
    """One activity with an international organisation: a dialogue, a dated roadmap action, a joint seminar."""

    class Kind(models.TextChoices):
        DIALOGUE = "dialogue", _("High-level dialogue")
        STAFF_TALKS = "staff talks", _("Staff talks")
        ROADMAP = "roadmap", _("Roadmap action")
        SEMINAR = "seminar", _("Joint seminar or course")
        CONFERENCE = "conference", _("Conference")
        PUBLICATION = "publication", _("Publication")
        VISIT = "visit", _("Study visit")
        EXCHANGE = "exchange", _("Expert exchange")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="activities")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=200)
    starts_on = models.DateField(_("on"), null=True, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    owner = models.CharField(_("owner"), max_length=120, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    notes = models.TextField(_("notes"), blank=True)

    class Meta:
        verbose_name = _("cooperation activity")
        verbose_name_plural = _("cooperation register")
        ordering = ["done_on", "due_on", "id"]

    def __str__(self) -> str:
        return self.title
