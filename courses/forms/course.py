from copy import copy
from dataclasses import dataclass, field, replace
from itertools import pairwise

from django import forms
from django.core.validators import MinValueValidator
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses import actions, clock
from courses.actions import Contents
from courses.forms.fields import DateField, Refusable, Ticks, Versioned, keep_numbers_small
from courses.models import Course, Reference, Topic
from partners.models import Organisation

RESERVED = {"new"}  # addresses below /courses/ that are pages

HOURS = ("offer_hours", "person_told_after_hours", "substitution_grace_hours")


@dataclass(frozen=True)
class Group:
    """Fields under one heading of the page: short ones side by side, long ones below each other."""

    title: str
    short: list
    long: list = field(default_factory=list)
    hint: str = ""


GROUPS = [
    Group(
        gettext_lazy("What it is"),
        ["title", "short_name", "kind", "institution", "discipline", "predecessor"],
        ["is_published"],
    ),
    Group(
        gettext_lazy("What is taught"),
        [],
        ["aim", "objectives", "description", "topics", "references"],
    ),
    Group(
        gettext_lazy("Who can be nominated"),
        ["officers_from", "officers_to", "enlisted_from", "enlisted_by_waiver_from", "slp_minimum"],
        ["warrant_officers", "admits_civilians", "audience", "required", "recommended", "is_by_invitation"],
    ),
    Group(
        gettext_lazy("How it is held"),
        ["duration_days", "languages", "default_capacity", "default_minimum", "fee", "clearance"],
        ["is_chatham_house"],
    ),
    Group(
        gettext_lazy("With what participants leave"),
        ["assessment", "certificate_kind", "minimum_attendance", "certificate_valid_months", "refresher_reminder_days"],
    ),
    Group(
        gettext_lazy("Seat clock"),
        [*clock.STEPS.values(), *HOURS],
        hint=gettext_lazy(
            "Days before the first day. A new iteration derives its dates from these; each can be changed there."
        ),
    ),
    Group(
        gettext_lazy("As in ETOC"),
        ["level", "certification", "certified_on", "code", "own_code", "eprime_number"],
        ["web_link"],
    ),
    Group(gettext_lazy("How long it is taught"), ["active_from", "active_until", "review_due_on"]),
]


def grade(scale: str, highest: int, label: str, if_empty: str) -> forms.TypedChoiceField:
    choices = [("", if_empty), *((level, f"{scale}-{level}") for level in range(1, highest + 1))]
    return forms.TypedChoiceField(label=label, choices=choices, coerce=int, empty_value=None, required=False)


