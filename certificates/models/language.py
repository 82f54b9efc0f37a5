"""Second languages of certificates, as data: what is printed in them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models import Course


class LanguageQuerySet(models.QuerySet):
    def offered(self):
        return self.filter(is_active=True)


class Language(models.Model):
    """A language that stands beside English on a certificate. `words` has all that the English ones have."""

    code = models.CharField(_("code"), max_length=12, unique=True, help_text=_("Such as fr, ar or uk."))
    name = models.CharField(_("name"), max_length=60, help_text=_("In English, such as French."))
    words = models.JSONField(_("words"), default=dict)
    is_active = models.BooleanField(_("offered"), default=True)

    objects = LanguageQuerySet.as_manager()

    class Meta:
        verbose_name = _("language of certificates")
        verbose_name_plural = _("languages of certificates")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class CourseTitle(models.Model):
    """The title of a course in another language."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="titles")
    language = models.ForeignKey(Language, models.PROTECT, related_name="titles", verbose_name=_("language"))
    title = models.CharField(_("title"), max_length=200)

    class Meta:
        verbose_name = _("title in another language")
        verbose_name_plural = _("titles in other languages")
        constraints = [models.UniqueConstraint(fields=["course", "language"], name="one_title_per_course_and_language")]

    def __str__(self) -> str:
        return self.title
