"""An act of issuing, and the numbers that it takes."""

from django.conf import settings
from django.db import models
from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certificates import workflow
from certificates.workflow import CertificateState
from courses.models import Iteration


class NumberSeries(models.Model):
    """The last number given by an institution in a year; its row is locked in the transaction that issues."""

    prefix = models.CharField(_("prefix"), max_length=20)
    year = models.PositiveSmallIntegerField(_("year"))
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")
        constraints = [models.UniqueConstraint(fields=["prefix", "year"], name="one_series_per_prefix_and_year")]

    def __str__(self) -> str:
        return f"{self.prefix} {self.year}: {self.last}"


class IssueBatchQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Issuing is the office's own business."""
        return self if user.is_authenticated and user.is_office else self.none()

    def for_lists(self):
        return self.select_related("started_by", "iteration__course").prefetch_related("iteration__team__person")

    def with_work(self):
        """With certificates that a worker may take now."""
        waiting = Q(certificates__state=CertificateState.QUEUED, certificates__parked_at__isnull=True)
        return self.filter(waiting, paused_at__isnull=True).distinct()


class IssueBatch(models.Model):
    """One act of issuing for an iteration: who, when, and whether the trainees are told.

    Paused, its certificates wait: because somebody asked for it, or because no certificate can be signed at the moment.
    """

    iteration = models.ForeignKey(Iteration, models.PROTECT, related_name="issue_batches")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    started_at = models.DateTimeField(_("started at"), default=timezone.now)
    tells_trainees = models.BooleanField(_("tell the trainees"), default=False)
    paused_at = models.DateTimeField(_("paused at"), null=True, blank=True)
    paused_why = models.TextField(_("why it is paused"), blank=True)

    objects = IssueBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("issue")
        verbose_name_plural = _("issues")
        ordering = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.iteration}, {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def is_paused(self) -> bool:
        return self.paused_at is not None

    def progress(self) -> dict:
        """How many certificates there are in all, made, and failed, and when the last was made; one query."""
        return self.certificates.aggregate(
            total=Count("pk"),
            made=Count("pk", filter=Q(state__in=workflow.CHECKABLE)),
            failed=Count("pk", filter=Q(state=CertificateState.FAILED)),
            last_made_at=Max("issued_at"),
        )
