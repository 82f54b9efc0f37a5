"""Housekeeping. Safe to repeat."""

from celery import shared_task

from accounts.models import Sending


@shared_task
def forget_sendings() -> None:
    """Let go of the answers that nobody sends for again."""
    Sending.objects.expired().delete()
