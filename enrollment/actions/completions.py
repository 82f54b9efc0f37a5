"""Evidence for prerequisites: what a person completed elsewhere."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.moves import Refused
from courses.models import Course
from enrollment.models import Completion
from partners.models import Person


def record_completion(
    person: Person, course: Course, completed_on: date, *, by, reference: str = "", expires_on: date | None = None
) -> Completion:
    """Record that a person completed a course or e-learning elsewhere. For her liaison and the office (rule 5.8).

    Refuses a day that has not come: what is planned is not completed.
    """
    if not (by.is_authenticated and (by.is_coordinator or person.is_sent_by_those_of(by))):
        raise Refused(_("Completions are recorded by the person's own liaison or by the office."))
    if completed_on > timezone.localdate():
        raise Refused(_("Give the day on which it was completed: it cannot lie ahead."), field="completed_on")
    if expires_on and expires_on < completed_on:
        raise Refused(_("It expires before it was completed."), field="expires_on")
    completion = Completion(
        person=person,
        course=course,
        completed_on=completed_on,
        reference=reference.strip()[:80],
        expires_on=expires_on,
        recorded_by=by,
    )
    try:
        with transaction.atomic():
            completion.save()
    except IntegrityError as twice:
        raise Refused(_("This completion is already recorded."), field="completed_on") from twice
    return completion


def prove_completion(
    person: Person, course: Course, completed_on: date, *, by, reference: str = "", expires_on: date | None = None
) -> Completion:
    """Record what a certificate says: a new completion, or of the same one on record the reference and the expiry."""
    known = Completion.objects.filter(person=person, course=course, completed_on=completed_on).first()
    if known is None:
        return record_completion(person, course, completed_on, by=by, reference=reference, expires_on=expires_on)
    known.reference, known.expires_on = reference.strip()[:80] or known.reference, expires_on
    known.save(update_fields=["reference", "expires_on"])
    return known
