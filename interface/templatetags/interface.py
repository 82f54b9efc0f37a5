"""The template tags of every page; loaded everywhere, see docs/interface.md for an example of each."""

from django import template
from django.conf import settings
from django.template.defaultfilters import stringfilter
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language_info

from interface import charts, dates, icons, states, timeline
from interface.once import FormTokensNode

register = template.Library()


@register.tag
def csrf_token(parser, token):
    """{% csrf_token %}, in every form that posts: Django's own token, and one by which the form is done only once."""
    return FormTokensNode()


@register.simple_tag
def icon(name: str, label: str = ""):
    """{% icon "check-circle" %}: decoration beside a word; with a label, an image that stands alone."""
    return icons.svg(name, str(label))


@register.simple_tag
def state(of, label: str = ""):
    """{% state nomination %} or {% state "met" %}: word, icon and tone."""
    return _drawn(of, label, icons.svg)


@register.simple_tag
def icon_symbols(names: str):
    """{% icon_symbols "alarm award" %}: for {% short_state %} and {% icon_use "alarm" %}."""
    return format_html('<svg class="d-none">{}</svg>', mark_safe("".join(icons.symbol(name) for name in names.split())))


@register.simple_tag
def icon_use(name: str):
    return icons.use(name)


@register.simple_tag
def short_state(of):
    """{% short_state nomination %}: the same on a page of hundreds of rows, which holds {% icon_symbols %}."""
    return _drawn(of, "", icons.use)


def _drawn(of, label: str, drawing):
    value = getattr(of, "state", of)
    look = states.look_of(value)
    word = label or _word_of(of, look, value)
    return format_html('<span class="state state-{}">{}{}</span>', look.tone, drawing(look.icon), word)


def _word_of(of, look: states.Look, value) -> str:
    if hasattr(of, "get_state_display"):
        return of.get_state_display()
    return getattr(value, "label", "") or look.label or str(value).replace("_", " ").capitalize()


@register.simple_tag
def when(at, zone=None):
    """{% when nomination.submitted_at iteration.time_zone %}: an instant in a named zone."""
    if at is None:
        return ""
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), dates.instant(at, zone))


@register.simple_tag
def day(on):
    """{% day iteration.nominations_due_on %}: '14 July 2026'."""
    return format_html('<time datetime="{}">{}</time>', on.isoformat(), dates.day(on)) if on else ""


@register.simple_tag
def day_range(start, end=None, precision="day"):
    """{% day_range iteration.starts_on iteration.ends_on %}: '6–17 July 2026'."""
    return format_html('<span class="nowrap">{}</span>', dates.day_range(start, end, precision))


@register.simple_tag
def days_away(on, zone=None):
    """{% days_away iteration.nominations_due_on iteration.time_zone %}: 'in 5 days', counted in that zone."""
    return dates.days_away(on, timezone.localdate(timezone=dates.zone_of(zone))) if on else ""


@register.inclusion_tag("_chart.html")
def chart(figure: charts.Figure):
    """{% chart figure %}: the drawing and its table."""
    return {"figure": figure, "drawing": charts.draw(figure)}


@register.inclusion_tag("_timeline.html")
def history(rows, zone=None):
    """{% history rows %}: rows of simple_history, newest first, as a timeline."""
    return {"entries": timeline.entries(rows), "zone": zone}


@register.simple_tag
def language_choices():
    return [get_language_info(code) for code, _name in settings.LANGUAGES]


@register.filter
@stringfilter
def undo_url(tags: str) -> str:
    """The address that takes a deed back, from the tags of a message (interface.flash.tell)."""
    return next((tag.removeprefix("undo:") for tag in tags.split() if tag.startswith("undo:/")), "")
