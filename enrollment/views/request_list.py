"""All training requests that the reader may see: a liaison's own, the office's all but drafts."""

from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.access import liaison_or_coordinator
from courses.models import Course
from enrollment.forms.requests import may_ask
from enrollment.models import TrainingRequest
from enrollment.workflow import RequestState
from interface.listing import Column, Filter, Listing, Sort
from partners import filters
from partners.models import Framework
from partners.models.sender import senders_of

SORTS = [
    Sort("newest", _("Newest first"), "-created_at", "-id"),
    Sort("oldest", _("Oldest first"), "created_at", "id"),
]
COLUMNS = [
    Column(_("Number"), lambda row: row.number),
    Column(_("From"), lambda row: row.sender),
    Column(_("Kind"), lambda row: row.get_kind_display()),
    Column(_("Course"), lambda row: row.course.short_name if row.course else ""),
    Column(_("People"), lambda row: row.people),
    Column(_("Who they are"), lambda row: row.levels),
    Column(_("Wanted from"), lambda row: row.wanted_from),
    Column(_("Wanted to"), lambda row: row.wanted_to),
    Column(_("Place"), lambda row: row.place),
    Column(_("Language"), lambda row: row.language),
    Column(_("Interpretation needed"), lambda row: row.needs_interpretation),
    Column(_("Purpose"), lambda row: row.purpose),
    Column(_("Plan or programme"), lambda row: row.get_plan_display()),
    Column(_("Plan reference"), lambda row: row.plan_reference),
    Column(_("Funding"), lambda row: row.get_funding_display()),
    Column(_("State"), lambda row: row.get_state_display()),
    Column(_("Reason"), lambda row: row.decision_reason),
    Column(_("Received"), lambda row: row.received_at),
]


@require_safe
@liaison_or_coordinator
def training_requests(request):
    listing = Listing(
        request,
        TrainingRequest.objects.visible_to(request.user).for_lists(),
        name="requests",
        sorts=SORTS,
        filters=_filters(request.user),
        columns=COLUMNS,
    )
    senders = [] if request.user.is_office else senders_of(request.user)
    suspended = [each for each in senders if not may_ask(each)]
    context = {"listing": listing, "suspended": suspended, "may_ask": len(senders) > len(suspended)}
    return listing.file() or render(request, "enrollment/requests.html", context)


def _filters(user) -> list[Filter]:
    states = [choice for choice in RequestState.choices if choice[0] != RequestState.DRAFT or not user.is_office]
    courses = Course.objects.visible_to(user).order_by("short_name").values_list("pk", "short_name")
    frameworks = {framework.code: framework for framework in Framework.objects.all()}
    return [
        Filter("state", _("State"), states),
        Filter("kind", _("Kind"), TrainingRequest.Kind.choices),
        *filters.sent_by(TrainingRequest, user),
        Filter(
            "framework",
            _("Framework"),
            [(code, framework.name) for code, framework in frameworks.items()],
            apply=lambda rows, code: rows.under(frameworks[code]),
        ),
        Filter("course", _("Course"), list(courses)),
    ]
