"""The kinds of certificates, and who gets them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    COMPLETION = "completion", _("Certificate of completion")
    ATTENDANCE = "attendance", _("Certificate of attendance")
    INSTRUCTOR = "instructor", _("Certificate for an instructor")
    HOST = "host", _("Certificate for the host institution")


FOR_PARTICIPANTS = (Kind.COMPLETION, Kind.ATTENDANCE)
