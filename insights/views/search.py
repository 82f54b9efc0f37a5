"""Find anything by typing: JSON for the palette (Ctrl-K), a page for everybody else."""

from collections.abc import Callable

from django.db.models import QuerySet
from django.http import JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from certificates.models import Certificate
from courses.models import Course, Iteration
from enrollment.models import Nomination, TrainingRequest
from interface.navigation import menu_for
from interface.text import fold
from partners.models import Person

MOST = 8
LONGEST = 100


@require_safe
@vary_on_headers("Accept")
def search(request):
    query = request.GET.get("q", "").strip()[:LONGEST]
    found = _found(request, query) if fold(query) else []
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse(found, safe=False)
    return render(request, "insights/search.html", {"query": query, "found": found})


def _found(request, query: str) -> list[dict]:
    """At most eight of each kind, each through the gate that its own page has; one query a kind."""
    user = request.user

    def matching(model, *related: str) -> QuerySet:
        return model.objects.visible_to(user).search(query).select_related(*related)[:MOST]

    sender = ("nation", "organisation")
    return [
        *_pages(request, query),
        *_lines(matching(Course), "courses:detail", _("Course"), by=lambda each: each.slug, says=_title),
        *_lines(matching(Iteration, "course"), "courses:iteration", _("Iteration")),
        *_lines(matching(Person, *sender), "partners:person", _("Person"), detail=_sender),
        *_lines(matching(TrainingRequest, *sender), "enrollment:request", _("Training request"), detail=_request),
        *_lines(
            matching(Nomination, "person", "iteration__course", *sender),
            "enrollment:nomination",
            _("Nomination"),
            detail=_sender,
        ),
        *_lines(matching(Certificate, "person", "host"), "certificates:certificate", _("Certificate"), detail=_holder),
    ]


def _pages(request, query: str) -> list[dict]:
    found = [each for each in menu_for(request) if fold(query) in fold(str(each.label))]
    return [_line(str(each.label), _("Page"), each.url) for each in found]


def _lines(
    found,
    page: str,
    kind: str,
    *,
    by: Callable = lambda each: each.pk,
    says: Callable = str,
    detail: Callable = lambda each: "",
) -> list[dict]:
    """A line for each of `found`: what it `says`, its kind with a `detail` that tells it from its like, its page."""
    return [
        _line(says(each), " · ".join(filter(None, (kind, detail(each)))), reverse(page, args=[by(each)]))
        for each in found
    ]


def _line(label: str, kind: str, url: str) -> dict:
    return {"label": label, "kind": kind, "url": url}


def _title(course: Course) -> str:
    return f"{course.title} ({course.short_name})"


def _sender(row) -> str:
    return str(row.sender)


def _request(row: TrainingRequest) -> str:
    return f"{row.sender}, {row.get_kind_display()}"


def _holder(certificate: Certificate) -> str:
    return str(certificate.holder)
