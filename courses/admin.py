from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin

from courses.models import (
    ClockStep,
    Course,
    Iteration,
    Prerequisite,
    Provision,
    Quota,
    Reference,
    Seat,
    Teaching,
    TimetableEntry,
    Topic,
)
from interface.admin import OfficeAdmin, RecordAdmin


@admin.register(Topic)
class TopicAdmin(OfficeAdmin):
    list_display = ["name"]
    search_fields = ["name"]
    fields = ["name"]


@admin.register(Reference)
class ReferenceAdmin(OfficeAdmin):
    list_display = ["code", "title", "issued_on"]
    search_fields = ["code", "title"]
    fields = ["code", "title", "issued_on"]


class PrerequisiteInline(admin.TabularInline):
    model = Prerequisite
    fk_name = "course"
    fields = ["required", "is_mandatory"]
    extra = 0


@admin.register(Course)
class CourseAdmin(SimpleHistoryAdmin, OfficeAdmin):
    list_display = [
        "short_name",
        "title",
        "kind",
        "institution",
        "level",
        "certification",
        "review_due_on",
        "is_published",
    ]
    list_filter = ["kind", "level", "certification", "is_published", "institution", "review_due_on"]
    list_select_related = ["institution"]
    search_fields = ["search_text"]
    autocomplete_fields = ["institution", "predecessor"]
    filter_horizontal = ["topics", "references"]
    prepopulated_fields = {"slug": ["short_name"]}
    inlines = [PrerequisiteInline]
    fieldsets = [
        (None, {"fields": ["short_name", "slug", "title", "kind", "institution", "discipline", "is_published"]}),
        (
            "ETOC",
            {"fields": ["level", "certification", "certified_on", "code", "own_code", "eprime_number", "clearance"]},
        ),
        (
            _("Contents"),
            {"fields": ["description", "aim", "objectives", "audience", "topics", "references", "languages"]},
        ),
        (
            _("Entry criteria"),
            {
                "fields": [
                    ("officers_from", "officers_to"),
                    "warrant_officers",
                    ("enlisted_from", "enlisted_by_waiver_from"),
                    "admits_civilians",
                    "slp_minimum",
                ]
            },
        ),
        (
            _("Delivery"),
            {
                "fields": [
                    "duration_days",
                    "default_capacity",
                    "default_minimum",
                    "assessment",
                    "certificate_kind",
                    "minimum_attendance",
                    "certificate_valid_months",
                    "refresher_reminder_days",
                    "is_chatham_house",
                    "is_by_invitation",
                    "fee",
                    "web_link",
                ]
            },
        ),
        (
            _("Seat clock"),
            {
                "fields": [
                    "nomination_deadline_days",
                    "warn_holders_days",
                    "notification_days",
                    "take_back_days",
                    "go_no_go_days",
                    "joining_instructions_days",
                    "last_substitution_days",
                    "offer_hours",
                    "person_told_after_hours",
                    "substitution_grace_hours",
                ]
            },
        ),
        (_("Currency"), {"fields": ["active_from", "active_until", "review_due_on", "predecessor"]}),
    ]


class TeachingInline(admin.TabularInline):
    model = Teaching
    fields = ["person", "part"]
    autocomplete_fields = ["person"]
    extra = 0


class ProvisionInline(admin.TabularInline):
    model = Provision
    fields = ["organisation", "part", "position"]
    autocomplete_fields = ["organisation"]
    extra = 0


class TimetableInline(admin.TabularInline):
    model = TimetableEntry
    fields = ["day", "starts_at", "ends_at", "title", "room", "instructor"]
    autocomplete_fields = ["instructor"]
    extra = 0


@admin.register(Iteration)
class IterationAdmin(SimpleHistoryAdmin, RecordAdmin):
    """To look at; team, providers and programme are edited here, dates and states on the site's pages."""

    list_display = ["__str__", "reference", "starts_on", "state", "seats_taken", "capacity", "host"]
    list_filter = ["state", "format", "course"]
    list_select_related = ["course", "host"]
    search_fields = ["search_text"]
    date_hierarchy = "starts_on"
    inlines = [TeachingInline, ProvisionInline, TimetableInline]

    def has_change_permission(self, request, obj=None) -> bool:
        return admin.ModelAdmin.has_change_permission(self, request, obj)

    def get_readonly_fields(self, request, obj=None) -> list[str]:
        return [
            field.name for field in Iteration._meta.fields + Iteration._meta.many_to_many if field.name != "search_text"
        ]

    def get_fields(self, request, obj=None) -> list[str]:
        hidden = {"id", "providers"}
        return [name for name in self.get_readonly_fields(request, obj) if name not in hidden]


@admin.register(Quota)
class QuotaAdmin(SimpleHistoryAdmin, RecordAdmin):
    list_display = ["__str__", "iteration", "floor", "ceiling", "keeps_ceiling", "released_at"]
    list_filter = ["category", "keeps_ceiling", "framework"]
    list_select_related = ["iteration__course", "nation", "framework", "organisation"]
    search_fields = ["iteration__search_text", "nation__search_text"]


@admin.register(Seat)
class SeatAdmin(SimpleHistoryAdmin, RecordAdmin):
    list_display = ["number", "iteration", "state", "quota"]
    list_filter = ["state"]
    list_select_related = ["iteration__course", "quota__nation", "quota__framework", "quota__organisation"]
    search_fields = ["iteration__search_text"]


@admin.register(ClockStep)
class ClockStepAdmin(RecordAdmin):
    list_display = ["step", "iteration", "due_on", "done_at", "parked_at", "attempts"]
    list_filter = ["step", "done_at", "parked_at"]
    list_select_related = ["iteration__course"]
    search_fields = ["iteration__search_text"]
    date_hierarchy = "due_on"
