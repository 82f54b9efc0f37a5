"""The selection board: choose, see the effect, let the best selection be proposed, save all at once."""

from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import coordinator_only
from accounts.moves import Refused
from courses.models import Iteration
from enrollment import actions
from enrollment.allocation import NotProven
from enrollment.forms.board import AimsForm, Intent, WordsForm
from enrollment.models.board import RANK, SENDER, TIME, Board
from enrollment.models.proposing import Proposed, propose_for
from enrollment.models.trail import Version, changes_since, version_of
from enrollment.views.board_effect import Effect, preview_of
from interface import flash
from interface.once import asks_only

ORDERS = {
    SENDER: gettext_lazy("by sender, in its own order"),
    RANK: gettext_lazy("by rank, over all senders"),
    TIME: gettext_lazy("by time of submission"),
}
WRITING = {"aims", "confirm"}  # all other buttons are questions: a proposal may think for seconds, and holds up nobody
MARKS = {"mark_s": "select", "mark_w": "waitlist", "mark_r": "refuse", "mark_u": ""}
NOT_OF_HERE = gettext_lazy("The page named somebody who is not nominated here. That was passed over; nothing is saved.")
NOT_IN_TIME = gettext_lazy("No best selection was found and proven in time. Choose by hand, or try once more.")


@require_http_methods(["GET", "HEAD", "POST"])
@coordinator_only
@asks_only(lambda request: request.POST.get("do") not in WRITING)
def board(request, pk: int):
    """What is chosen lives in the form until it is saved; each button sends it whole and gets it back whole."""
    shown = Board(_iteration(request.user, pk), reader=request.user)
    if request.method != "POST":
        return _draw(request, shown, Intent(order=request.GET.get("order", SENDER)))
    intent, deed = Intent.of(request.POST, shown), request.POST.get("do", "show")
    if intent.has_strangers:
        return _draw(request, shown, intent, problem=NOT_OF_HERE)
    if deed in MARKS:
        intent.mark(MARKS[deed], shown.rows)
    return DEEDS.get(deed, _draw)(request, shown, intent)


@require_safe
@coordinator_only
def board_changes(request, pk: int):
    """What others have done since the page was made, for a page that asks every few seconds."""
    iteration = _iteration(request.user, pk)
    seen = Version.parse(request.GET.get("since", ""))
    version = version_of(iteration)
    if seen is None or str(version) in (str(seen), request.GET.get("known")):
        return HttpResponse(status=204)
    changes = changes_since(seen, iteration, reader=request.user)
    return render(request, "enrollment/_board_changes.html", {"changes": changes, "version": version})


def _propose(request, shown: Board, intent: Intent):
    """Fill the choices with the best selection; what was chosen before gives way, and nothing is saved."""
    try:
        proposed = propose_for(shown)
    except NotProven:
        return _draw(request, shown, intent, problem=NOT_IN_TIME)
    intent.choices, intent.is_proposed = dict(proposed.choices), True
    return _draw(request, shown, intent, proposed=proposed)


def _set_aims(request, shown: Board, intent: Intent):
    form = AimsForm(shown.aims, request.POST)
    if not form.is_valid():
        return _draw(request, shown, intent, aims_form=form)
    shown.aims = actions.set_aims(shown.iteration, form.goals(), by=request.user)
    return _draw(request, shown, intent)


def _save(request, shown: Board, intent: Intent):
    """The preview of what will happen and who will be told."""
    if intent.seen != shown.version:
        return _draw(request, shown, intent, is_overtaken=True)
    if not intent.choices:
        return _draw(request, shown, intent, problem=_("Nothing is chosen. Choose for at least one nominee."))
    return _preview(request, shown, intent, WordsForm(_refused(shown, intent), initial=intent.words))


def _confirm(request, shown: Board, intent: Intent):
    form = WordsForm(_refused(shown, intent), request.POST)
    if intent.seen != shown.version:
        return _draw(request, shown, intent, is_overtaken=True)
    if not form.is_valid():
        return _preview(request, shown, intent, form)
    choices = form.choices(shown.by_pk(), intent)
    try:
        made = actions.decide_board(shown.iteration, choices, by=request.user, seen=intent.seen)
    except actions.Overtaken:
        fresh = Board(_iteration(request.user, shown.iteration.pk), reader=request.user)
        return _draw(request, fresh, intent, is_overtaken=True)
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return _preview(request, shown, intent, form)
    flash.tell(request, _say_what_was_decided(made))
    return redirect("enrollment:board", shown.iteration.pk)


def _draw(
    request,
    shown: Board,
    intent: Intent,
    *,
    proposed: Proposed | None = None,
    aims_form: AimsForm | None = None,
    problem: str = "",
    is_overtaken: bool = False,
):
    is_news = intent.seen is not None and intent.seen != shown.version
    changes = changes_since(intent.seen, shown.iteration, reader=request.user) if is_news else []
    dropped = intent.without_the_decided(shown)
    order = intent.order if intent.order in ORDERS else SENDER
    if intent.is_proposed and proposed is None:
        proposed = _proposed_again(shown)
    changed = {change.nomination for change in changes}
    effect = Effect(shown, intent.choices)
    context = {
        "iteration": shown.iteration,
        "board": shown,
        "order": order,
        "orders": ORDERS.items(),
        "intent": intent,
        "proposed": proposed,
        "effect": effect,
        "groups": effect.groups(order, intent.ticked, changed, proposed.why if proposed else {}),
        "aims_form": aims_form or AimsForm(shown.aims),
        "changes": changes,
        "dropped": dropped,
        "is_news": is_news,
        "is_overtaken": is_overtaken,
        "problem": problem,
    }
    return render(request, "enrollment/board.html", context, status=409 if is_overtaken else 200)


def _proposed_again(shown: Board) -> Proposed | None:
    """The sentences stay on a page that was proposed on; the choices are whatever they are by now."""
    try:
        return propose_for(shown)
    except NotProven:
        return None


def _preview(request, shown: Board, intent: Intent, form: WordsForm):
    preview = preview_of(shown, intent, form, by=request.user)
    context = {
        "iteration": shown.iteration,
        "board": shown,
        "intent": intent,
        "form": form,
        "preview": preview,
        "effect": Effect(shown, intent.choices),
    }
    return render(request, "enrollment/board_preview.html", context)


DEEDS = {"propose": _propose, "aims": _set_aims, "save": _save, "confirm": _confirm}


def _refused(shown: Board, intent: Intent) -> list:
    return [row for row in shown.rows if intent.choices.get(row.pk) == "refuse"]


def _iteration(user, pk: int) -> Iteration:
    iteration = get_object_or_404(Iteration.objects.visible_to(user).for_lists(), pk=pk)
    if user.is_instructor:  # every row asks whether the user teaches here
        prefetch_related_objects([iteration], "team__person")
    return iteration


def _say_what_was_decided(made) -> str:
    said = [
        ngettext("%d selected", "%d selected", made["select"]) % made["select"],
        ngettext("%d on the waiting list", "%d on the waiting list", made["waitlist"]) % made["waitlist"],
        ngettext("%d refused", "%d refused", made["refuse"]) % made["refuse"],
    ]
    numbers = (made["select"], made["waitlist"], made["refuse"])
    return _("Saved: %s. The liaisons are told.") % ", ".join(
        words for words, number in zip(said, numbers, strict=True) if number
    )
