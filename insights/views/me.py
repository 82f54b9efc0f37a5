"""A participant's own page: places, what is still to do, certificates now and years later."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import trainee_only
from certificates.models import Certificate
from enrollment import workflow
from enrollment.models import Nomination
from notifications.models import Notification

ENDED = workflow.WERE_THERE | {"no-show", "refused", "withdrawn", "cancelled"}


@require_safe
@trainee_only
def me(request):
    own = Nomination.objects.of_person(request.user).for_lists().prefetch_related("checklist")
    nominations = list(own.order_by("-iteration__starts_on", "-pk"))
    context = {
        "person": request.user.person,
        "places": [each for each in nominations if each.state not in ENDED],
        "past": [each for each in nominations if each.state in ENDED],
        "certificates": _certificates(request.user),
        "messages_to_me": Notification.objects.addressed_to(request.user)[:5],
    }
    return render(request, "insights/me.html", context)


def _certificates(user):
    own = Nomination.objects.of_person(user)
    return Certificate.objects.visible_to(user).filter(nomination__in=own.values("pk")).checkable().for_lists()
