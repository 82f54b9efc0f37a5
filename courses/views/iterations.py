"""One iteration: its facts for everybody, its next steps for those who take them."""

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts import moment
from accounts.access import instructor_or_coordinator
from accounts.moves import Refused
from courses import actions, workflow
from courses.models import Iteration, Provision, Teaching, TimetableEntry
from interface.flash import refuse, tell
from partners.models.sender import senders_of

# What was done, and what comes next, for each move that is made here.
WHAT_NEXT = {
    "announce": gettext_lazy("Announced: everybody sees it now. Next: open it for nominations."),
    "open": gettext_lazy("Nominations are open: liaisons can nominate now. Next: decide on what comes in."),
    "close_nominations": gettext_lazy(
        "Nominations are closed. Next: decide on the rest, then confirm that it is held."
    ),
    "confirm": gettext_lazy("Confirmed: it will be held. Next: start it on its first day."),
    "start": gettext_lazy("Started. Next: mark attendance day by day, then record the results."),
    "close": gettext_lazy("The books are closed: nothing of it can be changed any more."),
}


@require_safe
def iteration(request, pk: int):
    user = request.user
    found = get_object_or_404(_with_everything(Iteration.objects.visible_to(user), user), pk=pk)
    context = {
        "iteration": found,
        "tab": "facts",
        "delivering": [each.organisation for each in found.provisions.all() if each.delivers],
        "mentoring": [each.organisation for each in found.provisions.all() if not each.delivers],
        "steps": found.timeline(),
        "nominating": _nominating(found, user),
        **_next_steps(found, user),
    }
    if user.is_authenticated and user.is_office:
        context |= _for_the_office(found)
    return render(request, "courses/iteration.html", context)


def _next_steps(iteration: Iteration, user) -> dict:
    moves = iteration.moves_open_to(user)
    names = {move.name for move in moves}
    return {
        # The way on stands before the way back.
        "moves": [move for move in reversed(moves) if move.name in WHAT_NEXT],
        "may_complete": "complete" in names,
        "may_cancel": "cancel" in names,
        "may_change": iteration.state in workflow.EDITABLE,
    }


def _for_the_office(iteration: Iteration) -> dict:
    return {
        "is_office": True,
        "is_below_minimum": iteration.state in workflow.GO_OR_NO_GO and iteration.is_below_minimum,
        "clashes": iteration.clashes(),
        "invited": iteration.invited_names() if iteration.is_by_invitation else [],
        "log": iteration.history.select_related("history_user").order_by("-history_id")[:50],
    }


def _with_everything(iterations, user):
    """With providers and programme; with the team, for those who are signed in."""
    programme = TimetableEntry.objects.all()
    team = Teaching.objects.none()
    if user.is_authenticated:
        programme, team = programme.select_related("instructor"), Teaching.objects.all()
    return iterations.for_lists().prefetch_related(
        Prefetch("provisions", Provision.objects.select_related("organisation")),
        Prefetch("timetable", programme),
        Prefetch("team", team),
    )


def _nominating(iteration: Iteration, user) -> dict | None:
    """Whether a liaison can nominate here, and why not; None for everybody else."""
    if not (user.is_authenticated and user.is_liaison):
        return None
    if iteration.state not in workflow.TAKING_NOMINATIONS or iteration.has_begun():
        return {"why_not": _("No nominations are taken now.")}
    if not any(iteration.invites(sender) for sender in senders_of(user)):
        return {"why_not": _("It is by invitation, and yours is not among those invited.")}
    is_late = iteration.is_late_at(moment.now())
    if is_late and iteration.late_policy == Iteration.LatePolicy.REFUSE:
        return {"why_not": _("The deadline has passed, and late nominations are refused here.")}
    return {"is_late": is_late}


@require_POST
@instructor_or_coordinator
def move(request, pk: int):
    iteration = get_object_or_404(Iteration.objects.visible_to(request.user), pk=pk)
    name = request.POST.get("move", "")
    try:
        if name not in WHAT_NEXT:
            raise Refused(_("There is no such move here."))
        actions.make_move(iteration, name, by=request.user)
    except Refused as refused:
        refuse(request, refused.sentence)
    else:
        tell(request, WHAT_NEXT[name])
    return redirect("courses:iteration", pk)
