"""A participant's own page: places, what is still to do, letters, certificates now and years later."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import trainee_only
from certificates.models import Certificate, Letter
from enrollment import workflow
from enrollment.models import Nomination
from enrollment.models.embargo import as_she_knows_them
from enrollment.models.standing import with_standings
from enrollment.workflow import NominationState
from notifications.models import Notification

WITHOUT_A_PLACE = {NominationState.REFUSED, NominationState.LAPSED, NominationState.SUBSTITUTED}
ENDED = workflow.WERE_THERE | workflow.ENDED_EARLY | WITHOUT_A_PLACE | {NominationState.NO_SHOW}
MOST_MESSAGES = 5


@require_safe
@trainee_only
def me(request):
    own = Nomination.objects.of_person(request.user)
    nominations = list(own.for_lists().prefetch_related("checklist").order_by("iteration__starts_on", "pk"))
    certificates = Certificate.objects.of_person(request.user)
    untold = Nomination.objects.untold_to(request.user).for_lists().order_by("iteration__starts_on", "pk")
    places = [each for each in nominations if each.state not in ENDED]
    context = {
        "person": request.user.person,
        "places": with_standings(places),
        "untold": as_she_knows_them(untold),
        "past": [each for each in reversed(nominations) if each.state in ENDED],
        "certificates": certificates.for_lists().order_by("-queued_at", "-pk"),
        "letters": Letter.objects.visible_to(request.user).filter(nomination__in=own.values("pk")).made().for_lists(),
        "messages_to_me": Notification.objects.addressed_to(request.user)[:MOST_MESSAGES],
    }
    return render(request, "insights/me.html", context)
