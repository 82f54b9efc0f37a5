"""States and moves of a certificate, as in field.md, section 6. Read first."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.moves import Role, move


class CertificateState(TextChoices):
    QUEUED = "queued", _("In the queue")
    ISSUED = "issued", _("Issued")
    FAILED = "failed", _("Failed")
    REVOKED = "revoked", _("Revoked")
    REPLACED = "replaced", _("Replaced")


C = CertificateState
LIVE = {C.QUEUED, C.ISSUED, C.FAILED}
CHECKABLE = {C.ISSUED, C.REVOKED, C.REPLACED}  # what a stranger can find
ENDED = {C.REVOKED, C.REPLACED}  # once good, and no longer

MOVES = (
    move("issue", _("Made"), {Role.SYSTEM}, {C.QUEUED}, C.ISSUED),
    move("fail", _("Could not be made"), {Role.SYSTEM}, {C.QUEUED}, C.FAILED, needs_reason=True),
    move("retry", _("Try again"), {Role.COORDINATOR}, {C.FAILED}, C.QUEUED),
    move("replace", _("Replace by a new one"), {Role.COORDINATOR}, {C.ISSUED}, C.REPLACED, needs_reason=True),
    move("revoke", _("Revoke"), {Role.COORDINATOR}, {C.ISSUED}, C.REVOKED, needs_reason=True, is_danger=True),
)
