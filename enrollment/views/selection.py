"""Pages of one iteration's nominations: who is put forward, decide on many at once, cancel it all."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import prefetch_related_objects
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import coordinator_only, liaison_or_coordinator
from accounts.moves import Move, Refused
from courses.models import Iteration
from enrollment import actions, workflow
from enrollment.eligibility import MET, Finding, is_eligible
from enrollment.forms.nominations import CancelForm, MoveForm
from enrollment.models import Nomination, TrainingRequest
from enrollment.models.background import Background, background_of
from enrollment.models.carrying import will_be_carried
from enrollment.models.dossier import dossiers_for
from enrollment.models.evidence import findings_for
from enrollment.views.answers import id_in
from enrollment.workflow import NominationState
from interface import flash

MOVES = {move.name: move for move in workflow.NOMINATION_MOVES}
WHOLE_LIST_MOVES = {name: MOVES[name] for name in actions.DECISIONS}
# A click each; the moves that need words are made on the nomination's page.
ROW_MOVES = {"select": gettext_lazy("Select"), "waitlist": gettext_lazy("Waiting list")}


@dataclass(frozen=True)
class Row:
    """One nominee with what a decision needs."""

    nomination: Nomination
    findings: list[Finding]
    background: Background
    moves: list[Move]

    @property
    def open_findings(self) -> list[Finding]:
        return [each for each in self.findings if each.verdict != MET]

    @property
    def is_eligible(self) -> bool:
        return is_eligible(self.findings)

    @property
    def quick_moves(self) -> list[tuple[Move, str]]:
        """With a short word for each; nobody is offered a seat whom the criteria keep from it."""
        is_barred = any(each.is_in_the_way for each in self.findings)
        open_ones = [move for move in self.moves if move.name in ROW_MOVES]
        return [(move, ROW_MOVES[move.name]) for move in open_ones if not (is_barred and move.name == "select")]

    @property
    def is_to_decide(self) -> bool:
        return any(move.name in WHOLE_LIST_MOVES for move in self.moves)


@require_safe
@liaison_or_coordinator
def iteration_nominations(request, pk: int):
    """All nominees for the office; for a liaison only the own ones, and nothing that tells of others."""
    iteration = _iteration(request.user, pk)
    rows = _rows(iteration, request.user)
    states = Counter(row.nomination.state for row in rows)
    chosen = request.GET.get("state", "")
    context = {
        "iteration": iteration,
        "rows": [row for row in rows if chosen in ("", row.nomination.state)],
        "ticked": _to_tick(rows, request.GET.get("tick", "")),
        "states": [(state, states[state]) for state in NominationState if states[state]],
        "chosen_state": chosen if chosen in states else "",
        "total": len(rows),
        "is_office": request.user.is_coordinator,
        "is_liaison": request.user.is_liaison,
        "may_cancel": iteration.may("cancel", request.user),
        "late": sum(row.nomination.is_late for row in rows),
        "untold": [row.nomination for row in rows if row.nomination.is_under_embargo],
        "may_decide": any(row.is_to_decide for row in rows),
        "whole_list_moves": WHOLE_LIST_MOVES.values(),
        "training_requests": _answered(iteration, request.user) if request.user.is_coordinator else [],
    }
    return render(request, "enrollment/iteration_nominations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@coordinator_only
def decide(request, pk: int):
    """The same decision on everybody who was ticked: first the preview, then, confirmed, all or nobody."""
    iteration = _iteration(request.user, pk)
    if request.method != "POST":
        return redirect("enrollment:iteration_nominations", pk)
    nominations, move = _ticked(request, iteration), WHOLE_LIST_MOVES.get(request.POST.get("move", ""))
    if not nominations or move is None:
        flash.refuse(request, _what_is_missing(nominations, move))
        return redirect("enrollment:iteration_nominations", pk)
    form = MoveForm(move, request.POST if request.POST.get("confirmed") else None)
    if form.is_valid():
        try:
            decided = actions.decide_many(nominations, move.name, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        else:
            flash.tell(request, _said_of_many(move, len(decided)))
            return redirect("enrollment:iteration_nominations", pk)
    return _preview(request, iteration, nominations, move, form)


@require_http_methods(["GET", "HEAD", "POST"])
@coordinator_only
def iteration_cancel(request, pk: int):
    """Who is affected, why it is cancelled, and where the nominations go."""
    iteration = _iteration(request.user, pk)
    if not iteration.may("cancel", request.user):
        flash.refuse(request, iteration.too_late_for(next(move for move in iteration.moves if move.name == "cancel")))
        return redirect("courses:iteration", pk)
    only_shows = request.method != "POST" or "show" in request.POST
    typed = {name: (request.POST or request.GET).get(name, "") for name in ("reason", "carry_to")}
    form = CancelForm(iteration, initial=typed) if only_shows else CancelForm(iteration, request.POST)
    if form.is_valid():
        try:
            actions.cancel_iteration(iteration, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        else:
            flash.tell(request, _("%s is cancelled. Everybody concerned is told.") % iteration)
            return redirect("courses:iteration", pk)
    context = {"iteration": iteration, "form": form, **_who_is_affected(iteration, request.user, _target(form))}
    is_part = request.htmx.target == "affected"
    return render(request, "enrollment/_affected.html" if is_part else "enrollment/iteration_cancel.html", context)


def _iteration(user, pk: int) -> Iteration:
    iteration = get_object_or_404(Iteration.objects.visible_to(user).for_lists(), pk=pk)
    if user.is_instructor:  # every row asks whether the user teaches here
        prefetch_related_objects([iteration], "team__person")
    return iteration


def _answered(iteration: Iteration, user):
    return TrainingRequest.objects.visible_to(user).answered_by(iteration).for_lists()


def _nominations(iteration: Iteration, user) -> list[Nomination]:
    """With the iteration's one object on each, so that nothing is read twice."""
    rows = Nomination.objects.visible_to(user).filter(iteration=iteration).in_nation_order()
    rows = list(rows.select_related("person", "nation", "organisation"))
    for row in rows:
        row.iteration = iteration
    return rows


