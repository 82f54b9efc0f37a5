"""The quotas of an iteration: all on one form; and the end of one before its date."""

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import coordinator_only
from accounts.moves import Refused
from courses.models import Iteration, Quota
from enrollment import actions
from enrollment.forms.quotas import QuotaForms
from enrollment.models import Nomination, seat_map
from enrollment.views.answers import id_in
from enrollment.views.seats import iteration_for
from interface import flash


@require_http_methods(["GET", "HEAD", "POST"])
@coordinator_only
def quotas(request, pk: int):
    """Every refusal stands on the page with what was typed. `more` in what is sent adds rows and saves nothing."""
    iteration = iteration_for(request.user, pk)
    forms = QuotaForms(request.POST if request.method == "POST" else None, iteration=iteration)
    if request.method == "POST" and "more" in request.POST:
        forms.with_more_rows()
    elif request.method == "POST" and forms.is_valid() and _is_stored(forms, request.user):
        flash.tell(request, _("Quotas saved. Seats are held as they say, and the waiting list is called upon."))
        return redirect("enrollment:seats", pk)
    return render(request, "enrollment/quotas.html", {"iteration": iteration, "forms": forms})


def _is_stored(forms: QuotaForms, user) -> bool:
    try:
        forms.store(by=user)
    except Refused as refused:
        forms.refuse(refused)
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@coordinator_only
def quota_release(request, pk: int):
    """First what it would mean, then, confirmed, the release. `quota` is the id of one of this iteration's quotas."""
    iteration = iteration_for(request.user, pk)
    quota = _quota(iteration, (request.POST or request.GET).get("quota"))
    if quota is None or quota.is_released:
        flash.refuse(request, _("There is no such quota here any more, or it is released already."))
        return redirect("enrollment:seats", pk)
    if request.method == "POST":
        return _release(request, quota)
    context = {
        "iteration": iteration,
        "quota": quota,
        "held": iteration.seats.held().filter(quota=quota).count(),
        "waiting": Nomination.objects.visible_to(request.user).waiting().filter(iteration=iteration).count(),
        "standstill": actions.standstill(iteration),
        "numbers": seat_map.numbers_of(quota),
    }
    return render(request, "enrollment/quota_release.html", context)


def _quota(iteration: Iteration, text: str | None) -> Quota | None:
    return iteration.quotas.with_holders().select_related("iteration").filter(pk=id_in(text)).first()


def _release(request, quota: Quota):
    try:
        freed = actions.release_quota(quota, by=request.user)
    except Refused as refusal:
        flash.refuse(request, refusal.sentence)
    else:
        sentence = ngettext(
            "The quota of %(holder)s is released: %(count)s seat is anybody's now.",
            "The quota of %(holder)s is released: %(count)s seats are anybody's now.",
            freed,
        )
        flash.tell(request, sentence % {"holder": quota.holder_name, "count": freed})
    return redirect("enrollment:seats", quota.iteration_id)
