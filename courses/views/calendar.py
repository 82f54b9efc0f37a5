"""What is on, month by month: as a page, and as a feed for people's own calendars."""

from datetime import timedelta

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from courses import feed, months
from courses.models import Iteration
from courses.workflow import IterationState

# How far back the feed reaches: long enough that a calendar sees what became of an iteration.
FEED_REACH = timedelta(days=180)


@require_safe
def calendar(request):
    today = timezone.localdate()
    month = months.parse(request.GET.get("month", ""), today)
    only_open = request.GET.get("open") == "1"
    iterations = _in_month(request.user, month, only_open)
    spans = [months.Span(each.starts_on, each.ends_on, each) for each in iterations if each.precision == "day"]
    deadlines = [(each.nominations_close_on, each) for each in iterations if each.state in DEADLINE_MATTERS]
    context = {
        "month": month,
        "weeks": months.grid(month, spans, deadlines, today),
        "iterations": [each for each in iterations if _touches(each, month)],
        "only_open": only_open,
        "this_month": months.parse("", today),
    }
    return render(request, "courses/calendar.html", context)


DEADLINE_MATTERS = {IterationState.ANNOUNCED, IterationState.OPEN}


def _in_month(user, month: months.Month, only_open: bool) -> list[Iteration]:
    """What is held on a day of the month's weeks, or closes its nominations on one."""
    first, last = month.weeks[0][0], month.weeks[-1][-1]
    held = Q(starts_on__lte=last, ends_on__gte=first)
    closes = Q(nominations_close_on__range=(first, last))
    found = Iteration.objects.visible_to(user).exclude(state=IterationState.CANCELLED).filter(held | closes)
    if only_open:
        found = found.filter(state=IterationState.OPEN)
    return list(found.for_lists().order_by("starts_on", "pk"))


def _touches(iteration: Iteration, month: months.Month) -> bool:
    first, following = month.first_day, month.next
    return iteration.ends_on >= first and (following is None or iteration.starts_on < following.first_day)


@require_safe
def calendar_feed(request):
    """Public, for calendar programs, which do not sign in: the same for everybody."""
    since = timezone.localdate() - FEED_REACH
    iterations = Iteration.objects.visible_to(AnonymousUser()).filter(ends_on__gte=since, precision="day")
    written = feed.write(iterations.for_lists().with_versions().order_by("starts_on", "pk"))
    answer = HttpResponse(written, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="perspective.ics"'
    return answer
