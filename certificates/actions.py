"""Issue, retry, replace and revoke certificates. All of it writes rows only; the files are a worker's work."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.actions import carry_out, keep_history, only_coordinators
from accounts.moves import Refused
from certificates import numbers, tasks, wording
from certificates.entitlement import Entitlement, Record, entitlement
from certificates.models import Certificate, IssueBatch, NumberSeries
from courses import actions as courses
from courses import workflow as iterations
from courses.models import Iteration
from delivery.models import Attendance
from enrollment.models import Nomination
from notifications import jobs


@dataclass(frozen=True)
class Candidate:
    """One line of the preview: a participant, the attendance in per cent, what she gets or why not, what she has.

    `certificate` is the live one, `revoked` the last one taken back: who has that gets another only when asked for.
    """

    nomination: Nomination
    attendance: int
    entitlement: Entitlement
    certificate: Certificate | None
    revoked: Certificate | None

    @property
    def may_have_one(self) -> bool:
        return bool(self.entitlement.kind) and self.certificate is None

    @property
    def is_to_issue(self) -> bool:
        return self.may_have_one and self.revoked is None

    @property
    def is_to_ask(self) -> bool:
        return self.may_have_one and self.revoked is not None

    @property
    def has_lost_it(self) -> bool:
        """The record has changed since: there is a certificate that would not be issued today."""
        return self.certificate is not None and self.certificate.kind != self.entitlement.kind


def preview(iteration: Iteration) -> list[Candidate]:
    """Who would get which certificate, and why somebody does not: the same question that issue() asks under lock."""
    register = Nomination.objects.on_the_register().filter(iteration=iteration).by_name()
    nominations = list(register.select_related("person__user", "nation", "organisation"))
    shares = Attendance.objects.shares(nominations, iteration)
    live, revoked = _certificates_of(nominations)
    return [
        Candidate(
            each, shares[each.pk], _entitled(each, shares[each.pk], iteration), live.get(each.pk), revoked.get(each.pk)
        )
        for each in nominations
    ]


@transaction.atomic
def issue(iteration: Iteration, *, by, tells_trainees: bool = True, again: Iterable[Nomination] = ()) -> IssueBatch:
    """Give everybody who is entitled and has none a numbered certificate, queued for a worker.

    Whose certificate was revoked gets a new one only when named in `again`. Refuses before the iteration is running,
    and when nobody is left to issue for.
    """
    row = courses.lock(iteration)
    only_coordinators(by, _("Only a training coordinator may issue certificates."))
    if row.state not in iterations.HELD:
        sentence = _("Certificates of %(iteration)s cannot be issued: its state is “%(state)s”.")
        raise Refused(sentence % {"iteration": row, "state": row.get_state_display()})
    asked_for = {nomination.pk for nomination in again}
    chosen = [each for each in preview(row) if each.is_to_issue or (each.is_to_ask and each.nomination.pk in asked_for)]
    if not chosen:
        raise Refused(_("There is nobody to issue a certificate for."))
    batch = IssueBatch.objects.create(iteration=row, started_by=by, tells_trainees=tells_trainees)
    for candidate, number in zip(chosen, _numbers_for(row, len(chosen)), strict=True):
        certificate = _queue(candidate.nomination, candidate.entitlement.kind, number, batch, by)
        if candidate.revoked is not None:
            _point_to(certificate, candidate.revoked)
    return batch


@transaction.atomic
def retry(certificate: Certificate, *, by) -> Certificate:
    """Put a failed certificate back on the work list. Its number stays, its words are taken from the record anew.

    So a name that could not be printed is mended in the person's record, then tried again. Refuses when the record no
    longer entitles the participant.
    """
    iteration, row = _locked(certificate)
    row.guard("retry", by)
    _refuse_without_entitlement(row, iteration)
    day = row.queued_at.astimezone(iteration.zone).date()
    words = wording.printed_values(row.nomination, row.kind, row.number, row.issuer, day)
    fresh = {"parked_at": None, "attempts": 0, "failure": "", "lease_until": None, "due_at": timezone.now()}
    carry_out(row, "retry", by=by, printed=words, **fresh)
    jobs.ring(tasks.make_certificate, row.pk)
    return row


@transaction.atomic
def replace(certificate: Certificate, *, by, reason: str) -> Certificate:
    """Issue a new certificate, with a new number and the words of today, in place of this one; returns the new one.

    The old one stays readable as replaced and points to the new one (field.md, 5.11). Refuses when the record no longer
    entitles the participant: then the certificate is to be revoked.
    """
    iteration, row = _locked(certificate)
    row.guard("replace", by)
    _refuse_without_entitlement(row, iteration)
    carry_out(row, "replace", by=by, reason=reason)
    batch = IssueBatch.objects.create(iteration=iteration, started_by=by, tells_trainees=row.batch.tells_trainees)
    (number,) = _numbers_for(iteration, 1)
    new = _queue(row.nomination, row.kind, number, batch, by)
    _point_to(new, row)
    return new


@transaction.atomic
def revoke(certificate: Certificate, *, by, reason: str) -> Certificate:
    """Revoke at once and for good, with a reason; the check page says so from now on."""
    row = Certificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)
    carry_out(row, "revoke", by=by, reason=reason, revoked_at=timezone.now(), revocation_reason=reason.strip())
    return row


DEEDS = {
    "retry": lambda row, by, reason: retry(row, by=by),
    "replace": lambda row, by, reason: replace(row, by=by, reason=reason),
    "revoke": lambda row, by, reason: revoke(row, by=by, reason=reason),
}


def draw_numbers(prefix: str, year: int, count: int) -> list[str]:
    """The next `count` numbers of a series, in order. Taken last: the row stays locked to the end."""
    NumberSeries.objects.get_or_create(prefix=prefix, year=year)
    series = NumberSeries.objects.select_for_update().get(prefix=prefix, year=year)
    first = series.last + 1
    series.last += count
    series.save(update_fields=["last"])
    return [numbers.number(prefix, year, n) for n in range(first, first + count)]


def make_move(certificate: Certificate, name: str, *, by, reason: str = "") -> Certificate:
    """Make the move `name` of the table; for “replace” the new certificate is returned."""
    if name not in DEEDS:
        raise Refused(_("There is no such move here."), field="move")
    return DEEDS[name](certificate, by, reason)


def _locked(certificate: Certificate) -> tuple[Iteration, Certificate]:
    """The iteration first, as everywhere, then the certificate: both fresh and locked."""
    iteration = courses.lock(certificate.nomination.iteration)
    rows = Certificate.objects.select_related("batch", "issuer", "nomination__person")
    row = rows.select_for_update(of=("self",)).get(pk=certificate.pk)
    row.nomination.iteration = iteration
    return iteration, row


def _certificates_of(nominations: list[Nomination]) -> tuple[dict[int, Certificate], dict[int, Certificate]]:
    """The live certificate and the last revoked one of each nomination; one query."""
    live, revoked = {}, {}
    for each in Certificate.objects.live_or_revoked().filter(nomination__in=nominations).order_by("pk"):
        (live if each.is_live else revoked)[each.nomination_id] = each
    return live, revoked


def _entitled(nomination: Nomination, attendance: int, iteration: Iteration) -> Entitlement:
    course = iteration.course
    return entitlement(Record(course.certificate_kind, nomination.state, attendance, course.minimum_attendance))


def _refuse_without_entitlement(row: Certificate, iteration: Iteration) -> None:
    attendance = Attendance.objects.shares([row.nomination], iteration)[row.nomination_id]
    today = _entitled(row.nomination, attendance, iteration)
    if today.kind != row.kind:
        why = today.why_not or _("The record now entitles to another kind of certificate.")
        raise Refused(_("A new certificate is not possible. %s") % why)


def _numbers_for(iteration: Iteration, count: int) -> list[str]:
    return draw_numbers(numbers.prefix_of(iteration.course.institution.prefix), iteration.today().year, count)


def _queue(nomination: Nomination, kind: str, number: str, batch: IssueBatch, by) -> Certificate:
    iteration = nomination.iteration = batch.iteration
    issuer = iteration.course.institution
    certificate = Certificate(
        nomination=nomination,
        batch=batch,
        kind=kind,
        number=number,
        issuer=issuer,
        printed=wording.printed_values(nomination, kind, number, issuer, iteration.today()),
    )
    keep_history(certificate, by=by, reason=gettext_noop("Queued"))
    certificate.save()
    jobs.ring(tasks.make_certificate, certificate.pk)
    return certificate


def _point_to(new: Certificate, old: Certificate) -> None:
    """The move is in the history already; this completes it."""
    old.replaced_by = new
    old.save_without_historical_record(update_fields=["replaced_by"])
