from django.contrib import admin

from interface.admin import RecordAdmin
from notifications.models import Notification


@admin.register(Notification)
class NotificationAdmin(RecordAdmin):
    list_display = ["subject", "email", "event", "created_at", "sent_at", "parked_at"]
    list_filter = ["event", "sent_at"]
    search_fields = ["email", "subject"]
    date_hierarchy = "created_at"
