import secrets

from django.conf import settings
from django.db import models
from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Stateful
from accounts.moves import Role
from certificates import numbers, workflow
from certificates.workflow import CertificateState
from courses.models import Course, Iteration
from enrollment.models import Nomination
from interface.history import History
from interface.text import fold
from notifications.jobs import Job, JobQuerySet
from partners.models import Organisation


def new_code() -> str:
    """The secret of the QR code: 128 bits, telling nothing about the number."""
    return secrets.token_urlsafe(16)


def new_typed_code() -> str:
    return "".join(secrets.choice(numbers.ALPHABET) for _each in range(numbers.LENGTH))


class NumberSeries(models.Model):
    """The last number given by an institution in a year; its row is locked in the transaction that issues."""

    prefix = models.CharField(_("prefix"), max_length=12)
    year = models.PositiveSmallIntegerField(_("year"))
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")
        constraints = [models.UniqueConstraint(fields=["prefix", "year"], name="one_series_per_prefix_and_year")]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}-{self.last:06d}"


class IssueBatchQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Issuing is the office's own business."""
        return self if user.is_authenticated and user.is_office else self.none()

    def for_lists(self):
        return self.select_related("started_by", "iteration__course").prefetch_related("iteration__team__person")


class IssueBatch(models.Model):
    """One act of issuing for an iteration: who, when, and whether the trainees are told."""

    iteration = models.ForeignKey(Iteration, models.PROTECT, related_name="issue_batches")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    started_at = models.DateTimeField(_("started at"), default=timezone.now)
    tells_trainees = models.BooleanField(_("tell the trainees"), default=True)

    objects = IssueBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("issue")
        verbose_name_plural = _("issues")
        ordering = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.iteration}, {self.started_at:%Y-%m-%d %H:%M}"

    def progress(self) -> dict:
        """How many certificates there are in all, made, and failed, and when the last was made; one query."""
        return self.certificates.aggregate(
            total=Count("pk"),
            made=Count("pk", filter=Q(state__in=workflow.CHECKABLE)),
            failed=Count("pk", filter=Q(state=CertificateState.FAILED)),
            last_made_at=Max("issued_at"),
        )


class CertificateQuerySet(JobQuerySet):
    def undone(self):
        return self.filter(state=CertificateState.QUEUED, parked_at__isnull=True)

    def visible_to(self, user):
        """The office sees all; a liaison the own nation's; a trainee the own."""
        if not user.is_authenticated:
            return self.none()
        if user.is_office:
            return self
        return self.filter(nomination__in=Nomination.objects.visible_to(user).values("pk"))

    def checkable(self):
        """What a stranger who has the paper can find."""
        return self.filter(state__in=workflow.CHECKABLE)

    def live(self):
        return self.filter(state__in=workflow.LIVE)

    def live_or_revoked(self):
        return self.filter(state__in=workflow.LIVE | {CertificateState.REVOKED})

    def failed(self):
        return self.filter(state=CertificateState.FAILED)

    def revoked(self):
        return self.filter(state=CertificateState.REVOKED)

    def with_successor(self):
        return self.select_related("replaced_by")

    def search(self, text: str):
        """Certificates whose holder's name or number holds every word of `text`."""
        found = self
        for word in fold(text).split():
            held = Q(nomination__person__search_text__contains=word)
            has_digit = any(letter.isdigit() for letter in word)
            found = found.filter(held | Q(number__contains=word.upper()) if has_digit else held)
        return found

    def for_lists(self):
        related = (
            "nomination__person",
            "nomination__nation",
            "nomination__organisation",
            "nomination__iteration__course",
        )
        return self.select_related(*related)

    def for_page(self):
        """With all that the page of one certificate shows."""
        return (
            self.for_lists()
            .select_related("issuer", "replaced_by")
            .prefetch_related("nomination__iteration__team__person")
        )


class Certificate(Job, Stateful):
    """One numbered document for one participant. All that is printed is frozen here; the file is derived, then kept.

    A queued row is a job for a worker; an issued one names the stored file and its SHA-256.
    """

    class Kind(models.TextChoices):
        COMPLETION = Course.CertificateKind.COMPLETION.value, _("Certificate of completion")
        ATTENDANCE = Course.CertificateKind.ATTENDANCE.value, _("Certificate of attendance")

    moves = workflow.MOVES

    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="certificates")
    batch = models.ForeignKey(IssueBatch, models.PROTECT, related_name="certificates")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    number = models.CharField(_("number"), max_length=30, unique=True)
    code = models.CharField(max_length=32, unique=True, default=new_code)
    typed_code = models.CharField(max_length=12, default=new_typed_code)
    issuer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("issuer"))
    printed = models.JSONField(
        _("printed values"), help_text=_("Everything on the paper, as it was on the day of issue.")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=CertificateState.choices, default=CertificateState.QUEUED
    )
    queued_at = models.DateTimeField(_("queued at"), default=timezone.now)
    issued_at = models.DateTimeField(_("made at"), null=True, blank=True)
    file_name = models.CharField(max_length=120, blank=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revocation_reason = models.TextField(_("reason of the revocation"), blank=True)
    replaced_by = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaces")

    objects = CertificateQuerySet.as_manager()
    history = History(excluded_fields=["lease_until", "fence", "attempts", "due_at"])

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["-queued_at", "-pk"]
        indexes = [
            models.Index(fields=["state", "parked_at", "due_at"], name="certificate_work_list"),
            models.Index(fields=["-queued_at", "-id"], name="certificates_by_age"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["nomination", "kind"],
                condition=Q(state__in=sorted(workflow.LIVE)),
                name="one_live_certificate_per_participant_and_kind",
                violation_error_message=_("This participant already has such a certificate."),
            ),
            models.CheckConstraint(
                condition=~Q(state=CertificateState.ISSUED) | (~Q(sha256="") & ~Q(file_name="")),
                name="an_issued_certificate_has_its_file",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def roles_of(self, user) -> set[Role]:
        if user is None:
            return {Role.SYSTEM}
        return {Role.COORDINATOR} if user.is_authenticated and user.is_coordinator else set()

    @property
    def is_live(self) -> bool:
        return self.state in workflow.LIVE

    @property
    def grouped_typed_code(self) -> str:
        """ABCD-EFGH-JKMN, as printed."""
        return numbers.grouped(self.typed_code)
