"""Write messages, call them back, send them again."""

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications import jobs, tasks
from notifications.models import Notification


def tell(
    event: str, *, to, occasion: str, template: str, context: dict, path: str = "", due_at=None
) -> Notification | None:
    """Write one message in the transaction of the deed it tells of, and ring on commit.

    `to` is a user, or an e-mail address for somebody without an account; without an address nothing is written.
    `template` names a mail under templates/: its first line is the subject, the rest the text.
    The same event and occasion to the same address is written once.
    """
    email, recipient = (to, None) if isinstance(to, str) else (to.email, to)
    if not email:
        return None
    text = render_to_string(template, {**context, "base_url": settings.BASE_URL, "path": path, "recipient": recipient})
    subject, _break, body = text.strip().partition("\n")
    notification, is_new = Notification.objects.get_or_create(
        event=event,
        occasion=occasion,
        email=email,
        defaults={
            "recipient": recipient,
            "subject": subject.strip()[:250],
            "body": body.strip(),
            "path": path,
            "message_id": Notification.new_message_id(),
            "due_at": due_at or timezone.now(),
        },
    )
    if is_new:
        jobs.ring(tasks.send_notification, notification.pk)
    return notification


def call_back(*, occasion: str) -> int:
    """Cancel the messages about an occasion that are still waiting; says how many."""
    return Notification.objects.undone().filter(occasion=occasion).update(cancelled_at=timezone.now())


@transaction.atomic
def send_again(notification: Notification) -> None:
    """Put a parked message back on the work list with fresh attempts."""
    Notification.objects.parked().filter(pk=notification.pk).update(
        parked_at=None, attempts=0, failure="", lease_until=None, due_at=timezone.now()
    )
    jobs.ring(tasks.send_notification, notification.pk)


@transaction.atomic
def discard(notification: Notification) -> bool:
    """Cancel a message that has not gone out; False when it has."""
    return bool(
        Notification.objects.filter(pk=notification.pk, sent_at__isnull=True).update(
            cancelled_at=timezone.now(), failure=_("Discarded by the office.")
        )
    )
