"""All nominations that the reader may see: a liaison's own, the office's all but drafts."""

from django.db.models import Exists, OuterRef, Q
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.access import liaison_or_coordinator
from courses import workflow as iterations
from courses.models import Course, Iteration
from enrollment.models import Nomination
from enrollment.views.answers import id_in
from enrollment.workflow import NominationState
from interface.listing import Column, Filter, Listing, Sort
from partners.models import Nation, Organisation

SORTS = [
    Sort("newest", _("Newest first"), "-created_at", "-id"),
    Sort("oldest", _("Oldest first"), "created_at", "id"),
]
COLUMNS = [
    Column(_("Name"), lambda row: row.person.list_name),
    Column(_("Rank"), lambda row: row.person.rank),
    Column(_("Grade"), lambda row: row.person.grade),
    Column(_("Sent by"), lambda row: row.sender),
    Column(_("Course"), lambda row: row.iteration.course.short_name),
    Column(_("Reference"), lambda row: row.iteration.reference),
    Column(_("First day"), lambda row: row.iteration.starts_on),
    Column(_("Last day"), lambda row: row.iteration.ends_on),
    Column(_("State"), lambda row: row.get_state_display()),
    Column(_("Reason"), lambda row: row.decision_reason),
    Column(_("Priority"), lambda row: row.priority),
    Column(_("Reserve"), lambda row: row.is_alternate),
    Column(_("Late"), lambda row: row.is_late),
    Column(_("Submitted"), lambda row: row.submitted_at),
    Column(_("Criteria when submitted"), lambda row: _in_words(row.checks)),
]


@require_safe
@liaison_or_coordinator
def nominations(request):
    listing = Listing(
        request,
        Nomination.objects.visible_to(request.user).for_lists(),
        name="nominations",
        sorts=SORTS,
        filters=_filters(request),
        columns=COLUMNS,
    )
    context = {"listing": listing, "is_office": request.user.is_coordinator}
    return listing.file() or render(request, "enrollment/nominations.html", context)


def _filters(request) -> list[Filter]:
    is_office = request.user.is_coordinator
    states = [choice for choice in NominationState.choices if choice[0] != NominationState.DRAFT or not is_office]
    courses = Course.objects.visible_to(request.user).order_by("short_name").values_list("pk", "short_name")
    filters = [
        Filter("state", _("State"), states),
        Filter("course", _("Course"), list(courses), lookup="iteration__course"),
        Filter("iteration", _("Iteration"), _iterations(request), lookup="iteration"),
        Filter("late", _("Late"), [("1", _("Late only"))], lookup="is_late"),
    ]
    return [*filters, Filter("sender", _("Sent by"), _senders(), apply=_sent_by)] if is_office else filters


def _iterations(request) -> list[tuple]:
    """Those that are being filled or held, and the one that the address names."""
    named = Q(pk=id_in(request.GET.get("iteration")))
    found = Iteration.objects.visible_to(request.user).filter(named | Q(state__in=iterations.SELECTING))
    return [(each.pk, str(each)) for each in found.select_related("course").order_by("starts_on", "pk")]


def _senders() -> list[tuple]:
    """Every nation and organisation that has ever nominated."""
    nations = Nation.objects.filter(Exists(Nomination.objects.filter(nation=OuterRef("pk")))).order_by("name")
    organisations = Organisation.objects.filter(Exists(Nomination.objects.filter(organisation=OuterRef("pk"))))
    named = [*(("nation", each) for each in nations), *(("organisation", each) for each in organisations)]
    return [(f"{kind}-{each.pk}", str(each)) for kind, each in named]


def _sent_by(queryset, value: str):
    kind, _dash, pk = value.partition("-")
    return queryset.filter(**{kind: pk})


def _in_words(checks: list[dict]) -> str:
    return "; ".join(f"{each['label']}: {_verdict(each)}" for each in checks)


def _verdict(check: dict) -> str:
    """A waiver with who granted it and why; what was stored before those were kept says the word alone."""
    if not check.get("waived"):
        return check["verdict"]
    who, why = check.get("waived_by"), check.get("waived_because")
    return f"waived by {who} ({why})" if who else "waived"
