"""Form fields that this app and those above it use."""

from datetime import date

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.moves import Refused
from partners.models import Nation, Organisation

YEARS = range(1950, 2101)


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
            raise forms.ValidationError(
                _("Write a year between %(first)s and %(last)s.") % {"first": YEARS[0], "last": YEARS[-1]}
            )
        return day


class SenderField(forms.TypedChoiceField):
    """One nation or organisation out of those given, by one list: never both, never neither."""

    def __init__(self, senders, **kwargs) -> None:
        self._senders = {f"{type(each).__name__.lower()}-{each.pk}": each for each in senders}
        super().__init__(choices=self._choices(), coerce=self._senders.get, empty_value=None, **kwargs)

    def prepare_value(self, value):
        return f"{type(value).__name__.lower()}-{value.pk}" if isinstance(value, Nation | Organisation) else value

    def _choices(self) -> list:
        nations = [(key, str(each)) for key, each in self._senders.items() if isinstance(each, Nation)]
        organisations = [(key, _full(each)) for key, each in self._senders.items() if isinstance(each, Organisation)]
        groups = [(gettext_lazy("Nations"), nations), (gettext_lazy("Organisations"), organisations)]
        return [("", gettext_lazy("Choose …")), *(group for group in groups if group[1])]


def _full(organisation: Organisation) -> str:
    return f"{organisation.short_name} – {organisation.name}"


class Refusable:
    """Of forms whose action may refuse: the sentence goes beside its field, else on top."""

    def refuse(self, refused: Refused) -> None:
        self.add_error(refused.field if refused.field in self.fields else None, refused.sentence)


class Versioned(forms.Form):
    """Of model forms over a history: who saves over somebody else's change is told once, and keeps what was typed."""

    version = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self._newest = self.instance.history.select_related("history_user").first() if self.instance.pk else None
        self.initial["version"] = str(self._newest.pk) if self._newest else ""

    def clean(self) -> dict:
        cleaned = super().clean()
        seen, newest = cleaned.get("version"), self.initial["version"]
        if seen and seen != newest:
            self.data = self.data.copy()
            self.data[self.add_prefix("version")] = newest
            self.add_error(None, self._say_who_was_faster())
        return cleaned

    def _say_who_was_faster(self) -> str:
        sentence = _(
            "%(who)s changed this record while you were writing. What you typed is kept here: compare it with "
            "the record, and save again if it is to stand."
        )
        who = self._newest.history_user if self._newest else None
        return sentence % {"who": who or _("Somebody")}
