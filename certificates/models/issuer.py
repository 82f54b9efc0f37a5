"""What an institution has set for the certificates that it issues."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from certificates import numbers
from certificates.models.template import Asset
from interface.history import History
from partners.models import Organisation


def validate_number_format(shape: str) -> None:
    if trouble := numbers.trouble_with(shape):
        raise ValidationError(trouble)


class IssuerQuerySet(models.QuerySet):
    def of(self, organisation: Organisation) -> "Issuer":
        """What `organisation` has set; where it has set nothing, what everybody begins with (not stored)."""
        found = self.select_related("emblem").filter(organisation=organisation).first()
        return found or Issuer(organisation=organisation)


class Issuer(models.Model):
    """How an institution's certificates are numbered, and its emblem."""

    organisation = models.OneToOneField(
        Organisation, models.PROTECT, related_name="certificate_settings", verbose_name=_("institution")
    )
    number_format = models.CharField(
        _("form of the numbers"),
        max_length=60,
        default=numbers.STANDARD_FORMAT,
        validators=[validate_number_format],
        help_text=_("Such as {prefix}-{year}-{number}. Numbers that are given stay as they are."),
    )
    number_digits = models.PositiveSmallIntegerField(
        _("digits of the running number"),
        default=numbers.STANDARD_DIGITS,
        validators=[MinValueValidator(3), MaxValueValidator(9)],
    )
    emblem = models.ForeignKey(
        Asset, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("emblem on certificates")
    )

    objects = IssuerQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("issuing institution")
        verbose_name_plural = _("issuing institutions")
        ordering = ["organisation__short_name"]

    def __str__(self) -> str:
        return self.organisation.name

    @property
    def prefix(self) -> str:
        return numbers.prefix_of(self.organisation.prefix)

    def number(self, year: int, count: int) -> str:
        return numbers.number(self.number_format, self.prefix, year, count, self.number_digits)
