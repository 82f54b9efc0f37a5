from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from interface.text import fold


class Framework(models.Model):
    """A frame of partnership: NATO, PfP, MD, ICI, partners across the globe. Never keyed by a nation's code."""

    code = models.SlugField(_("code"), max_length=10, unique=True)
    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("framework")
        verbose_name_plural = _("frameworks")
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name


class NationQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)

    def search(self, text: str):
        return self.filter(search_text__contains=fold(text))


class Nation(models.Model):
    """One state of ISO 3166. Its frameworks are dated: Sweden was PfP in 2014 and is NATO in 2025."""

    code = models.CharField(_("ISO alpha-2"), max_length=2, unique=True)
    alpha3 = models.CharField(_("ISO alpha-3"), max_length=3, unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_fr = models.CharField(_("French name"), max_length=80, blank=True)
    former_names = models.CharField(_("former names"), max_length=200, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    search_text = models.CharField(max_length=300, editable=False, db_index=True)

    objects = NationQuerySet.as_manager()

    class Meta:
        verbose_name = _("nation")
        verbose_name_plural = _("nations")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.search_text = fold(f"{self.name} {self.name_fr} {self.former_names} {self.code} {self.alpha3}")[:300]
        super().save(*args, **kwargs)

    def is_suspended_on(self, day: date | None = None) -> bool:
        """True when every framework in force on `day` is suspended (field.md, rule 5.9). `day` defaults to today."""
        day = day or timezone.localdate()
        memberships = [each for each in self.memberships.all() if each.is_in_force_on(day)]
        return bool(memberships) and all(each.is_suspended_on(day) for each in memberships)

    def framework_on(self, day: date) -> "Framework | None":
        """The framework in force on `day` (field.md, rule 5.16); prefetch `memberships__framework` for lists."""
        return next((each.framework for each in self.memberships.all() if each.is_in_force_on(day)), None)


class MembershipQuerySet(models.QuerySet):
    def in_force_on(self, day: date):
        return self.filter(Q(to_on__isnull=True) | Q(to_on__gte=day), from_on__lte=day)


class FrameworkMembership(models.Model):
    """A nation in a framework, from a day to a day; a suspension keeps the membership but stops new deeds."""

    EXACT, APPROXIMATE = "exact", "approximate"

    nation = models.ForeignKey(Nation, models.PROTECT, related_name="memberships", verbose_name=_("nation"))
    framework = models.ForeignKey(Framework, models.PROTECT, related_name="memberships", verbose_name=_("framework"))
    from_on = models.DateField(_("from"))
    to_on = models.DateField(_("to"), null=True, blank=True)
    suspended_from = models.DateField(_("suspended from"), null=True, blank=True)
    suspended_to = models.DateField(_("suspended to"), null=True, blank=True)
    precision = models.CharField(
        _("dates are"), max_length=12, default=EXACT, choices=[(EXACT, _("exact")), (APPROXIMATE, _("approximate"))]
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("framework membership")
        verbose_name_plural = _("framework memberships")
        ordering = ["nation", "from_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")),
                name="membership_ends_after_it_begins",
                violation_error_message=_("The membership ends before it begins."),
            ),
            models.UniqueConstraint(fields=["nation", "framework", "from_on"], name="one_membership_per_start"),
        ]

    def __str__(self) -> str:
        return f"{self.nation} – {self.framework}"

    def is_in_force_on(self, day: date) -> bool:
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)

    def is_suspended_on(self, day: date) -> bool:
        began = self.suspended_from is not None and self.suspended_from <= day
        return began and (self.suspended_to is None or day <= self.suspended_to)
