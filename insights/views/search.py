"""Find anything by typing: JSON for the palette (Ctrl-K), a page for everybody else."""

from django.http import JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses.models import Course, Iteration
from enrollment.models import Nomination, TrainingRequest
from interface.navigation import menu_for
from interface.text import fold
from partners.models import Person

MOST = 8
LONGEST = 100


@require_safe
def search(request):
    query = request.GET.get("q", "").strip()[:LONGEST]
    found = _found(request, query) if query else []
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse(found, safe=False)
    return render(request, "insights/search.html", {"query": query, "found": found})


def _found(request, query: str) -> list[dict]:
    """At most eight of each kind, each through the gate that its own page has."""
    user = request.user
    return [
        *_lines(
            _("Page"), [(each.label, each.url) for each in menu_for(request) if fold(query) in fold(str(each.label))]
        ),
        *_rows(
            _("Course"),
            Course.objects.visible_to(user).search(query),
            "courses:detail",
            "slug",
            lambda each: each.title,
        ),
        *_rows(_("Iteration"), Iteration.objects.visible_to(user).for_lists().search(query), "courses:iteration"),
        *_rows(_("Person"), Person.objects.visible_to(user).search(query), "partners:person"),
        *_rows(
            _("Training request"),
            TrainingRequest.objects.visible_to(user).for_lists().search(query),
            "enrollment:request",
        ),
        *_rows(_("Nomination"), Nomination.objects.visible_to(user).for_lists().search(query), "enrollment:nomination"),
    ]


def _rows(kind: str, found, page: str, key: str = "pk", label=str) -> list[dict]:
    return _lines(kind, [(label(each), reverse(page, args=[getattr(each, key)])) for each in found[:MOST]])


def _lines(kind: str, pairs: list[tuple]) -> list[dict]:
    return [{"kind": str(kind), "label": str(label), "url": url} for label, url in pairs]
