from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partners.models.mandate import Mandate
from partners.models.nation import Nation
from partners.models.organisation import Organisation


class SentByQuerySet(models.QuerySet):
    def sent_by_those_of(self, user):
        """The nation wall: rows of the nations and organisations for which `user` holds a mandate in force today."""
        mandates = Mandate.objects.in_force().filter(user=user)
        return self.filter(
            Q(nation__in=mandates.filter(nation__isnull=False).values("nation"))
            | Q(organisation__in=mandates.filter(organisation__isnull=False).values("organisation"))
        )

    def of_sender(self, sender: Nation | Organisation):
        return self.filter(**{type(sender).__name__.lower(): sender})


class SentBy(models.Model):
    """A row that belongs to exactly one sending nation or organisation."""

    nation = models.ForeignKey(Nation, models.PROTECT, null=True, blank=True, verbose_name=_("nation"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, verbose_name=_("organisation")
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(nation__isnull=False, organisation__isnull=True)
                | Q(nation__isnull=True, organisation__isnull=False),
                name="%(class)s_has_one_sender",
                violation_error_message=_("Choose a nation or an organisation, not both."),
            )
        ]

    @property
    def sender(self) -> Nation | Organisation:
        return self.nation or self.organisation

    def is_sent_by_those_of(self, user) -> bool:
        """True when `user` acts for this row's nation or organisation today."""
        return any(
            (each.nation_id, each.organisation_id) == (self.nation_id, self.organisation_id)
            for each in mandates_of(user)
        )


def mandates_of(user) -> list[Mandate]:
    """The mandates in force of `user`; read once a request, since the user object lives as long."""
    if not user.is_authenticated:
        return []
    if not hasattr(user, "_mandates_in_force"):
        user._mandates_in_force = list(
            Mandate.objects.in_force().filter(user=user).select_related("nation", "organisation")
        )
    return user._mandates_in_force


def senders_of(user) -> list[Nation | Organisation]:
    """For whom `user` acts as liaison today, nations first."""
    senders = {each.sender for each in mandates_of(user)}
    return sorted(senders, key=lambda sender: (isinstance(sender, Organisation), str(sender)))


def liaisons_of(sender: Nation | Organisation) -> models.QuerySet:
    """The users who act for `sender` today: the addressees of everything that concerns it."""
    in_force = Mandate.objects.in_force().filter(**{type(sender).__name__.lower(): sender})
    return get_user_model().objects.filter(is_active=True, pk__in=in_force.order_by().values("user"))
