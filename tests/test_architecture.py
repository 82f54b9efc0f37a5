"""One rule: an app imports only what stands below it. Deferred imports count."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# From the top to the ground. `config` is above all and imported by nobody.
FLOORS = [
    "config",
    "insights",
    "certificates",
    "delivery",
    "enrollment",
    "courses",
    "partners",
    "accounts",
    "notifications",
    "interface",
]
# Inside an app: what a file may import of its own app, from the top to the ground.
STOREYS = [
    ["urls"],
    ["views", "api", "admin", "clockwork"],
    ["forms", "actions"],
    ["tasks"],
    ["badges"],
    ["emails", "rendering", "renderer", "wording"],
    ["models"],
    ["workflow"],
]


def modules(app: str) -> list[Path]:
    return [path for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]


def imported(path: Path) -> set[str]:
    """Dotted names that a module imports anywhere in it, functions included."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize("app", FLOORS)
def test_an_app_imports_only_what_stands_below_it(app):
    above = set(FLOORS[: FLOORS.index(app)])

    climbing = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules(app)
        for name in imported(path)
        if name.split(".")[0] in above
    }

    assert climbing == set()


@pytest.mark.parametrize("app", FLOORS[1:])
def test_imports_inside_an_app_run_one_way(app):
    storey_of = {name: level for level, names in enumerate(STOREYS) for name in names}

    climbing = set()
    for path in modules(app):
        own = path.relative_to(ROOT / app).parts[0].removesuffix(".py")
        for name in imported(path):
            parts = name.split(".")
            other = parts[1] if parts[0] == app and len(parts) > 1 else None
            if own in storey_of and other in storey_of and storey_of[other] < storey_of[own]:
                climbing.add(f"{path.relative_to(ROOT)} imports {name}")

    assert climbing == set()


def test_every_folder_with_code_has_its_floor():
    folders = {path.parent.name for path in ROOT.glob("*/__init__.py")}

    assert folders - {"tests", "devtools"} == set(FLOORS)


@pytest.mark.parametrize("app", FLOORS[1:])
def test_every_app_says_in_one_sentence_what_it_is(app):
    docstring = ast.get_docstring(ast.parse((ROOT / app / "__init__.py").read_text(encoding="utf-8")))

    assert docstring
    assert "\n" not in docstring


@pytest.mark.parametrize("path", sorted(ROOT.glob("*/workflow.py")), ids=str)
def test_a_workflow_is_pure_data(path):
    ours = {name.split(".")[0] for name in imported(path)} & set(FLOORS)

    assert ours <= {"accounts"}, "a workflow imports the vocabulary of moves and nothing else of ours"
