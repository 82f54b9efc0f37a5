"""Why somebody was offered a seat or passed over: a code with its facts, read in the reader's language."""

from importlib import import_module

import pytest
from django.utils.translation import override

from enrollment.models import Turn

read = import_module("enrollment.migrations.0008_turn_reasons").read


@pytest.mark.parametrize(
    "turn",
    [
        Turn(reason="first in line"),
        Turn(reason="out of turn"),
        Turn(reason="another was chosen"),
        Turn(reason="full", number=20),
        Turn(reason="ceiling", names=["Bosnia and Herzegovina"], number=3),
        Turn(reason="guaranteed", names=["Tunisia", "Ukraine"]),
    ],
    ids=lambda turn: turn.reason,
)
def test_a_sentence_that_was_kept_before_is_read_back_as_what_it_said(turn):
    assert read(turn.sentence) == {"reason": turn.reason, "names": turn.names, "number": turn.number}


def test_a_french_reader_reads_french():
    with override("fr"):
        sentence = Turn(reason="ceiling", names=["Tunisia"], number=3).sentence

    assert "plafond de 3" in sentence
    assert "Tunisia" in sentence
