"""Who gives an iteration: institutions and people."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.models import Organisation, Person


class Provision(models.Model):
    """An institution's part in an iteration: it delivers, or it mentors those who do."""

    class Part(models.TextChoices):
        DELIVERS = "delivers", _("Delivers")
        MENTORS = "mentors", _("Mentors")

    iteration = models.ForeignKey("courses.Iteration", models.CASCADE, related_name="provisions")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation"))
    part = models.CharField(_("part"), max_length=10, choices=Part.choices, default=Part.DELIVERS)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("provider")
        verbose_name_plural = _("providers")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["iteration", "organisation"], name="one_part_per_provider")]

    def __str__(self) -> str:
        return str(self.organisation)

    @property
    def delivers(self) -> bool:
        return self.part == self.Part.DELIVERS


class TeachingManager(models.Manager):
    def get_queryset(self) -> models.QuerySet:
        """A team is shown and asked by its people: never without them."""
        return super().get_queryset().select_related("person")


class Teaching(models.Model):
    """A person on the team of an iteration: its course director or an instructor."""

    class Part(models.TextChoices):
        DIRECTOR = "director", _("Course director")
        INSTRUCTOR = "instructor", _("Instructor")

    iteration = models.ForeignKey("courses.Iteration", models.CASCADE, related_name="team")
    person = models.ForeignKey(Person, models.PROTECT, related_name="teaching", verbose_name=_("person"))
    part = models.CharField(_("part"), max_length=12, choices=Part.choices, default=Part.INSTRUCTOR)

    objects = TeachingManager()

    class Meta:
        verbose_name = _("team member")
        verbose_name_plural = _("team")
        ordering = ["part", "pk"]
        constraints = [models.UniqueConstraint(fields=["iteration", "person"], name="one_part_per_person_on_the_team")]

    def __str__(self) -> str:
        return f"{self.person} – {self.get_part_display()}"

    @property
    def is_director(self) -> bool:
        return self.part == self.Part.DIRECTOR
