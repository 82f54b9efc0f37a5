"""The office's figures: each with its definition, a chart, a table, and the rows behind it."""

from urllib.parse import urlencode

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import coordinator_only, figures_only
from enrollment.models import Nomination
from insights import figures
from insights.forms import PeriodForm
from interface import exports
from interface.charts import Bar, Figure
from interface.exports import Column
from interface.listing import Listing, Sort

ROWS = "insights:figure_rows"


@require_safe
@figures_only
def figures_page(request):
    form = PeriodForm(request.GET)
    period, grouping = form.period(), form.grouping()
    participants = figures.participants_by(grouping, period)
    requests = figures.requests_by(grouping, period)
    if request.GET.get("format") == "csv":
        return _file(participants, requests)
    context = {
        "form": PeriodForm(initial={"first": period.first, "last": period.last, "by": grouping}),
        "errors": form.errors,
        "period": period,
        "participants": Figure(
            _("Participants"),
            (_("Women"), _("Men"), _("Not stated")),
            [Bar(name, values, _rows_address(request, period, grouping, name)) for name, values in participants],
            dict(form.fields["by"].choices)[grouping],
        ),
        "requests": Figure(
            _("Requests received"),
            (_("Requests"),),
            [Bar(name, values) for name, values in requests],
            dict(form.fields["by"].choices)[grouping],
        ),
        "file": "?" + urlencode({"first": period.first, "last": period.last, "by": grouping, "format": "csv"}),
    }
    return render(request, "insights/figures.html", context)


@require_safe
@coordinator_only
def figure_rows(request):
    """The participants behind one bar, or behind all."""
    form = PeriodForm(request.GET)
    chosen = figures.rows_of(form.grouping(), request.GET.get("name", ""), form.period())
    listing = Listing(
        request,
        Nomination.objects.visible_to(request.user).filter(pk__in=chosen).for_lists(),
        name="participants",
        sorts=[Sort("newest", _("Newest first"), "-created_at", "-id")],
        columns=[
            Column(_("Person"), lambda row: row.person.list_name),
            Column(_("Sender"), lambda row: row.sender),
            Column(_("Sex"), lambda row: row.person.get_sex_display()),
            Column(_("Iteration"), lambda row: row.iteration),
            Column(_("Outcome"), lambda row: row.get_state_display()),
        ],
        keep=("first", "last", "by", "name"),
    )
    return listing.file() or render(
        request, "insights/figure_rows.html", {"listing": listing, "name": request.GET.get("name", "")[:100]}
    )


def _rows_address(request, period: figures.Period, grouping: str, name: str) -> str:
    if not request.user.is_coordinator:
        return ""
    return reverse(ROWS) + "?" + urlencode({"first": period.first, "last": period.last, "by": grouping, "name": name})


def _file(participants: list, requests: list):
    table = [("participants", name, *values, sum(values)) for name, values in participants]
    table += [("requests", name, "", "", "", *values) for name, values in requests]
    headings = (_("Figure"), _("Group"), _("Women"), _("Men"), _("Not stated"), _("Total"))
    columns = [Column(heading, lambda row, n=n: row[n]) for n, heading in enumerate(headings)]
    return exports.answer("csv", "figures", columns, table)
