"""How certificates look: templates, their versions, their pictures. What is in use is retired, never deleted."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certificates.kinds import Kind
from interface.history import History
from interface.vault import Vault
from partners.models import Organisation

PICTURES = Vault("certificate-pictures")


class AssetQuerySet(models.QuerySet):
    def contents(self, names: set[str]) -> dict[str, bytes]:
        """The stored pictures by name; one that is lost is left out."""
        found = {}
        for name in names:
            try:
                found[name] = PICTURES.path_of(f"{name[:2]}/{name}").read_bytes()
            except FileNotFoundError:
                continue
        return found


class Asset(models.Model):
    """A picture for certificates: an emblem, a logo, a scanned signature. Its file is named by its hash, and stays."""

    title = models.CharField(_("title"), max_length=120)
    name = models.CharField(max_length=80, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("belongs to")
    )
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    added_at = models.DateTimeField(_("added at"), default=timezone.now, editable=False)
    is_retired = models.BooleanField(_("retired"), default=False, help_text=_("No longer offered. Never deleted."))

    objects = AssetQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title


class TemplateQuerySet(models.QuerySet):
    def offered(self):
        """Not retired, and published once."""
        return self.filter(is_retired=False, versions__isnull=False).distinct()

    def for_kind(self, kind: str, institution: Organisation):
        """Those that fit, the best first: made for this institution and kind, then more general ones."""
        fitting = self.offered().filter(Q(kind=kind) | Q(kind=""))
        fitting = fitting.filter(Q(institution=institution) | Q(institution__isnull=True))
        return fitting.order_by(F("institution").asc(nulls_last=True), "-kind", "position", "pk")


class Template(models.Model):
    """A template of certificates. `draft` is what somebody is working on; what was published are its versions."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    key = models.CharField(max_length=40, blank=True, editable=False)  # of a packaged one
    kind = models.CharField(
        _("kind"), max_length=12, choices=Kind.choices, blank=True, help_text=_("Left empty: for every kind.")
    )
    institution = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="certificate_templates",
        verbose_name=_("institution"),
        help_text=_("Left empty: for every institution."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=50)
    draft = models.JSONField(_("draft"))
    is_retired = models.BooleanField(_("retired"), default=False)
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)

    objects = TemplateQuerySet.as_manager()
    history = History(excluded_fields=["draft"])

    class Meta:
        verbose_name = _("certificate template")
        verbose_name_plural = _("certificate templates")
        ordering = ["is_retired", "position", "name"]
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="one_template_per_packaged_key")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def latest(self) -> "TemplateVersion | None":
        return self.versions.order_by("-number").first()


class TemplateVersion(models.Model):
    """A published state of a template. It never changes: certificates are made by it, and made again only by it."""

    template = models.ForeignKey(Template, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    design = models.JSONField(_("design"))
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(_("published at"), default=timezone.now)

    class Meta:
        verbose_name = _("version of a template")
        verbose_name_plural = _("versions of templates")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="one_version_per_template_and_number")
        ]

    def __str__(self) -> str:
        return _("%(template)s, version %(number)s") % {"template": self.template, "number": self.number}
