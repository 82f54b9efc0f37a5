"""What liaisons and the office do with people on record."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.actions import keep_history
from accounts.moves import Refused
from partners.models import LanguageTest, Person

OWN_FIELDS = ("rank", "post_title", "phone")


@transaction.atomic
def save_person(person: Person, *, by) -> Person:
    """Create or change a person: for the office, and for the liaison of the nation or organisation that sends her.

    Refuses a sender for whom `by` does not act, before and after the change, and a record that was anonymised.
    """
    if not person.may_be_kept_by(by):
        raise Refused(_("You have no mandate for this nation or organisation."), field="sender")
    if person.pk:
        row = _lock_to_change(person, by)
        person.user_id, person.anonymised_at = row.user_id, row.anonymised_at
    keep_history(person, by=by, reason=gettext_noop("Changed") if person.pk else gettext_noop("Entered"))
    person.save()
    return person


@transaction.atomic
def correct_own_data(person: Person, *, by) -> Person:
    """The person corrects what changes with a posting: rank, post and phone. Names are for liaison and office."""
    row = Person.objects.select_for_update().get(pk=person.pk)
    if row.user_id is None or row.user_id != by.pk:
        raise Refused(_("Only the person herself may do this here."))
    _refuse_the_anonymised(row)
    for field in OWN_FIELDS:
        setattr(row, field, getattr(person, field))
    keep_history(row, by=by, reason=gettext_noop("Corrected by the person"))
    row.save(update_fields=OWN_FIELDS)
    return row


@transaction.atomic
def add_language_test(test: LanguageTest, *, by) -> LanguageTest:
    """Record a language test of a person. Tests are added, never rewritten: the newest in a language counts.

    Refuses a day that has not come, and the same test twice.
    """
    person = _lock_to_change(test.person, by)
    if test.tested_on > timezone.localdate():
        raise Refused(_("Give the day of the test: it cannot lie ahead."), field="tested_on")
    if test.expires_on and test.expires_on < test.tested_on:
        raise Refused(_("The test expires before it was taken."), field="expires_on")
    same = {"language": test.language, "profile": test.profile, "tested_on": test.tested_on}
    if person.language_tests.filter(**same).exists():
        raise Refused(_("This test is already on record."))
    test.save()
    keep_history(person, by=by, reason=gettext_noop("Language test added") + f": {test}")
    person.save()  # nothing but the history row
    return test


@transaction.atomic
def prove_language_test(test: LanguageTest, *, by) -> LanguageTest:
    """Record what a certificate says: a new test, or of the same one on record the expiry and the issuer."""
    same = {"language": test.language, "profile": test.profile, "tested_on": test.tested_on}
    person = _lock_to_change(test.person, by)
    known = person.language_tests.filter(**same).first()
    if known is None:
        return add_language_test(test, by=by)
    known.expires_on, known.issuer = test.expires_on, test.issuer or known.issuer
    known.save(update_fields=["expires_on", "issuer"])
    keep_history(person, by=by, reason=gettext_noop("Language test proven") + f": {known}")
    person.save()  # nothing but the history row
    return known


def remove_language_test(test: LanguageTest, *, by) -> None:
    """Take back a language test that should never have been added."""
    person = _lock_to_change(test.person, by)
    keep_history(person, by=by, reason=gettext_noop("Language test removed") + f": {test}")
    person.save()  # nothing but the history row
    test.delete()


@transaction.atomic
def remove_person(person: Person, *, by) -> bool:
    """Delete a record that nothing hangs on, entered by mistake; False when it is in use, and stays."""
    row = _lock_to_change(person, by)
    if row.is_in_use():
        return False
    keep_history(row, by=by, reason=gettext_noop("Deleted"))
    row.delete()
    return True


def _lock_to_change(person: Person, by) -> Person:
    row = Person.objects.select_for_update(of=("self",)).select_related("nation", "organisation").get(pk=person.pk)
    if not row.may_be_kept_by(by):
        raise Refused(_("People are kept by their own liaison and by the office."))
    _refuse_the_anonymised(row)
    return row


def _refuse_the_anonymised(row: Person) -> None:
    if row.anonymised_at:
        raise Refused(_("This record was anonymised and can no longer be changed."))
