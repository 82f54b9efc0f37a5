"""Evidence: handed in on a person's or a nomination's page, looked at by the office, opened by who may see it."""

import logging
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import coordinator_only, liaison_or_coordinator, signed_in
from accounts.moves import Refused
from courses.models import Course
from enrollment import workflow
from enrollment.actions import evidence as actions
from enrollment.evidence_workflow import MOVES, EvidenceState
from enrollment.forms.evidence import FORMS
from enrollment.forms.nominations import MoveForm
from enrollment.models import Evidence, Nomination
from enrollment.models.papers import VAULT
from enrollment.views import missing
from enrollment.views.answers import go_back
from interface import flash
from interface.listing import Column, Filter, Listing, Sort
from interface.vault import hand_out
from partners.models import Person

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tab:
    """One part of the list; `sentence` is said when it is empty."""

    name: str
    label: str
    sentence: str


TABS = [
    Tab(
        EvidenceState.SUBMITTED,
        gettext_lazy("To be checked"),
        gettext_lazy("Nothing waits to be checked. What liaisons and participants hand in appears here."),
    ),
    Tab(EvidenceState.CHECKED, gettext_lazy("Checked"), gettext_lazy("Nothing has been checked yet.")),
    Tab(EvidenceState.REJECTED, gettext_lazy("Rejected"), gettext_lazy("Nothing was rejected.")),
    Tab(EvidenceState.REPLACED, gettext_lazy("Replaced"), gettext_lazy("Nothing was replaced by a newer one.")),
]
SORTS = [
    Sort("oldest", gettext_lazy("Longest waiting first"), "uploaded_at", "id"),
    Sort("newest", gettext_lazy("Newest first"), "-uploaded_at", "-id"),
]
COLUMNS = [
    Column(gettext_lazy("Name"), lambda row: row.person.list_name),
    Column(gettext_lazy("Sent by"), lambda row: row.sender),
    Column(gettext_lazy("Kind"), lambda row: row.get_kind_display()),
    Column(gettext_lazy("SLP"), lambda row: row.profile),
    Column(gettext_lazy("Course"), lambda row: row.course.short_name if row.course else ""),
    Column(gettext_lazy("Cleared"), lambda row: row.is_cleared),
    Column(gettext_lazy("Up to"), lambda row: row.level),
    Column(gettext_lazy("Dated"), lambda row: row.dated_on),
    Column(gettext_lazy("Expires"), lambda row: row.expires_on),
    Column(gettext_lazy("State"), lambda row: row.get_state_display()),
    Column(gettext_lazy("Reason"), lambda row: row.decision_reason),
    Column(gettext_lazy("Uploaded"), lambda row: row.uploaded_at),
]
DONE = {
    "check": gettext_lazy("Checked: %(what)s. It is on record, and the liaison is told."),
    "reject": gettext_lazy("Rejected: %(what)s. The liaison is told, with the reason."),
}


@require_safe
@liaison_or_coordinator
def evidence_list(request):
    """What waits to be checked, the longest first; the other states in tabs. A liaison finds the own people's."""
    seen = Evidence.objects.visible_to(request.user).for_lists()
    chosen = next((tab for tab in TABS if tab.name == request.GET.get("state")), None)
    listing = Listing(
        request,
        seen if chosen else seen.to_check(),
        name="evidence",
        filters=[
            Filter("state", _("State"), [(tab.name, tab.label) for tab in TABS]),
            Filter("kind", _("Kind"), Evidence.Kind.choices),
        ],
        sorts=SORTS,
        columns=COLUMNS,
    )
    context = {"listing": listing, "tabs": TABS, "chosen": chosen or TABS[0]}
    return listing.file() or render(request, "enrollment/evidence_list.html", context)


@require_safe
@signed_in
def evidence(request, pk: int):
    return _page(request, _visible(request.user, pk))


@require_POST
@coordinator_only
def evidence_move(request, pk: int):
    """Check or reject, by the table of moves."""
    row = _visible(request.user, pk)
    move = next((each for each in MOVES if each.name == request.POST.get("move") and each.name in actions.DEEDS), None)
    if move is None:
        flash.refuse(request, _("There is no such move here."))
        return redirect("enrollment:evidence", pk)
    form = MoveForm(move, request.POST)
    if not form.is_valid():
        return _page(request, row, tried=form)
    try:
        actions.make_move(row, move.name, by=request.user, **form.cleaned_data)
    except Refused as refused:
        flash.refuse(request, refused.sentence)
        return redirect("enrollment:evidence", pk)
    flash.tell(request, DONE[move.name] % {"what": row})
    return go_back(request, "enrollment:evidence_list")


