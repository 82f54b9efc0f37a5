"""The first page: what is offered, what is next, where to go from here."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.access import signed_in
from certificates.forms import CheckForm
from courses.models import Course, Iteration

NEXT = 6


@require_safe
def home(request):
    courses = Course.objects.visible_to(request.user).filter(active_until__isnull=True)
    context = {
        "iterations": Iteration.objects.visible_to(request.user).open_for_nominations().for_lists()[:NEXT],
        "courses": courses.select_related("institution"),
        "form": CheckForm(),
    }
    return render(request, "insights/home.html", context)


@require_safe
@signed_in
def welcome(request):
    """After signing in: everybody's own page."""
    user = request.user
    pages = (
        (user.is_coordinator, "insights:desk"),
        (user.is_liaison, "insights:nation"),
        (user.is_instructor, "delivery:teaching"),
        (user.is_trainee, "insights:me"),
        (user.is_analyst, "insights:figures"),
        (user.is_staff, "admin:index"),
    )
    return redirect(next((page for is_theirs, page in pages if is_theirs), "home"))
