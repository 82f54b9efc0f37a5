from django.contrib import admin
from simple_history.admin import SimpleHistoryAdmin

from delivery.models import Attendance, Result
from interface.admin import RecordAdmin


@admin.register(Attendance)
class AttendanceAdmin(SimpleHistoryAdmin, RecordAdmin):
    list_display = ["nomination", "day", "is_present", "marked_by", "marked_at"]
    list_filter = ["is_present"]
    list_select_related = ["nomination__person", "nomination__iteration__course", "marked_by"]
    search_fields = ["nomination__person__search_text"]
    date_hierarchy = "day"


@admin.register(Result)
class ResultAdmin(SimpleHistoryAdmin, RecordAdmin):
    list_display = ["nomination", "grade_text", "left_early_on", "recorded_by", "recorded_at"]
    list_select_related = ["nomination__person", "nomination__iteration__course", "recorded_by"]
    search_fields = ["nomination__person__search_text"]
