"""Make what is queued. Safe to repeat: the lease says whose turn it is, the stored file says that it is done."""

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from accounts.actions import carry_out, carry_out_all
from certificates import badges, documents, emails, files, renderer, signing
from certificates.letters import printing
from certificates.models import Certificate, IssueBatch, Letter
from certificates.rendering import RenderingFailed
from notifications import jobs

# Laid out together this is cheapest; more only costs memory, and what a killed worker has to do again.
CHUNK = 25
MOST_RINGS = 100


@shared_task
def make_certificates(batch_id: int) -> None:
    """Make the next certificates of an issue, as many as are laid out together, under a lease each.

    What can never be made (a letter without a typeface) is marked failed at once; a full disk is tried again.
    """
    certificates = Certificate.objects.filter(batch=batch_id).for_making()
    jobs.work_on_some(certificates, CHUNK, _make, give_up=_fail)


def ring_for(batch: IssueBatch) -> None:
    """Ring on commit, once for each chunk that waits."""
    for _chunk in range(_chunks_waiting(batch)):
        jobs.ring(make_certificates, batch.pk)


@shared_task
def make_letter(letter_id: int) -> None:
    """Render and store one letter under a lease; what can never be printed is set aside at once."""
    jobs.work_on(Letter.objects, letter_id, _make_letter, give_up=_give_up_letter, hopeless=(RenderingFailed,))


@shared_task
def sweep() -> None:
    """Ring again for every certificate and letter that still waits, and clear away parts of files."""
    for batch in IssueBatch.objects.with_work():
        for _chunk in range(_chunks_waiting(batch)):
            make_certificates.delay(batch.pk)
    jobs.ring_for_all(Letter.objects, make_letter)
    files.remove_leftovers()


def _chunks_waiting(batch: IssueBatch) -> int:
    return min(MOST_RINGS, -(-Certificate.objects.waiting().filter(batch=batch).count() // CHUNK))


def _make(certificates: list[Certificate]) -> None:
    """Lay out together, then sign, keep and issue; each has an outcome of its own."""
    if trouble := signing.trouble() or badges.trouble():
        _pause(certificates, trouble)
        return
    for certificate in certificates:
        certificate.badge = badges.of(certificate)
    made = []
    for certificate, file in zip(certificates, documents.files_of(certificates), strict=True):
        if isinstance(file, RenderingFailed):
            _fail(certificate, str(file))
            continue
        try:
            made.append((certificate, *files.keep(signing.sign(file))))
        except (OSError, signing.SigningFailed) as fault:
            jobs.put_off(certificate, fault, give_up=_fail)
    _issue(made)


@transaction.atomic
def _pause(certificates: list[Certificate], why: str) -> None:
    """Nothing can be signed: the issue waits for the office, and nobody's attempt counts."""
    batch = certificates[0].batch
    if IssueBatch.objects.filter(pk=batch.pk, paused_at__isnull=True).update(paused_at=timezone.now(), paused_why=why):
        emails.tell_of_the_pause(batch, why)
    for row in Certificate.objects.held_of(certificates):
        Certificate.objects.filter(pk=row.pk).update(lease_until=None, attempts=row.attempts - 1)


@transaction.atomic
def _issue(made: list[tuple[Certificate, str, str]]) -> None:
    """The final write, only of what is still leased to us; the messages go with it."""
    held = {row.pk: row for row in Certificate.objects.for_making().held_of([each for each, *_file in made])}
    outcomes = [(held[each.pk], _outcome(each, *file)) for each, *file in made if each.pk in held]
    carry_out_all(outcomes, "issue", by=None)
    for row, _outcome_of_it in outcomes:
        if row.batch.tells_trainees:
            emails.tell_the_trainee(row)


def _outcome(certificate: Certificate, name: str, sha256: str) -> dict:
    signature = {"signed_by": signing.subject()[:300], "has_development_signature": signing.is_development()}
    file = {"file_name": name, "sha256": sha256, "badge": certificate.badge}
    return {**file, **signature, "issued_at": timezone.now(), "lease_until": None, "failure": ""}


@transaction.atomic
def _fail(certificate: Certificate, cause: str) -> None:
    """Set aside with its cause, only while the lease is still ours; the office is told with it."""
    row = Certificate.objects.for_making().held(certificate)
    if row is None:
        return
    carry_out(row, "fail", by=None, reason=cause, failure=cause, parked_at=timezone.now(), lease_until=None)
    emails.tell_the_office(row)


def _make_letter(letter: Letter) -> None:
    name, sha256 = files.keep(renderer.render(printing.document_of(letter)))
    letter.finish(file_name=name, sha256=sha256, made_at=timezone.now(), failure="")


@transaction.atomic
def _give_up_letter(letter: Letter, cause: str) -> None:
    """Set aside with its cause, only while the lease is still ours; who asked for it is told with it."""
    if letter.finish(failure=cause, parked_at=timezone.now()):
        emails.tell_who_asked(letter)
