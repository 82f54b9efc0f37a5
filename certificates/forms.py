from django import forms
from django.utils.translation import gettext_lazy as _

from certificates import actions
from certificates.models import Certificate, Language
from courses.models import Iteration
from enrollment.models import Nomination
from partners.models import Person


class IssueForm(forms.Form):
    """`again` names those whose certificate was revoked and who are to get a new one."""

    tells_trainees = forms.BooleanField(label=_("Tell the holders by e-mail"), required=False)
    again = forms.ModelMultipleChoiceField(
        Nomination.objects.none(),
        required=False,
        error_messages={
            "invalid_choice": _("Somebody in the list is no longer there. Look at the page again; nothing was issued."),
            "invalid_pk_value": _("Somebody in the list is not known. Look at the page again; nothing was issued."),
        },
    )

    instructors = forms.ModelMultipleChoiceField(
        Person.objects.none(),
        label=_("Certificates for instructors"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": _("Somebody in the list is no longer on the team. Look at the page again."),
            "invalid_pk_value": _("Somebody in the list is not known. Look at the page again; nothing was issued."),
        },
    )
    for_host = forms.BooleanField(label=_("A certificate for the host institution"), required=False)
    second = forms.ModelChoiceField(
        Language.objects.none(),
        label=_("Second language on the certificates"),
        required=False,
        empty_label=_("None, English alone"),
        error_messages={"invalid_choice": _("This language is not offered. Look at the page again.")},
    )

    def __init__(self, *args, iteration: Iteration, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        team = [each.person_id for each in actions.instructors_without(iteration)]
        self.fields["instructors"].queryset = Person.objects.filter(pk__in=team)
        self.fields["second"].queryset = Language.objects.offered()
        if not team:
            del self.fields["instructors"]
        if actions.host_without(iteration) is None:
            del self.fields["for_host"]
        register = Nomination.objects.on_the_register().filter(iteration=iteration)
        self.fields["again"].queryset = register.filter(certificates__in=Certificate.objects.revoked()).distinct()


class MoveForm(forms.Form):
    move = forms.CharField(max_length=20)
    reason = forms.CharField(max_length=2000, required=False, strip=True)


class CheckForm(forms.Form):
    """What somebody types from a paper; spaces, dashes and case as they come."""

    number = forms.CharField(
        label=_("Number"),
        max_length=60,
        help_text=_("As on the certificate, such as NCGM-2026-000123."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("Type the number that is printed on the certificate.")},
    )
    code = forms.CharField(
        label=_("Code"),
        max_length=60,
        help_text=_("Twelve letters and digits, such as 7K3M-Q2VX-9RTD. Dashes and case do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("Type the twelve letters and digits that are printed beside the number.")},
    )


class FileForm(forms.Form):
    """One file to be checked, whose fingerprint is taken while it comes in (certificates.uploads)."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("The PDF or the badge as it was downloaded, at most 10 MB. It is read once and kept nowhere."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jwt,.json,.txt"}),
        error_messages={
            "required": _("Choose the file first."),
            "invalid": _("Choose the file first."),
            "empty": _("This file is empty. Download the certificate again, then check that file."),
        },
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.is_too_large:
            sentence = _("This file is larger than 10 MB, and no certificate of ours is. It was not read.")
            raise forms.ValidationError(sentence, code="too_large")
        if len(self.files.getlist("file")) > 1:
            raise forms.ValidationError(_("Check one file at a time."))
        return file

    @property
    def is_too_large(self) -> bool:
        return self.has_error("file", "too_large")
