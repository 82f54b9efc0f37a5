"""Nominations from a spreadsheet: one upload, and one row of it, kept until it is decided what becomes of them."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import Iteration
from enrollment.models.nomination import Nomination
from notifications.jobs import Job, JobQuerySet
from partners.models import LanguageTest, Person, SentBy, SentByQuerySet


class ImportState(models.TextChoices):
    READING = "reading", _("Being read")
    PREVIEW = "preview", _("To confirm")
    CONFIRMED = "imported", _("Imported")
    UNDONE = "undone", _("Undone")
    DISCARDED = "discarded", _("Discarded")
    UNREADABLE = "unreadable", _("Not readable")


# The same file is not taken a second time while it is one of these.
LIVE = {ImportState.READING, ImportState.PREVIEW, ImportState.CONFIRMED}
FORGOTTEN_AFTER = timedelta(days=14)


class NominationImportQuerySet(JobQuerySet, SentByQuerySet):
    def visible_to(self, user):
        """Liaisons see those of their own nation or organisation; the office sees what becomes of them."""
        return self.sent_by_those_of(user) if user.is_authenticated else self.none()

    def undone(self):
        """As work: files that are to be read."""
        return self.filter(state=ImportState.READING, parked_at__isnull=True)

    def live(self):
        return self.filter(state__in=LIVE)

    def forgotten(self):
        """Previews that nobody confirmed in two weeks: people's data that nobody needs."""
        return self.filter(state=ImportState.PREVIEW, uploaded_at__lt=timezone.now() - FORGOTTEN_AFTER)

    def for_lists(self):
        return self.select_related("nation", "organisation", "uploaded_by", "confirmed_by", "undone_by")


class NominationImport(Job, SentBy):
    """A spreadsheet of nominations that a liaison sent: read by a worker, looked at, confirmed, perhaps undone.

    `content` holds the file until it is read, and nothing after that.
    """

    iteration = models.ForeignKey(Iteration, models.PROTECT, related_name="imports", verbose_name=_("iteration"))
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded at"), default=timezone.now)
    language = models.CharField(max_length=10, default=settings.LANGUAGE_CODE)
    file_name = models.CharField(_("file"), max_length=120)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    content = models.BinaryField(null=True)
    state = models.CharField(_("state"), max_length=12, choices=ImportState.choices, default=ImportState.READING)
    sheet = models.CharField(_("sheet"), max_length=120, blank=True)
    passed_over = models.JSONField(_("columns passed over"), default=list)
    total = models.PositiveIntegerField(_("rows"), default=0)
    done = models.PositiveIntegerField(_("rows looked at"), default=0)
    began_at = models.DateTimeField(_("began at"), null=True)
    is_submitted = models.BooleanField(_("submitted at once"), default=False)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(_("undone at"), null=True)

    objects = NominationImportQuerySet.as_manager()

    class Meta(SentBy.Meta):
        verbose_name = _("import of nominations")
        verbose_name_plural = _("imports of nominations")
        ordering = ["-uploaded_at", "-id"]
        constraints = [
            *SentBy.Meta.constraints,
            models.UniqueConstraint(
                fields=["iteration", "nation", "sha256"],
                condition=Q(state__in=sorted(LIVE)),
                name="one_live_import_of_a_file_per_nation",
            ),
            models.UniqueConstraint(
                fields=["iteration", "organisation", "sha256"],
                condition=Q(state__in=sorted(LIVE)),
                name="one_live_import_of_a_file_per_organisation",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    def counts(self) -> "Counts":
        """How many rows there are of each outcome, and how many still wait for an answer; one query."""
        of = ImportedRow.Outcome
        waits = Q(outcome=of.ALIKE, decision="")
        return Counts(
            **self.rows.aggregate(
                total=Count("pk"),
                new=Count("pk", filter=Q(outcome=of.NEW)),
                known=Count("pk", filter=Q(outcome=of.KNOWN)),
                alike=Count("pk", filter=Q(outcome=of.ALIKE)),
                errors=Count("pk", filter=Q(outcome=of.ERROR)),
                left_out=Count("pk", filter=Q(outcome=of.LEFT_OUT)),
                undecided=Count("pk", filter=waits),
            )
        )


@dataclass(frozen=True)
class Counts:
    total: int
    new: int
    known: int
    alike: int
    errors: int
    left_out: int
    undecided: int

    @property
    def to_write(self) -> int:
        return self.new + self.known + self.alike - self.undecided


class ImportedRowQuerySet(models.QuerySet):
    def to_write(self):
        return self.exclude(outcome__in=[ImportedRow.Outcome.ERROR, ImportedRow.Outcome.LEFT_OUT])

    def undecided(self):
        return self.filter(outcome=ImportedRow.Outcome.ALIKE, decision="")


class ImportedRow(models.Model):
    """One row of an uploaded spreadsheet: what it says, what was found, and what came of it."""

    class Outcome(models.TextChoices):
        NEW = "new", _("New person")
        KNOWN = "known", _("Known person")
        ALIKE = "alike", _("Possibly known")
        ERROR = "error", _("Error")
        LEFT_OUT = "left out", _("Passed over")

    class Decision(models.TextChoices):
        SAME = "same", _("The same person")
        NEW = "new", _("Somebody new")

    source = models.ForeignKey(NominationImport, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("row"))
    name = models.CharField(_("name"), max_length=200, blank=True)
    values = models.JSONField(default=dict)
    faults = models.JSONField(default=list, help_text="[{column, heading, sentence}]")
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    suspects = models.JSONField(default=list, help_text="Ids of own people who may be the one in this row.")
    decision = models.CharField(_("decision"), max_length=6, choices=Decision.choices, blank=True)
    changes = models.JSONField(default=dict, help_text="{field: [old, new]} of a known person.")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    has_created_person = models.BooleanField(default=False)
    nomination = models.ForeignKey(Nomination, models.SET_NULL, null=True, related_name="+")
    language_test = models.ForeignKey(LanguageTest, models.SET_NULL, null=True, related_name="+")

    objects = ImportedRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["source", "number"], name="one_row_per_number_of_an_import")]

    def __str__(self) -> str:
        return f"{self.source}, {self.number}"

    @property
    def is_of_somebody_new(self) -> bool:
        return self.outcome == self.Outcome.NEW or self.decision == self.Decision.NEW

    @property
    def field_changes(self) -> dict[str, list]:
        """The changes of the person's own fields, without a language test that is added."""
        return {name: pair for name, pair in self.changes.items() if name != "slp"}