class CourseForm(Refusable, Versioned, forms.ModelForm):
    """A catalogue entry with topics, references and prerequisites. After `is_valid()`, `store(by=user)` saves it."""

    officers_from = grade("OF", 10, gettext_lazy("Officers from"), gettext_lazy("No lower limit"))
    officers_to = grade("OF", 10, gettext_lazy("Officers to"), gettext_lazy("No upper limit"))
    enlisted_from = grade("OR", 9, gettext_lazy("Other ranks from"), gettext_lazy("Not admitted"))
    enlisted_by_waiver_from = grade("OR", 9, gettext_lazy("Other ranks by waiver from"), gettext_lazy("None"))
    web_link = forms.URLField(label=gettext_lazy("Web link"), required=False, assume_scheme="https")
    topics = Ticks(Topic.objects.none(), label=gettext_lazy("Topics"))
    references = Ticks(Reference.objects.none(), label=gettext_lazy("Reference documents"))
    required = Ticks(
        Course.objects.none(),
        label=gettext_lazy("Must be completed before"),
        help_text=gettext_lazy("A nominee without proof of it does not meet the criteria."),
    )
    recommended = Ticks(Course.objects.none(), label=gettext_lazy("Recommended before"))

    class Meta:
        model = Course
        fields = [
            "short_name",
            "title",
            "kind",
            "institution",
            "discipline",
            "is_published",
            "code",
            "own_code",
            "eprime_number",
            "level",
            "certification",
            "certified_on",
            "clearance",
            "description",
            "aim",
            "objectives",
            "audience",
            "topics",
            "references",
            "languages",
            "officers_from",
            "officers_to",
            "warrant_officers",
            "enlisted_from",
            "enlisted_by_waiver_from",
            "admits_civilians",
            "slp_minimum",
            "duration_days",
            "default_capacity",
            "default_minimum",
            "assessment",
            "certificate_kind",
            "minimum_attendance",
            "certificate_valid_months",
            "refresher_reminder_days",
            "is_chatham_house",
            "is_by_invitation",
            "fee",
            "web_link",
            *clock.STEPS.values(),
            *HOURS,
            "active_from",
            "active_until",
            "review_due_on",
            "predecessor",
        ]
        field_classes = dict.fromkeys(["certified_on", "active_from", "active_until", "review_due_on"], DateField)
        labels = {"eprime_number": gettext_lazy("ePRIME number")}
        widgets = {
            "description": forms.Textarea(attrs={"rows": 4}),
            "aim": forms.Textarea(attrs={"rows": 3}),
            "objectives": forms.Textarea(attrs={"rows": 6}),
            "audience": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, data=None, *, instance: Course | None = None, initial: dict | None = None, user=None, **kwargs):
        self._as_it_was = {name: getattr(instance, name) for name in HOURS} if instance else {}
        super().__init__(data, instance=instance, initial={**_prerequisites_of(instance), **(initial or {})}, **kwargs)
        others = Course.objects.visible_to(user).exclude(pk=self.instance.pk)
        for name in ("predecessor", "required", "recommended"):
            self.fields[name].queryset = others
        own = Organisation.objects.filter(pk=self.instance.institution_id)
        self.fields["institution"].queryset = Organisation.objects.active().teaching() | own
        self.fields["topics"].queryset = Topic.objects.all()
        self.fields["references"].queryset = Reference.objects.all()
        keep_numbers_small(self)
        for name in HOURS:
            self.fields[name].required = False
        self.fields["duration_days"].validators.append(MinValueValidator(0.5))

    def groups(self) -> list[Group]:
        """The fields as the page shows them."""
        return [
            replace(group, short=[self[name] for name in group.short], long=[self[name] for name in group.long])
            for group in GROUPS
        ]

    def clean_short_name(self) -> str:
        """A new course's address comes from its short name, and stays: links to it are printed and mailed."""
        name = self.cleaned_data["short_name"]
        if self.instance.pk:
            return name
        slug = slugify(name)
        if not slug:
            raise forms.ValidationError(
                _("Use at least one Latin letter or digit: the page's address is made from it.")
            )
        if slug in RESERVED or Course.objects.filter(slug=slug).exists():
            raise forms.ValidationError(
                _("There is a page “%(slug)s” already. Choose another short name.") % {"slug": slug}
            )
        self.instance.slug = slug
        return name

    def clean(self) -> dict:
        cleaned = super().clean()
        self._check_grades(cleaned)
        self._check_clock(cleaned)
        self._keep_hours(cleaned)
        return cleaned

    def _keep_hours(self, cleaned: dict) -> None:
        """Hours left empty stay as they were, or are the usual ones."""
        for name in HOURS:
            if name not in self.errors and cleaned.get(name) is None:
                cleaned[name] = self.fields[name].initial if self.instance.pk is None else self._as_it_was[name]

    def _check_grades(self, cleaned: dict) -> None:
        low, high = cleaned.get("officers_from"), cleaned.get("officers_to")
        if low is not None and high is not None and low > high:
            self.add_error("officers_to", _("The highest grade is below the lowest."))

    def _check_clock(self, cleaned: dict) -> None:
        for earlier, later in pairwise(clock.STEPS.values()):
            if None not in (cleaned.get(earlier), cleaned.get(later)) and cleaned[later] > cleaned[earlier]:
                names = {"step": self.fields[later].label, "ahead": self.fields[earlier].label}
                self.add_error(
                    later, _("“%(step)s” has to be no more days than “%(ahead)s”: it comes after it.") % names
                )

    def store(self, *, by) -> Course:
        """Save by the action, in one transaction; raises Refused. The form stays as it was, to be shown again."""
        said = self.cleaned_data
        contents = Contents(
            topics=list(said["topics"]),
            references=list(said["references"]),
            required=list(said["required"]),
            recommended=[course for course in said["recommended"] if course not in said["required"]],
        )
        return actions.save_course(copy(self.instance), by=by, contents=contents)


def _prerequisites_of(course: Course | None) -> dict:
    if course is None or course.pk is None:
        return {}
    links = list(course.prerequisite_links.all())
    return {
        "required": [link.required_id for link in links if link.is_mandatory],
        "recommended": [link.required_id for link in links if not link.is_mandatory],
    }
