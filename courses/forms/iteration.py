from copy import copy
from datetime import date, timedelta
from functools import cached_property
from math import ceil

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses import actions, clock
from courses.actions import Parties
from courses.forms.choices import name_and_sender, short_and_long_name, who_may_teach, zone_names
from courses.forms.fields import DateField, Refusable, Ticks, Versioned, keep_numbers_small
from courses.models import Course, Iteration
from courses.planning import Clash
from courses.workflow import IterationState
from partners.models import Nation, Organisation, Person

LONGEST = timedelta(days=366)
# What an iteration takes over from its course, as field of the iteration: field of the course.
FROM_THE_COURSE = {
    "provider": "institution",
    "host": "institution",
    "capacity": "default_capacity",
    "minimum": "default_minimum",
    "is_by_invitation": "is_by_invitation",
    "is_chatham_house": "is_chatham_house",
    "language": "languages",
    "fee": "fee",
    "offer_hours": "offer_hours",
    "person_told_after_hours": "person_told_after_hours",
    "substitution_grace_hours": "substitution_grace_hours",
}
NUMBERS = ("capacity", "minimum", "offer_hours", "person_told_after_hours", "substitution_grace_hours")


class IterationForm(Refusable, Versioned, forms.ModelForm):
    """An iteration with everybody who takes part. After `is_valid()`, `schedule(by=user)` saves it by the action.

    `user` decides whom and what can be chosen. Steps of the clock left empty are derived from the course; so are
    capacity, minimum and provider.
    """

    course = forms.ModelChoiceField(Course.objects.none(), label=gettext_lazy("Course"))
    starts_on = DateField(label=gettext_lazy("First day"))
    ends_on = DateField(label=gettext_lazy("Last day"))
    provider = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=gettext_lazy("Provider"),
        required=False,
        help_text=gettext_lazy("Delivers it, and its name stands on the certificates. Left empty: the course's."),
    )
    co_providers = Ticks(Organisation.objects.none(), label=gettext_lazy("Together with"))
    mentors = Ticks(Organisation.objects.none(), label=gettext_lazy("Mentored by"))
    director = forms.ModelChoiceField(Person.objects.none(), label=gettext_lazy("Course director"), required=False)
    instructors = Ticks(Person.objects.none(), label=gettext_lazy("Instructors"))
    invited_nations = Ticks(Nation.objects.none(), label=gettext_lazy("Invited nations"))
    invited_organisations = Ticks(Organisation.objects.none(), label=gettext_lazy("Invited organisations"))
    # The planning clashes that were on the page when it was sent, see `unseen_clashes`.
    seen = forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput)

    class Meta:
        model = Iteration
        fields = [
            "course",
            "reference",
            "title",
            "starts_on",
            "ends_on",
            "time_zone",
            "rest_days",
            "format",
            "place",
            "nation",
            "host",
            "capacity",
            "minimum",
            *clock.STEPS,
            "late_policy",
            "offer_hours",
            "person_told_after_hours",
            "substitution_grace_hours",
            "is_by_invitation",
            "invited_nations",
            "invited_organisations",
            "is_chatham_house",
            "language",
            "interpretation",
            "fee",
            "notes",
        ]
        field_classes = dict.fromkeys(clock.STEPS, DateField)
        widgets = {
            "time_zone": forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
            "notes": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(
        self, data=None, *, instance: Iteration | None = None, initial: dict | None = None, user=None, **kwargs
    ):
        self._stored = _as_stored(instance) if instance and instance.pk else {}
        super().__init__(data, instance=instance, initial={**self._stored, **(initial or {})}, **kwargs)
        self._offer_what_can_be_chosen(user)
        keep_numbers_small(self)
        for name in NUMBERS:
            self.fields[name].required = False
        if self.instance.pk and self.instance.state != IterationState.DRAFT:
            self.fields["course"].disabled = True
            self.fields["course"].help_text = _("Fixed since the iteration was announced.")

    @staticmethod
    def initial_for(course: Course) -> dict:
        """What an iteration of `course` begins with."""
        return {"course": course, **{name: getattr(course, field) for name, field in FROM_THE_COURSE.items()}}

    @staticmethod
    def initial_like(other: Iteration) -> dict:
        """What an iteration begins with that is to be like `other`: all but its name, days and state."""
        left_out = {"reference", "starts_on", "ends_on", *clock.STEPS}
        facts = forms.model_to_dict(other, [name for name in IterationForm.Meta.fields if name not in left_out])
        return {**facts, **_parties_of(other)}

    def _offer_what_can_be_chosen(self, user) -> None:
        """Each list is read once, however many fields show it; what the iteration has already stays on offer."""
        courses = Course.objects.visible_to(user)
        chosen = courses.filter(Q(pk=self.instance.course_id) | Q(pk__in=Course.objects.schedulable()))
        self._courses = {row.pk: row for row in chosen}
        self._offer(["course"], chosen, self._courses.values())
        nations = Nation.objects.filter(Q(is_active=True) | Q(pk=self.instance.nation_id))
        self._offer(["nation", "invited_nations"], nations, nations)
        people = who_may_teach(user)
        self._offer(["director", "instructors"], people, people, name_and_sender)
        self._offer_organisations(self._institutions_in_use())

    def _offer_organisations(self, in_use: list[int]) -> None:
        found = Organisation.objects.filter(Q(is_active=True) | Q(pk__in=in_use))
        self._offer(["invited_organisations"], found, found, short_and_long_name)
        kinds = Organisation.TEACHING_KINDS
        teaching = found.filter(Q(kind__in=kinds) | Q(pk__in=in_use))
        rows = [row for row in found if row.kind in kinds or row.pk in in_use]
        self._offer(["host", "provider", "co_providers", "mentors"], teaching, rows, short_and_long_name)

    def _institutions_in_use(self) -> list[int]:
        stored = self._stored
        providers = [stored.get("provider"), *stored.get("co_providers", []), *stored.get("mentors", [])]
        return [pk for pk in (self.instance.host_id, *providers) if pk]

    def _offer(self, names: list[str], queryset, rows, label=str) -> None:
        """Rows of `queryset` to choose from, read already; the queryset itself checks what comes back."""
        choices = [(row.pk, label(row)) for row in rows]
        for name in names:
            field = self.fields[name]
            field.queryset = queryset
            empty = [] if field.empty_label is None else [("", field.empty_label)]
            field.choices = [*empty, *choices]

    def clean(self) -> dict:
        cleaned = super().clean()
        self._take_from_the_course(cleaned)
        self._check_days(cleaned)
        self._check_clock()
        self._check_seats(cleaned)
        return cleaned

    def _take_from_the_course(self, cleaned: dict) -> None:
        """Numbers and provider left empty are the course's; emptied by mistake, they were not meant to be nothing."""
        if course := cleaned.get("course"):
            for name in (*NUMBERS, "provider"):
                if name not in self.errors and cleaned.get(name) is None:
                    cleaned[name] = getattr(course, FROM_THE_COURSE[name])

    def _check_days(self, cleaned: dict) -> None:
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on is None or ends_on is None:
            return
        if ends_on < starts_on:
            self.add_error("ends_on", _("The last day is before the first day."))
        elif ends_on - starts_on > LONGEST:
            self.add_error("ends_on", _("An iteration lasts a year at most."))

    def _check_clock(self) -> None:
        dates, starts_on = self.derived_dates(), self._day("starts_on")
        found = clock.out_of_order(dates, starts_on) if dates else None
        if found:
            spoken = Iteration(starts_on=starts_on, **dates)
            self.add_error(self._typed_of(found), spoken.say_disorder(*found))

    def _typed_of(self, pair: tuple[str, str]) -> str:
        """Of two steps in the wrong order, the one that was typed and not derived."""
        return next((step for step in pair if self.cleaned_data.get(step)), pair[0])

    def _check_seats(self, cleaned: dict) -> None:
        capacity, minimum = cleaned.get("capacity"), cleaned.get("minimum")
        if capacity is None:
            return
        if minimum is not None and minimum > capacity:
            self.add_error("minimum", _("The minimum is above the capacity."))
        if capacity < self.instance.seats_taken:
            taken = _("%(taken)s seats are taken already: the capacity cannot be below that.")
            self.add_error("capacity", taken % {"taken": self.instance.seats_taken})

    def schedule(self, *, by, programme_of: Iteration | None = None) -> Iteration:
        """Save by the action, in one transaction; raises Refused. The form stays as it was, to be shown again."""
        iteration, parties = copy(self.instance), self._parties()
        return actions.save_iteration(iteration, by=by, parties=parties, programme_of=programme_of)

    def _parties(self) -> Parties:
        said = self.cleaned_data
        first = [said["provider"]] if said["provider"] else []
        providers = [*first, *(each for each in said["co_providers"] if each not in first)]
        return Parties(
            providers=providers,
            mentors=[each for each in said["mentors"] if each not in providers],
            director=said["director"],
            instructors=list(said["instructors"]),
            invited_nations=list(said["invited_nations"]),
            invited_organisations=list(said["invited_organisations"]),
        )

    # What the page shows beside the fields

    def derived_dates(self) -> dict[str, date]:
        """The date of each step as it would be saved; empty while course or first day are not known."""
        course, starts_on = self._course, self._day("starts_on")
        if course is None or starts_on is None:
            return {}
        return clock.dates_for(starts_on, course.clock_offsets, {step: self._day(step) for step in clock.STEPS})

    def clock_steps(self) -> list[dict]:
        """Each step's field with the date that it gets when left empty."""
        dates = self.derived_dates()
        return [{"field": self[step], "derived": None if self._day(step) else dates.get(step)} for step in clock.STEPS]

    def suggested_last_day(self) -> date | None:
        """When the course's days would be over, the days off not counted."""
        course, starts_on = self._course, self._day("starts_on")
        if course is None or starts_on is None:
            return None
        rest_days = self.cleaned_data.get("rest_days", "") if self.is_bound else self["rest_days"].initial or ""
        return clock.last_day(starts_on, ceil(course.duration_days), rest_days)

    @cached_property
    def clashes(self) -> list[Clash]:
        """What to look at before saving; none of it is in the way."""
        needed = {"course", "starts_on", "ends_on", "time_zone"}
        if not self.is_bound or not needed <= self.cleaned_data.keys() or not needed.isdisjoint(self.errors):
            return []
        planned = copy(self.instance)
        for step, day in self.derived_dates().items():
            setattr(planned, step, day)
        team = {self.cleaned_data.get("director"), *self.cleaned_data.get("instructors", [])} - {None}
        return planned.clashes({person.pk: str(person) for person in team})

    def unseen_clashes(self) -> list[Clash]:
        """The clashes that were not on the page when it was sent: worth showing once before saving."""
        seen = self.cleaned_data.get("seen", "").split()
        return [clash for clash in self.clashes if clash.key not in seen]

    @property
    def shows_partners(self) -> bool:
        return any(self[name].value() for name in ("co_providers", "mentors"))

    @property
    def shows_the_invited(self) -> bool:
        return any(self[name].value() for name in ("is_by_invitation", "invited_nations", "invited_organisations"))

    @property
    def zone_names(self) -> list[str]:
        return zone_names()

    @cached_property
    def _course(self) -> Course | None:
        if self.is_bound:
            return self.cleaned_data.get("course")
        given = self.get_initial_for_field(self.fields["course"], "course")
        return given if isinstance(given, Course) else self._courses.get(given)

    def _day(self, name: str) -> date | None:
        return self.cleaned_data.get(name) if self.is_bound else self[name].initial


def _as_stored(iteration: Iteration) -> dict:
    """Who takes part; and a step of the clock only if it differs from the derived one, so that the rest moves along."""
    derived = clock.dates_for(iteration.starts_on, iteration.course.clock_offsets)
    own = {step: day if (day := getattr(iteration, step)) != derived[step] else None for step in clock.STEPS}
    return {**own, **_parties_of(iteration)}


def _parties_of(iteration: Iteration) -> dict:
    provisions = list(iteration.provisions.all())
    delivering = [each.organisation_id for each in provisions if each.delivers]
    team = list(iteration.team.all())
    directors = [each.person_id for each in team if each.is_director]
    return {
        "provider": delivering[0] if delivering else None,
        "co_providers": delivering[1:],
        "mentors": [each.organisation_id for each in provisions if not each.delivers],
        "director": directors[0] if directors else None,
        "instructors": [each.person_id for each in team if each.person_id not in directors[:1]],
    }
