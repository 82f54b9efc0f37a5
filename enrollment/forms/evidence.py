"""What comes in as evidence: a form for each kind, with the facts that stand on such a paper."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.moves import Refused
from courses.models import Course
from enrollment import scans
from enrollment.actions import evidence as actions
from enrollment.models import Evidence, Nomination
from partners.fields import DateField, Refusable
from partners.models import Person

Kind = Evidence.Kind


class PaperField(forms.FileField):
    """One file, looked at: its value is a scans.Scan."""

    def __init__(self, **options) -> None:
        widget = forms.FileInput(attrs={"accept": scans.ACCEPTED})
        help_text = gettext_lazy(
            "PDF, PNG or JPEG, at most 5 MB. Only you, the office and the person's liaison see it."
        )
        super().__init__(
            label=gettext_lazy("File"), allow_empty_file=True, widget=widget, help_text=help_text, **options
        )

    def clean(self, data, initial=None) -> scans.Scan:
        upload = super().clean(data, initial)
        try:
            scans.refuse_too_large(upload.size)
            return scans.scan_of(upload.name, upload.read())
        except Refused as refused:
            raise forms.ValidationError(refused.sentence) from refused


class EvidenceForm(Refusable, forms.ModelForm):
    """The facts of one kind of paper about `person`; `user` hands it in."""

    kind = ""
    labels: dict[str, str] = {}
    needed: tuple[str, ...] = ()

    class Meta:
        model = Evidence
        fields = ["dated_on", "expires_on", "reference"]
        field_classes = {"dated_on": DateField, "expires_on": DateField}

    def __init__(self, *args, person: Person, user, nomination: Nomination | None = None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.person, self.user, self.nomination = person, user, nomination
        for name, label in self.labels.items():
            self.fields[name].label = label
        for name in self.needed:
            self.fields[name].required = True

    def keep(self) -> Evidence:
        """Hand it in by the action; raises Refused. The form stays as it was, to be shown again."""
        self.instance.person, self.instance.kind, self.instance.nomination = self.person, self.kind, self.nomination
        return actions.hand_in(self.instance, self.cleaned_data.get("file"), by=self.user)


class LanguageForm(EvidenceForm):
    kind = Kind.LANGUAGE
    labels = {
        "profile": gettext_lazy("SLP in English"),
        "dated_on": gettext_lazy("Date of the test"),
        "reference": gettext_lazy("Issued by"),
    }
    needed = ("profile", "dated_on")
    file = PaperField()

    class Meta(EvidenceForm.Meta):
        fields = ["profile", "dated_on", "expires_on", "reference"]
        help_texts = {"profile": gettext_lazy("Listening, speaking, reading, writing: such as 3232 or 2+222.")}


class CompletionForm(EvidenceForm):
    kind = Kind.COMPLETION
    labels = {"dated_on": gettext_lazy("Completed on"), "reference": gettext_lazy("Certificate reference")}
    needed = ("course", "dated_on")
    file = PaperField()

    class Meta(EvidenceForm.Meta):
        fields = ["course", "dated_on", "expires_on", "reference"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = Course.objects.visible_to(self.user)
        self.fields["course"].empty_label = _("Choose a course")


class LetterForm(EvidenceForm):
    kind = Kind.LETTER
    labels = {"dated_on": gettext_lazy("Date of the letter"), "reference": gettext_lazy("Its reference")}
    file = PaperField()

    class Meta(EvidenceForm.Meta):
        fields = ["dated_on", "reference"]


class ClearanceForm(EvidenceForm):
    """A statement without its paper: whoever sends one all the same is told that it was not kept."""

    kind = Kind.CLEARANCE
    labels = {"level": gettext_lazy("If yes, up to"), "expires_on": gettext_lazy("If yes, until")}
    is_cleared = forms.TypedChoiceField(
        label=gettext_lazy("Cleared"),
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say yes or no.")},
    )

    class Meta(EvidenceForm.Meta):
        fields = ["is_cleared", "level", "expires_on"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = [("", _("Choose a level")), *Evidence.Level.choices]

    def clean(self) -> dict:
        cleaned = super().clean()
        if self.files:
            self.add_error(
                None, _("The paper of a clearance does not belong here and was not kept: state it as yes or no.")
            )
        if cleaned.get("is_cleared"):
            self._ask_for_level_and_day(cleaned)
        elif "is_cleared" in cleaned:
            cleaned |= {"level": "", "expires_on": None}
        return cleaned

    def _ask_for_level_and_day(self, cleaned: dict) -> None:
        for name, sentence in (("level", _("Say up to which level.")), ("expires_on", _("Say until when."))):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, sentence)


FORMS = {form.kind: form for form in (LanguageForm, CompletionForm, ClearanceForm, LetterForm)}
