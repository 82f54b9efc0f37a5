"""What comes in to move a nominee to another iteration."""

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import Iteration
from enrollment.forms.nominations import Text
from enrollment.models import Nomination
from enrollment.models.carrying import targets_for


class TransferForm(forms.Form):
    to = forms.ModelChoiceField(
        Iteration.objects.none(),
        label=_("To which iteration"),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={
            "required": _("Choose the iteration to which the nominee moves."),
            "invalid_choice": _("This iteration takes no nominations now. Choose another one."),
        },
    )
    reason = Text(label=_("Reason"), required=False, help_text=_("The liaison reads it."))

    def __init__(self, nomination: Nomination, user, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        targets = targets_for(nomination.iteration)
        self.fields["to"].queryset = targets.filter(pk__in=Iteration.objects.visible_to(user).values("pk"))
