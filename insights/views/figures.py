"""The office's figures: each with its definition, a chart, a table, and the rows behind it."""

from urllib.parse import urlencode

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.access import coordinator_only, figures_only
from enrollment.models import Nomination, TrainingRequest
from insights import figures
from insights.figures import Group, Period
from insights.forms import GROUPINGS, PeriodForm
from interface import exports
from interface.charts import Bar, Figure
from interface.exports import Column
from interface.listing import Listing, Sort

NEWEST = [Sort("newest", gettext_lazy("Newest first"), "-created_at", "-id")]
LONGEST_KEY = 100


@require_safe
@figures_only
def figures_page(request):
    form = PeriodForm(request.GET)
    period, grouping = form.period(), form.grouping()
    participants = figures.participants_by(grouping, period)
    requests = figures.requests_by(grouping, period)
    kind = request.GET.get("format", "")
    if kind in ("csv", "xlsx"):
        return _file(kind, participants, requests)
    before = period.before()
    context = {
        "form": form.for_show(),
        "period": period,
        "before": before,
        "participants": _figure(request, "participants", participants, period, grouping),
        "participants_before": figures.participants(before).count(),
        "requests": _figure(request, "requests", requests, period, grouping),
        "requests_before": figures.requests(before).count(),
        "participant_rows": _rows_address("participants", period, grouping),
        "request_rows": _rows_address("requests", period, grouping),
        "file": "?" + urlencode({**vars(period), "by": grouping}),
    }
    return render(request, "insights/figures.html", context)


@require_safe
@coordinator_only
def figure_rows(request):
    """The rows that one line of a figure counts, or that all of its lines count: participants, or requests."""
    form, key = PeriodForm(request.GET), request.GET.get("group", "")[:LONGEST_KEY]
    period, grouping = form.period(), form.grouping()
    is_of_requests = request.GET.get("of") == "requests"
    found = figures.rows_of((figures.requests if is_of_requests else figures.participants)(period), grouping, key)
    listing = (_requests if is_of_requests else _participants)(request, found)
    context = {
        "listing": listing,
        "is_of_requests": is_of_requests,
        "count": found.count(),
        "name": figures.name_of(grouping, key),
        "period": period,
        "figures": reverse("insights:figures") + "?" + urlencode({**vars(period), "by": grouping}),
    }
    return listing.file() or render(request, "insights/figure_rows.html", context)


def _participants(request, found) -> Listing:
    visible = Nomination.objects.visible_to(request.user)
    return Listing(
        request,
        visible.filter(pk__in=found.values("pk")).for_lists(),
        name="participants",
        sorts=NEWEST,
        columns=[
            Column(_("Person"), lambda row: row.person.list_name),
            Column(_("Sender"), lambda row: row.sender),
            Column(_("Sex"), lambda row: row.person.get_sex_display()),
            Column(_("Iteration"), lambda row: row.iteration),
            Column(_("First day"), lambda row: row.iteration.starts_on),
            Column(_("Outcome"), lambda row: row.get_state_display()),
        ],
        keep=("first", "last", "by", "group"),
    )


def _requests(request, found) -> Listing:
    visible = TrainingRequest.objects.visible_to(request.user)
    return Listing(
        request,
        visible.filter(pk__in=found.values("pk")).for_lists(),
        name="requests",
        sorts=NEWEST,
        columns=[
            Column(_("Number"), lambda row: row.number),
            Column(_("Sender"), lambda row: row.sender),
            Column(_("Kind"), lambda row: row.get_kind_display()),
            Column(_("Course"), lambda row: row.course),
            Column(_("Received on"), lambda row: row.received_at.date()),
            Column(_("State"), lambda row: row.get_state_display()),
        ],
        keep=("first", "last", "by", "group", "of"),
    )


def _figure(request, of: str, groups: list[Group], period: Period, grouping: str) -> Figure:
    title, series = {
        "participants": (_("Participants"), (_("Women"), _("Men"), _("Not stated"))),
        "requests": (_("Requests received"), (_("Requests"),)),
    }[of]
    opens = request.user.is_coordinator
    bars = [
        Bar(each.name, each.counts, _rows_address(of, period, grouping, each.key) if opens else "") for each in groups
    ]
    return Figure(title, series, bars, str(dict(GROUPINGS)[grouping]))


def _rows_address(of: str, period: Period, grouping: str, key: str = "") -> str:
    chosen = {"of": of, **vars(period), "by": grouping, "group": key}
    return reverse("insights:figure_rows") + "?" + urlencode({name: value for name, value in chosen.items() if value})


def _file(kind: str, participants: list[Group], requests: list[Group]):
    table = [(_("Participants"), each.name, *each.counts, each.total) for each in participants]
    table += [(_("Requests received"), each.name, "", "", "", each.total) for each in requests]
    headings = (_("Figure"), _("Group"), _("Women"), _("Men"), _("Not stated"), _("Total"))
    columns = [Column(heading, lambda row, n=n: row[n]) for n, heading in enumerate(headings)]
    return exports.answer(kind, "figures", columns, table)
