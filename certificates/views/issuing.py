"""Issue for a whole iteration: look first who gets what, then watch it being made."""

from dataclasses import dataclass
from datetime import timedelta

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import coordinator_only
from accounts.moves import Refused
from certificates import actions
from certificates.forms import IssueForm
from certificates.models import Certificate, IssueBatch
from certificates.views.serving import FILE_LOST, attachment, file_name, zipped
from courses import workflow as iterations
from courses.models import Iteration
from interface.flash import refuse, tell

MOST_ERRORS_SHOWN = 100


@coordinator_only
@require_safe
def iteration(request, pk: int):
    """Who gets which kind, why somebody does not, what there is already."""
    return _preview(request, _iteration(request, pk))


@coordinator_only
@require_POST
def issue(request, pk: int):
    found = _iteration(request, pk)
    form = IssueForm(request.POST, iteration=found)
    if not form.is_valid():
        return _preview(request, found, form)
    try:
        batch = actions.issue(found, actions.Act(**form.cleaned_data), by=request.user)
    except Refused as refusal:
        refuse(request, refusal.sentence)
        return redirect("certificates:iteration", pk)
    tell(request, _("The numbers are given. The files are being made; you may leave this page, it goes on."))
    return redirect("certificates:batch", batch.pk)


@coordinator_only
@require_safe
def batch(request, pk: int):
    """How far the making is. htmx fetches the part that changes each second until it is done; so does a reload."""
    found = get_object_or_404(IssueBatch.objects.visible_to(request.user).for_lists(), pk=pk)
    progress = Progress.of(found, **found.progress())
    context = {"batch": found, "iteration": found.iteration, "progress": progress, "failed": _failed(found, progress)}
    if request.htmx:
        return render(request, "certificates/_progress.html", context)
    return render(request, "certificates/batch.html", context | {"tab": "certificates"})


@coordinator_only
@require_POST
def pause(request, pk: int):
    return _act_on(request, pk, actions.pause, _("Paused. What is just being made is still finished."))


@coordinator_only
@require_POST
def resume(request, pk: int):
    return _act_on(request, pk, actions.resume, _("It goes on."))


@coordinator_only
@require_safe
def archive(request, pk: int):
    """All that are made, in one ZIP."""
    found = get_object_or_404(IssueBatch.objects.visible_to(request.user).for_lists(), pk=pk)
    made = found.certificates.checkable().select_related("person", "host").order_by("number_key")
    if not made:
        refuse(request, _("No certificate is ready yet."))
        return redirect("certificates:batch", pk)
    stream = zipped({_name_in_archive(each): (each.file_name, each.sha256) for each in made})
    if stream is None:
        refuse(request, FILE_LOST)
        return redirect("certificates:batch", pk)
    course, starts_on = found.iteration.course, found.iteration.starts_on
    return attachment(stream, file_name("certificates", course.short_name, f"{starts_on:%Y-%m}", kind="zip"))


def _name_in_archive(certificate: Certificate) -> str:
    held_by = certificate.person.list_name if certificate.person else certificate.host.short_name
    return file_name(certificate.number, held_by)


def _act_on(request, pk: int, deed, done: str):
    found = get_object_or_404(IssueBatch.objects.visible_to(request.user), pk=pk)
    try:
        deed(found, by=request.user)
    except Refused as refusal:
        refuse(request, refusal.sentence)
    else:
        tell(request, done)
    return redirect("certificates:batch", pk)


@dataclass(frozen=True)
class Progress:
    """How far a batch is. `per_minute` and `seconds_left` are 0 while there is nothing to reckon from."""

    total: int
    made: int
    failed: int
    per_minute: float
    seconds_left: int

    @classmethod
    def of(cls, batch: IssueBatch, *, total: int, made: int, failed: int, last_made_at) -> "Progress":
        waiting = total - made - failed
        until = timezone.now() if waiting else last_made_at or batch.started_at
        minutes = max((until - batch.started_at) / timedelta(minutes=1), 1 / 60)
        per_minute = made / minutes
        seconds_left = int(60 * waiting / per_minute) + 1 if waiting and made else 0
        return cls(total, made, failed, round(per_minute, 1), seconds_left)

    @property
    def waiting(self) -> int:
        return self.total - self.made - self.failed

    @property
    def is_done(self) -> bool:
        return not self.waiting

    @property
    def minutes_left(self) -> int:
        return self.seconds_left // 60


def _failed(batch: IssueBatch, progress: Progress) -> list[Certificate]:
    if not progress.failed:
        return []
    return list(batch.certificates.failed().select_related("person", "host").order_by("number")[:MOST_ERRORS_SHOWN])


def _iteration(request, pk: int) -> Iteration:
    iterations_seen = Iteration.objects.visible_to(request.user).for_lists().prefetch_related("team__person")
    return get_object_or_404(iterations_seen, pk=pk)


def _preview(request, found: Iteration, form: IssueForm | None = None):
    candidates = actions.preview(found)
    context = {
        "iteration": found,
        "tab": "certificates",
        "form": form or IssueForm(iteration=found),
        "may_issue": found.state in iterations.HELD,
        "to_issue": [each for each in candidates if each.is_to_issue],
        "to_ask": [each for each in candidates if each.is_to_ask],
        "issued": [each for each in candidates if each.certificate],
        "without": [each for each in candidates if not each.entitlement.kind and not each.certificate],
        "batches": IssueBatch.objects.visible_to(request.user).filter(iteration=found).select_related("started_by"),
    }
    return render(request, "certificates/iteration.html", context)
