"""Send what waits. Safe to repeat: the lease says whose turn it is, `sent_at` says that it is done."""

from celery import shared_task
from django.core.mail import EmailMessage
from django.utils import timezone

from notifications.models import Notification

SWEEP_LIMIT = 500


@shared_task
def send_notification(notification_id: int) -> None:
    """Send one message under a lease; a fault gives it back with the cause."""
    notification = Notification.objects.claim(notification_id)
    if notification is None:
        return
    try:
        _mail(notification).send()
    except OSError as fault:  # smtplib's errors are OSErrors: the relay is away, or refuses
        notification.retry_later(f"{type(fault).__name__}: {fault}")
        return
    notification.finish(sent_at=timezone.now(), failure="")


@shared_task
def sweep() -> None:
    """Ring again for every message that still waits."""
    for pk in Notification.objects.waiting().order_by("due_at").values_list("pk", flat=True)[:SWEEP_LIMIT]:
        send_notification.delay(pk)


def _mail(notification: Notification) -> EmailMessage:
    headers = {"Message-ID": notification.message_id, "Auto-Submitted": "auto-generated"}
    return EmailMessage(notification.subject, notification.body, to=[notification.email], headers=headers)
