"""Plan an iteration: a new one, a change, a copy. Clashes are shown once before saving and are never in the way."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import coordinator_only
from accounts.moves import Refused
from courses.forms import IterationForm
from courses.models import Course, Iteration
from interface.flash import tell


@require_http_methods(["GET", "HEAD", "POST"])
@coordinator_only
def schedule(request):
    if request.htmx and request.method == "GET":
        return _what_follows(request, IterationForm(request.GET, user=request.user))
    course = Course.objects.visible_to(request.user).schedulable().filter(slug=request.GET.get("course", "")).first()
    initial = IterationForm.initial_for(course) if course else {}
    form = IterationForm(_typed(request), initial=initial, user=request.user)
    saved = _save(request, form, _("Scheduled as a draft, which only the office sees. Next: announce it."))
    return saved or _page(request, form, _("Schedule an iteration"), course=course)


@require_http_methods(["GET", "HEAD", "POST"])
@coordinator_only
def edit(request, pk: int):
    iteration = _iteration(request, pk)
    if request.htmx and request.method == "GET":
        return _what_follows(request, IterationForm(request.GET, instance=iteration, user=request.user))
    form = IterationForm(_typed(request), instance=iteration, user=request.user)
    saved = _save(request, form, _("Saved."))
    return saved or _page(request, form, _("Change this iteration"), iteration=iteration)


@require_http_methods(["GET", "HEAD", "POST"])
@coordinator_only
def duplicate(request, pk: int):
    """A new iteration like this one: everything but its days; the programme comes along if wished."""
    model = _iteration(request, pk)
    if request.htmx and request.method == "GET":
        return _what_follows(request, IterationForm(request.GET, user=request.user))
    form = IterationForm(_typed(request), initial=IterationForm.initial_like(model), user=request.user)
    copies_programme = request.method != "POST" or "copy_programme" in request.POST
    programme = model if copies_programme else None
    saved = _save(request, form, _("Scheduled as a draft, which only the office sees. Next: announce it."), programme)
    more = {"like": model, "has_programme": model.timetable.exists(), "copies_programme": copies_programme}
    return saved or _page(request, form, _("Schedule another like it"), **more)


def _typed(request):
    return request.POST if request.method == "POST" else None


def _iteration(request, pk: int) -> Iteration:
    return get_object_or_404(Iteration.objects.visible_to(request.user).select_related("course"), pk=pk)


def _save(request, form: IterationForm, sentence: str, programme_of: Iteration | None = None):
    """The way on when the form could be saved; None when it has to be shown (again)."""
    if request.method != "POST" or not form.is_valid() or form.unseen_clashes():
        return None
    try:
        iteration = form.schedule(by=request.user, programme_of=programme_of)
    except Refused as refused:
        form.refuse(refused)
        return None
    tell(request, sentence)
    return redirect("courses:iteration", iteration.pk)


def _page(request, form: IterationForm, title: str, **more):
    context = {"form": form, "title": title, "planning_url": request.path, **more}
    return render(request, "courses/schedule.html", context)


def _what_follows(request, form: IterationForm):
    """What the dates in a half-filled form lead to: swapped in while somebody types."""
    form.is_valid()
    return render(request, "courses/_planning_update.html", {"form": form})