def _rows(iteration: Iteration, user) -> list[Row]:
    nominations = _nominations(iteration, user)
    dossiers = dossiers_for(nomination.person for nomination in nominations)
    findings = findings_for(nominations, iteration, dossiers)
    return [
        Row(
            nomination,
            findings[nomination.pk],
            background_of(dossiers[nomination.person_id], iteration, reader=user),
            nomination.moves_open_to(user),
        )
        for nomination in nominations
    ]


def _to_tick(rows: list[Row], which: str) -> set[int]:
    """The boxes that come ticked: all that can be decided, or of these the eligible."""
    wanted = {"all": lambda row: True, "eligible": lambda row: row.is_eligible}.get(which, lambda row: False)
    return {row.nomination.pk for row in rows if row.is_to_decide and wanted(row)}


def _ticked(request, iteration: Iteration) -> list[Nomination] | None:
    """The nominations of the list of ids; None as soon as one of them is not this user's to see, here."""
    ids = {id_in(text) for text in request.POST.getlist("ids")}
    found = [row for row in _nominations(iteration, request.user) if row.pk in ids]
    return found if len(found) == len(ids) else None


def _what_is_missing(nominations: list[Nomination] | None, move: Move | None) -> str:
    if nominations is None:
        return _("The list names somebody who is not nominated here. Nothing was changed; look at the page again.")
    return _("Tick at least one nominee.") if not nominations else _("Choose what to decide.")


def _preview(request, iteration: Iteration, nominations: list[Nomination], move: Move, form: MoveForm):
    problems = actions.foresee(nominations, move.name, by=request.user)
    able = [nomination for nomination in nominations if not problems[nomination.pk]]
    gives_seats = len(able) if move.name == "select" else 0
    context = {
        "iteration": iteration,
        "move": move,
        "form": form,
        "lines": [(nomination, problems[nomination.pk]) for nomination in nominations],
        "late": sum(nomination.is_late for nomination in nominations),
        "able": able,
        "is_possible": len(able) == len(nominations),
        "target": NominationState(move.target),
        "seats_free_after": iteration.seats_free - gives_seats,
    }
    return render(request, "enrollment/nominations_decide.html", context)


def _said_of_many(move: Move, count: int) -> str:
    sentence = ngettext(
        "%(move)s: %(count)s nominee. The liaison is told.",
        "%(move)s: %(count)s nominees. Their liaisons are told.",
        count,
    )
    return sentence % {"move": NominationState(move.target).label, "count": count}


def _who_is_affected(iteration: Iteration, user, target: Iteration | None) -> dict:
    live = Nomination.objects.live().filter(iteration=iteration)
    seen = list(live.visible_to(user).in_nation_order().select_related("person", "nation", "organisation"))
    carried = will_be_carried(seen, target) if target else set()
    return {
        "lines": [(nomination, nomination.pk in carried) for nomination in seen],
        "carried": len(carried),
        "drafts": live.count() - len(seen),
        "expected": sum(each.state in workflow.EXPECTED for each in seen),
        "target": target,
        "training_requests": iteration.training_requests.for_lists(),
    }


def _target(form: CancelForm) -> Iteration | None:
    """The iteration that is chosen in the form or named in the address, if it takes nominations."""
    return form.fields["carry_to"].queryset.filter(pk=id_in(str(form["carry_to"].value() or ""))).first()
