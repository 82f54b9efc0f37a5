"""One training request: its answers, its conversation, its form, its moves."""

from copy import copy

from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import liaison_only, liaison_or_coordinator
from accounts.moves import Refused
from courses.models import Course
from enrollment import actions, workflow
from enrollment.forms.requests import RequestForm, RequestMoveForm, may_ask
from enrollment.models import TrainingRequest
from interface import flash
from partners.models.sender import senders_of

MOVES = {move.name: move for move in workflow.REQUEST_MOVES if move.name in actions.REQUEST_DEEDS}
SAID = {
    "draft": _("%(number)s is saved as a draft. The office does not see it until you submit it."),
    "submit": _("%(number)s is submitted. The office is told, and answers on this page."),
    "review": _("%(number)s is under review: the liaison and your colleagues see that it is looked at."),
    "ask": _("Your question is sent to the liaisons. The request waits for the answer."),
    "answer": _("Your answer is with the office, and the request is under review again."),
    "approve": _("%(number)s is approved, and the liaisons are told. Next: schedule an iteration."),
    "decline": _("%(number)s is declined. The liaisons are told, with your reason."),
    "deliver": _("%(number)s is marked as delivered. Next: close it when nothing is left to do."),
    "close": _("%(number)s is closed."),
    "withdraw": _("%(number)s is withdrawn."),
}


@require_safe
@liaison_or_coordinator
def training_request(request, pk: int):
    return _page(request, _visible(request.user, pk))


@require_http_methods(["GET", "HEAD", "POST"])
@liaison_only
def request_new(request):
    if not any(may_ask(each) for each in senders_of(request.user)):
        flash.refuse(request, _("The partnership is suspended: no new requests or nominations."))
        return redirect("enrollment:requests")
    course = Course.objects.visible_to(request.user).filter(slug=request.GET.get("course", "")).first()
    form = RequestForm(request.POST or None, user=request.user, initial={"course": course})
    return _keep(request, form) or render(request, "enrollment/request_form.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@liaison_only
def request_edit(request, pk: int):
    row = _visible(request.user, pk)
    if request.method != "POST" and row.state not in workflow.REQUEST_EDITABLE:
        flash.refuse(request, _("%(number)s was submitted and can no longer be changed.") % {"number": row})
        return redirect("enrollment:request", pk)
    form = RequestForm(request.POST or None, instance=copy(row), user=request.user)
    context = {"form": form, "training_request": row}
    return _keep(request, form) or render(request, "enrollment/request_form.html", context)


@require_POST
@liaison_or_coordinator
def request_move(request, pk: int):
    """Make the move that the form names, in the request's table of moves."""
    row, move = _visible(request.user, pk), MOVES.get(request.POST.get("move", ""))
    if move is None:
        flash.refuse(request, actions.NO_SUCH_MOVE)
        return redirect("enrollment:request", pk)
    form = RequestMoveForm(move, request.POST)
    if not form.is_valid():
        return _page(request, row, tried=form)
    try:
        moved = actions.make_request_move(row, move.name, by=request.user, **form.cleaned_data)
    except Refused as refused:
        flash.refuse(request, refused.sentence)
        if form.words:  # typed, and not to be lost
            return _page(request, _visible(request.user, pk), tried=form)
        return redirect("enrollment:request", pk)
    flash.tell(request, SAID[move.name] % {"number": moved})
    return redirect("enrollment:request", pk)


def _visible(user, pk: int) -> TrainingRequest:
    rows = TrainingRequest.objects.visible_to(user).for_lists().select_related("framework", "liaison", "decided_by")
    return get_object_or_404(rows, pk=pk)


def _page(request, row: TrainingRequest, *, tried: RequestMoveForm | None = None):
    user = request.user
    open_moves = row.moves_open_to(user)
    forms = {move.name: _form_of(move, tried) for move in open_moves if move.name in MOVES}
    context = {
        "training_request": row,
        "talk": row.messages.select_related("author"),
        "answer_form": forms.pop("answer", None),
        "moves": forms.values(),
        "may_schedule": any(move.name == "schedule" for move in open_moves),
        "may_edit": row.state in workflow.REQUEST_EDITABLE and row.is_sent_by_those_of(user),
        "iterations": row.iterations.for_lists().order_by("starts_on", "pk"),
        "is_office": user.is_office,
        "history": row.history.select_related("history_user"),
        "tried": tried,
        "unsent": tried.words if tried and tried.move not in open_moves else "",
    }
    return render(request, "enrollment/request.html", context)


def _form_of(move, tried: RequestMoveForm | None) -> RequestMoveForm:
    return tried if tried and tried.move is move else RequestMoveForm(move)


def _keep(request, form: RequestForm):
    """The way on when the draft could be saved, and submitted if so wished; None when the form has to be shown."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        draft = form.keep(by=request.user)
    except Refused as refused:
        form.refuse(refused)
        return None
    if request.POST.get("deed") == "submit":
        _submit(request, draft)
    else:
        flash.tell(request, SAID["draft"] % {"number": draft})
    return redirect("enrollment:request", draft.pk)


def _submit(request, draft: TrainingRequest) -> None:
    try:
        actions.submit_request(draft, by=request.user)
    except Refused as refused:
        flash.refuse(request, refused.sentence)
    else:
        flash.tell(request, SAID["submit"] % {"number": draft})
