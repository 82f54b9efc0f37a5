from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Stateful
from accounts.moves import Role
from courses.models import Course, Iteration, Topic
from enrollment import workflow
from enrollment.workflow import RequestState
from interface.history import History
from interface.text import fold
from partners.models import Framework, FrameworkMembership, SentBy, SentByQuerySet


class TrainingRequestQuerySet(SentByQuerySet):
    def visible_to(self, user):
        """The office sees what was submitted, a liaison all of the own nation's or organisation's."""
        if not user.is_authenticated:
            return self.none()
        if user.is_office:
            never_sent = Q(state=RequestState.WITHDRAWN, received_at__isnull=True)
            return self.exclude(Q(state=RequestState.DRAFT) | never_sent)
        return self.sent_by_those_of(user)

    def with_the_office(self):
        """Submitted or under review: the office owes an answer."""
        return self.filter(state__in=workflow.REQUEST_WITH_THE_OFFICE)

    def received(self):
        return self.filter(received_at__isnull=False)

    def under(self, framework: Framework):
        """Asked under a framework: the one that was named, else the sender's own on the day of asking (rule 5.16)."""
        day = OuterRef("asked_on")
        own = FrameworkMembership.objects.filter(nation=OuterRef("nation"), framework=framework, from_on__lte=day)
        own = own.filter(Q(to_on__isnull=True) | Q(to_on__gte=day))
        dated = self.alias(asked_on=TruncDate("created_at"))
        return dated.filter(Q(framework=framework) | (Q(framework__isnull=True) & Exists(own)))

    def answered_by(self, iteration: Iteration):
        return self.filter(iterations=iteration)

    def for_lists(self):
        return self.select_related("nation", "organisation", "course")

    def search(self, text: str):
        found = self
        for word in fold(text).split():
            found = found.filter(search_text__contains=word)
        return found


class TrainingRequest(Stateful, SentBy):
    """What a partner asks for: seats, a mobile team, a tailored course, a seminar, e-learning or advice."""

    class Kind(models.TextChoices):
        SEATS = "seats", _("Seats on a course")
        MOBILE_TEAM = "mobile team", _("Mobile training team")
        TAILORED = "tailored course", _("Tailored course")
        SEMINAR = "seminar", _("Seminar")
        E_LEARNING = "e-learning", _("E-learning")
        ADVICE = "advice", _("Advice")

    class Plan(models.TextChoices):
        ITPP = "ITPP", "ITPP"
        DCB = "DCB", "DCB"
        DEEP = "DEEP", "DEEP"
        PCM = "PCM", "PCM"
        OTHER = "other", _("Other")

    class Funding(models.TextChoices):
        OWN = "own", _("Own funds")
        NATO = "NATO", _("NATO programme asked for")
        THIRD = "third party", _("Third party")
        OPEN = "open", _("Not settled")

    moves = workflow.REQUEST_MOVES

    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    liaison = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="training_requests", verbose_name=_("liaison")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    course = models.ForeignKey(
        Course, models.PROTECT, null=True, blank=True, related_name="training_requests", verbose_name=_("course")
    )
    topics = models.ManyToManyField(Topic, blank=True, related_name="+", verbose_name=_("topics"))
    people = models.PositiveSmallIntegerField(_("number of people"))
    levels = models.CharField(_("who they are"), max_length=200, blank=True, help_text=_("Grades, posts, services."))
    wanted_from = models.DateField(_("wanted from"), null=True, blank=True)
    wanted_to = models.DateField(_("wanted to"), null=True, blank=True)
    alternatives = models.CharField(_("alternative dates"), max_length=200, blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=40, default="English")
    needs_interpretation = models.BooleanField(_("interpretation needed"), default=False)
    purpose = models.TextField(_("purpose"), help_text=_("What the training is for, and what should change by it."))
    framework = models.ForeignKey(
        Framework, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("framework")
    )
    plan = models.CharField(_("plan or programme"), max_length=10, choices=Plan.choices, blank=True)
    plan_reference = models.CharField(_("plan reference"), max_length=80, blank=True)
    funding = models.CharField(_("funding"), max_length=12, choices=Funding.choices, default=Funding.OPEN)
    contact = models.CharField(_("contact"), max_length=200, blank=True, help_text=_("Name, e-mail, phone."))
    state = models.CharField(
        _("state"), max_length=20, choices=RequestState.choices, default=RequestState.DRAFT, editable=False
    )
    decision_reason = models.TextField(_("reason"), blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True, editable=False)
    received_at = models.DateTimeField(_("received at"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    iterations = models.ManyToManyField(
        Iteration, blank=True, related_name="training_requests", verbose_name=_("iterations"), editable=False
    )
    search_text = models.CharField(max_length=400, editable=False, db_index=True)

    objects = TrainingRequestQuerySet.as_manager()
    history = History(excluded_fields=["search_text"])

    class Meta(SentBy.Meta):
        verbose_name = _("training request")
        verbose_name_plural = _("training requests")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="requests_by_age"),
            models.Index(fields=["state", "-created_at"], name="requests_by_state"),
        ]
        constraints = [
            *SentBy.Meta.constraints,
            models.CheckConstraint(
                condition=Q(people__gte=1),
                name="request_is_for_somebody",
                violation_error_message=_("Say for how many people: at least one."),
            ),
            models.CheckConstraint(
                condition=Q(wanted_from__isnull=True) | Q(wanted_to__isnull=True) | Q(wanted_to__gte=F("wanted_from")),
                name="request_dates_are_in_order",
                violation_error_message=_("“Wanted to” is before “wanted from”."),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def save(self, *args, **kwargs) -> None:
        if kwargs.get("update_fields") is None:
            facts = (self.number, self.sender, self.get_kind_display(), self.course or "", self.place, self.purpose)
            self.search_text = fold(" ".join(map(str, facts)))[:400]
        super().save(*args, **kwargs)

    def roles_of(self, user) -> set[Role]:
        if user is None:
            return {Role.SYSTEM}
        roles = {Role.COORDINATOR} if user.is_authenticated and user.is_coordinator else set()
        return roles | ({Role.LIAISON} if user.is_authenticated and self.is_sent_by_those_of(user) else set())


class RequestMessage(models.Model):
    """One question of the office or answer of the liaison on a training request."""

    training_request = models.ForeignKey(TrainingRequest, models.PROTECT, related_name="messages")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    is_from_the_office = models.BooleanField()
    text = models.TextField(_("text"))
    written_at = models.DateTimeField(_("written at"), default=timezone.now)

    class Meta:
        verbose_name = _("message on a request")
        verbose_name_plural = _("messages on requests")
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return f"{self.training_request}: {self.text[:40]}"
