"""The reason of a turn becomes a code with its facts: until now it was an English sentence."""

import re

from django.db import migrations, models

SENTENCES = (
    ("out of turn", r"Chosen by the office, out of turn\."),
    ("another was chosen", r"The office offered the seat to another\."),
    ("full", r"Passed over: all (?P<number>\d+) seats are taken\."),
    ("ceiling", r"Passed over: the ceiling of (?P<number>\d+) for (?P<names>.+) is reached\."),
    ("guaranteed", r"Passed over: the seats still free are guaranteed to: (?P<names>.+?)\.?"),
)


def read(sentence: str) -> dict:
    """Code, names and number of a sentence as it was kept; names cut off at 300 characters stay so."""
    for code, pattern in SENTENCES:
        if found := re.fullmatch(pattern, sentence):
            facts = found.groupdict()
            names = facts.get("names") or ""
            names = names.split(", ") if code == "guaranteed" else [names] * bool(names)
            return {"reason": code, "names": names, "number": int(facts.get("number") or 0)}
    return {"reason": "first in line", "names": [], "number": 0}


def read_all(apps, schema_editor) -> None:
    turns = apps.get_model("enrollment", "Turn").objects
    for pk, sentence in turns.values_list("pk", "reason"):
        turns.filter(pk=pk).update(**read(sentence))


class Migration(migrations.Migration):
    dependencies = [
        ("enrollment", "0007_order_without_a_join"),
    ]

    operations = [
        migrations.AddField(
            model_name="turn",
            name="names",
            field=models.JSONField(
                default=list, help_text="Of the quotas that stood in the way.", verbose_name="names"
            ),
        ),
        migrations.AddField(
            model_name="turn",
            name="number",
            field=models.PositiveIntegerField(
                default=0, help_text="The ceiling, or the seats.", verbose_name="number"
            ),
        ),
        migrations.RunPython(read_all, elidable=True),
        migrations.AlterField(
            model_name="turn",
            name="reason",
            field=models.CharField(
                choices=[
                    ("first in line", "First of the waiting list who can be seated."),
                    ("out of turn", "Chosen by the office, out of turn."),
                    ("another was chosen", "The office offered the seat to another."),
                    ("full", "All seats are taken."),
                    ("ceiling", "A ceiling is reached."),
                    ("guaranteed", "The seats still free are guaranteed to others."),
                ],
                max_length=20,
                verbose_name="reason",
            ),
        ),
    ]
