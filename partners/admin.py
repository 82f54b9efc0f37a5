from django.contrib import admin
from simple_history.admin import SimpleHistoryAdmin

from interface.admin import OfficeAdmin
from partners.models import (
    CooperationActivity,
    Framework,
    FrameworkMembership,
    LanguageTest,
    Mandate,
    Nation,
    Organisation,
    Person,
)


class MembershipInline(admin.TabularInline):
    model = FrameworkMembership
    fields = ["framework", "from_on", "to_on", "suspended_from", "suspended_to", "precision"]
    extra = 0


@admin.register(Nation)
class NationAdmin(OfficeAdmin):
    list_display = ["name", "code", "alpha3", "is_active"]
    list_filter = ["is_active", "memberships__framework"]
    search_fields = ["search_text"]
    fields = ["name", "name_fr", "code", "alpha3", "former_names", "is_active"]
    inlines = [MembershipInline]

    def get_search_results(self, request, queryset, search_term):
        return queryset.search(search_term), False


@admin.register(Framework)
class FrameworkAdmin(OfficeAdmin):
    list_display = ["name", "code", "position"]
    search_fields = ["name", "code"]
    fields = ["code", "name", "position"]


@admin.register(FrameworkMembership)
class FrameworkMembershipAdmin(OfficeAdmin):
    list_display = ["nation", "framework", "from_on", "to_on", "suspended_from", "suspended_to", "precision"]
    list_filter = ["framework", "precision"]
    list_select_related = ["nation", "framework"]
    search_fields = ["nation__search_text"]
    autocomplete_fields = ["nation"]
    fields = ["nation", "framework", "from_on", "to_on", "suspended_from", "suspended_to", "precision"]


@admin.register(Organisation)
class OrganisationAdmin(OfficeAdmin):
    list_display = ["short_name", "name", "kind", "nation", "is_accredited", "accredited_until", "is_active"]
    list_filter = ["kind", "is_accredited", "is_active"]
    list_select_related = ["nation"]
    search_fields = ["search_text"]
    autocomplete_fields = ["nation"]
    fields = [
        "short_name",
        "name",
        "kind",
        "nation",
        "is_accredited",
        "accredited_until",
        "number_prefix",
        "signatory_name",
        "signatory_function",
        "is_active",
    ]


@admin.register(Mandate)
class MandateAdmin(SimpleHistoryAdmin, OfficeAdmin):
    list_display = ["user", "nation", "organisation", "rank", "starts_on", "ends_on"]
    list_filter = ["rank", "starts_on", "ends_on"]
    list_select_related = ["user", "nation", "organisation"]
    search_fields = ["user__email", "user__name", "nation__search_text", "organisation__search_text"]
    autocomplete_fields = ["user", "nation", "organisation"]
    date_hierarchy = "starts_on"
    fields = ["user", "nation", "organisation", "rank", "starts_on", "ends_on", "note"]


class LanguageTestInline(admin.TabularInline):
    model = LanguageTest
    fields = ["language", "profile", "tested_on", "expires_on", "issuer"]
    extra = 0


@admin.register(Person)
class PersonAdmin(SimpleHistoryAdmin, OfficeAdmin):
    list_display = ["list_name", "nation", "organisation", "grade", "category", "gender_function", "user"]
    list_filter = ["category", "gender_function", "sex"]
    list_select_related = ["nation", "organisation", "user"]
    search_fields = ["search_text"]
    autocomplete_fields = ["nation", "organisation", "user"]
    inlines = [LanguageTestInline]
    fields = [
        "family_name",
        "given_names",
        "printed_name",
        "nation",
        "organisation",
        "sex",
        "category",
        "service",
        "rank",
        "grade",
        "post_title",
        "gender_function",
        "is_full_time",
        "email",
        "phone",
        "user",
    ]

    def get_search_results(self, request, queryset, search_term):
        return queryset.search(search_term), False


@admin.register(CooperationActivity)
class CooperationActivityAdmin(OfficeAdmin):
    list_display = ["title", "kind", "organisation", "starts_on", "due_on", "owner", "done_on"]
    list_filter = ["kind", "organisation", "done_on"]
    list_select_related = ["organisation"]
    search_fields = ["title", "notes", "owner"]
    autocomplete_fields = ["organisation"]
    fields = ["organisation", "kind", "title", "starts_on", "due_on", "owner", "done_on", "notes"]
