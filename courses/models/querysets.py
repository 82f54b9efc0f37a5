"""What can be asked of iterations."""

from datetime import date

from django.db import models
from django.db.models import Count, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from courses import planning, workflow
from courses.models.staff import Teaching
from courses.workflow import IterationState
from interface.text import fold


class IterationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Everybody sees what was announced; the office sees drafts too, an instructor the own ones."""
        if user.is_authenticated and user.is_office:
            return self
        public = Q(state__in=workflow.PUBLIC)
        if not user.is_authenticated:
            return self.filter(public)
        return self.filter(public | Q(pk__in=Teaching.objects.filter(person__user=user).values("iteration")))

    def taught_by(self, user):
        return self.filter(pk__in=Teaching.objects.filter(person__user=user).values("iteration"))

    def upcoming(self):
        """Announced and not begun, the next first."""
        today = timezone.localdate()
        return self.filter(state__in=workflow.UPCOMING, starts_on__gte=today).order_by("starts_on", "pk")

    def open_for_nominations(self):
        """Where a liaison may nominate today; the deadline itself is asked of each iteration in its own zone."""
        return self.upcoming().filter(state=IterationState.OPEN)

    def with_free_seats(self):
        return self.filter(seats_taken__lt=F("capacity"))

    def held(self):
        return self.filter(state__in=workflow.HELD)

    def overlapping(self, starts_on: date, ends_on: date):
        """Not cancelled, and on at least one of these days."""
        return self.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).exclude(state=IterationState.CANCELLED)

    def plans(self) -> list[planning.Plan]:
        """As a planner sees them, the people who teach included; one query."""
        facts = ("starts_on", "ends_on", "place", "nation", "host")
        plans: dict[int, planning.Plan] = {}
        for pk, short_name, reference, person, *values in self.order_by("pk").values_list(
            "pk", "course__short_name", "reference", "team__person", *facts
        ):
            fresh = planning.Plan(
                pk=pk, name=f"{short_name} {reference}".strip(), **dict(zip(facts, values, strict=True))
            )
            plan = plans.setdefault(pk, fresh)
            if person is not None:
                plan.people[person] = ""
        return list(plans.values())

    def below_minimum(self):
        return self.filter(seats_taken__lt=F("minimum"))

    def for_lists(self):
        """With what a line in a list shows."""
        return self.select_related("course", "course__institution", "nation", "host")

    def with_versions(self):
        """With `versions`, how often each was saved, and `changed_at`, when last."""
        saved = self.model.history.filter(id=OuterRef("pk")).order_by().values("id")
        return self.annotate(
            versions=Coalesce(Subquery(saved.annotate(found=Count("history_id")).values("found")), 0),
            changed_at=Coalesce(Subquery(saved.annotate(last=Max("history_date")).values("last")), F("created_at")),
        )

    def search(self, text: str):
        found = self
        for word in fold(text).split():
            found = found.filter(search_text__contains=word)
        return found
