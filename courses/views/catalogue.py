"""What is taught: the catalogue, a course, and its form."""

from django.db.models import Prefetch, Q
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
    courses = Course.objects.visible_to(request.user)
    coming = Iteration.objects.visible_to(request.user).upcoming()
    institutions = Organisation.objects.filter(pk__in=courses.values("institution"))
    listing = Listing(
        request,
        courses.select_related("institution").prefetch_related(Prefetch("iterations", coming, to_attr="coming")),
        name="courses",
        filters=[
            Filter("kind", _("Kind"), Course.Kind.choices),
            Filter("topic", _("Topic"), [(each.pk, each.name) for each in Topic.objects.all()], lookup="topics"),
            Filter("level", _("Level"), Course.Level.choices),
            Filter("institution", _("Institution"), [(each.pk, each.name) for each in institutions]),
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
    whole = courses.select_related("institution").prefetch_related("topics", "references")
    course = get_object_or_404(whole, slug=slug)
    prerequisites = list(course.prerequisite_links.select_related("required").order_by("-is_mandatory", "pk"))
    relatives = list(courses.filter(Q(pk=course.predecessor_id) | Q(predecessor=course)))
    context = {
        "course": course,
        "criteria": wording.entry_criteria(course, prerequisites),
        "prerequisites": prerequisites,
        "predecessor": next((each for each in relatives if each.pk == course.predecessor_id), None),
        "successors": [each for each in relatives if each.predecessor_id == course.pk],
        "coming": Iteration.objects.visible_to(request.user).filter(course=course).upcoming().for_lists(),
        "is_office": request.user.is_authenticated and request.user.is_office,
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
