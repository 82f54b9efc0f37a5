"""Which letter a state asks for, and why another asks for none. Plain values in, plain values out."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from enrollment.workflow import NominationState as N


class LetterKind(TextChoices):
    ACCEPTED = "accepted", _("Acceptance")
    DO_NOT_TRAVEL = "do-not-travel", _("Do not travel yet")
    WAITING = "waiting", _("Waiting list")
    OFFERED = "offered", _("Offer of a place")
    REFUSED = "refused", _("Refusal")
    CANCELLED = "cancelled", _("Cancellation")


K = LetterKind

# The one table. A state that is not in it asks for no letter, and WHY_NONE says why.
KIND_OF = {
    N.SELECTED: K.ACCEPTED,
    N.CONFIRMED: K.ACCEPTED,
    N.WAITLISTED: K.WAITING,
    N.OFFERED: K.OFFERED,
    N.REFUSED: K.REFUSED,
    N.CANCELLED: K.CANCELLED,
}
# Until the iteration is confirmed nobody travels, and a letter about a place says first of all that (field.md, 4.6).
BEFORE_GO = {K.ACCEPTED: K.DO_NOT_TRAVEL}
# Told to the sender, who tells the person. The others are the person's own.
TO_THE_SENDER = {K.WAITING, K.OFFERED, K.REFUSED, K.CANCELLED}
TO_THE_PERSON = set(K) - TO_THE_SENDER

OVER = _("It is over: the result says what came of the place.")
WHY_NONE = {
    N.DRAFT: _("Not submitted yet."),
    N.SUBMITTED: _("Not decided yet."),
    N.RETURNED: _("Returned to the liaison, not decided yet."),
    N.WITHDRAWN: _("Withdrawn: there is no decision to write about."),
    N.LAPSED: _("The offer has lapsed: there is no decision to write about."),
    N.SUBSTITUTED: _("Somebody else was named instead."),
    N.ATTENDED: OVER,
    N.PASSED: OVER,
    N.FAILED: OVER,
    N.NO_SHOW: OVER,
}
NEVER_SUBMITTED = _("Never submitted: the office has decided nothing.")
# A letter about a place stays right when the participant has come.
AFTER_THE_START = {N.ATTENDED, N.PASSED, N.FAILED, N.NO_SHOW}


def kind_for(state: str, *, is_before_go: bool) -> LetterKind | None:
    kind = KIND_OF.get(state)
    return BEFORE_GO.get(kind, kind) if is_before_go else kind
