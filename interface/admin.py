"""What all lists of the administration have in common."""

from django.contrib import admin


class OfficeAdmin(admin.ModelAdmin):
    """Fast on long lists: no count of everything, related rows by one join."""

    show_full_result_count = False
    list_per_page = 50


class RecordAdmin(OfficeAdmin):
    """Records that move by a workflow: to look at, never to decide on. Deciding is done on the site's pages."""

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False
