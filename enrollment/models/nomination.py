from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Stateful
from accounts.moves import Role
from courses.models import Iteration, Seat, Teaching
from courses.workflow import IterationState
from enrollment import workflow
from enrollment.workflow import NominationState
from interface.history import History
from interface.text import fold
from partners.models import Person, SentBy, SentByQuerySet

# An iteration of which nobody knows yet whether it will be held.
BEFORE_GO = {IterationState.DRAFT, IterationState.ANNOUNCED, IterationState.OPEN, IterationState.NOMINATIONS_CLOSED}

UNTOLD = Q(state__in=workflow.DECISIONS_TOLD_LATER)  # as long as `person_told_at` is ahead


class NominationQuerySet(SentByQuerySet):
    def visible_to(self, user):
        """The office sees what was submitted, a liaison all of the own nation's, a person what is known to her."""
        if not user.is_authenticated:
            return self.none()
        if user.is_office:
            return self.that_left_the_liaison()
        own = self.of_person(user)
        return self.filter(Q(pk__in=self.sent_by_those_of(user).values("pk")) | Q(pk__in=own.values("pk")))

    def that_left_the_liaison(self):
        """Submitted once. What was withdrawn or cancelled as a draft stays the nation's own business."""
        never = Q(submitted_at__isnull=True, state__in=workflow.ENDED_EARLY)
        return self.exclude(Q(state=NominationState.DRAFT) | never)

    def of_person(self, user):
        """What a user sees about herself: what left the liaison's desk, and no decision that she is not yet told."""
        return self.that_concern(user).exclude(UNTOLD, person_told_at__gt=timezone.now())

    def untold_to(self, user):
        """Her nominations of which a decision is known to the liaison only: to her they stand as they stood before."""
        return self.that_concern(user).filter(UNTOLD, person_told_at__gt=timezone.now())

    def that_concern(self, user):
        """Her nominations that are out of the liaison's hands, told or not."""
        return self.that_left_the_liaison().filter(person__user=user, state__in=workflow.KNOWN_TO_THE_PERSON)

    def taught_by(self, user):
        """Participants of the iterations on whose team `user` is."""
        return self.filter(iteration__in=Teaching.objects.filter(person__user=user).values("iteration"))

    def live(self):
        return self.filter(state__in=workflow.LIVE)

    def undecided(self):
        return self.filter(state__in=workflow.UNDECIDED)

    def holding_a_seat(self):
        return self.filter(state__in=workflow.HAS_A_SEAT)

    def keeping_a_seat(self):
        """Seated, or offered a seat that nobody else may have until it is answered."""
        return self.filter(state__in=workflow.KEEPS_A_SEAT)

    def waiting(self):
        return self.filter(state=NominationState.WAITLISTED)

    def with_an_offer(self):
        return self.filter(state=NominationState.OFFERED)

    def on_the_register(self):
        """Whom the attendance sheet lists: confirmed, and everybody with an outcome."""
        return self.filter(state__in=workflow.REGISTER)

    def who_were_there(self):
        return self.filter(state__in=workflow.WERE_THERE)

    def by_name(self):
        return self.order_by("person__family_name", "person__given_names", "pk")

    def in_nation_order(self):
        """By sender, then the liaison's own order of priority; reserves last."""
        return self.order_by("nation__name", "organisation__short_name", "is_alternate", "priority", "pk")

    def for_lists(self):
        return self.select_related("person", "nation", "organisation", "iteration", "iteration__course")

    def search(self, text: str):
        found = self
        for word in fold(text).split():
            found = found.filter(person__search_text__contains=word)
        return found


