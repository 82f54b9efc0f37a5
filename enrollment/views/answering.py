"""Triage: a request's answers beside the iteration that answers them, saved and linked in one act."""

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import coordinator_only
from accounts.moves import Refused
from enrollment import workflow
from enrollment.forms.requests import AnsweringForm, LinkForm
from enrollment.handover import left_over
from enrollment.models import TrainingRequest
from interface import flash

SCHEDULE = next(move for move in workflow.REQUEST_MOVES if move.name == "schedule")


@require_http_methods(["GET", "HEAD", "POST"])
@coordinator_only
def request_schedule(request, pk: int):
    """A new iteration, or one that is planned already. A stale page keeps what was typed, and says why it is late."""
    rows = TrainingRequest.objects.visible_to(request.user).for_lists().select_related("framework", "liaison")
    row = get_object_or_404(rows, pk=pk)
    if request.method != "POST" and not row.may("schedule", request.user):
        flash.refuse(request, row.too_late_for(SCHEDULE))
        return redirect("enrollment:request", pk)
    new, existing, sent = _forms(request, row)
    if sent and _answer(sent, request.user):
        return _go_on(request, row)
    context = {
        "training_request": row,
        "form": new,
        "link_form": existing,
        "left_over": left_over(row, new.initial),
        "planning_url": reverse("courses:schedule"),
    }
    return render(request, "enrollment/request_schedule.html", context)


def _forms(request, row: TrainingRequest) -> tuple[AnsweringForm, LinkForm, AnsweringForm | LinkForm | None]:
    """Both forms, and the one that was sent."""
    sent = request.POST.get("answer", "new") if request.method == "POST" else ""
    about = {"training_request": row, "user": request.user}
    new = AnsweringForm(request.POST if sent == "new" else None, **about)
    existing = LinkForm(request.POST if sent == "existing" else None, auto_id="id_existing_%s", **about)
    return new, existing, {"new": new, "existing": existing}.get(sent)


def _answer(form: AnsweringForm | LinkForm, user) -> bool:
    if not form.may_be_saved():
        return False
    try:
        form.answer(by=user)
    except Refused as refused:
        form.refuse(refused)
        return False
    return True


def _go_on(request, row: TrainingRequest):
    sentence = _("%(number)s is scheduled, and the liaisons are told. A new iteration is a draft: next, announce it.")
    flash.tell(request, sentence % {"number": row})
    return redirect("enrollment:request", row.pk)
