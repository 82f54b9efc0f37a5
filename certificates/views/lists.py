"""The list of certificates: all for the office, the own nation's for a liaison."""

from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.access import liaison_or_coordinator
from certificates.models import Certificate
from certificates.workflow import CertificateState
from interface.listing import Column, Filter, Listing, Sort

FILTERS = [
    Filter("state", _("State"), CertificateState.choices),
    Filter("kind", _("Kind"), Certificate.Kind.choices),
]
SORTS = [Sort("newest", _("Newest first"), "-queued_at", "-id"), Sort("number", _("By number"), "number")]
COLUMNS = [
    Column(_("Number"), lambda row: row.number),
    Column(_("Kind"), lambda row: row.get_kind_display()),
    Column(_("Printed name"), lambda row: row.printed["printed_name"]),
    Column(_("Name in lists"), lambda row: row.person.list_name if row.person else row.host.short_name),
    Column(_("Sent by"), lambda row: row.sender or ""),
    Column(_("Course"), lambda row: row.printed["course_title"]),
    Column(_("Dates"), lambda row: row.printed["dates"]),
    Column(_("Issued on"), lambda row: row.printed["issued_on"]),
    Column(_("State"), lambda row: row.get_state_display()),
]


@liaison_or_coordinator
@require_safe
def certificates(request):
    listing = Listing(
        request,
        Certificate.objects.visible_to(request.user).for_lists(),
        name="certificates",
        filters=FILTERS,
        sorts=SORTS,
        columns=COLUMNS,
    )
    return listing.file() or render(request, "certificates/list.html", {"listing": listing})