class Nomination(Stateful, SentBy):
    """A sender puts one person forward for an iteration. `nation` is that day's sender and never follows the person."""

    class RefusalCode(models.TextChoices):
        CRITERIA = "criteria", _("Entry criteria not met")
        CAPACITY = "capacity", _("No seats left")
        BALANCE = "priority", _("Others had priority")
        LATE = "late", _("Nominated after the deadline")
        OTHER = "other", _("Other reason")

    moves = workflow.NOMINATION_MOVES

    person = models.ForeignKey(Person, models.PROTECT, related_name="nominations", verbose_name=_("person"))
    iteration = models.ForeignKey(Iteration, models.PROTECT, related_name="nominations", verbose_name=_("iteration"))
    nominated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="nominations", verbose_name=_("nominated by")
    )
    priority = models.PositiveSmallIntegerField(
        _("priority"), default=1, help_text=_("1 is your nation's first choice. Other nations never see it.")
    )
    is_alternate = models.BooleanField(_("reserve"), default=False)
    preference = models.PositiveSmallIntegerField(
        _("preference"), default=1, help_text=_("1 is the iteration of the course that the nation likes best for her.")
    )
    remarks = models.TextField(_("remarks for the office"), blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=NominationState.choices, default=NominationState.DRAFT, editable=False
    )
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True, editable=False)
    is_late = models.BooleanField(_("late"), default=False, editable=False)
    checks = models.JSONField(_("criteria when submitted"), default=list, blank=True, editable=False)
    reason_code = models.CharField(max_length=12, choices=RefusalCode.choices, blank=True, editable=False)
    decision_reason = models.TextField(_("reason"), blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True, editable=False)
    seat = models.OneToOneField(Seat, models.PROTECT, null=True, blank=True, related_name="nomination", editable=False)
    answer_by = models.DateTimeField(_("offer to be answered by"), null=True, blank=True, editable=False)
    person_told_at = models.DateTimeField(_("candidate told at"), null=True, blank=True, editable=False)
    left_late = models.BooleanField(_("withdrawn late"), default=False, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True, editable=False)
    carried_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="carried_to", editable=False
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)

    objects = NominationQuerySet.as_manager()
    history = History()

    class Meta(SentBy.Meta):
        verbose_name = _("nomination")
        verbose_name_plural = _("nominations")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="nominations_by_age"),
            models.Index(fields=["iteration", "state"], name="nominations_of_an_iteration"),
            models.Index(fields=["nation", "-created_at", "-id"], name="nominations_of_a_nation"),
            models.Index(fields=["state", "-created_at", "-id"], name="nominations_by_state"),
        ]
        constraints = [
            *SentBy.Meta.constraints,
            models.CheckConstraint(
                condition=Q(seat__isnull=True) | Q(state__in=sorted(workflow.KEEPS_A_SEAT)),
                name="only_a_nominee_who_keeps_one_has_a_seat",
            ),
            models.CheckConstraint(
                condition=~Q(state=NominationState.OFFERED) | Q(answer_by__isnull=False),
                name="an_offer_has_a_time_to_answer",
            ),
            models.UniqueConstraint(
                fields=["person", "iteration"],
                condition=Q(state__in=sorted(workflow.LIVE)),
                name="one_live_nomination_per_person_and_iteration",
                violation_error_message=_("This person is already nominated for this iteration."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.iteration}"

    def roles_of(self, user) -> set[Role]:
        if user is None:
            return {Role.SYSTEM}
        if not user.is_authenticated:
            return set()
        held = {
            Role.COORDINATOR: user.is_coordinator,
            Role.LIAISON: user.is_liaison and self.is_sent_by_those_of(user),
            Role.TRAINEE: self.person.user_id == user.pk and not self.is_under_embargo,
            Role.INSTRUCTOR: self.iteration.is_taught_by(user),
        }
        return {role for role, is_held in held.items() if is_held}

    def is_changeable_by(self, user) -> bool:
        """True for its liaison while it is with her: a draft, or returned by the office."""
        return self.state in workflow.WITH_THE_LIAISON and self.is_sent_by_those_of(user)

    @property
    def has_a_seat(self) -> bool:
        return self.state in workflow.HAS_A_SEAT

    @property
    def is_under_embargo(self) -> bool:
        """True while the decision is known to the liaison and not yet to the candidate."""
        is_told_later = self.state in workflow.DECISIONS_TOLD_LATER
        return is_told_later and self.person_told_at is not None and self.person_told_at > timezone.now()

    @property
    def is_before_go(self) -> bool:
        """True until the iteration is confirmed: nobody travels before, and every letter says so (field.md, 4.6)."""
        return self.iteration.state in BEFORE_GO


class Waiver(models.Model):
    """A recorded exception to one entry criterion of one nomination: who granted it, when and why."""

    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="waivers")
    criterion = models.CharField(_("criterion"), max_length=30)
    reason = models.TextField(_("reason"))
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(_("granted at"), default=timezone.now)

    class Meta:
        verbose_name = _("waiver")
        verbose_name_plural = _("waivers")
        ordering = ["granted_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["nomination", "criterion"],
                name="one_waiver_per_criterion",
                violation_error_message=_("This criterion is already waived."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.nomination}: {self.criterion}"


class ChecklistItemQuerySet(models.QuerySet):
    def visible_to(self, user):
        """With the nomination that they belong to."""
        return self.filter(nomination__in=Nomination.objects.visible_to(user))


class ChecklistItem(models.Model):
    """Something a participant still has to do before coming, with its date."""

    class Kind(models.TextChoices):
        PREREQUISITE = "prerequisite", _("Complete the e-learning")
        VISA = "visa", _("Apply for a visa, if you need one")
        INSURANCE = "insurance", _("Arrange health insurance")
        CLEARANCE = "clearance", _("Ask your unit for the security clearance note")
        TRAVEL = "travel", _("Book travel, after go / no-go and not before")

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="checklist")
    kind = models.CharField(_("what"), max_length=14, choices=Kind.choices)
    due_on = models.DateField(_("by"), null=True, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    objects = ChecklistItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("checklist item")
        verbose_name_plural = _("checklist items")
        ordering = ["due_on", "pk"]
        constraints = [models.UniqueConstraint(fields=["nomination", "kind"], name="one_checklist_item_per_kind")]

    def __str__(self) -> str:
        return self.get_kind_display()
