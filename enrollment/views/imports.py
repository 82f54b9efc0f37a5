"""Nominate from a spreadsheet: the template, the upload, the preview with its doubts, what came of it."""

from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from accounts.access import liaison_only
from accounts.moves import Refused
from courses import wording
from courses.models import Iteration
from enrollment import actions, tasks
from enrollment.actions import obstacles
from enrollment.forms.imports import ConfirmForm, SpreadsheetForm
from enrollment.models import ImportedRow, NominationImport
from enrollment.models.imports import ImportState
from enrollment.spreadsheets import columns
from enrollment.spreadsheets.template import MOST_PEOPLE, template
from enrollment.views.answers import id_in
from interface import flash
from interface.dates import day
from interface.exports import XLSX
from interface.listing import Filter, Listing, Sort
from partners.models import Person
from partners.models.sender import senders_of

# A file of some hundred rows is read while its sender waits; the same job reads a longer one in the background.
READ_AT_ONCE = 40 * 1024
LAST_IMPORTS = 20
NOT_FACTS = {"record", "nominate", "family_name", "given_names", "priority", "is_alternate", "remarks"}
PREVIEW_PAGE = "enrollment:import"
OUTCOMES = Filter("outcome", gettext_lazy("Outcome"), ImportedRow.Outcome.choices)
SORTS = [Sort("row", gettext_lazy("As in the file"), "number", "id")]


@require_http_methods(["GET", "HEAD", "POST"])
@liaison_only
def import_new(request, pk: int):
    iteration = _iteration(request.user, pk)
    form = SpreadsheetForm(request.POST or None, request.FILES or None, user=request.user)
    if request.method == "POST":
        form = SpreadsheetForm(request.POST, request.FILES, user=request.user)
    if request.method == "POST" and form.is_valid() and (answer := _take(request, iteration, form)):
        return answer
    senders = senders_of(request.user)
    imports = NominationImport.objects.visible_to(request.user).filter(iteration=iteration).for_lists()
    context = {
        "iteration": iteration,
        "tab": "nominations",
        "form": form,
        "columns": columns.COLUMNS,
        "obstacles": [each.sentence for each in obstacles.to_nominating(senders[0], iteration)] if senders else [],
        "imports": imports.exclude(state=ImportState.DISCARDED)[:LAST_IMPORTS],
    }
    return render(request, "enrollment/import_new.html", context)


@require_safe
@liaison_only
def import_template(request, pk: int):
    """The workbook to fill in; with ?people=1 the own people are in it."""
    iteration = _iteration(request.user, pk)
    people = Person.objects.sent_by_those_of(request.user).filter(anonymised_at__isnull=True)
    wanted = people[:MOST_PEOPLE] if request.GET.get("people") == "1" else []
    criteria = wording.entry_criteria(iteration.course, iteration.course.prerequisite_links.select_related("required"))
    response = HttpResponse(template(iteration.name, _facts(iteration), criteria, wanted), content_type=XLSX)
    name = slugify(f"{iteration.course.short_name} {iteration.starts_on}") or "nominations"
    response["Content-Disposition"] = f'attachment; filename="nominations-{name}.xlsx"'
    return response


@require_safe
@liaison_only
def import_page(request, pk: int):
    """How far the reading is, then the preview, then what came of it."""
    found = _visible(request.user, pk)
    if request.htmx and request.htmx.target == "progress":
        return _progress(request, found)
    return _page(request, found)


@require_POST
@liaison_only
def import_decide(request, pk: int):
    """The answers of one page of the preview, or one answer for all rows that are still undecided."""
    found = _visible(request.user, pk)
    try:
        count = actions.decide_rows(found, _answers(request, found), by=request.user)
    except Refused as refusal:
        flash.refuse(request, refusal.sentence)
    else:
        sentence = ngettext("%(count)s row is settled.", "%(count)s rows are settled.", count)
        flash.tell(request, sentence % {"count": count})
    return redirect(f"{reverse(PREVIEW_PAGE, args=[pk])}?outcome=alike")


