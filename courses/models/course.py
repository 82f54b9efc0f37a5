from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses import clock
from interface.history import History
from interface.text import fold
from partners.models import Organisation
from partners.models.person import slp_validator


class Topic(models.Model):
    """What a course is about, such as Protection of Civilians."""

    name = models.CharField(_("name"), max_length=80, unique=True)

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Reference(models.Model):
    """A document that a course rests on: a directive, a resolution, a policy."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=200, blank=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)

    class Meta:
        verbose_name = _("reference document")
        verbose_name_plural = _("reference documents")
        ordering = ["issued_on", "code"]

    def __str__(self) -> str:
        return f"{self.code} – {self.title}" if self.title else self.code


class CourseQuerySet(models.QuerySet):
    def published(self):
        return self.filter(is_published=True)

    def visible_to(self, user):
        """Everybody sees the catalogue; only the office sees what is not published yet."""
        return self if user.is_authenticated and user.is_office else self.published()

    def schedulable(self):
        """Courses that can have iterations: taught somewhere, and not withdrawn."""
        return self.exclude(kind=Course.Kind.E_LEARNING).filter(active_until__isnull=True)

    def search(self, text: str):
        found = self
        for word in fold(text).split():
            found = found.filter(search_text__contains=word)
        return found


class Course(models.Model):
    """A catalogue entry: what is taught, to whom, and what the participants leave with. ETOC's fields and ours."""

    class Kind(models.TextChoices):
        COURSE = "course", _("Course")
        SEMINAR = "seminar", _("Seminar")
        CONFERENCE = "conference", _("Conference")
        E_LEARNING = "e-learning", _("E-learning")

    class Level(models.IntegerChoices):
        AWARENESS = 100, _("100 – awareness")
        BASIC = 200, _("200 – basic / intermediate")
        INDEPENDENT = 300, _("300 – independent")
        ADVANCED = 400, _("400 – advanced")
        EXPERT = 500, _("500 – expert")

    class Certification(models.TextChoices):
        APPROVED = "Approved", _("NATO Approved")
        SELECTED = "Selected", _("NATO Selected")
        LISTED = "Listed", _("NATO Listed")

    class Assessment(models.TextChoices):
        NONE = "none", _("None")
        FORMATIVE = "formative", _("Formative")
        SUMMATIVE = "summative", _("Summative")
        BACK_BRIEF = "summative back-brief", _("Summative back-brief")
        ONLINE_TEST = "online test", _("Online test")

    class CertificateKind(models.TextChoices):
        COMPLETION = "completion", _("Completion")
        ATTENDANCE = "attendance", _("Attendance")
        NONE = "none", _("None")

    slug = models.SlugField(_("address"), max_length=60, unique=True)
    short_name = models.CharField(_("short name"), max_length=20, unique=True)
    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.COURSE)
    institution = models.ForeignKey(
        Organisation, models.PROTECT, related_name="courses", verbose_name=_("training institution")
    )
    discipline = models.CharField(_("discipline"), max_length=120, default="Gender in Military Operations")
    level = models.PositiveSmallIntegerField(_("level of proficiency"), choices=Level.choices, null=True, blank=True)
    certification = models.CharField(_("NATO certification"), max_length=10, choices=Certification.choices, blank=True)
    certified_on = models.DateField(_("certified on"), null=True, blank=True)
    code = models.CharField(_("ETOC code"), max_length=20, blank=True, help_text=_("Such as GEN-GO-25432."))
    own_code = models.CharField(_("institution's code"), max_length=40, blank=True)
    eprime_number = models.CharField(_("ePRIME number"), max_length=40, blank=True)
    predecessor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="successors", verbose_name=_("predecessor")
    )
    description = models.TextField(_("description"), blank=True)
    aim = models.TextField(_("aim"), blank=True)
    objectives = models.TextField(_("performance objectives"), blank=True, help_text=_("One on each line."))
    audience = models.TextField(_("training audience"), blank=True)
    topics = models.ManyToManyField(Topic, blank=True, related_name="courses", verbose_name=_("topics"))
    references = models.ManyToManyField(
        Reference, blank=True, related_name="courses", verbose_name=_("reference documents")
    )
    languages = models.CharField(_("languages"), max_length=80, default="English")
    duration_days = models.DecimalField(_("duration in days"), max_digits=4, decimal_places=1, default=5)
    clearance = models.CharField(_("security clearance"), max_length=80, blank=True)
    fee = models.CharField(_("fee"), max_length=80, blank=True)
    web_link = models.URLField(_("web link"), blank=True)
    assessment = models.CharField(_("assessment"), max_length=24, choices=Assessment.choices, default=Assessment.NONE)
    certificate_kind = models.CharField(
        _("certificate"), max_length=12, choices=CertificateKind.choices, default=CertificateKind.COMPLETION
    )
    minimum_attendance = models.PositiveSmallIntegerField(
        _("minimum attendance, per cent"), default=80, help_text=_("Below it nobody gets a certificate.")
    )
    certificate_valid_months = models.PositiveSmallIntegerField(
        _("certificate valid for, months"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(240)],
        help_text=_("From the last day on. Left empty: for ever."),
    )
    refresher_reminder_days = models.PositiveSmallIntegerField(
        _("reminder of the refresher, days before the end"), default=90
    )
    is_chatham_house = models.BooleanField(_("Chatham House rule"), default=False)
    is_by_invitation = models.BooleanField(_("by invitation"), default=False)

    # Entry criteria. Levels of STANAG 2116, each inside its own scale; an empty scale is not admitted.
    officers_from = models.PositiveSmallIntegerField(_("officers from OF-"), null=True, blank=True)
    officers_to = models.PositiveSmallIntegerField(_("officers to OF-"), null=True, blank=True)
    warrant_officers = models.BooleanField(_("warrant officers admitted"), default=False)
    enlisted_from = models.PositiveSmallIntegerField(_("other ranks from OR-"), null=True, blank=True)
    enlisted_by_waiver_from = models.PositiveSmallIntegerField(
        _("other ranks by waiver from OR-"), null=True, blank=True
    )
    admits_civilians = models.BooleanField(_("civilians admitted"), default=True)
    slp_minimum = models.CharField(_("minimum SLP"), max_length=8, blank=True, validators=[slp_validator])
    prerequisites = models.ManyToManyField(
        "self", through="Prerequisite", symmetrical=False, related_name="required_by", verbose_name=_("prerequisites")
    )

    default_capacity = models.PositiveSmallIntegerField(_("default capacity"), default=24)
    default_minimum = models.PositiveSmallIntegerField(_("default minimum"), default=10)

    # The seat clock's defaults: days before the start.
    nomination_deadline_days = models.PositiveSmallIntegerField(_("nomination deadline, days before"), default=56)
    warn_holders_days = models.PositiveSmallIntegerField(_("warning of unnamed seats, days before"), default=49)
    notification_days = models.PositiveSmallIntegerField(_("notification of decisions, days before"), default=42)
    take_back_days = models.PositiveSmallIntegerField(_("unnamed seats taken back, days before"), default=42)
    go_no_go_days = models.PositiveSmallIntegerField(_("go / no-go, days before"), default=28)
    joining_instructions_days = models.PositiveSmallIntegerField(_("joining instructions, days before"), default=15)
    last_substitution_days = models.PositiveSmallIntegerField(_("last substitution, days before"), default=14)

    # Hours that an answer may take; copied to each iteration.
    offer_hours = models.PositiveSmallIntegerField(_("time to answer an offer, hours"), default=72)
    person_told_after_hours = models.PositiveSmallIntegerField(
        _("candidates told after their liaison, hours"), default=24
    )
    substitution_grace_hours = models.PositiveSmallIntegerField(_("substitution after a withdrawal, hours"), default=72)

    active_from = models.DateField(_("active from"), null=True, blank=True)
    active_until = models.DateField(_("deactivated on"), null=True, blank=True)
    review_due_on = models.DateField(_("next review on"), null=True, blank=True)
    is_published = models.BooleanField(_("published"), default=True)
    updated_at = models.DateTimeField(_("last updated"), auto_now=True)
    search_text = models.CharField(max_length=500, editable=False, db_index=True)

    objects = CourseQuerySet.as_manager()
    history = History(excluded_fields=["search_text"])

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(default_minimum__lte=F("default_capacity")),
                name="course_minimum_fits_its_capacity",
                violation_error_message=_("The minimum is above the capacity."),
            ),
            models.CheckConstraint(
                condition=Q(minimum_attendance__lte=100),
                name="minimum_attendance_is_a_percentage",
                violation_error_message=_("Minimum attendance is a percentage from 0 to 100."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args, **kwargs) -> None:
        self.search_text = fold(f"{self.short_name} {self.title} {self.code} {self.aim}")[:500]
        super().save(*args, **kwargs)

    @property
    def objective_list(self) -> list[str]:
        return [line.strip() for line in self.objectives.splitlines() if line.strip()]

    @property
    def clock_offsets(self) -> dict[str, int]:
        """Days before the start for each step of an iteration's clock."""
        return {step: getattr(self, field) for step, field in clock.STEPS.items()}

    @property
    def is_assessed(self) -> bool:
        return self.assessment not in (self.Assessment.NONE, "")


class Prerequisite(models.Model):
    """A course or e-learning that has to be completed before another starts."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="prerequisite_links")
    required = models.ForeignKey(Course, models.PROTECT, related_name="+", verbose_name=_("required course"))
    is_mandatory = models.BooleanField(_("mandatory"), default=True)

    class Meta:
        verbose_name = _("prerequisite")
        verbose_name_plural = _("prerequisites")
        constraints = [
            models.UniqueConstraint(fields=["course", "required"], name="one_prerequisite_per_course"),
            models.CheckConstraint(condition=~Q(course=F("required")), name="no_course_requires_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.required} → {self.course}"
