"""The page of one nomination, its moves, and what the person still has to do."""

from dataclasses import dataclass
from itertools import pairwise

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import coordinator_only, signed_in
from accounts.moves import Move, Refused
from enrollment import actions, workflow
from enrollment.eligibility import MET, Finding
from enrollment.forms.nominations import MoveForm, WaiverForm
from enrollment.models import ChecklistItem, Evidence, Nomination, Waiver
from enrollment.models.background import background_of
from enrollment.models.dossier import Dossier, dossiers_for
from enrollment.models.embargo import steps_told
from enrollment.models.evidence import findings_for
from enrollment.models.standing import turns_told, with_standings
from enrollment.views import missing
from enrollment.views.answers import go_back, said
from enrollment.workflow import NominationState
from interface import flash
from interface.timeline import Entry, entries

# As long as the record bears on the decision, it is read anew; later the criteria as submitted are what counts.
STILL_JUDGED = workflow.WITH_THE_LIAISON | workflow.TO_DECIDE | {NominationState.SELECTED}
MOVES = {move.name: move for move in workflow.NOMINATION_MOVES if move.name in actions.NOMINATION_DEEDS}
# These have pages of their own, which say first what they mean.
OWN_PAGES = {"offer", "transfer"}


@dataclass(frozen=True)
class Criterion:
    """A line of the findings: what was found, the waiver if there is one, the form to grant one where that is open.

    `bring_url` is where the reader hands in what proves it.
    """

    finding: Finding
    waiver: Waiver | None = None
    form: WaiverForm | None = None
    bring_url: str = ""


@require_safe
@signed_in
def nomination(request, pk: int):
    return _page(request, _visible(request.user, pk))


