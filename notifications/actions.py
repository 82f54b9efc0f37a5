"""Write messages, call them back, send them again."""

from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from notifications import jobs, tasks
from notifications.models import Notification


def tell(
    event: str, *, to, occasion: str, template: str, context: dict, path: str = "", due_at=None
) -> Notification | None:
    """Write one message in the transaction of the deed it tells of, and ring on commit.

    `to` is a user, or an e-mail address for somebody without an account; without an address nothing is written.
    `template` names a mail under templates/: its first line is the subject, the rest the text. It is written in
    English, for what is known is the language of who acts, and not of who reads.
    The same event and occasion to the same address is written once.
    """
    email, recipient = (to, None) if isinstance(to, str) else (to.email, to)
    if not email:
        return None
    facts = {**context, "base_url": settings.BASE_URL, "path": path, "recipient": recipient}
    with override(settings.LANGUAGE_CODE):
        text = render_to_string(template, facts)
    subject, _break, body = text.strip().partition("\n")
    notification = Notification(
        event=event,
        occasion=occasion,
        email=email,
        recipient=recipient,
        subject=" ".join(subject.split())[:250],  # a line break in a name would be a header of its own
        body=body.strip(),
        path=path,
        message_id=Notification.new_message_id(),
        due_at=due_at or timezone.now(),
    )
    # What is written already stays as it is; one statement, where to ask first would be two.
    Notification.objects.bulk_create(
        [notification], update_conflicts=True, update_fields=["event"], unique_fields=["event", "occasion", "email"]
    )
    jobs.ring(tasks.send_notification, notification.pk)
    return notification


def send_now(beginnings: Iterable[str]) -> int:
    """Make the waiting messages whose occasion begins with one of these due at once; says how many."""
    count = 0
    for beginning in beginnings:
        later = Notification.objects.undone().filter(occasion__startswith=beginning, due_at__gt=timezone.now())
        for pk in list(later.values_list("pk", flat=True)):
            count += Notification.objects.filter(pk=pk).update(due_at=timezone.now())
            jobs.ring(tasks.send_notification, pk)
    return count


def call_back_beginning(beginning: str) -> int:
    """Cancel the messages that are not due yet and whose occasion begins so: a newer decision stands now."""
    later = Notification.objects.undone().filter(occasion__startswith=beginning, due_at__gt=timezone.now())
    return later.update(cancelled_at=timezone.now())


def call_back(*, occasion: str) -> int:
    """Cancel the messages about an occasion that are still waiting; says how many."""
    return Notification.objects.undone().filter(occasion=occasion).update(cancelled_at=timezone.now())


@transaction.atomic
def send_again(notification: Notification, *, by) -> bool:
    """Put a parked message back on the work list with fresh attempts; False when it is not parked (any more)."""
    _coordinators_only(by)
    fresh = {"parked_at": None, "attempts": 0, "failure": "", "lease_until": None, "due_at": timezone.now()}
    is_back = bool(Notification.objects.parked().filter(pk=notification.pk).update(**fresh))
    if is_back:
        jobs.ring(tasks.send_notification, notification.pk)
    return is_back


@transaction.atomic
def discard(notification: Notification, *, by) -> bool:
    """Cancel a message for good; False when it has gone out, or is going out at this moment."""
    _coordinators_only(by)
    idle = Q(lease_until__isnull=True) | Q(lease_until__lt=timezone.now())
    unsent = Notification.objects.filter(idle, pk=notification.pk, sent_at__isnull=True, cancelled_at__isnull=True)
    return bool(unsent.update(cancelled_at=timezone.now(), failure=_("Discarded by %s.") % by))


def _coordinators_only(by) -> None:
    if not by.is_coordinator:
        raise PermissionDenied(_("Only a training coordinator may send again or discard."))
