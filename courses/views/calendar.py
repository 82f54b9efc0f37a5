"""What is on, month by month: as a page, and as a feed for people's own calendars."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from courses import feed, months, workflow
from courses.models import Iteration
from courses.workflow import IterationState

# How far back the feed reaches: long enough that a calendar sees what became of an iteration.
FEED_REACH = timedelta(days=180)


@require_safe
def calendar(request):
    today = timezone.localdate()
    month = months.parse(request.GET.get("month", ""), today)
    is_only_open = request.GET.get("open") == "1"
    iterations = _around(request.user, month, is_only_open)
    context = {
        "month": month,
        "this_month": months.parse("", today),
        "weeks": months.grid(month, _marks(iterations), today),
        "iterations": [each for each in iterations if month.has_any_day_of(each.starts_on, each.ends_on)],
        "deadlines": sorted(
            (each for each in iterations if each.awaits_nominations and _closes_in(month, each)),
            key=lambda each: each.nominations_close_on,
        ),
        "is_only_open": is_only_open,
        "feed_address": settings.BASE_URL + reverse("courses:feed"),
    }
    return render(request, "courses/calendar.html", context)


def _marks(iterations: list[Iteration]) -> list[months.Mark]:
    """Deadlines stand first in their squares: they are what somebody has to act on."""
    deadlines = [
        months.Mark(each.nominations_close_on, each.nominations_close_on, each, is_deadline=True)
        for each in iterations
        if each.awaits_nominations and each.nominations_close_on
    ]
    exact = [each for each in iterations if each.precision == Iteration.Precision.DAY]
    return [*deadlines, *(months.Mark(each.starts_on, each.ends_on, each) for each in exact)]


def _closes_in(month: months.Month, iteration: Iteration) -> bool:
    day = iteration.nominations_close_on
    return day is not None and month.has_any_day_of(day, day)


def _around(user, month: months.Month, is_only_open: bool) -> list[Iteration]:
    """What is held on a day of the month's weeks, or closes its nominations on one."""
    first, last = month.weeks[0][0], month.weeks[-1][-1]
    held = Q(starts_on__lte=last, ends_on__gte=first)
    closes = Q(nominations_close_on__range=(first, last), state__in=workflow.BEFORE_THE_DEADLINE)
    found = Iteration.objects.visible_to(user).exclude(state=IterationState.CANCELLED).filter(held | closes)
    if is_only_open:
        found = found.filter(state=IterationState.OPEN)
    return list(found.for_lists().order_by("starts_on", "pk"))


@require_safe
def calendar_feed(request):
    """Public, for calendar programs, which do not sign in: the same for everybody."""
    since = timezone.localdate() - FEED_REACH
    iterations = Iteration.objects.visible_to(AnonymousUser()).filter(
        ends_on__gte=since, precision=Iteration.Precision.DAY
    )
    written = feed.write(iterations.for_lists().with_versions().order_by("starts_on", "pk"))
    answer = HttpResponse(written, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="perspective.ics"'
    return answer
