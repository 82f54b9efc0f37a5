"""The places of an iteration, and to whom they are promised before a person is named."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.models.iteration import Iteration
from interface.history import History
from partners.models import Framework, Nation, Organisation, Person


class QuotaQuerySet(models.QuerySet):
    def in_force(self):
        """Not released yet, or with a ceiling that stays."""
        return self.filter(Q(released_at__isnull=True) | Q(keeps_ceiling=True))

    def with_holders(self):
        return self.select_related(*Quota.HOLDERS)


class Quota(models.Model):
    """Who fills an iteration's seats: `floor` of them are guaranteed to the holder, `ceiling` is the most it may get.

    The holder is a nation, a framework (all its nations of the first day), an organisation, or a category of person. It
    holds until its release (rule 5.2): then the guarantee ends, and the ceiling too unless it is to stay.
    """

    HOLDERS = ("nation", "framework", "organisation")  # or a category, which is no row

    iteration = models.ForeignKey(Iteration, models.CASCADE, related_name="quotas", verbose_name=_("iteration"))
    nation = models.ForeignKey(
        Nation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("nation")
    )
    framework = models.ForeignKey(
        Framework, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("framework")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    category = models.CharField(_("category"), max_length=10, choices=Person.Category.choices, blank=True)
    floor = models.PositiveSmallIntegerField(_("guaranteed"), default=0)
    ceiling = models.PositiveSmallIntegerField(_("at most"), null=True, blank=True)
    keeps_ceiling = models.BooleanField(_("ceiling stays after the release"), default=False)
    released_at = models.DateTimeField(_("released at"), null=True, blank=True, editable=False)

    objects = QuotaQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")
        ordering = ["iteration_id", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(nation__isnull=False, framework__isnull=True, organisation__isnull=True, category="")
                | Q(nation__isnull=True, framework__isnull=False, organisation__isnull=True, category="")
                | Q(nation__isnull=True, framework__isnull=True, organisation__isnull=False, category="")
                | (Q(nation__isnull=True, framework__isnull=True, organisation__isnull=True) & ~Q(category="")),
                name="a_quota_has_one_holder",
                violation_error_message=_("A quota is for a nation, a framework, an organisation or a category."),
            ),
            models.CheckConstraint(
                condition=Q(ceiling__isnull=True) | Q(ceiling__gte=F("floor")),
                name="a_ceiling_is_not_below_its_floor",
                violation_error_message=_("More seats are guaranteed than may be filled at most."),
            ),
            *(
                models.UniqueConstraint(
                    fields=["iteration", holder],
                    condition=~Q(category="") if holder == "category" else Q(**{f"{holder}__isnull": False}),
                    name=f"one_quota_per_{holder}_and_iteration",
                    violation_error_message=_("This holder has a quota already."),
                )
                for holder in ("nation", "framework", "organisation", "category")
            ),
        ]

    def __str__(self) -> str:
        return self.holder_name

    @property
    def key(self) -> str:
        """The rule's name for seating.py, such as "nation:42" or "category:civilian"."""
        for kind in self.HOLDERS:
            if pk := getattr(self, f"{kind}_id"):
                return f"{kind}:{pk}"
        return f"category:{self.category}"

    @property
    def holder_name(self) -> str:
        holder = self.nation or self.framework or self.organisation
        return str(holder) if holder else self.get_category_display()

    @property
    def is_released(self) -> bool:
        return self.released_at is not None

    @property
    def floor_in_force(self) -> int:
        return 0 if self.is_released else self.floor

    @property
    def ceiling_in_force(self) -> int | None:
        return None if self.is_released and not self.keeps_ceiling else self.ceiling


class SeatQuerySet(models.QuerySet):
    def without_a_person(self):
        return self.filter(state__in=Seat.WITHOUT_A_PERSON)

    def held(self):
        return self.filter(state=Seat.State.HELD)


class Seat(models.Model):
    """One place of an iteration with its history. There are as many rows as the capacity, always."""

    class State(models.TextChoices):
        FREE = "free", _("Free")
        HELD = "held", _("Held")
        NAMED = "named", _("Named")
        CONFIRMED = "confirmed", _("Confirmed")
        TURNED_BACK = "turned back", _("Turned back")
        OFFERED = "offered", _("Offered")
        LAPSED = "lapsed", _("Lapsed")

    OPEN = {State.FREE, State.TURNED_BACK, State.LAPSED}  # anybody's, whatever it was before
    WITHOUT_A_PERSON = OPEN | {State.HELD}

    iteration = models.ForeignKey(Iteration, models.CASCADE, related_name="seats", verbose_name=_("iteration"))
    number = models.PositiveSmallIntegerField(_("number"))
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.FREE)
    quota = models.ForeignKey(
        Quota, models.PROTECT, null=True, blank=True, related_name="seats", verbose_name=_("held under")
    )

    objects = SeatQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        ordering = ["iteration_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["iteration", "number"], name="one_seat_per_number_and_iteration"),
            models.CheckConstraint(
                condition=Q(state="held", quota__isnull=False) | (~Q(state="held") & Q(quota__isnull=True)),
                name="a_seat_is_held_under_a_quota",
            ),
        ]

    def __str__(self) -> str:
        return _("Seat %(number)s of %(iteration)s") % {"number": self.number, "iteration": self.iteration}
