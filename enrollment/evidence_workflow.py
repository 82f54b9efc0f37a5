"""States and moves of a piece of evidence: handed in, looked at by the office, outlived by a newer one."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.moves import Role, move

OFFICE = {Role.COORDINATOR}


class EvidenceState(TextChoices):
    SUBMITTED = "submitted", _("To be checked")
    CHECKED = "checked", _("Checked")
    REJECTED = "rejected", _("Rejected")
    REPLACED = "replaced", _("Replaced by a newer one")


E = EvidenceState

MOVES = (
    move("check", _("Accept as checked"), OFFICE, {E.SUBMITTED}, E.CHECKED),
    move("reject", _("Reject"), OFFICE, {E.SUBMITTED}, E.REJECTED, needs_reason=True, is_danger=True),
    move("replace", _("Replace by a newer one"), {Role.SYSTEM}, {E.SUBMITTED, E.CHECKED}, E.REPLACED),
)
