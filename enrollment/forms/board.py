"""What comes in from the selection board: choices, the words of refusals, the office's aims."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django import forms
from django.utils.translation import gettext_lazy as _

from enrollment.actions import Choice, Goal
from enrollment.forms.nominations import LONGEST_TEXT
from enrollment.models import Aim, Nomination
from enrollment.models.aim import COUNTED_ONLY
from enrollment.models.board import SENDER, Board, Row
from enrollment.models.trail import Version

# One letter a choice: it is the key that makes it, and three hundred rows repeat it.
LETTERS = {"s": "select", "w": "waitlist", "r": "refuse"}
LETTER_OF = {move: letter for letter, move in LETTERS.items()}
MOST = 2000


@dataclass
class Intent:
    """What somebody has in mind on a board and has not saved: choices by nomination id, ticks, how the page stands."""

    choices: dict[int, str] = field(default_factory=dict)
    ticked: set[int] = field(default_factory=set)
    order: str = SENDER
    seen: Version | None = None
    is_proposed: bool = False
    has_strangers: bool = False
    words: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, data, board: Board) -> "Intent":
        """Ids of others than this board's nominees are passed over, and said (`has_strangers`)."""
        letters = {name[1:]: value for name, value in data.items() if name[:1] == "c" and name[1:].isdecimal()}
        known = {str(row.pk): row.pk for row in board.rows}
        chosen = {known[name]: letter for name, letter in letters.items() if name in known and letter in LETTERS}
        ticked = set(data.getlist("ids"))
        return cls(
            choices={pk: LETTERS[letter] for pk, letter in chosen.items()},
            ticked={pk for name, pk in known.items() if name in ticked},
            order=data.get("order", SENDER),
            seen=Version.parse(data.get("seen", "")),
            is_proposed=bool(data.get("proposed")),
            has_strangers=bool((letters.keys() | ticked) - known.keys()),
            words={name: value for name, value in data.items() if _is_of_a_refusal(name)},
        )

    def mark(self, move: str, rows: Iterable[Row]) -> None:
        """Choose the same for all who are ticked; who cannot get it stays as she is. The ticks go."""
        for row in rows:
            if row.pk not in self.ticked:
                continue
            if move in row.open and (move != "select" or not row.bar):
                self.choices[row.pk] = move
            elif not move:
                self.choices.pop(row.pk, None)
        self.ticked = set()

    def without_the_decided(self, board: Board) -> list[Row]:
        """Drop the choices that are open no more; says of whom."""
        dropped = [row for row in board.rows if self.choices.get(row.pk, "") not in ("", *row.open)]
        for row in dropped:
            del self.choices[row.pk]
        return dropped


def _is_of_a_refusal(name: str) -> bool:
    """The names of the fields of WordsForm."""
    return name in ("code", "reason") or (name[:1] == "r" and name[1:].isdecimal())


class WordsForm(forms.Form):
    """The reasons of the refusals: one for all, and for anybody another one."""

    code = forms.ChoiceField(label=_("Reason from the list"), choices=Nomination.RefusalCode.choices, initial="other")
    reason = forms.CharField(
        label=_("Reason of the refusals"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The liaison reads it, and later the candidate."),
        error_messages={"required": _("Give a reason: it is kept and shown to those concerned.")},
    )

    def __init__(self, refused: list[Row], *args, **kwargs) -> None:
        super().__init__(*args, **{"auto_id": "id_words_%s", **kwargs})
        self.refused = refused
        if not refused:
            self.fields.clear()
        elif len(refused) == 1:
            self.fields["reason"].required = True
        else:
            self.fields["reason"].label = _("Reason of the refusals, but for those with one of their own")
        for row in refused if len(refused) > 1 else []:
            name = row.nomination.person
            self.fields[f"r{row.pk}"] = forms.CharField(label=str(name), required=False, max_length=LONGEST_TEXT)

    def own_reasons(self) -> list:
        """The fields for a reason of somebody's own."""
        return [self[name] for name in self.fields if name not in ("code", "reason")]

    def common(self) -> list:
        return [self[name] for name in ("code", "reason") if name in self.fields]

    def clean(self) -> dict:
        cleaned = super().clean()
        missing = [row for row in self.refused if not self._reason(row).strip()]
        if missing and "reason" not in self.errors:
            names = ", ".join(str(row.nomination.person) for row in missing[:3])
            self.add_error("reason", _("Give a reason: it is kept and shown to those concerned.") + f" ({names})")
        return cleaned

    def choices(self, rows: dict[int, Row], intent: Intent) -> list[Choice]:
        """With the words of a valid form; before it is one, with whatever is there."""
        return [
            Choice(rows[pk].nomination, move, **self._words(rows[pk]) if move == "refuse" else {})
            for pk, move in intent.choices.items()
        ]

    def _words(self, row: Row) -> dict[str, str]:
        return {"reason": self._reason(row), "code": self._said("code") or Nomination.RefusalCode.OTHER}

    def _reason(self, row: Row) -> str:
        return self._said(f"r{row.pk}") or self._said("reason")

    def _said(self, name: str) -> str:
        return getattr(self, "cleaned_data", {}).get(name) or ""


class AimsForm(forms.Form):
    """At least so many, or such a share, of each matter; an empty number is no aim."""

    def __init__(self, aims: Iterable[Aim], *args, **kwargs) -> None:
        super().__init__(*args, **{"auto_id": "id_aims_%s", **kwargs})
        known = {aim.about: aim for aim in aims}
        for about in Aim.About:
            aim = known.get(about)
            self.fields[f"least_{about}"] = forms.IntegerField(
                label=about.label, required=False, min_value=1, max_value=MOST, initial=aim and aim.at_least
            )
            if about not in COUNTED_ONLY:
                unit = "share" if aim is None or aim.is_share else "people"
                self.fields[f"unit_{about}"] = forms.ChoiceField(
                    label=_("%s: counted in") % about.label,
                    choices=[("share", "%"), ("people", _("people"))],
                    initial=unit,
                    required=False,
                )

    def pairs(self) -> list:
        """(number, unit or None) of each matter."""
        units = {name: self[name] for name in self.fields if name.startswith("unit_")}
        return [(self[f"least_{about}"], units.get(f"unit_{about}")) for about in Aim.About]

    def clean(self) -> dict:
        cleaned = super().clean()
        for about in Aim.About:
            if cleaned.get(f"unit_{about}") == "share" and (cleaned.get(f"least_{about}") or 0) > 100:
                self.add_error(f"least_{about}", _("A share is at most 100 %."))
        return cleaned

    def goals(self) -> list[Goal]:
        said = self.cleaned_data
        return [
            Goal(about, said[f"least_{about}"], said.get(f"unit_{about}") == "share")
            for about in Aim.About
            if said.get(f"least_{about}")
        ]
