"""What comes in about people."""

import unicodedata
from copy import copy

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import actions
from partners.fields import DateField, Refusable, SenderField, Versioned
from partners.models import LanguageTest, Nation, Organisation, Person
from partners.models.sender import senders_of

NAMES = {"family_name", "given_names", "printed_name", "email"}


class LatinNameField(forms.CharField):
    """A name in Latin letters with any accents; what is in another script belongs into the printed name."""

    def clean(self, value) -> str:
        name = " ".join(super().clean(value).split())
        if any(letter.isalpha() and not _is_latin(letter) for letter in name):
            raise forms.ValidationError(
                _("Write it in Latin letters, as in the passport. Its own script goes into “Name as printed”.")
            )
        return name


def _is_latin(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith(("LATIN", "MODIFIER LETTER"))


class PersonForm(Refusable, Versioned, forms.ModelForm):
    """A person's record, kept by `user`. After `is_valid()`, `keep(by=user)` saves it by the action.

    A record that may be of the same human being is shown once (`suspects`); saving goes on when its key comes back
    in `different`.
    """

    family_name = LatinNameField(
        label=gettext_lazy("Family name"),
        max_length=80,
        help_text=gettext_lazy("In Latin letters, as in the passport; for lists and sorting."),
    )
    given_names = LatinNameField(
        label=gettext_lazy("Given names"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("In Latin letters, as in the passport."),
    )
    different = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    class Meta:
        model = Person
        fields = [
            "family_name",
            "given_names",
            "printed_name",
            "sex",
            "category",
            "grade",
            "rank",
            "service",
            "post_title",
            "gender_function",
            "is_full_time",
            "email",
            "phone",
        ]
        widgets = {"sex": forms.RadioSelect, "category": forms.RadioSelect}

    def __init__(self, data=None, *, user, **kwargs) -> None:
        super().__init__(data, **kwargs)
        if not self.instance.has_other_script:
            self.initial["printed_name"] = ""  # so that it follows a corrected name
        senders = _senders_open_to(user, self.instance.sender)
        if len(senders) != 1:
            self.fields["sender"] = SenderField(senders, label=_("Sent by"), initial=self.instance.sender)
        self._only_sender = senders[0] if len(senders) == 1 else None
        self._visible = Person.objects.visible_to(user)
        self.suspects: list[Person] = []

    def clean_printed_name(self) -> str:
        return " ".join(self.cleaned_data["printed_name"].split())

    def clean(self) -> dict:
        cleaned = super().clean()
        if self.sender and "family_name" in cleaned and (self.instance.pk is None or NAMES & set(self.changed_data)):
            self.suspects = self._visible.perhaps_the_same_as(self._as_typed())
        if not self.is_confirmed:
            self.add_error(None, _("There is somebody on record who may be the same person. Please look first."))
        return cleaned

    @property
    def is_confirmed(self) -> bool:
        """True when every suspect was looked at and said to be somebody else."""
        return {str(each.pk) for each in self.suspects} <= set(self.cleaned_data.get("different", "").split())

    @property
    def sender(self) -> Nation | Organisation | None:
        return self._only_sender or self.cleaned_data.get("sender")

    @cached_property
    def suspect_keys(self) -> str:
        return " ".join(str(each.pk) for each in self.suspects)

    def keep(self, *, by) -> Person:
        """Save by the action; raises Refused. The form stays as it was, to be shown again."""
        person = copy(self.instance)
        _send(person, self.sender)
        return actions.save_person(person, by=by)

    def _as_typed(self) -> Person:
        typed = {name: self.cleaned_data.get(name, "") for name in NAMES}
        person = Person(pk=self.instance.pk, **typed)
        _send(person, self.sender)
        return person


def _senders_open_to(user, present: Nation | Organisation | None) -> list[Nation | Organisation]:
    """For whom `user` may keep people: the office for everybody, a liaison for the own. What is set stays."""
    if not user.is_coordinator:
        return senders_of(user)
    senders = [*Nation.objects.active(), *Organisation.objects.active()]
    return senders if present is None or present in senders else [present, *senders]


def _send(person: Person, sender: Nation | Organisation) -> None:
    person.nation = sender if isinstance(sender, Nation) else None
    person.organisation = sender if isinstance(sender, Organisation) else None


class OwnDataForm(Refusable, forms.ModelForm):
    """What people may correct about themselves."""

    class Meta:
        model = Person
        fields = actions.OWN_FIELDS

    def keep(self, *, by) -> Person:
        return actions.correct_own_data(copy(self.instance), by=by)


class LanguageTestForm(Refusable, forms.ModelForm):
    """A language test of `person`."""

    class Meta:
        model = LanguageTest
        fields = ["language", "profile", "tested_on", "expires_on", "issuer"]
        field_classes = {"tested_on": DateField, "expires_on": DateField}

    def keep(self, person: Person, *, by) -> LanguageTest:
        test = copy(self.instance)
        test.person = person
        return actions.add_language_test(test, by=by)
