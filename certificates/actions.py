"""Issue, retry, replace and revoke certificates. All of it writes rows only; the files are a worker's work."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from simple_history.utils import bulk_create_with_history

from accounts.actions import carry_out, keep_history, only_coordinators
from accounts.moves import Refused
from certificates import badges, files, numbers, signing, tasks
from certificates.entitlement import Entitlement, Record, entitlement
from certificates.kinds import Kind
from certificates.models import Certificate, IssueBatch, Issuer, Language, NumberSeries, TemplateVersion
from certificates.templates import version_for
from certificates.wording import Wording
from courses import actions as courses
from courses import workflow as iterations
from courses.models import Iteration, Teaching
from delivery.models import Attendance
from enrollment.models import Nomination
from partners.models import Organisation, Person


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


@dataclass(frozen=True)
class Act:
    """What somebody wants of an act of issuing, beside everybody who is entitled."""

    tells_trainees: bool = False
    again: Sequence[Nomination] = ()  # whose certificate was revoked, and who get a new one
    instructors: Sequence[Person] = ()
    for_host: bool = False
    second: Language | None = None
    versions: dict[str, TemplateVersion] | None = None  # by kind; the best one where none is named


@dataclass(frozen=True)
class Receiver:
    """Who gets a certificate of which kind; `follows` is the revoked or replaced one that will point to it."""

    kind: str
    holder: Person | Organisation
    nomination: Nomination | None = None
    follows: Certificate | None = None


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


def instructors_without(iteration: Iteration) -> list[Teaching]:
    """The team, as far as it has no certificate for this iteration yet."""
    have = Certificate.objects.live().filter(iteration=iteration, kind=Kind.INSTRUCTOR).values("person")
    return list(iteration.team.exclude(person__in=have))


def host_without(iteration: Iteration) -> Organisation | None:
    """The host institution, if there is one that has no certificate for this iteration yet."""
    if iteration.host_id is None:
        return None
    has_one = Certificate.objects.live().filter(iteration=iteration, kind=Kind.HOST, host=iteration.host_id).exists()
    return None if has_one else iteration.host


@transaction.atomic
def issue(iteration: Iteration, act: Act = Act(), *, by) -> IssueBatch:
    """Give everybody who is entitled and has none a numbered certificate, queued for a worker.

    Whose certificate was revoked gets a new one only when named. Refuses before the iteration is running, when nobody
    is left to issue for, and when nothing can be signed: then no number is used.
    """
    row = courses.lock(iteration)
    only_coordinators(by, _("Only a training coordinator may issue certificates."))
    if row.state not in iterations.HELD:
        sentence = _("Certificates of %(iteration)s cannot be issued: its state is “%(state)s”.")
        raise Refused(sentence % {"iteration": row, "state": row.get_state_display()})
    _refuse_without_what_it_takes()
    receivers = receivers_of(row, act)
    if not receivers:
        raise Refused(_("There is nobody to issue a certificate for."))
    batch = IssueBatch.objects.create(iteration=row, started_by=by, tells_trainees=act.tells_trainees)
    _queue_all(receivers, batch, Wording(row, row.today(), act.second), act.versions or {})
    return batch


def receivers_of(iteration: Iteration, act: Act) -> list[Receiver]:
    """Whom `act` gives a certificate, in the order of their numbers."""
    again = {nomination.pk for nomination in act.again}
    chosen = [
        each for each in preview(iteration) if each.is_to_issue or (each.is_to_ask and each.nomination.pk in again)
    ]
    people = {person.pk for person in act.instructors}
    team = [each.person for each in instructors_without(iteration) if each.person_id in people]
    host = host_without(iteration) if act.for_host else None
    return [
        *(Receiver(each.entitlement.kind, each.nomination.person, each.nomination, each.revoked) for each in chosen),
        *(Receiver(Kind.INSTRUCTOR, person) for person in team),
        *([Receiver(Kind.HOST, host)] if host else []),
    ]


@transaction.atomic
def pause(batch: IssueBatch, *, by) -> IssueBatch:
    """Let the rest of an issue wait. What a worker is just making is still finished."""
    only_coordinators(by, _("Only a training coordinator may pause an issue."))
    row = IssueBatch.objects.select_for_update().get(pk=batch.pk)
    if row.is_paused:
        raise Refused(_("It is paused already."))
    row.paused_at = timezone.now()
    row.save(update_fields=["paused_at"])
    return row


@transaction.atomic
def resume(batch: IssueBatch, *, by) -> IssueBatch:
    """Go on with a paused issue. Refuses while what paused it is not mended."""
    only_coordinators(by, _("Only a training coordinator may resume an issue."))
    row = IssueBatch.objects.select_for_update().get(pk=batch.pk)
    if not row.is_paused:
        raise Refused(_("It is not paused."))
    _refuse_without_what_it_takes()
    row.paused_at, row.paused_why = None, ""
    row.save(update_fields=["paused_at", "paused_why"])
    tasks.ring_for(row)
    return row


@transaction.atomic
def retry(certificate: Certificate, *, by) -> Certificate:
    """Put a failed certificate back on the work list. Its number stays, its words are taken from the record anew.

    So a name that could not be printed is mended in the person's record, then tried again. Refuses when the record no
    longer entitles the holder.
    """
    iteration, row = _locked(certificate)
    row.guard("retry", by)
    _refuse_without_what_it_takes()
    _refuse_without_entitlement(row, iteration)
    wording = Wording(iteration, row.queued_at.astimezone(iteration.zone).date(), _second_of(row))
    words = wording.of(row.kind, row.holder, row.number, replaces=getattr(row, "replaces", None))
    fresh = {"parked_at": None, "attempts": 0, "failure": "", "lease_until": None, "due_at": timezone.now()}
    carry_out(row, "retry", by=by, printed=words, **fresh)
    tasks.ring_for(row.batch)
    return row


@transaction.atomic
def replace(certificate: Certificate, *, by, reason: str) -> Certificate:
    """Issue a new certificate, with a new number and the words of today, in place of this one; returns the new one.

    The old one stays readable as replaced and points to the new one (field.md, 5.11). Refuses when the record no longer
    entitles the holder: then the certificate is to be revoked.
    """
    iteration, row = _locked(certificate)
    row.guard("replace", by)
    _refuse_without_what_it_takes()
    _refuse_without_entitlement(row, iteration)
    carry_out(row, "replace", by=by, reason=reason)
    batch = IssueBatch.objects.create(iteration=iteration, started_by=by, tells_trainees=row.batch.tells_trainees)
    receiver = Receiver(row.kind, row.holder, row.nomination, row)
    wording = Wording(iteration, iteration.today(), _second_of(row))
    (new,) = _queue_all([receiver], batch, wording, {})
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


def draw_numbers(prefix: str, year: int, count: int) -> range:
    """The next `count` numbers of a series, in order. Taken last: the row stays locked to the end."""
    NumberSeries.objects.get_or_create(prefix=prefix, year=year)
    series = NumberSeries.objects.select_for_update().get(prefix=prefix, year=year)
    first = series.last + 1
    series.last += count
    series.save(update_fields=["last"])
    return range(first, first + count)


def make_move(certificate: Certificate, name: str, *, by, reason: str = "") -> Certificate:
    """Make the move `name` of the table; for “replace” the new certificate is returned."""
    if name not in DEEDS:
        raise Refused(_("There is no such move here."), field="move")
    return DEEDS[name](certificate, by, reason)


def _refuse_without_what_it_takes() -> None:
    """Before a number is used: what would keep every file from being made."""
    if trouble := signing.trouble() or badges.trouble() or files.trouble():
        raise Refused(_("Nothing can be made at the moment, so nothing is issued. %s") % trouble)


def _locked(certificate: Certificate) -> tuple[Iteration, Certificate]:
    """The iteration first, as everywhere, then the certificate: both fresh and locked."""
    if certificate.is_recorded:
        raise Refused(_("An old paper that was only recorded cannot be made anew. Correct the record, or revoke it."))
    iteration = courses.lock(certificate.iteration)
    rows = Certificate.objects.select_related("batch", "issuer", "nomination", "person", "host")
    row = rows.select_for_update(of=("self",)).get(pk=certificate.pk)
    row.iteration = iteration
    return iteration, row


def _certificates_of(nominations: list[Nomination]) -> tuple[dict[int, Certificate], dict[int, Certificate]]:
    """The live certificate and the last revoked one of each nomination; one query."""
    live, revoked = {}, {}
    for each in Certificate.objects.live_or_revoked().filter(nomination__in=nominations).defer("badge").order_by("pk"):
        (live if each.is_live else revoked)[each.nomination_id] = each
    return live, revoked


def _entitled(nomination: Nomination, attendance: int, iteration: Iteration) -> Entitlement:
    course = iteration.course
    return entitlement(Record(course.certificate_kind, nomination.state, attendance, course.minimum_attendance))


def _refuse_without_entitlement(row: Certificate, iteration: Iteration) -> None:
    why_not = _why_not_today(row, iteration)
    if why_not:
        raise Refused(_("A new certificate is not possible. %s") % why_not)


def _why_not_today(row: Certificate, iteration: Iteration) -> str:
    if row.nomination is None:
        return _why_no_part(row, iteration)
    attendance = Attendance.objects.shares([row.nomination], iteration)[row.nomination_id]
    today = _entitled(row.nomination, attendance, iteration)
    if today.kind == row.kind:
        return ""
    return today.why_not or _("The record now entitles to another kind of certificate.")


def _why_no_part(row: Certificate, iteration: Iteration) -> str:
    """An instructor must still be on the team, a host still the host."""
    if row.kind == Kind.INSTRUCTOR and not iteration.team.filter(person=row.person).exists():
        return _("The team no longer names this person.")
    if row.kind == Kind.HOST and iteration.host_id != row.host_id:
        return _("This institution is no longer the host.")
    return ""


def _second_of(row: Certificate) -> Language | None:
    return Language.objects.filter(code=row.printed.get("second_language") or "").first()


def _queue_all(
    receivers: list[Receiver], batch: IssueBatch, wording: Wording, versions: dict[str, TemplateVersion]
) -> list[Certificate]:
    """A numbered row for each, its history, the chain from the old one; and the bell."""
    issuer = Issuer.objects.of(wording.issuer)
    year = wording.iteration.today().year
    chosen = {
        kind: versions.get(kind) or version_for(kind, wording.issuer) for kind in {each.kind for each in receivers}
    }
    counts = draw_numbers(issuer.prefix, year, len(receivers))
    rows = [
        _row(each, issuer.number(year, count), batch, wording, chosen[each.kind])
        for each, count in zip(receivers, counts, strict=True)
    ]
    for row in rows:
        keep_history(row, by=batch.started_by, reason=gettext_noop("Queued"))
    made = bulk_create_with_history(rows, Certificate)
    for row, receiver in zip(made, receivers, strict=True):
        if receiver.follows:
            _point_to(row, receiver.follows)
    tasks.ring_for(batch)
    return made


def _row(receiver: Receiver, number: str, batch: IssueBatch, wording: Wording, version: TemplateVersion) -> Certificate:
    is_host = receiver.kind == Kind.HOST
    return Certificate(
        iteration=batch.iteration,
        nomination=receiver.nomination,
        person=None if is_host else receiver.holder,
        host=receiver.holder if is_host else None,
        batch=batch,
        kind=receiver.kind,
        number=number,
        number_key=numbers.key(number),
        issuer=wording.issuer,
        template_version=version,
        expires_on=wording.expires_on(receiver.kind),
        printed=wording.of(receiver.kind, receiver.holder, number, replaces=receiver.follows),
    )


def _point_to(new: Certificate, old: Certificate) -> None:
    """The move is in the history already; this completes it."""
    old.replaced_by = new
    old.save_without_historical_record(update_fields=["replaced_by"])