@require_POST
@liaison_only
def import_confirm(request, pk: int):
    found, form = _visible(request.user, pk), ConfirmForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    try:
        actions.confirm_import(found, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        form.refuse(refusal)
        return _page(request, _visible(request.user, pk), form)
    flash.tell(request, _("Imported. You can undo it below until the office decides on one of them."))
    return redirect(PREVIEW_PAGE, pk)


@require_POST
@liaison_only
def import_discard(request, pk: int):
    found = _visible(request.user, pk)
    try:
        actions.discard_import(found, by=request.user)
    except Refused as refusal:
        flash.refuse(request, refusal.sentence)
        return redirect(PREVIEW_PAGE, pk)
    flash.tell(request, _("Discarded: nothing of the file was kept."))
    return redirect("enrollment:import_new", found.iteration_id)


@require_POST
@liaison_only
def import_undo(request, pk: int):
    try:
        _source, kept = actions.undo_import(_visible(request.user, pk), by=request.user)
    except Refused as refusal:
        flash.refuse(request, refusal.sentence)
    else:
        flash.tell(request, _said_of_undoing(kept))
    return redirect(PREVIEW_PAGE, pk)


@dataclass(frozen=True)
class Progress:
    """How far the reading is; the rate and the rest are 0 while there is nothing to reckon from."""

    total: int
    done: int
    per_minute: int
    seconds_left: int

    @classmethod
    def of(cls, found: NominationImport) -> "Progress":
        minutes = (timezone.now() - found.began_at) / timedelta(minutes=1) if found.began_at else 0
        per_minute = found.done / max(minutes, 1 / 600)
        seconds_left = int(60 * (found.total - found.done) / per_minute) + 1 if found.done else 0
        return cls(found.total, found.done, int(per_minute), seconds_left)


@dataclass(frozen=True)
class Line:
    """A row of the preview, in words."""

    row: ImportedRow
    changes: list[tuple[str, str, str]]
    suspects: list[Person]
    facts: list[str]


def _iteration(user, pk: int) -> Iteration:
    return get_object_or_404(Iteration.objects.visible_to(user).for_lists(), pk=pk)


def _visible(user, pk: int) -> NominationImport:
    rows = NominationImport.objects.visible_to(user).for_lists().select_related("iteration__course")
    return get_object_or_404(rows.defer("content"), pk=pk)


def _facts(iteration: Iteration) -> list[str]:
    facts = [f"{day(iteration.starts_on)} – {day(iteration.ends_on)}", iteration.place]
    if iteration.nominations_close_on:
        closes = {"day": day(iteration.nominations_close_on), "zone": iteration.time_zone}
        facts.append(_("Nominations close at the end of %(day)s (%(zone)s).") % closes)
    return [fact for fact in facts if fact]


def _take(request, iteration: Iteration, form: SpreadsheetForm):
    """The answer to a file that was taken; None when the form has to be shown again with what is wrong."""
    file = form.cleaned_data["file"]
    try:
        found = actions.send_spreadsheet(iteration, form.sender, file.read(), file.name, by=request.user)
    except actions.SentBefore as before:
        flash.refuse(request, before.sentence)
        return redirect(PREVIEW_PAGE, before.found.pk)
    except Refused as refusal:
        form.refuse(refusal)
        return None
    if file.size <= READ_AT_ONCE:
        tasks.read_import(found.pk)
        found.refresh_from_db(fields=["state", "failure"])
    if found.state != ImportState.UNREADABLE:
        return redirect(PREVIEW_PAGE, found.pk)
    actions.discard_import(found, by=request.user)
    form.add_error("file", found.failure)
    return None


def _progress(request, found: NominationImport):
    if found.state != ImportState.READING:
        return HttpResponseClientRefresh()
    return render(request, "enrollment/_import_progress.html", {"source": found, "progress": Progress.of(found)})


def _page(request, found: NominationImport, form: ConfirmForm | None = None):
    context = {"source": found, "iteration": found.iteration, "tab": "nominations", "progress": Progress.of(found)}
    if found.state in (ImportState.PREVIEW, ImportState.CONFIRMED):
        context |= _preview(request, found, form)
    return render(request, "enrollment/import.html", context)


def _preview(request, found: NominationImport, form: ConfirmForm | None) -> dict:
    counts = found.counts()
    listing = Listing(request, _rows(found), name="import", sorts=SORTS, filters=[OUTCOMES])
    labels = dict(ImportedRow.Outcome.choices)
    numbers = {"new": counts.new, "known": counts.known, "alike": counts.alike, "error": counts.errors}
    numbers["left out"] = counts.left_out
    return {
        "counts": counts,
        "listing": listing,
        "lines": _lines(listing.rows, found),
        "pills": [(name, labels[name], number) for name, number in numbers.items() if number],
        "chosen": listing.chosen.get("outcome", ""),
        "has_questions": any(row.outcome == ImportedRow.Outcome.ALIKE for row in listing.rows),
        "form": form or ConfirmForm(has_errors=bool(counts.errors)),
    }


def _rows(found: NominationImport):
    return found.rows.select_related("person", "nomination")


def _lines(rows: list[ImportedRow], found: NominationImport) -> list[Line]:
    """With the people whom a row may mean: of the same sender only, one query a page."""
    wanted = {pk for row in rows for pk in row.suspects}
    people = Person.objects.of_sender(found.sender).in_bulk(wanted) if wanted else {}
    return [
        Line(row, _in_words(row.changes), [people[pk] for pk in row.suspects if pk in people], _facts_of(row))
        for row in rows
    ]


def _in_words(changes: dict[str, list]) -> list[tuple[str, str, str]]:
    """(column, old, new) of each change, choices by their names."""
    found = []
    for key, pair in changes.items():
        names = dict(Person._meta.get_field(key).flatchoices) if key != "slp" else {}
        old, new = (str(names.get(value, value)) for value in pair)
        found.append((str(columns.BY_KEY[key].heading), old, new))
    return found


def _facts_of(row: ImportedRow) -> list[str]:
    """What a row says of somebody new, in the order of the columns; a choice by its name."""
    if row.outcome not in (ImportedRow.Outcome.NEW, ImportedRow.Outcome.ALIKE):
        return []
    told = [column for column in columns.COLUMNS if column.key not in NOT_FACTS and row.values.get(column.key)]
    return [str(dict(column.choices).get(row.values[column.key], row.values[column.key])) for column in told]


def _answers(request, found: NominationImport) -> dict[int, str]:
    """{row id: answer} of the form; with `all`, the same answer for every row that has none yet."""
    if request.POST.get("all") == "new":
        return dict.fromkeys(found.rows.undecided().values_list("pk", flat=True), "new")
    given = {key.removeprefix("row-"): value for key, value in request.POST.items() if key.startswith("row-")}
    return {id_in(key) or 0: value for key, value in given.items() if value}


def _said_of_undoing(kept: list[str]) -> str:
    if not kept:
        return _("Undone: all that the import wrote is taken back.")
    sentence = _("Undone. What others use or changed since stays on record: %(names)s.")
    return sentence % {"names": "; ".join(kept[:10]) + (" …" if len(kept) > 10 else "")}
