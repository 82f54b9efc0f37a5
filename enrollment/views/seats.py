"""The seats of an iteration as the office keeps them: who has which, its quotas, its clock; and the all clear."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import coordinator_only
from accounts.moves import Refused
from courses import workflow
from courses.models import Iteration, Seat
from courses.models.clock_lines import clock_lines
from enrollment import actions
from enrollment.clockwork import take_clock_step
from enrollment.models import seat_map
from enrollment.views.answers import go_back, id_in
from interface import flash
from notifications.jobs import ring


@require_safe
@coordinator_only
def seats(request, pk: int):
    """Every seat, counts that add up to the capacity, quotas, the clock. `?seat=` unfolds the history of one."""
    iteration = iteration_for(request.user, pk)
    unfolded = id_in(request.GET.get("seat"))
    if request.htmx and unfolded is not None:
        return _one_story(request, iteration, unfolded)
    rows = seat_map.seats_of(iteration)
    counts = seat_map.counts_of(rows)
    chosen = request.GET.get("state", "")
    chosen = chosen if chosen in {state.value for state, _count in counts} else ""
    context = {
        "iteration": iteration,
        "seats": [seat for seat in rows if chosen in ("", seat.state)],
        "counts": counts,
        "total": len(rows),
        "chosen_state": chosen,
        "unfolded": unfolded,
        "story": next((seat_map.story_of(seat) for seat in rows if seat.number == unfolded), []),
        "quotas": seat_map.quota_lines(iteration, rows),
        "may_change": iteration.state in workflow.BEFORE_COMPLETED and not iteration.has_begun(),
        "may_edit_dates": iteration.state in workflow.EDITABLE,
        "clock_steps": clock_lines(iteration, tells_reports=True),
    }
    return render(request, "enrollment/seats.html", context)


@require_POST
@coordinator_only
def clock_again(request, pk: int):
    """Try a step of the clock again that the system has set aside."""
    iteration = iteration_for(request.user, pk)
    step = iteration.clock_steps.filter(step=request.POST.get("step", "")).first()
    try:
        if step is None:
            raise Refused(_("There is no such step in this clock."))
        actions.try_again(step, by=request.user)
    except Refused as refusal:
        flash.refuse(request, refusal.sentence)
    else:
        ring(take_clock_step, step.pk)
        flash.tell(
            request, _("“%s” is tried again. In a moment the clock shows what it did.") % step.get_step_display()
        )
    return go_back(request, "enrollment:seats", pk)


@require_POST
@coordinator_only
def all_clear(request, pk: int):
    """Tell every candidate now what only the liaisons know."""
    iteration = iteration_for(request.user, pk)
    try:
        told = actions.give_all_clear(iteration, by=request.user)
    except Refused as refusal:
        flash.refuse(request, refusal.sentence)
    else:
        sentence = ngettext(
            "All clear: %(count)s message to a candidate goes out now. Later decisions are told to candidates at once.",
            "All clear: %(count)s messages to candidates go out now. Later decisions are told to candidates at once.",
            told,
        )
        flash.tell(request, sentence % {"count": told})
    return redirect("enrollment:iteration_nominations", pk)


def iteration_for(user, pk: int) -> Iteration:
    return get_object_or_404(Iteration.objects.visible_to(user).for_lists(), pk=pk)


def _one_story(request, iteration: Iteration, number: int):
    seat = get_object_or_404(Seat, iteration=iteration, number=number)
    context = {"number": number, "story": seat_map.story_of(seat), "zone": iteration.time_zone}
    return render(request, "enrollment/_seat_story.html", context)
