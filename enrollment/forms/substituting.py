"""What comes in when a holder gives seats back, or sends somebody else."""

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import Quota
from enrollment.forms.nominations import Text
from partners.models import Person


class TurnBackForm(forms.Form):
    """How many seats of which own quota."""

    quota = forms.ModelChoiceField(
        Quota.objects.none(),
        label=_("Seats of"),
        empty_label=None,
        error_messages={
            "required": _("You hold no seats without a name here."),
            "invalid_choice": _("You hold no seats without a name here."),
        },
    )
    count = forms.IntegerField(label=_("How many seats do you turn back?"), min_value=1, max_value=10000)

    def __init__(self, *args, quotas, **kwargs) -> None:
        """`quotas` are the own ones under which seats wait for a name."""
        super().__init__(*args, **kwargs)
        self.fields["quota"].queryset = quotas
        if len(quotas) == 1:
            self.fields["quota"].initial = quotas[0]
            self.fields["quota"].widget = forms.HiddenInput()


class SubstituteForm(forms.Form):
    """Who comes instead, and why."""

    person = forms.ModelChoiceField(
        Person.objects.none(),
        widget=forms.HiddenInput,
        error_messages={
            "required": _("Choose the person who comes instead."),
            "invalid_choice": _("This is none of your people. Choose one from the list."),
        },
    )
    reason = Text(label=_("Reason"), help_text=_("The office reads it. It is kept with the change."))

    def __init__(self, *args, people, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people
