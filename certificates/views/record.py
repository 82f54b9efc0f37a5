"""One certificate: its facts, its file, what the office does with it."""

import logging

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.access import coordinator_only, signed_in
from accounts.moves import Refused
from certificates import actions, workflow
from certificates.forms import MoveForm
from certificates.models import Certificate
from certificates.views.serving import FILE_LOST, attachment, file_name, whole_file
from interface.flash import refuse, tell
from interface.navigation import own_path

log = logging.getLogger(__name__)

DONE = {
    "retry": gettext_lazy("Back in the queue, with the words of today's record. It is made within a minute."),
    "replace": gettext_lazy("This is the new certificate; it is made within a minute. The old one points to it."),
    "revoke": gettext_lazy("Revoked. Whoever checks the paper is told so from now on."),
}


@signed_in
@require_safe
def certificate(request, pk: int):
    return _page(request, _certificate(request, pk))


@coordinator_only
@require_POST
def move(request, pk: int):
    found, form = _certificate(request, pk), MoveForm(request.POST)
    if not form.is_valid():
        refuse(request, _("That move was not understood. Look at the page again."))
        return redirect("certificates:certificate", pk)
    name, reason = form.cleaned_data["move"], form.cleaned_data["reason"]
    try:
        moved = actions.make_move(found, name, by=request.user, reason=reason)
    except Refused as refusal:
        if refusal.field == "reason":
            return _page(request, found, asked=name, reason=reason, problem=refusal.sentence)
        refuse(request, refusal.sentence)
        return redirect(_way_back(request, pk))
    tell(request, DONE[name])
    return redirect(_way_back(request, moved.pk))


@signed_in
@require_safe
def download(request, pk: int):
    """The stored file, as it was issued; never made anew, and served only when it is whole."""
    found = _certificate(request, pk)
    if found.state not in workflow.CHECKABLE:
        refuse(request, _("The file is not there yet: it is still being made. Come back in a minute."))
        return redirect("certificates:certificate", pk)
    path = whole_file(found.file_name, found.sha256)
    if path is None:
        log.error("The file of certificate %s is missing or damaged.", found.pk)
        refuse(request, FILE_LOST)
        return redirect("certificates:certificate", pk)
    return attachment(path.open("rb"), _file_name(found))


def _certificate(request, pk: int) -> Certificate:
    return get_object_or_404(Certificate.objects.visible_to(request.user).for_page(), pk=pk)


def _page(request, found: Certificate, **asked):
    context = {
        "certificate": found,
        "iteration": found.iteration,
        "tab": "certificates",
        "moves": found.moves_open_to(request.user),
        **asked,
    }
    if request.user.is_office:
        context["log"] = found.history.select_related("history_user").order_by("-history_id")
    return render(request, "certificates/certificate.html", context)


def _way_back(request, pk: int) -> str:
    """To where the button stood, if it says so and that is on this site."""
    return own_path(request.POST.get("next", "")) or reverse("certificates:certificate", args=[pk])


def _file_name(found: Certificate) -> str:
    """Course, name and day. Without the number: a folder of such files is no directory of numbers."""
    iteration = found.iteration
    held_by = found.person.family_name if found.person else found.host.short_name
    about = (
        (iteration.course.short_name, f"{iteration.starts_on:%Y-%m}") if iteration else (found.printed["course_title"],)
    )
    return file_name(about[0], held_by, *about[1:])
