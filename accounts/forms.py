from django import forms

from accounts.models import User


class UserAdminForm(forms.ModelForm):
    class Meta:
        model = User
        fields = [
            "email",
            "name",
            "is_coordinator",
            "is_analyst",
            "is_active",
            "is_staff",
            "is_superuser",
            "groups",
            "user_permissions",
        ]

    def clean_email(self) -> str:
        """One spelling for an address, so that it is one account."""
        return self.cleaned_data["email"].lower()
