"""Issue, retry and revoke certificates. Issuing writes rows only; the files are a worker's work."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import carry_out, keep_history, only_coordinators
from accounts.moves import Refused
from certificates import tasks, wording
from certificates.entitlement import Entitlement, Record, entitlement
from certificates.models import Certificate, IssueBatch, NumberSeries
from courses import actions as courses
from courses import workflow as iterations
from courses.models import Iteration
from delivery.models import Attendance
from enrollment.models import Nomination
from notifications import jobs
from partners.models import Organisation


@dataclass(frozen=True)
class Candidate:
    """One line of the preview: a participant, the attendance in per cent, what she gets or why not, what she has."""

    nomination: Nomination
    attendance: int
    entitlement: Entitlement
    certificate: Certificate | None

    @property
    def is_to_issue(self) -> bool:
        return bool(self.entitlement.kind) and self.certificate is None


def preview(iteration: Iteration) -> list[Candidate]:
    """Who would get which certificate, and why somebody does not: the same question that issue() asks under lock."""
    register = Nomination.objects.on_the_register().filter(iteration=iteration).by_name()
    nominations = list(register.select_related("person__user", "nation", "organisation"))
    shares = Attendance.objects.shares(nominations, iteration)
    live = {each.nomination_id: each for each in Certificate.objects.live().filter(nomination__in=nominations)}
    return [
        Candidate(each, shares[each.pk], _entitled(each, shares[each.pk], iteration), live.get(each.pk))
        for each in nominations
    ]


@transaction.atomic
def issue(iteration: Iteration, *, by, tells_trainees: bool = True) -> IssueBatch:
    """Give everybody who is entitled and has none a numbered certificate, queued for a worker.

    Refuses before the iteration is running, and when nobody is left to issue for.
    """
    row = courses.lock(iteration)
    only_coordinators(by, _("Only a training coordinator may issue certificates."))
    if row.state not in iterations.HELD:
        sentence = _("Certificates of %(iteration)s cannot be issued: its state is “%(state)s”.")
        raise Refused(sentence % {"iteration": row, "state": row.get_state_display()})
    chosen = [candidate for candidate in preview(row) if candidate.is_to_issue]
    if not chosen:
        raise Refused(_("There is nobody to issue a certificate for."))
    batch = IssueBatch.objects.create(iteration=row, started_by=by, tells_trainees=tells_trainees)
    for candidate, number in zip(chosen, _draw_numbers(row.course.institution, len(chosen)), strict=True):
        _queue(candidate, number, batch, row, by)
    return batch


@transaction.atomic
def retry(certificate: Certificate, *, by) -> Certificate:
    """Put a failed certificate back on the work list; its number stays."""
    row = Certificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)
    carry_out(row, "retry", by=by, parked_at=None, attempts=0, failure="", lease_until=None, due_at=timezone.now())
    jobs.ring(tasks.make_certificate, row.pk)
    return row


@transaction.atomic
def revoke(certificate: Certificate, *, by, reason: str) -> Certificate:
    """Revoke at once and for good, with a reason; the check page says so from now on."""
    row = Certificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)
    carry_out(row, "revoke", by=by, reason=reason, revoked_at=timezone.now(), revocation_reason=reason.strip())
    return row


def _entitled(nomination: Nomination, attendance: int, iteration: Iteration) -> Entitlement:
    course = iteration.course
    return entitlement(Record(course.certificate_kind, nomination.state, attendance, course.minimum_attendance))


def _draw_numbers(issuer: Organisation, count: int) -> list[str]:
    """The next `count` numbers of the issuer's year, in order. Taken last: the row stays locked to the end."""
    year = timezone.localdate().year
    NumberSeries.objects.get_or_create(prefix=issuer.prefix, year=year)
    series = NumberSeries.objects.select_for_update().get(prefix=issuer.prefix, year=year)
    first = series.last + 1
    series.last += count
    series.save(update_fields=["last"])
    return [f"{series.prefix}-{year}-{n:06d}" for n in range(first, first + count)]


def _queue(candidate: Candidate, number: str, batch: IssueBatch, iteration: Iteration, by) -> None:
    nomination, issuer = candidate.nomination, iteration.course.institution
    nomination.iteration = iteration
    kind = candidate.entitlement.kind
    certificate = Certificate(
        nomination=nomination,
        batch=batch,
        kind=kind,
        number=number,
        issuer=issuer,
        printed=wording.printed_values(nomination, kind, number, issuer, iteration.today()),
    )
    keep_history(certificate, by=by, reason=_("Queued"))
    certificate.save()
    jobs.ring(tasks.make_certificate, certificate.pk)
