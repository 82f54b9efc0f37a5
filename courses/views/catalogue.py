"""What is taught: the catalogue, a course, and its form."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import coordinator_only
from accounts.moves import Refused
from courses import wording
from courses.forms import CourseForm
from courses.models import Course, Iteration
from interface.flash import tell


@require_safe
def course_list(request):
    return render(request, "courses/list.html", {})


@require_safe
def detail(request, slug: str):
    courses = Course.objects.visible_to(request.user)
    course = get_object_or_404(courses.select_related("institution", "predecessor"), slug=slug)
    prerequisites = list(course.prerequisite_links.select_related("required").order_by("-is_mandatory", "pk"))
    context = {
        "course": course,
        "criteria": wording.entry_criteria(course, prerequisites),
        "prerequisites": prerequisites,
        "successors": courses.filter(predecessor=course),
        "coming": Iteration.objects.visible_to(request.user).filter(course=course).upcoming().for_lists(),
    }
    return render(request, "courses/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@coordinator_only
def new(request):
    form = CourseForm(_typed(request), user=request.user)
    return _save(request, form) or render(request, "courses/form.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@coordinator_only
def edit(request, slug: str):
    course = get_object_or_404(Course.objects.visible_to(request.user), slug=slug)
    form = CourseForm(_typed(request), instance=course, user=request.user)
    return _save(request, form) or render(request, "courses/form.html", {"form": form, "course": course})


def _typed(request):
    return request.POST if request.method == "POST" else None


def _save(request, form: CourseForm):
    """The way on when the form could be saved; None when it has to be shown (again)."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        course = form.store(by=request.user)
    except Refused as refused:
        form.refuse(refused)
        return None
    tell(request, _("Saved. This is what everybody sees."))
    return redirect("courses:detail", course.slug)
