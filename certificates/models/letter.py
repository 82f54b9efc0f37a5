import hashlib

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certificates.letters import kinds
from certificates.letters.kinds import LetterKind
from enrollment.models import Nomination
from enrollment.workflow import DECISIONS_TOLD_LATER
from notifications.jobs import Job, JobQuerySet


class LetterQuerySet(JobQuerySet):
    def undone(self):
        return self.filter(made_at__isnull=True, parked_at__isnull=True)

    def visible_to(self, user):
        """The office sees all; a liaison those about the own nation's nominees; a person what is written to her.

        To her, a letter is there from the moment that she is told of the decision: the liaison is first.
        """
        if not user.is_authenticated:
            return self.none()
        if user.is_office:
            return self
        sent = Nomination.objects.sent_by_those_of(user)
        own = Nomination.objects.of_person(user)
        is_told = Q(nomination__person_told_at__isnull=True) | Q(nomination__person_told_at__lte=timezone.now())
        is_told |= ~Q(nomination__state__in=sorted(DECISIONS_TOLD_LATER))
        written_to_her = Q(nomination__in=own.values("pk"), kind__in=sorted(kinds.TO_THE_PERSON))
        return self.filter(Q(nomination__in=sent.values("pk")) | (written_to_her & is_told))

    def made(self):
        return self.filter(made_at__isnull=False)

    def progress(self) -> dict:
        """How many there are, made, and failed; one query."""
        return self.aggregate(
            total=Count("pk"),
            made=Count("pk", filter=Q(made_at__isnull=False)),
            failed=Count("pk", filter=Q(parked_at__isnull=False)),
        )

    def for_lists(self):
        related = ("person", "nation", "organisation", "iteration__course")
        return self.select_related("requested_by", *(f"nomination__{name}" for name in related))


class Letter(Job):
    """One letter about one decision on one nomination. What is printed is frozen here; the file is derived, then kept.

    `occasion` tells decisions apart: asked twice about one, it is the same letter; a later decision makes another.
    """

    Kind = LetterKind

    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="letters", verbose_name=_("nomination"))
    kind = models.CharField(_("kind"), max_length=16, choices=LetterKind.choices)
    occasion = models.CharField(_("decision"), max_length=80, editable=False)
    reference = models.CharField(_("reference"), max_length=30, unique=True)
    language = models.CharField(_("language"), max_length=8, default="en")
    printed = models.JSONField(_("printed facts"), help_text=_("Everything on the letter, as it was on its day."))
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked for by")
    )
    requested_at = models.DateTimeField(_("asked for at"), default=timezone.now)
    made_at = models.DateTimeField(_("made at"), null=True, blank=True)
    file_name = models.CharField(max_length=120, blank=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-requested_at", "-pk"]
        indexes = [models.Index(fields=["made_at", "parked_at", "due_at"], name="letter_work_list")]
        constraints = [
            models.UniqueConstraint(
                fields=["nomination", "kind", "occasion"],
                name="one_letter_per_decision",
                violation_error_message=_("There is a letter about this decision already."),
            ),
            models.CheckConstraint(
                condition=Q(made_at__isnull=True) | (~Q(sha256="") & ~Q(file_name="")),
                name="a_made_letter_has_its_file",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def state(self) -> str:
        """queued, made or failed: the job's, not the decision's."""
        if self.made_at:
            return "made"
        return "failed" if self.parked_at else "queued"

    @property
    def is_made(self) -> bool:
        return self.made_at is not None

    @property
    def is_current(self) -> bool:
        """False once a later decision, or another date or place, has overtaken what the letter says."""
        nomination = self.nomination
        if nomination.state in kinds.AFTER_THE_START:
            return self.kind == LetterKind.ACCEPTED
        return (self.kind, self.occasion) == (kind_of(nomination), occasion_of(nomination))


def kind_of(nomination: Nomination) -> LetterKind | None:
    """The letter that the nomination as it stands asks for. A draft that fell with its iteration asks for none."""
    if nomination.submitted_at is None:
        return None
    return kinds.kind_for(nomination.state, is_before_go=nomination.is_before_go)


def why_none(nomination: Nomination) -> str:
    """The sentence for a nomination that asks for no letter."""
    if nomination.state in kinds.KIND_OF:
        return str(kinds.NEVER_SUBMITTED)
    return str(kinds.WHY_NONE[nomination.state])


def occasion_of(nomination: Nomination) -> str:
    """Which decision stands now, and about which days and place: a letter with old dates must not pass for good."""
    decided_at = nomination.confirmed_at if nomination.state == "confirmed" else nomination.decided_at
    iteration = nomination.iteration
    about = (iteration.starts_on, iteration.ends_on, iteration.place, iteration.nation_id, iteration.format)
    mark = hashlib.sha256(repr(about).encode()).hexdigest()[:12]
    return f"{nomination.state} {decided_at.isoformat() if decided_at else ''} {mark}"
