"""Papers and statements that speak for a person, from the upload to the office's check."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Stateful
from accounts.moves import Role
from courses.models import Course
from enrollment import evidence_workflow as workflow
from enrollment.evidence_workflow import EvidenceState
from enrollment.models.nomination import Nomination
from interface.history import History
from interface.text import fold
from interface.vault import Vault
from partners.models import Nation, Organisation, Person, SentBy
from partners.models.person import slp_validator

VAULT = Vault("evidence")


class EvidenceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """With the person that it speaks for; a letter goes between sender and office, as its nomination does."""
        if not user.is_authenticated:
            return self.none()
        nominations = Nomination.objects.all()
        letters = nominations.visible_to(user) if user.is_office else nominations.sent_by_those_of(user)
        bound = Q(nomination__isnull=False, nomination__in=letters.values("pk"))
        people = Person.objects.visible_to(user)
        return self.filter(bound | (Q(nomination__isnull=True) & _of(people, everybody=user.is_office)))

    def to_check(self):
        return self.filter(state=EvidenceState.SUBMITTED)

    def for_the_same_as(self, evidence: "Evidence"):
        """Other evidence for the same thing: the same kind, course and nomination of the same person."""
        same = ("person_id", "kind", "course_id", "nomination_id")
        return self.filter(**{field: getattr(evidence, field) for field in same}).exclude(pk=evidence.pk)

    def that_say_the_same_as(self, evidence: "Evidence"):
        """The same paper handed in with the same facts."""
        said = ("profile", "is_cleared", "level", "dated_on", "expires_on", "reference", "sha256")
        return self.for_the_same_as(evidence).filter(**{field: getattr(evidence, field) for field in said})

    def for_lists(self):
        people = ("person__nation", "person__organisation", "uploaded_by", "decided_by")
        nominations = ("nomination__nation", "nomination__organisation", "nomination__iteration__course")
        return self.select_related(*people, *nominations, "course")

    def search(self, text: str):
        found = self
        for word in fold(text).split():
            found = found.filter(person__search_text__contains=word)
        return found


def _of(people, *, everybody: bool) -> Q:
    return Q() if everybody else Q(person__in=people.values("pk"))


class Evidence(Stateful):
    """One paper or statement about a person. What it says counts only once the office has checked it.

    A clearance is a statement of yes or no, never a paper. `file_name` is random and says nothing; the name under which
    the paper came is kept for the download.
    """

    class Kind(models.TextChoices):
        LANGUAGE = "language", _("Language certificate")
        COMPLETION = "completion", _("Certificate of completion")
        LETTER = "letter", _("Nomination letter")
        CLEARANCE = "clearance", _("Security clearance")

    class Level(models.TextChoices):
        RESTRICTED = "RESTRICTED", _("NATO RESTRICTED, or its equivalent")
        CONFIDENTIAL = "CONFIDENTIAL", _("NATO CONFIDENTIAL, or its equivalent")
        SECRET = "SECRET", _("NATO SECRET, or its equivalent")
        TOP_SECRET = "TOP SECRET", _("COSMIC TOP SECRET, or its equivalent")

    moves = workflow.MOVES

    person = models.ForeignKey(Person, models.PROTECT, related_name="evidence", verbose_name=_("person"))
    nomination = models.ForeignKey(
        Nomination, models.PROTECT, null=True, blank=True, related_name="evidence", verbose_name=_("nomination")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)

    file_name = models.CharField(max_length=40, blank=True, editable=False)
    original_name = models.CharField(_("file"), max_length=120, blank=True)
    content_type = models.CharField(max_length=20, blank=True, editable=False)
    size = models.PositiveIntegerField(_("bytes"), default=0, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)

    profile = models.CharField(_("SLP"), max_length=8, blank=True, validators=[slp_validator])
    course = models.ForeignKey(
        Course, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("course")
    )
    is_cleared = models.BooleanField(_("cleared"), null=True, blank=True)
    level = models.CharField(_("up to"), max_length=12, choices=Level.choices, blank=True)
    dated_on = models.DateField(_("dated"), null=True, blank=True)
    reference = models.CharField(_("issued by, or its reference"), max_length=80, blank=True)
    expires_on = models.DateField(_("expires on"), null=True, blank=True)

    state = models.CharField(
        _("state"), max_length=10, choices=EvidenceState.choices, default=EvidenceState.SUBMITTED, editable=False
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded at"), default=timezone.now, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True, editable=False)
    decision_reason = models.TextField(_("reason"), blank=True, editable=False)
    replaced_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaces", editable=False
    )

    objects = EvidenceQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["-uploaded_at", "-id"]
        indexes = [
            models.Index(fields=["state", "uploaded_at", "id"], name="evidence_by_state"),
            models.Index(fields=["person", "-uploaded_at"], name="evidence_of_a_person"),
            models.Index(fields=["file_name"], name="evidence_by_file"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="clearance", file_name="") | (~Q(kind="clearance") & ~Q(file_name="")),
                name="a_clearance_has_no_file_and_all_else_has_one",
                violation_error_message=_("A clearance is stated as yes or no, without its paper; all else is a file."),
            ),
            models.CheckConstraint(
                condition=Q(kind="letter", nomination__isnull=False) | (~Q(kind="letter") & Q(nomination__isnull=True)),
                name="a_letter_and_nothing_else_is_bound_to_a_nomination",
                violation_error_message=_("A nomination letter belongs to one nomination; all else to the person."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="language") | (~Q(profile="") & Q(dated_on__isnull=False)),
                name="a_language_certificate_says_level_and_day",
                violation_error_message=_("Give the profile and the day of the test."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="completion") | Q(course__isnull=False, dated_on__isnull=False),
                name="a_certificate_of_completion_says_course_and_day",
                violation_error_message=_("Give the course and the day on which it was completed."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="clearance")
                | Q(is_cleared=False)
                | (Q(is_cleared=True, expires_on__isnull=False) & ~Q(level="")),
                name="a_clearance_says_up_to_what_and_until_when",
                violation_error_message=_("Say up to which level the person is cleared, and until when."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} – {self.person}"

    def roles_of(self, user) -> set[Role]:
        if user is None:
            return {Role.SYSTEM}
        if not user.is_authenticated:
            return set()
        held = {
            Role.COORDINATOR: user.is_coordinator,
            Role.LIAISON: user.is_liaison and self.is_sent_by_those_of(user),
            Role.TRAINEE: self.person.user_id == user.pk,
        }
        return {role for role, is_held in held.items() if is_held}

    @property
    def _sent(self) -> SentBy:
        """What says who answers for it: of a letter its nomination, of all else the person."""
        return self.nomination or self.person

    @property
    def sender(self) -> Nation | Organisation:
        return self._sent.sender

    def is_sent_by_those_of(self, user) -> bool:
        return self._sent.is_sent_by_those_of(user)
