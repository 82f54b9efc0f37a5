import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notifications.jobs import Job, JobQuerySet


class NotificationQuerySet(JobQuerySet):
    def undone(self):
        return self.filter(sent_at__isnull=True, parked_at__isnull=True, cancelled_at__isnull=True)

    def sent(self):
        return self.filter(sent_at__isnull=False)

    def parked(self):
        """What could not be sent, and was not discarded since."""
        return super().parked().filter(sent_at__isnull=True, cancelled_at__isnull=True)

    def cancelled(self):
        return self.filter(sent_at__isnull=True, cancelled_at__isnull=False)

    def search(self, text: str):
        """Messages whose address or subject holds every word of `text`."""
        found = self
        for word in text.split():
            found = found.filter(Q(email__icontains=word) | Q(subject__icontains=word))
        return found

    def addressed_to(self, user):
        """What `user` may read in the browser: messages to that account, from the moment that they are due."""
        return self.filter(recipient=user, cancelled_at__isnull=True, due_at__lte=timezone.now())

    def visible_to(self, user):
        if not user.is_authenticated:
            return self.none()
        return self if user.is_coordinator else self.addressed_to(user)


class Notification(Job):
    """One message to one address about one occasion: a job until `sent_at`, then the record of what was said."""

    event = models.CharField(_("event"), max_length=60)
    occasion = models.CharField(_("occasion"), max_length=120, help_text=_("What makes this message the only one."))
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="notifications"
    )
    email = models.EmailField(_("e-mail"))
    subject = models.CharField(_("subject"), max_length=250)
    body = models.TextField(_("text"))
    path = models.CharField(
        _("page"), max_length=250, blank=True, help_text=_("Where the message leads, on this site.")
    )
    message_id = models.CharField(max_length=120, unique=True, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True, db_index=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "occasion", "email"],
                name="one_message_per_event_occasion_and_address",
                violation_error_message=_("This message was already written."),
            )
        ]
        indexes = [models.Index(fields=["sent_at", "parked_at", "due_at"], name="notification_work_list")]

    def __str__(self) -> str:
        return self.subject

    @property
    def state(self) -> str:
        """sent, cancelled, parked or waiting: for the outbox and its badge."""
        if self.sent_at:
            return "sent"
        if self.cancelled_at:
            return "cancelled"
        return "parked" if self.parked_at else "waiting"

    @property
    def address(self) -> str:
        """Where the message goes: to the account's address of today, else to the one it was written for."""
        return self.recipient.email if self.recipient else self.email

    def has_a_twin(self) -> bool:
        """True when the address has changed since, and the same message was written to the new one as well."""
        if self.address == self.email:
            return False
        twins = Notification.objects.filter(event=self.event, occasion=self.occasion, email=self.address)
        return twins.exclude(pk=self.pk).exists()

    @staticmethod
    def new_message_id() -> str:
        return f"<{uuid.uuid4()}@perspective>"
