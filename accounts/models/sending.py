from datetime import timedelta

from django.conf import settings
from django.contrib.messages.storage.cookie import MessageDecoder, MessageEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# For so long a client may send again. Longer than any browser or program waits, and no longer than needed.
KEPT_FOR = timedelta(hours=24)


class SendingQuerySet(models.QuerySet):
    def expired(self):
        return self.filter(sent_at__lt=timezone.now() - KEPT_FOR)

    def claim(self, user, key: str, content_hash: str) -> tuple["Sending", bool]:
        """The row of `key`, and whether it is new: then the caller does the deed, in the same transaction.

        While another request works under the same key, this waits for its end.
        """
        return self.get_or_create(user=user, key=key, defaults={"content_hash": content_hash})


class Sending(models.Model):
    """What somebody sent under a key and was done, with its answer: sent again, it is answered and not done again.

    `key` and `content_hash` are hashes: what was sent is not kept here. The row is written with the deed or not at all.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    content_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    messages = models.JSONField(default=list, encoder=MessageEncoder, decoder=MessageDecoder)
    sent_at = models.DateTimeField(default=timezone.now, db_index=True)

    objects = SendingQuerySet.as_manager()

    class Meta:
        verbose_name = _("sending")
        verbose_name_plural = _("sendings")
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_answer_per_user_and_key")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.sent_at:%Y-%m-%d %H:%M:%S}"
