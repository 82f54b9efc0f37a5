"""States and moves of an iteration, as in field.md, section 6. Read first."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.moves import Role, move


class IterationState(TextChoices):
    DRAFT = "draft", _("Draft")
    ANNOUNCED = "announced", _("Announced")
    OPEN = "nominations open", _("Nominations open")
    NOMINATIONS_CLOSED = "nominations closed", _("Nominations closed")
    CONFIRMED = "confirmed", _("Confirmed")
    RUNNING = "running", _("Running")
    COMPLETED = "completed", _("Completed")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


S = IterationState
OFFICE = {Role.COORDINATOR}

EDITABLE = set(S) - {S.CLOSED, S.CANCELLED}
BEFORE_COMPLETED = {S.DRAFT, S.ANNOUNCED, S.OPEN, S.NOMINATIONS_CLOSED, S.CONFIRMED, S.RUNNING}
BEFORE_THE_DEADLINE = {S.DRAFT, S.ANNOUNCED, S.OPEN}
PLANNING = BEFORE_COMPLETED - {S.RUNNING}  # clashes can still be mended
GO_OR_NO_GO = {S.NOMINATIONS_CLOSED, S.CONFIRMED}  # a minimum that is missed matters now
PUBLIC = set(S) - {S.DRAFT}
UPCOMING = {S.ANNOUNCED, S.OPEN, S.NOMINATIONS_CLOSED, S.CONFIRMED}
TAKING_NOMINATIONS = {S.OPEN, S.NOMINATIONS_CLOSED, S.CONFIRMED}  # after “open”: as the late policy says
SELECTING = {S.OPEN, S.NOMINATIONS_CLOSED, S.CONFIRMED, S.RUNNING}
NO_LONGER_OPEN = SELECTING - {S.OPEN}
GO = {S.CONFIRMED, S.RUNNING}  # it is held
ON_THE_CLOCK = UPCOMING | {S.RUNNING}  # the system takes the steps of the seat clock
HELD = {S.RUNNING, S.COMPLETED, S.CLOSED}
RECORDING = {S.CONFIRMED, S.RUNNING, S.COMPLETED}  # attendance and results may be written

MOVES = (
    move("announce", _("Announce"), OFFICE, {S.DRAFT}, S.ANNOUNCED),
    move("open", _("Open nominations"), OFFICE, {S.ANNOUNCED, S.NOMINATIONS_CLOSED}, S.OPEN),
    move("close_nominations", _("Close nominations"), OFFICE | {Role.SYSTEM}, {S.OPEN}, S.NOMINATIONS_CLOSED),
    move("confirm", _("Confirm: it will be held"), OFFICE, {S.NOMINATIONS_CLOSED}, S.CONFIRMED),
    move("start", _("Start"), OFFICE | {Role.INSTRUCTOR}, {S.CONFIRMED}, S.RUNNING),
    move("complete", _("Complete"), OFFICE, {S.RUNNING}, S.COMPLETED),
    move("close", _("Close the books"), OFFICE, {S.COMPLETED}, S.CLOSED),
    move("cancel", _("Cancel"), OFFICE, BEFORE_COMPLETED, S.CANCELLED, needs_reason=True, is_danger=True),
)
