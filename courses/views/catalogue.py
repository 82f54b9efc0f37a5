"""What is taught: the catalogue, a course, and its form."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import coordinator_only
from accounts.moves import Refused
from courses import wording
from courses.forms import CourseForm
from courses.models import Course, Iteration, Topic
from interface.flash import tell
from interface.listing import Column, Filter, Listing, Sort
from partners.models import Organisation


@require_safe
def course_list(request):
    institutions = Organisation.objects.filter(courses__in=Course.objects.visible_to(request.user)).distinct()
    listing = Listing(
        request,
        Course.objects.visible_to(request.user).select_related("institution").prefetch_related("topics"),
        name="courses",
        filters=[
            Filter("kind", _("Kind"), Course.Kind.choices),
            Filter("topic", _("Topic"), [(each.pk, each.name) for each in Topic.objects.all()], lookup="topics"),
            Filter("level", _("Level"), Course.Level.choices),
            Filter("institution", _("Institution"), [(each.pk, each.short_name) for each in institutions]),
        ],
        sorts=[Sort("title", _("Title"), "title", "id")],
        columns=[
            Column(_("Short name"), lambda row: row.short_name),
            Column(_("Title"), lambda row: row.title),
            Column(_("Kind"), lambda row: row.get_kind_display()),
            Column(_("Level"), lambda row: row.level),
            Column(_("Institution"), lambda row: row.institution),
            Column(_("Certification"), lambda row: row.certification),
            Column(_("ETOC code"), lambda row: row.code),
        ],
    )
    return listing.file() or render(request, "courses/list.html", {"listing": listing})


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
