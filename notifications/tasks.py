"""Send what waits. Safe to repeat: the lease says whose turn it is, `sent_at` says that it is done."""

from celery import shared_task
from django.core.mail import EmailMessage
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications import jobs
from notifications.models import Notification


@shared_task
def send_notification(notification_id: int) -> None:
    """Send one message under a lease; a fault gives it back with the cause."""
    jobs.work_on(Notification.objects.select_related("recipient"), notification_id, _send, give_up=Notification.park)


@shared_task
def sweep() -> None:
    """Ring again for every message that still waits."""
    jobs.ring_for_all(Notification.objects, send_notification)


def _send(notification: Notification) -> None:
    """To where the addressee reads mail today, unless there is no longer anybody to tell."""
    reason = _why_it_is_void(notification)
    if reason:
        notification.finish(cancelled_at=timezone.now(), failure=reason)
        return
    _mail(notification).send()
    # Called back while it was being sent, it went out all the same: what is recorded is what happened.
    notification.finish(sent_at=timezone.now(), email=notification.address, failure="", cancelled_at=None)


def _why_it_is_void(notification: Notification) -> str:
    recipient = notification.recipient
    if recipient is not None and not recipient.is_active:
        return _("The account was closed before the message went out.")
    if notification.has_a_twin():
        return _("The same message went to the new address already.")
    return ""


def _mail(notification: Notification) -> EmailMessage:
    headers = {"Message-ID": notification.message_id, "Auto-Submitted": "auto-generated"}
    return EmailMessage(notification.subject, notification.body, to=[notification.address], headers=headers)
