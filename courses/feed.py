"""Iterations and their deadlines as iCalendar, for people's own calendars."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from courses import clock
from courses.models import Iteration
from courses.workflow import IterationState

STATUS = {
    IterationState.CANCELLED: "CANCELLED",
    IterationState.ANNOUNCED: "TENTATIVE",
    IterationState.OPEN: "TENTATIVE",
    IterationState.NOMINATIONS_CLOSED: "TENTATIVE",
}
DEADLINE_MATTERS = {IterationState.ANNOUNCED, IterationState.OPEN}
A_MINUTE = timedelta(minutes=1)


def write(iterations: Iterable[Iteration]) -> bytes:
    """The feed of `iterations` (with `versions` and `changed_at`, see with_versions).

    An event keeps its UID for life; SEQUENCE counts its versions, so that calendars take a change of dates over.
    """
    feed = Calendar()
    feed.add("prodid", "-//Perspective//Gender-perspective training//EN")
    feed.add("version", "2.0")
    feed.add("x-wr-calname", _("Gender-perspective training"))
    for iteration in iterations:
        feed.add_component(_days(iteration))
        if iteration.nominations_close_on and iteration.state in DEADLINE_MATTERS:
            feed.add_component(_deadline(iteration))
    _add_zones(feed)
    return feed.to_ical()


def _days(iteration: Iteration) -> Event:
    """The iteration's days: whole days, the end being the day after the last."""
    event = _event(iteration, "iteration", iteration.name)
    event.add("dtstart", iteration.starts_on)
    event.add("dtend", iteration.ends_on + timedelta(days=1))
    event.add("status", STATUS.get(iteration.state, "CONFIRMED"))
    place = ", ".join(str(part) for part in (iteration.place, iteration.nation) if part)
    if place:
        event.add("location", place)
    return event


def _deadline(iteration: Iteration) -> Event:
    """The last minute in which a nomination is in time, in the iteration's own zone (rule 5.4)."""
    event = _event(iteration, "deadline", _("Nominations close: %s") % iteration.name)
    end = clock.end_of_day(iteration.nominations_close_on, iteration.time_zone)
    event.add("dtstart", end - A_MINUTE)
    event.add("dtend", end)
    return event


def _event(iteration: Iteration, kind: str, summary: str) -> Event:
    event = Event()
    event.add("uid", f"{kind}-{iteration.pk}@{urlsplit(settings.BASE_URL).hostname}")
    event.add("sequence", max(iteration.versions - 1, 0))
    event.add("dtstamp", iteration.changed_at)
    event.add("last-modified", iteration.changed_at)
    event.add("summary", summary)
    event.add("description", f"{iteration.get_state_display()}. {iteration.get_format_display()}.")
    event.add("url", settings.BASE_URL + reverse("courses:iteration", args=[iteration.pk]))
    event.add("transp", "TRANSPARENT")
    return event


def _add_zones(feed: Calendar) -> None:
    times = [event.start for event in feed.events if isinstance(event.start, datetime)]
    if times:
        year = timedelta(days=366)
        feed.add_missing_timezones((min(times) - year).date(), (max(times) + year).date())
