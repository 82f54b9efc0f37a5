import secrets
from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Stateful
from accounts.moves import Role
from certificates import numbers, workflow
from certificates.kinds import Kind
from certificates.models.issue import IssueBatch
from certificates.models.template import TemplateVersion
from certificates.workflow import CertificateState
from courses.models import Iteration
from enrollment.models import Nomination
from interface.history import History
from interface.text import fold
from notifications.jobs import Job, JobQuerySet
from partners.models import Organisation, Person
from partners.models.sender import mandates_of


def new_code() -> str:
    """The secret of the QR code: 128 bits, telling nothing about the number."""
    return secrets.token_urlsafe(16)


def new_typed_code() -> str:
    return "".join(secrets.choice(numbers.ALPHABET) for _each in range(numbers.LENGTH))


class CertificateQuerySet(JobQuerySet):
    def undone(self):
        """Those of a paused issue wait."""
        return self.filter(state=CertificateState.QUEUED, parked_at__isnull=True, batch__paused_at__isnull=True)

    def visible_to(self, user):
        """The office sees all; a liaison the own people's and the own organisation's; a person the own.

        A participant's certificate is as visible as the nomination, so that nothing is known before it is told.
        """
        if not user.is_authenticated:
            return self.none()
        if user.is_office:
            return self
        nominations = Nomination.objects.visible_to(user).values("pk")
        people = Person.objects.visible_to(user).values("pk")
        hosts = [mandate.organisation_id for mandate in mandates_of(user) if mandate.organisation_id]
        without_nomination = Q(nomination__isnull=True) & (Q(person__in=people) | Q(host__in=hosts))
        return self.filter(Q(nomination__in=nominations) | without_nomination)

    def of_person(self, user):
        """Those that `user` holds, of what she may know."""
        known = Q(nomination__isnull=True) | Q(nomination__in=Nomination.objects.visible_to(user).values("pk"))
        return self.filter(known, person__user=user)

    def numbered(self, text: str):
        """The one whose number somebody meant: any dash, space or case, leading zeros or not."""
        return self.filter(number_key=numbers.key(text))

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
        """With what stands in its place, and what it stands in the place of."""
        return self.select_related("replaced_by", "replaces")

    def search(self, text: str):
        """Certificates whose holder's name or number holds every word of `text`."""
        found = self
        for word in fold(text).split():
            held = Q(person__search_text__contains=word) | Q(host__search_text__contains=word)
            has_digit = any(letter.isdigit() for letter in word)
            found = found.filter(held | Q(number__contains=word.upper()) if has_digit else held)
        return found

    def for_lists(self):
        related = ("person", "host", "nomination__nation", "nomination__organisation", "iteration__course")
        return self.select_related(*related).defer("badge")

    def for_making(self):
        """With all that the making of the file and the message about it need."""
        return self.select_related("batch__started_by", "person__user", "iteration__course", "template_version")

    def for_page(self):
        """With all that the page of one certificate shows."""
        related = ("issuer", "replaced_by", "replaces", "template_version__template", "batch")
        return self.for_lists().select_related(*related).prefetch_related("iteration__team__person")


class Certificate(Job, Stateful):
    """One numbered document for one participant. All that is printed is frozen here; the file is derived, then kept.

    A queued row is a job for a worker; an issued one names the stored file and its SHA-256.
    """

    Kind = Kind
    moves = workflow.MOVES

    iteration = models.ForeignKey(
        Iteration, models.PROTECT, null=True, blank=True, related_name="certificates", verbose_name=_("iteration")
    )
    nomination = models.ForeignKey(Nomination, models.PROTECT, null=True, blank=True, related_name="certificates")
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="certificates", verbose_name=_("holder")
    )
    host = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="certificates_held", verbose_name=_("host")
    )
    batch = models.ForeignKey(IssueBatch, models.PROTECT, null=True, blank=True, related_name="certificates")
    template_version = models.ForeignKey(
        TemplateVersion, models.PROTECT, null=True, blank=True, related_name="certificates", verbose_name=_("template")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    number = models.CharField(_("number"), max_length=60, unique=True)
    number_key = models.CharField(max_length=60, unique=True, editable=False)
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
    expires_on = models.DateField(_("expires on"), null=True, blank=True)
    refresher_told_at = models.DateTimeField(_("reminded of the refresher at"), null=True, blank=True, editable=False)
    badge = models.TextField(_("badge"), blank=True, editable=False)  # Open Badges 3.0, as signed
    signed_by = models.CharField(_("signed by"), max_length=300, blank=True)
    has_development_signature = models.BooleanField(_("signed with a development key"), default=False)
    is_recorded = models.BooleanField(
        _("recorded"), default=False, help_text=_("An old paper, recorded by this system and not issued by it.")
    )
    paper_number = models.CharField(_("number on the old paper"), max_length=60, blank=True)

    objects = CertificateQuerySet.as_manager()
    history = History(excluded_fields=["lease_until", "fence", "attempts", "due_at", "badge", "number_key"])

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
            models.UniqueConstraint(
                fields=["person", "iteration"],
                condition=Q(state__in=sorted(workflow.LIVE), kind=Kind.INSTRUCTOR, is_recorded=False),
                name="one_live_certificate_per_instructor",
                violation_error_message=_("This instructor already has such a certificate."),
            ),
            models.UniqueConstraint(
                fields=["host", "iteration"],
                condition=Q(state__in=sorted(workflow.LIVE), kind=Kind.HOST, is_recorded=False),
                name="one_live_certificate_per_host",
                violation_error_message=_("This institution already has such a certificate."),
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False, host__isnull=True) | Q(person__isnull=True, host__isnull=False),
                name="a_certificate_has_one_holder",
                violation_error_message=_("Choose a person or an institution, not both."),
            ),
            models.CheckConstraint(
                condition=Q(is_recorded=True) | Q(batch__isnull=False, iteration__isnull=False),
                name="only_a_recorded_certificate_comes_from_no_issue",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def save(self, *args, **kwargs) -> None:
        self.number_key = numbers.key(self.number)
        super().save(*args, **kwargs)

    def roles_of(self, user) -> set[Role]:
        if user is None:
            return {Role.SYSTEM}
        return {Role.COORDINATOR} if user.is_authenticated and user.is_coordinator else set()

    @property
    def holder(self) -> Person | Organisation:
        return self.person or self.host

    @property
    def called(self) -> str:
        """How a letter addresses the holder."""
        return self.person.titled_name if self.person else self.host.name

    @property
    def sender(self):
        """Who sent the participant; None for everybody else."""
        return self.nomination.sender if self.nomination else None

    def is_expired_on(self, day: date) -> bool:
        """It holds to the end of its last day."""
        return self.expires_on is not None and self.expires_on < day

    @property
    def is_live(self) -> bool:
        return self.state in workflow.LIVE

    @property
    def grouped_typed_code(self) -> str:
        """ABCD-EFGH-JKMN, as printed."""
        return numbers.grouped(self.typed_code)
