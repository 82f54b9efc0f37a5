from django.contrib import admin
from simple_history.admin import SimpleHistoryAdmin

from enrollment.models import Aim, Completion, Evidence, Nomination, TrainingRequest, Turn, Waiver
from interface.admin import OfficeAdmin, RecordAdmin


@admin.register(TrainingRequest)
class TrainingRequestAdmin(SimpleHistoryAdmin, RecordAdmin):
    list_display = ["number", "nation", "organisation", "kind", "course", "people", "state", "received_at"]
    list_filter = ["state", "kind", "plan", "course"]
    list_select_related = ["nation", "organisation", "course"]
    search_fields = ["search_text", "number"]
    date_hierarchy = "created_at"


@admin.register(Nomination)
class NominationAdmin(SimpleHistoryAdmin, RecordAdmin):
    list_display = ["person", "iteration", "nation", "organisation", "state", "is_late", "submitted_at"]
    list_filter = ["state", "is_late", "is_alternate", "iteration__course"]
    list_select_related = ["person", "iteration__course", "nation", "organisation"]
    search_fields = ["person__search_text", "iteration__search_text"]
    date_hierarchy = "created_at"


@admin.register(Waiver)
class WaiverAdmin(RecordAdmin):
    list_display = ["nomination", "criterion", "granted_by", "granted_at"]
    list_select_related = ["nomination__person", "nomination__iteration__course", "granted_by"]
    search_fields = ["nomination__person__search_text", "reason"]


@admin.register(Turn)
class TurnAdmin(RecordAdmin):
    list_display = ["nomination", "outcome", "reason", "seat", "at"]
    list_filter = ["outcome"]
    list_select_related = ["nomination__person", "nomination__iteration__course", "seat__iteration__course"]
    search_fields = ["nomination__person__search_text", "nomination__iteration__search_text", "reason"]
    date_hierarchy = "at"


@admin.register(Aim)
class AimAdmin(SimpleHistoryAdmin, RecordAdmin):
    list_display = ["iteration", "about", "at_least", "is_share"]
    list_filter = ["about"]
    list_select_related = ["iteration__course"]
    search_fields = ["iteration__search_text"]


@admin.register(Completion)
class CompletionAdmin(OfficeAdmin):
    list_display = ["person", "course", "completed_on", "expires_on", "reference", "recorded_by"]
    list_filter = ["course"]
    list_select_related = ["person", "course", "recorded_by"]
    search_fields = ["person__search_text", "reference"]
    autocomplete_fields = ["person", "course"]
    fields = ["person", "course", "completed_on", "expires_on", "reference"]

    def save_model(self, request, obj, form, change) -> None:
        obj.recorded_by = obj.recorded_by or request.user
        super().save_model(request, obj, form, change)


@admin.register(Evidence)
class EvidenceAdmin(SimpleHistoryAdmin, RecordAdmin):
    list_display = ["person", "kind", "course", "state", "expires_on", "uploaded_by", "uploaded_at"]
    list_filter = ["state", "kind"]
    list_select_related = ["person", "course", "uploaded_by"]
    search_fields = ["person__search_text", "reference"]
    date_hierarchy = "uploaded_at"
