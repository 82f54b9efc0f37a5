"""Dates and instants as people read them: the zone named, nothing said twice."""

from datetime import date, datetime, tzinfo
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.timezone import is_naive
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

DAY, MONTH, YEAR = "day", "month", "year"


def zone_of(zone: str | tzinfo | None) -> tzinfo:
    if not zone:
        return ZoneInfo("UTC")
    return ZoneInfo(zone) if isinstance(zone, str) else zone


def zone_name(zone: tzinfo) -> str:
    """'Europe/Stockholm' as 'Stockholm time'; UTC stays UTC."""
    key = getattr(zone, "key", str(zone))
    if "/" not in key or key.startswith("Etc/"):
        return key
    return _("%(city)s time") % {"city": key.rsplit("/", 1)[1].replace("_", " ")}


def instant(at: datetime, zone: str | tzinfo | None = None) -> str:
    """'15 July 2026, 09:00 Stockholm time'."""
    there = zone_of(zone)
    local = at.replace(tzinfo=there) if is_naive(at) else at.astimezone(there)
    return f"{day(local)}, {local:%H:%M} {zone_name(there)}"


def day(on: date) -> str:
    return date_format(on, "j E Y")


def day_range(start: date | None, end: date | None = None, precision: str = DAY) -> str:
    """'6–17 July 2026', '29 June – 3 July 2026', or in full over the year; 'July 2014' where only that is known."""
    if start is None:
        return _("Dates to be announced")
    if precision == YEAR:
        return str(start.year)
    if precision == MONTH:
        return date_format(start, "F Y")
    if end is None or end == start:
        return day(start)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{day(end)}"
    if start.year == end.year:
        return f"{date_format(start, 'j E')} – {day(end)}"
    return f"{day(start)} – {day(end)}"


def days_away(on: date, today: date) -> str:
    """'today', 'tomorrow', 'in 5 days', '3 days ago'."""
    days = (on - today).days
    if days == 0:
        return _("today")
    if days == 1:
        return _("tomorrow")
    if days > 1:
        return ngettext("in %(days)d day", "in %(days)d days", days) % {"days": days}
    return ngettext("%(days)d day ago", "%(days)d days ago", -days) % {"days": -days}
