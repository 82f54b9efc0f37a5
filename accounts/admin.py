from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group, Permission
from django.utils.translation import gettext_lazy as _

from accounts.forms import UserAdminForm
from accounts.invitations import account_for
from accounts.models import User
from interface.admin import OfficeAdmin

admin.site.site_header = admin.site.site_title = _("Perspective administration")
admin.site.index_title = _("Reference data, accounts and records")

admin.site.unregister(Group)


@admin.register(Group)
class PermissionGroupAdmin(GroupAdmin):
    show_full_result_count = False


@admin.register(User)
class UserAdmin(OfficeAdmin):
    """People come in by invitation: a new user has no password and signs in by an e-mailed code."""

    form = UserAdminForm
    list_display = ["email", "name", "is_coordinator", "is_analyst", "is_staff", "is_active", "last_login"]
    list_filter = ["is_active", "is_coordinator", "is_analyst", "is_staff"]
    search_fields = ["email", "name"]
    ordering = ["email"]
    filter_horizontal = ["groups", "user_permissions"]
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["email", "name"]}),
        (_("Roles"), {"fields": ["is_coordinator", "is_analyst"]}),
        (_("Administration"), {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]

    def formfield_for_manytomany(self, db_field, request=None, **kwargs):
        if db_field.name == "user_permissions":
            kwargs["queryset"] = Permission.objects.select_related("content_type")
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def has_delete_permission(self, request, obj=None) -> bool:
        """A user signs decisions: untick “active” instead, which works at once."""
        return False

    def save_model(self, request, obj, form, change) -> None:
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        account_for(obj.email, obj.name)