@require_safe
@signed_in
def evidence_file(request, pk: int):
    """The paper, as a download that opens nowhere by itself."""
    row = get_object_or_404(Evidence.objects.visible_to(request.user).exclude(file_name=""), pk=pk)
    try:
        paper = VAULT.path_of(row.file_name).open("rb")
        return hand_out(paper, filename=row.original_name, content_type=row.content_type)
    except OSError:
        log.error("The file of evidence %s is missing or cannot be read.", row.pk)
        flash.refuse(
            request, _("The file cannot be read at the moment. The office has to look into it; please tell it.")
        )
        return redirect("enrollment:evidence", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def person_evidence_new(request, pk: int):
    """Hand in what speaks for a person: for her liaison, the office, and herself."""
    people = Person.objects.visible_to(request.user).select_related("nation", "organisation")
    return _hand_in(request, get_object_or_404(people, pk=pk))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def nomination_evidence_new(request, pk: int):
    """The same from a nomination, with what only belongs to it: the letter."""
    nominations = Nomination.objects.visible_to(request.user).for_lists()
    row = get_object_or_404(nominations.select_related("person__nation", "person__organisation"), pk=pk)
    return _hand_in(request, row.person, row)


def _hand_in(request, person: Person, nomination: Nomination | None = None):
    kinds = actions.kinds_open_to(request.user, person, nomination)
    if not kinds:
        raise PermissionDenied(_("Evidence is handed in by the person's own liaison, by the office, or by the person."))
    wanted = (request.POST or request.GET).get("kind", "")
    kind = wanted if wanted in kinds else kinds[0]
    about = {"person": person, "user": request.user, "nomination": nomination}
    if request.method == "POST":
        form = FORMS[kind](request.POST, request.FILES, **about)
        if _keep(form):
            flash.tell(request, _("Handed in. The office checks it; until then it counts as not proven."))
            return _go_on(request, person, nomination)
    else:
        form = FORMS[kind](initial=_asked_for(request, kind), **about)
    context = {
        "person": person,
        "nomination": nomination,
        "by_when": missing.by_when(nomination.iteration) if nomination else "",
        "form": form,
        "kind": kind,
        "tabs": [(each, Evidence.Kind(each).label) for each in kinds],
    }
    return render(request, "enrollment/evidence_form.html", context)


def _keep(form) -> bool:
    if not form.is_valid():
        return False
    try:
        form.keep()
    except Refused as refused:
        form.refuse(refused)
        return False
    return True


def _go_on(request, person: Person, nomination: Nomination | None):
    if nomination:
        return redirect("enrollment:nomination", nomination.pk)
    return redirect("enrollment:person_nominations", person.pk)


def _asked_for(request, kind: str) -> dict:
    """The course that the link named by its short name."""
    if kind != Evidence.Kind.COMPLETION or not request.GET.get("course"):
        return {}
    named = Course.objects.visible_to(request.user).filter(short_name=request.GET["course"][:20])
    return {"course": named.values_list("pk", flat=True).first()}


def _visible(user, pk: int) -> Evidence:
    return get_object_or_404(Evidence.objects.visible_to(user).for_lists(), pk=pk)


def _page(request, row: Evidence, tried: MoveForm | None = None):
    user = request.user
    sees_inside = user.is_office or row.is_sent_by_those_of(user)
    moves = [move for move in row.moves_open_to(user) if move.name in actions.DEEDS]
    context = {
        "evidence": row,
        "sees_inside": sees_inside,
        "moves": [tried if tried and tried.move is move else MoveForm(move) for move in moves],
        "tried": tried,
        "asked_by": _asked_by(row, user),
        "log": row.history.select_related("history_user") if sees_inside else [],
        "new_url": _newer(row, user),
    }
    return render(request, "enrollment/evidence.html", context)


def _asked_by(row: Evidence, user):
    """The nominations that it may speak for: those under way, the next iteration first."""
    own = Nomination.objects.visible_to(user).filter(person=row.person_id, state__in=workflow.LIVE)
    return own.select_related("iteration__course").order_by("iteration__starts_on", "pk")[:10]


def _newer(row: Evidence, user) -> str:
    """The address at which a newer one is handed in, for who may."""
    if row.kind not in actions.kinds_open_to(user, row.person, row.nomination):
        return ""
    bound = row.nomination_id is not None
    page = reverse("enrollment:nomination_evidence_new", args=[row.nomination_id]) if bound else ""
    page = page or reverse("enrollment:person_evidence_new", args=[row.person_id])
    query = {"kind": row.kind, **({"course": row.course.short_name} if row.course_id else {})}
    return f"{page}?{urlencode(query)}"
