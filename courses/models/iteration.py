from datetime import date, datetime
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q, Value
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts import moment
from accounts.models import Stateful
from accounts.moves import Role
from courses import clock, planning, workflow
from courses.models.course import Course
from courses.models.querysets import IterationQuerySet
from courses.workflow import IterationState
from interface.history import History
from interface.text import fold
from partners.models import Nation, Organisation


def validate_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(
            _("“%(name)s” is not a time zone. Write one such as Europe/Stockholm."), params={"name": name}
        )


class Iteration(Stateful):
    """One dated delivery of a course. `seats_taken` counts the places that are given, and never passes the capacity."""

    class Format(models.TextChoices):
        RESIDENTIAL = "residential", _("Residential")
        HOSTED = "hosted", _("Residential, hosted by a partner centre")
        MOBILE_TEAM = "mobile team", _("Mobile team in the partner's country")
        ONLINE = "online", _("Online")
        BLENDED = "blended", _("Blended: e-learning first")

    class LatePolicy(models.TextChoices):
        REFUSE = "refuse", _("Refuse late nominations")
        IF_SEATS = "accept if seats", _("Accept late nominations while seats are free")
        COORDINATOR = "coordinator decides", _("The coordinator decides")

    class Precision(models.TextChoices):
        DAY = "day", _("Exact days")
        MONTH = "month", _("Month only")

    REST_DAYS = [("67", _("Saturday and Sunday")), ("56", _("Friday and Saturday")), ("", _("None"))]

    moves = workflow.MOVES

    course = models.ForeignKey(Course, models.PROTECT, related_name="iterations", verbose_name=_("course"))
    reference = models.CharField(_("reference"), max_length=20, blank=True, help_text=_("Such as 2026-02."))
    title = models.CharField(_("title, if not the course's"), max_length=200, blank=True)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    precision = models.CharField(_("dates are"), max_length=5, choices=Precision.choices, default=Precision.DAY)
    time_zone = models.CharField(
        _("time zone"), max_length=40, default="Europe/Stockholm", validators=[validate_time_zone]
    )
    rest_days = models.CharField(_("days off"), max_length=2, choices=REST_DAYS, default="67", blank=True)
    format = models.CharField(_("format"), max_length=12, choices=Format.choices, default=Format.RESIDENTIAL)
    place = models.CharField(_("place"), max_length=120, blank=True)
    nation = models.ForeignKey(
        Nation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("in the country")
    )
    host = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="hosted_iterations", verbose_name=_("host")
    )
    providers = models.ManyToManyField(
        Organisation, through="Provision", related_name="provided_iterations", verbose_name=_("providers")
    )
    capacity = models.PositiveSmallIntegerField(_("capacity"))
    minimum = models.PositiveSmallIntegerField(_("minimum"), default=1)
    seats_taken = models.PositiveSmallIntegerField(_("seats taken"), default=0, editable=False)
    late_policy = models.CharField(
        _("late nominations"), max_length=20, choices=LatePolicy.choices, default=LatePolicy.COORDINATOR
    )
    is_by_invitation = models.BooleanField(_("by invitation only"), default=False)
    invited_nations = models.ManyToManyField(Nation, blank=True, related_name="+", verbose_name=_("invited nations"))
    invited_organisations = models.ManyToManyField(
        Organisation, blank=True, related_name="+", verbose_name=_("invited organisations")
    )
    is_chatham_house = models.BooleanField(_("Chatham House rule"), default=False)
    language = models.CharField(_("language"), max_length=80, default="English")
    interpretation = models.CharField(_("interpretation"), max_length=80, blank=True)
    fee = models.CharField(_("fee"), max_length=80, blank=True)

    nominations_close_on = models.DateField(_("nominations close on"), null=True, blank=True)
    warn_holders_on = models.DateField(_("holders of unnamed seats warned on"), null=True, blank=True)
    notification_on = models.DateField(_("decisions told by"), null=True, blank=True)
    take_back_on = models.DateField(_("unnamed seats taken back on"), null=True, blank=True)
    go_no_go_on = models.DateField(_("go / no-go on"), null=True, blank=True)
    joining_instructions_on = models.DateField(_("joining instructions on"), null=True, blank=True)
    last_substitution_on = models.DateField(_("last substitution on"), null=True, blank=True)

    offer_hours = models.PositiveSmallIntegerField(
        _("hours to answer an offer"), default=72, validators=[MinValueValidator(1)]
    )
    person_told_after_hours = models.PositiveSmallIntegerField(
        _("hours until candidates are told"),
        default=24,
        help_text=_("The liaison is told of a decision at once, the candidate so much later, or on “all clear”."),
    )
    substitution_grace_hours = models.PositiveSmallIntegerField(_("hours to substitute after a withdrawal"), default=72)
    all_clear_at = models.DateTimeField(_("all clear since"), null=True, blank=True, editable=False)

    notes = models.TextField(_("notes for participants"), blank=True)
    state = models.CharField(
        _("state"), max_length=20, choices=IterationState.choices, default=IterationState.DRAFT, editable=False
    )
    cancellation_reason = models.TextField(_("reason of the cancellation"), blank=True, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    search_text = models.CharField(max_length=400, editable=False, db_index=True)

    objects = IterationQuerySet.as_manager()
    history = History(excluded_fields=["search_text"])

    class Meta:
        verbose_name = _("iteration")
        verbose_name_plural = _("iterations")
        ordering = ["-starts_on", "-id"]
        indexes = [
            models.Index(fields=["state", "starts_on"], name="iterations_by_state"),
            models.Index(fields=["-starts_on", "-id"], name="iterations_by_start"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="iteration_ends_after_it_begins",
                violation_error_message=_("The last day is before the first day."),
            ),
            models.CheckConstraint(
                condition=Q(minimum__lte=F("capacity")),
                name="iteration_minimum_fits_its_capacity",
                violation_error_message=_("The minimum is above the capacity."),
            ),
            models.CheckConstraint(
                condition=Q(seats_taken__lte=F("capacity")),
                name="no_more_seats_taken_than_the_capacity",
                violation_error_message=_("The capacity is below the seats that are already taken."),
            ),
            models.CheckConstraint(
                condition=Q(nominations_close_on__isnull=True) | Q(nominations_close_on__lte=F("starts_on")),
                name="nominations_close_before_the_start",
                violation_error_message=_("Nominations close after the first day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {date_format(self.starts_on, 'F Y')}"

    def save(self, *args, **kwargs) -> None:
        if kwargs.get("update_fields") is None:
            facts = (self.course.short_name, self.name, self.reference, self.place, self.starts_on, self.host or "")
            self.search_text = fold(" ".join(map(str, facts)))[:400]
        super().save(*args, **kwargs)

    @property
    def name(self) -> str:
        return self.title or self.course.title

    def roles_of(self, user) -> set[Role]:
        if user is None:
            return {Role.SYSTEM}
        roles = {Role.COORDINATOR} if user.is_authenticated and user.is_coordinator else set()
        return roles | ({Role.INSTRUCTOR} if self.is_taught_by(user) else set())

    def is_taught_by(self, user) -> bool:
        """True for the team. Who teaches nowhere costs no look at it."""
        is_teacher = user.is_authenticated and user.is_instructor
        return is_teacher and any(each.person.user_id == user.pk for each in self.team.all())

    @property
    def seats_free(self) -> int:
        return self.capacity - self.seats_taken

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def today(self) -> date:
        """The date now in the iteration's own zone; for a deed, when its request arrived."""
        return moment.now().astimezone(self.zone).date()

    @property
    def is_below_minimum(self) -> bool:
        return self.seats_taken < self.minimum

    def invited_names(self) -> list[str]:
        """Who is invited, nations first; for the office alone."""
        nations = self.invited_nations.values_list("name").annotate(position=Value(0))
        organisations = self.invited_organisations.values_list("short_name").annotate(position=Value(1))
        found = nations.order_by().union(organisations.order_by(), all=True).order_by("position", "name")
        return [name for name, _position in found]

    @property
    def awaits_nominations(self) -> bool:
        """True while the deadline is still news."""
        return self.state in workflow.BEFORE_THE_DEADLINE

    def is_late_at(self, instant: datetime) -> bool:
        """True after the end of the deadline's day in the iteration's own zone (rule 5.4)."""
        deadline = self.nominations_close_on
        return deadline is not None and clock.has_passed(deadline, self.time_zone, instant)

    def say_disorder(self, step: str, ahead: str) -> str:
        """Why `step` of the clock cannot stand where it does; the names are those of clock.out_of_order."""
        names = {"step": self._meta.get_field(step).verbose_name, "ahead": self._meta.get_field(ahead).verbose_name}
        days = {"day": date_format(getattr(self, step), "j F Y"), "other": date_format(getattr(self, ahead), "j F Y")}
        if ahead == "starts_on":
            sentence = _("“%(step)s” (%(day)s) is after the first day (%(other)s).")
        else:
            sentence = _("“%(step)s” (%(day)s) is before “%(ahead)s” (%(other)s).")
        return sentence % {**names, **days}

    def timeline(self) -> list[clock.Step]:
        """Every date of the seat clock and of the iteration itself, what is past and what is next in its own zone."""
        names = [*clock.STEPS, "starts_on", "ends_on"]
        return clock.timeline(
            {capfirst(self._meta.get_field(name).verbose_name): getattr(self, name) for name in names}, self.today()
        )

    def clashes(self, people: dict[int, str] | None = None) -> list[planning.Clash]:
        """What a planner should look at. `people` are those who teach, by default the team on record."""
        if self.state not in workflow.PLANNING:
            return []
        if people is None:
            people = {each.person_id: str(each.person) for each in self.team.all()}
        others = Iteration.objects.overlapping(self.starts_on, self.ends_on).exclude(pk=self.pk)
        is_open = self.state in workflow.BEFORE_THE_DEADLINE
        return planning.clashes(
            self._plan(people),
            others.plans(),
            today=self.today(),
            training_days=len(self.training_days()),
            duration=self.course.duration_days,
            deadline=self.nominations_close_on if is_open else None,
        )

    def _plan(self, people: dict[int, str]) -> planning.Plan:
        return planning.Plan(
            pk=self.pk,
            name=self.name,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            place=self.place,
            nation=self.nation_id,
            host=self.host_id,
            people=people,
        )

    def has_begun(self) -> bool:
        return self.today() >= self.starts_on

    def is_after_go_no_go(self) -> bool:
        """True from the day of go / no-go: who gives a seat back now, does so late."""
        return self.go_no_go_on is not None and self.today() >= self.go_no_go_on

    def training_days(self) -> list[date]:
        return clock.training_days(self.starts_on, self.ends_on, self.rest_days)

    def invites(self, sender: Nation | Organisation) -> bool:
        """True when a sender may nominate: the call is open to all, or the sender is invited."""
        if not self.is_by_invitation:
            return True
        invited = self.invited_nations if isinstance(sender, Nation) else self.invited_organisations
        return invited.filter(pk=sender.pk).exists()
