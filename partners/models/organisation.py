from django.db import models
from django.utils.translation import gettext_lazy as _

from interface.text import fold
from partners.models.nation import Nation


class OrganisationQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)

    def teaching(self):
        """Institutions that deliver, host or issue."""
        return self.filter(kind__in=Organisation.TEACHING_KINDS)


class Organisation(models.Model):
    """An institution that teaches or hosts, a headquarters, or an international organisation that sends people."""

    class Kind(models.TextChoices):
        TRAINING = "training institution", _("Training institution")
        COE = "centre of excellence", _("Centre of excellence")
        HQ = "headquarters", _("Headquarters")
        MINISTRY = "ministry", _("Ministry")
        ACADEMY = "academy", _("Academy")
        PTEC = "ptec", _("Partnership training and education centre")
        IO = "international organisation", _("International organisation")
        NGO = "ngo", _("Non-governmental organisation")

    TEACHING_KINDS = (Kind.TRAINING, Kind.COE, Kind.HQ, Kind.ACADEMY, Kind.PTEC, Kind.IO)

    short_name = models.CharField(_("short name"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=160)
    kind = models.CharField(_("kind"), max_length=40, choices=Kind.choices)
    nation = models.ForeignKey(Nation, models.PROTECT, null=True, blank=True, verbose_name=_("seat in"))
    is_accredited = models.BooleanField(_("accredited"), default=False)
    accredited_until = models.DateField(_("accredited until"), null=True, blank=True)
    number_prefix = models.CharField(
        _("prefix of certificate numbers"), max_length=12, blank=True, help_text=_("As in NCGM-2026-000123.")
    )
    signatory_name = models.CharField(
        _("signs certificates"), max_length=120, blank=True, help_text=_("Rank and name, as printed.")
    )
    signatory_function = models.CharField(_("signs as"), max_length=120, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    search_text = models.CharField(max_length=300, editable=False, db_index=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["short_name"]

    def __str__(self) -> str:
        return self.short_name

    def save(self, *args, **kwargs) -> None:
        self.search_text = fold(f"{self.short_name} {self.name}")[:300]
        super().save(*args, **kwargs)

    @property
    def prefix(self) -> str:
        """What its certificate numbers begin with: its own prefix, else its short name's letters and digits."""
        return self.number_prefix or "".join(filter(str.isalnum, self.short_name)).upper()[:12]
