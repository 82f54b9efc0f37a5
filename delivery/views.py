"""Pages of the room: who takes part, who was there, what became of them. For the own instructors and the office."""

from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import coordinator_only, instructor_only, instructor_or_coordinator
from accounts.moves import Refused
from courses import workflow as iterations
from courses.models import Iteration
from courses.workflow import IterationState
from delivery import actions
from delivery.forms import AttendanceForm, DayForm, ResultForms
from delivery.models import Attendance
from delivery.register import Sheet
from enrollment import workflow
from enrollment.models import Nomination
from interface.flash import refuse, tell


@instructor_only
@require_safe
def teaching(request):
    """The own iterations: those that run first, then the coming, then the past."""
    own = (
        Iteration.objects.visible_to(request.user)
        .taught_by(request.user)
        .for_lists()
        .annotate(
            expected=Count("nominations", filter=Q(nominations__state__in=workflow.HAS_A_SEAT)),
            open_results=Count("nominations", filter=Q(nominations__state__in=workflow.EXPECTED)),
        )
    )
    context = {"running": [], "coming": [], "past": []}
    for iteration in own.order_by("starts_on", "pk"):
        context[_part_of(iteration)].append(iteration)
    context["past"].reverse()
    return render(request, "delivery/teaching.html", context)


def _part_of(iteration: Iteration) -> str:
    is_over = iteration.state in iterations.HELD - {IterationState.RUNNING} or iteration.ends_on < iteration.today()
    if iteration.state == IterationState.CANCELLED or (is_over and iteration.state != IterationState.RUNNING):
        return "past"
    return "running" if iteration.has_begun() else "coming"


@instructor_or_coordinator
@require_safe
def participants(request, pk: int):
    """Names, ranks, nations, languages; no documents, no addresses."""
    iteration = _iteration(request, pk)
    rows = Nomination.objects.holding_a_seat().filter(iteration=iteration).by_name()
    rows = rows.select_related("person", "nation", "organisation").prefetch_related("person__language_tests")
    return render(request, "delivery/participants.html", {"iteration": iteration, "tab": "participants", "rows": rows})


@instructor_or_coordinator
@require_http_methods(["GET", "HEAD", "POST"])
def attendance(request, pk: int):
    """The register of the days so far, and the form of one day."""
    iteration = _iteration(request, pk)
    if request.method != "POST":
        form = DayForm(request.GET)
        day = form.cleaned_data["day"] if form.is_valid() else None
        return _attendance_page(request, Sheet.of(iteration, day))
    form = AttendanceForm(request.POST, iteration=iteration)
    if not form.is_valid():
        return _attendance_again(request, iteration, form, next(iter(form.errors.values()))[0])
    day = form.cleaned_data["day"]
    try:
        count = actions.mark_attendance(iteration, day, form.those_present, by=request.user, among=form.whole)
    except Refused as refusal:
        return _attendance_again(request, iteration, form, refusal.sentence)
    said = ngettext("Saved: %(count)s was there on %(day)s.", "Saved: %(count)s were there on %(day)s.", count)
    tell(request, said % {"count": count, "day": f"{day:%d.%m.%Y}"})
    return redirect(f"{request.path}?day={day}")


def _attendance_again(request, iteration: Iteration, form: AttendanceForm, problem: str):
    """The fresh page with the ticks as they were sent."""
    sheet = Sheet.of(iteration, form.cleaned_data.get("day"), ticked=form.data.getlist("present"))
    return _attendance_page(request, sheet, problem=problem)


def _attendance_page(request, sheet: Sheet, **more):
    context = {"iteration": sheet.iteration, "tab": "attendance", "sheet": sheet, **more}
    return render(request, "delivery/attendance.html", context)


@instructor_or_coordinator
@require_http_methods(["GET", "HEAD", "POST"])
def results(request, pk: int):
    """One form for all participants: recorded as a whole, or not at all."""
    iteration = _iteration(request, pk)
    register = list(
        Nomination.objects.on_the_register()
        .filter(iteration=iteration)
        .by_name()
        .select_related("person", "nation", "organisation", "result")
    )
    for nomination in register:
        nomination.iteration = iteration
    shares = Attendance.objects.shares(register, iteration)
    if request.method != "POST":
        forms = ResultForms(iteration=iteration, register=register, shares=shares)
        return _results_page(request, iteration, forms)
    forms = ResultForms(request.POST, iteration=iteration, register=register, shares=shares)
    if not forms.is_valid():
        return _results_page(request, iteration, forms)
    try:
        count = actions.record_results(iteration, forms.entries(), by=request.user)
    except actions.EntriesRefused as refusal:
        forms.show(refusal)
        return _results_page(request, iteration, forms)
    tell(request, _say_what_was_recorded(count))
    return redirect("delivery:results", pk)


def _say_what_was_recorded(count: int) -> str:
    if not count:
        return _("Nothing was changed, so nothing was recorded.")
    return ngettext("%(count)s result recorded.", "%(count)s results recorded.", count) % {"count": count}


def _results_page(request, iteration: Iteration, forms: ResultForms):
    waiting = Nomination.objects.filter(iteration=iteration, state__in=workflow.EXPECTED - workflow.REGISTER)
    context = {
        "iteration": iteration,
        "tab": "results",
        "forms": forms,
        "why_not": _why_no_results(iteration),
        "is_over": iteration.today() >= iteration.ends_on,
        "unconfirmed": waiting.select_related("person").by_name(),
        "may_complete": iteration.may("complete", request.user),
    }
    return render(request, "delivery/results.html", context)


def _why_no_results(iteration: Iteration) -> str:
    if iteration.state not in iterations.RECORDING:
        state = iteration.get_state_display()
        return _("Results cannot be recorded now: the iteration's state is “%s”.") % state
    if not iteration.has_begun():
        return _("The iteration has not begun: there is no result to record yet.")
    return ""


@coordinator_only
@require_POST
def complete(request, pk: int):
    """End a running iteration whose results are all recorded."""
    iteration = _iteration(request, pk)
    try:
        actions.complete(iteration, by=request.user)
    except Refused as refusal:
        refuse(request, refusal.sentence)
        return redirect("delivery:results", pk)
    tell(request, _("Completed. Next: issue the certificates."))
    return redirect("certificates:iteration", pk)


def _iteration(request, pk: int) -> Iteration:
    """An iteration on whose team the user is, or any for a coordinator; for others there is no such page."""
    seen = Iteration.objects.visible_to(request.user)
    if not request.user.is_coordinator:
        seen = seen.taught_by(request.user)
    return get_object_or_404(seen.for_lists().prefetch_related("team__person"), pk=pk)
