"""What comes in with a spreadsheet: the file, for whom it is, and how it is confirmed."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enrollment.spreadsheets import limits
from partners.fields import Refusable, SenderField
from partners.models.sender import senders_of


class SpreadsheetForm(Refusable, forms.Form):
    """A file with nominations; for whom, where the user acts for several."""

    file = forms.FileField(
        label=gettext_lazy("Spreadsheet"),
        max_length=255,
        allow_empty_file=True,  # the reader says more kindly what is missing
        help_text=gettext_lazy("XLSX, or CSV with commas, semicolons or tabs. At most 2 MB and 5,000 rows."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.txt,.tsv"}),
        error_messages={"required": gettext_lazy("Choose the file with your nominations.")},
    )

    def __init__(self, *args, user, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        senders = senders_of(user)
        self._only_sender = senders[0] if len(senders) == 1 else None
        if self._only_sender is None:
            self.fields["sender"] = SenderField(senders, label=_("Sent by"))

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > limits.MOST_BYTES:
            sentence = _(
                "The file is larger than %(megabytes)s MB. Leave out pictures, or divide it into several files."
            )
            raise forms.ValidationError(sentence % {"megabytes": limits.MOST_BYTES // 1024**2})
        return file

    @property
    def sender(self):
        return self._only_sender or self.cleaned_data.get("sender")


class ConfirmForm(Refusable, forms.Form):
    """How the rows that were looked at are written."""

    submits = forms.BooleanField(
        label=gettext_lazy("Submit them at once"),
        required=False,
        help_text=gettext_lazy("Otherwise they are drafts, which the office does not see until you submit them."),
    )
    leaves_errors_out = forms.BooleanField(label=gettext_lazy("Leave rows with errors out"), required=False)

    def __init__(self, *args, has_errors: bool = True, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if not has_errors:
            del self.fields["leaves_errors_out"]