@require_POST
@signed_in
def nomination_move(request, pk: int):
    """Make the move that the form names, in the nomination's table of moves."""
    row, move = _visible(request.user, pk), MOVES.get(request.POST.get("move", ""))
    if move is None:
        flash.refuse(request, actions.NO_SUCH_MOVE)
        return redirect("enrollment:nomination", pk)
    form = MoveForm(move, request.POST)
    if not form.is_valid():
        return _page(request, row, tried=form)
    try:
        moved = actions.make_nomination_move(row, move.name, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        flash.refuse(request, refusal.sentence)
    else:
        flash.tell(request, said(moved, move.name))
    return go_back(request, "enrollment:nomination", pk)


@require_POST
@coordinator_only
def waive(request, pk: int):
    row, form = _visible(request.user, pk), WaiverForm(request.POST)
    if not form.is_valid():
        return _page(request, row, waiving=form)
    try:
        actions.grant_waiver(row, form.cleaned_data["criterion"], by=request.user, reason=form.cleaned_data["reason"])
    except Refused as refusal:
        flash.refuse(request, refusal.sentence)
    else:
        flash.tell(request, said(row, "waive"))
    return go_back(request, "enrollment:nomination", pk)


@require_POST
@signed_in
def checklist(request, pk: int):
    """The person marks an item as done, or as not done after all."""
    items = ChecklistItem.objects.visible_to(request.user).select_related("nomination__person", "nomination__iteration")
    item = get_object_or_404(items, pk=pk)
    try:
        actions.tick(item, by=request.user, is_done=request.POST.get("is_done") == "1")
    except Refused as refusal:
        flash.refuse(request, refusal.sentence)
    if request.htmx:
        context = {"nomination": item.nomination, "may_tick": True, "next": request.POST.get("next", "")}
        return render(request, "enrollment/_checklist.html", context)
    return go_back(request, "enrollment:nomination", item.nomination_id)


def _visible(user, pk: int) -> Nomination:
    waivers = Prefetch("waivers", Waiver.objects.select_related("granted_by"))
    rows = Nomination.objects.visible_to(user).for_lists().prefetch_related(waivers)
    rows = rows.select_related("person__user", "nominated_by", "decided_by", "carried_from__iteration__course")
    return get_object_or_404(rows, pk=pk)


def _page(request, row: Nomination, *, tried: MoveForm | None = None, waiving: WaiverForm | None = None):
    user = request.user
    sees_inside = user.is_office or row.is_sent_by_those_of(user)
    context = {
        "nomination": row,
        "iteration": row.iteration,
        "next": reverse("enrollment:nomination", args=[row.pk]),
        "sees_inside": sees_inside,
        "may_waive": user.is_coordinator and row.state in workflow.WAIVABLE,
        "is_own": row.person.user_id == user.pk,
        "may_edit": row.is_changeable_by(user),
        **_what_can_be_done(row, user, tried),
        **_standing_and_place(row, user),
        "tried": tried,
        "waiving": waiving,
        "timeline": _story(row) if sees_inside else _story_for_the_person(row, user),
        "submitted_checks": row.checks if sees_inside else [],
        "carried_to": _carried_to(row, user),
        "letter_url": missing.where_to_bring_a_letter(row, user),
        "may_open_papers": user.is_office or row.person.user_id == user.pk or row.person.is_sent_by_those_of(user),
    }
    dossiers = dossiers_for([row.person]) if row.state in STILL_JUDGED else None
    if dossiers:
        context |= _what_the_record_says(row, user, waiving, dossiers)
    if sees_inside:
        context["letters"] = _letters(row, dossiers)
    return render(request, "enrollment/nomination.html", context)


def _what_can_be_done(row: Nomination, user, tried: MoveForm | None) -> dict:
    moves = row.moves_open_to(user)
    names = {move.name for move in moves}
    return {
        "moves": _forms([move for move in moves if move.name not in OWN_PAGES], tried),
        "may_offer": "offer" in names,
        "may_transfer": "transfer" in names,
        "decides": not names.isdisjoint(actions.DECISIONS),
    }


def _standing_and_place(row: Nomination, user) -> dict:
    """Where a waiting nominee stands, her turns, and whether somebody else can come instead."""
    with_standings([row])
    is_on_the_list = row.state in workflow.WAS_ON_THE_LIST
    is_liaison = user.is_liaison and row.is_sent_by_those_of(user)
    return {
        "turns": turns_told(row) if is_on_the_list else [],
        "standstill": actions.standstill(row.iteration) if row.standing else "",
        "may_substitute": is_liaison and actions.may_still_be_substituted(row),
        "gives_back_late": row.state in workflow.KEEPS_A_SEAT and row.iteration.is_after_go_no_go(),
    }


def _carried_to(row: Nomination, user) -> Nomination | None:
    if row.state not in workflow.ENDED_EARLY:
        return None
    return Nomination.objects.visible_to(user).filter(carried_from=row).select_related("iteration__course").first()


def _forms(moves: list[Move], tried: MoveForm | None) -> list[MoveForm]:
    """A form for each, those first that need no words, those last that end something."""
    forms = [tried if tried and tried.move is move else MoveForm(move) for move in moves if move.name in MOVES]
    return sorted(forms, key=lambda form: (form.move.is_danger, bool(form.fields)))


def _letters(row: Nomination, dossiers: dict[int, Dossier] | None) -> list[Evidence]:
    """The letters of this nomination and of the one from which it was carried over; read once where papers are read."""
    own = [pk for pk in (row.pk, row.carried_from_id) if pk]
    papers = dossiers[row.person_id].papers if dossiers else Evidence.objects.filter(nomination__in=own)
    letters = [paper for paper in papers if paper.nomination_id in own]
    for letter in letters:
        letter.nomination = row if letter.nomination_id == row.pk else row.carried_from
    return letters


def _what_the_record_says(row: Nomination, user, waiving: WaiverForm | None, dossiers: dict[int, Dossier]) -> dict:
    may_waive = user.is_coordinator and row.state in workflow.WAIVABLE
    waivers = {waiver.criterion: waiver for waiver in row.waivers.all()}
    criteria = [
        Criterion(
            finding,
            waivers.get(finding.criterion),
            _waiver_form(finding, waiving) if may_waive else None,
            missing.where_to_bring(finding, row, user),
        )
        for finding in findings_for([row], row.iteration, dossiers)[row.pk]
    ]
    return {
        "criteria": criteria,
        "by_when": missing.by_when(row.iteration) if any(each.bring_url for each in criteria) else "",
        "background": background_of(dossiers[row.person_id], row.iteration, reader=user),
    }


def _waiver_form(finding: Finding, waiving: WaiverForm | None) -> WaiverForm | None:
    if finding.verdict == MET or finding.waived or not finding.may_be_waived:
        return None
    if waiving and waiving["criterion"].value() == finding.criterion:
        return waiving
    return WaiverForm(initial={"criterion": finding.criterion}, auto_id=f"id_waive_{finding.criterion}_%s")


def _story(row: Nomination) -> list[Entry]:
    return entries(_history(row))


def _story_for_the_person(row: Nomination, user) -> list[Entry]:
    """The states that she was told of, without who and why; her own words are hers to read."""
    rows = steps_told(_history(row)[::-1], row.iteration.all_clear_at)
    turns = rows[:1] + [after for before, after in pairwise(rows) if after.state != before.state]
    return [_told_to_the_person(each, user, row.sender) for each in reversed(turns)]


def _told_to_the_person(row, user, sender) -> Entry:
    is_own = row.history_user_id == user.pk
    by_the_office = row.history_user_id and row.history_user.is_coordinator
    return Entry(
        at=row.history_date,
        by=str(user if is_own else _("The office") if by_the_office else sender),
        label=NominationState(row.state).label,
        why=row.history_change_reason.partition(": ")[2] if is_own else "",
    )


def _history(row: Nomination) -> list:
    return list(row.history.select_related("history_user").order_by("-history_date", "-history_id"))
