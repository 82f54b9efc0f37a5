"""The waiting list of an iteration: who stands where and why, what was offered to whom, and moving it by hand."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import coordinator_only
from accounts.moves import Refused
from courses.models import Iteration
from enrollment import actions
from enrollment.models import Nomination
from enrollment.models.waiting_list import waiting_list
from enrollment.views.answers import said
from enrollment.views.seats import iteration_for
from interface import flash

MOST_TURNS = 100


@require_http_methods(["GET", "HEAD", "POST"])
@coordinator_only
def waiting(request, pk: int):
    """The list in the published order. POST moves it: every free seat is offered to whom it is due."""
    iteration = iteration_for(request.user, pk)
    if request.method == "POST":
        return _move(request, iteration)
    found, standstill = waiting_list(iteration, request.user), actions.standstill(iteration)
    context = {
        "iteration": iteration,
        "lines": found.lines,
        "offers": found.offers,
        "standstill": standstill,
        "due": [] if standstill else [line for line in found.lines if not line.why_not],
        "turns": found.turns[:MOST_TURNS],
    }
    return render(request, "enrollment/waiting.html", context)


def _move(request, iteration: Iteration):
    """By the action that the system calls too; says to whom seats are offered, or why none is."""
    try:
        offered = actions.promote(iteration, by=request.user)
    except Refused as refusal:
        flash.refuse(request, refusal.sentence)
        return redirect("enrollment:waiting", iteration.pk)
    if offered:
        sentence = ngettext(
            "A seat is offered to %(names)s. The liaison is told.",
            "Seats are offered to %(names)s. Their liaisons are told.",
            len(offered),
        )
        flash.tell(request, sentence % {"names": ", ".join(str(each.person) for each in offered)})
    else:
        nobody = _("No seat is offered: nobody who waits can be given one now. The list says why for each.")
        flash.refuse(request, actions.standstill(iteration) or nobody)
    return redirect("enrollment:waiting", iteration.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@coordinator_only
def offer(request, pk: int):
    """Offer a seat to one who waits, out of turn or not: first who would be passed over, then, confirmed, the offer."""
    rows = Nomination.objects.visible_to(request.user).for_lists().select_related("person__user")
    row = get_object_or_404(rows, pk=pk)
    if not row.may("offer", request.user):
        flash.refuse(request, row.too_late_for(next(move for move in row.moves if move.name == "offer")))
        return redirect("enrollment:waiting", row.iteration_id)
    if request.method == "POST":
        return _offer(request, row)
    found, now = waiting_list(row.iteration, request.user), timezone.now()
    context = {
        "iteration": row.iteration,
        "nomination": row,
        "line": found.line_of(row),
        "obstacle": found.obstacle_to(row),
        "passed_over": found.passed_over_for(row),
        "answer_by": actions.answer_by(row.iteration, now),
        "is_too_late": actions.answer_by(row.iteration, now) <= now,
    }
    return render(request, "enrollment/offer.html", context)


def _offer(request, row: Nomination):
    try:
        actions.offer(row, by=request.user)
    except Refused as refusal:
        flash.refuse(request, refusal.sentence)
    else:
        flash.tell(request, said(row, "offer"))
    return redirect("enrollment:waiting", row.iteration_id)
