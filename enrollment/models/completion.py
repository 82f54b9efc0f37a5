from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models import Course
from partners.models import Person


class Completion(models.Model):
    """A course or e-learning that a person completed elsewhere, and when: evidence for a prerequisite (rule 5.8)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="completions", verbose_name=_("person"))
    course = models.ForeignKey(Course, models.PROTECT, related_name="completions", verbose_name=_("course"))
    completed_on = models.DateField(_("completed on"))
    reference = models.CharField(_("certificate reference"), max_length=80, blank=True)
    expires_on = models.DateField(_("expires on"), null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )

    class Meta:
        verbose_name = _("completion")
        verbose_name_plural = _("completions")
        ordering = ["-completed_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "course", "completed_on"],
                name="one_completion_per_person_course_and_day",
                violation_error_message=_("This completion is already recorded."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.course.short_name}, {self.completed_on}"
