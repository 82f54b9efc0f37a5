"""The workflow tables drawn: docs/workflows.md is made from them by `manage.py draw_workflows`, and a test compares."""

from django.utils.translation import override

from accounts.models import Stateful
from certificates.models import Certificate
from courses.models import Iteration
from enrollment.models import Evidence, Nomination, TrainingRequest

DRAWN = (TrainingRequest, Iteration, Nomination, Evidence, Certificate)
HEAD = """# Workflows

Made from the tables in each `workflow.py` by `manage.py draw_workflows`. Arrows are moves; below, who may make them.
"""


def page() -> str:
    """docs/workflows.md: a diagram and a table for each record that has states."""
    with override("en"):
        return "\n".join([HEAD, *(_section(model) for model in DRAWN)])


def _section(model: type[Stateful]) -> str:
    labels = dict(model._meta.get_field("state").flatchoices)
    lines = [f"## {str(model._meta.verbose_name).capitalize()}", "", "```mermaid", "stateDiagram-v2"]
    lines += [f'    state "{label}" as {_key(state)}' for state, label in labels.items()]
    lines += [f"    [*] --> {_key(model._meta.get_field('state').default)}"]
    lines += [
        f"    {_key(source)} --> {_key(move.target)}: {move.label}"
        for move in model.moves
        for source in sorted(move.sources)
    ]
    lines += ["```", "", "| move | by | from | to | reason |", "| --- | --- | --- | --- | --- |"]
    lines += [_row(move, labels) for move in model.moves]
    return "\n".join([*lines, ""])


def _row(move, labels: dict) -> str:
    who = ", ".join(sorted(str(role.label) for role in move.by))
    sources = ", ".join(str(label) for state, label in labels.items() if state in move.sources)
    return f"| {move.label} | {who} | {sources} | {labels[move.target]} | {'needed' if move.needs_reason else ''} |"


def _key(state: str) -> str:
    return state.replace(" ", "_").replace("-", "_")
