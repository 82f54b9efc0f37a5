"""Fields that both forms use."""

from datetime import date

from django import forms
from django.utils.translation import gettext as _

from accounts.moves import Refused

YEARS = range(2000, 2101)


class DateInput(forms.DateInput):
    """The browser's own date field, which speaks ISO whatever the language of the page."""

    input_type = "date"

    def __init__(self, attrs=None, **kwargs) -> None:
        super().__init__(attrs, format="%Y-%m-%d", **kwargs)


class DateField(forms.DateField):
    """A day of this age: other years are slips of the pen."""

    widget = DateInput

    def clean(self, value) -> date | None:
        day = super().clean(value)
        if day is not None and day.year not in YEARS:
            raise forms.ValidationError(_("Write a year between 2000 and 2100."))
        return day


class Ticks(forms.ModelMultipleChoiceField):
    """Any number of rows, by ticking. `names` gives a row's label, its own name by default."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, queryset, *, names=str, **kwargs) -> None:
        self.label_from_instance = names
        super().__init__(queryset, **{"required": False, **kwargs})


class Refusable(forms.Form):
    """Of forms whose action may refuse: the sentence goes beside its field, else on top."""

    # Which version of the record was shown; the page writes the present one, also after a refusal.
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def refuse(self, refused: Refused) -> None:
        self.add_error(refused.field if refused.field in self.fields else None, refused.sentence)
