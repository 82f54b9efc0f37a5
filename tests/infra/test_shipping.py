"""docker-compose.yml, Dockerfile, .env.example and docs/operations.md say the same as the settings."""

import re
import subprocess

import pytest
from django.core.management import get_commands

from config.alive import name
from devtools.places import PYTHON, ROOT
from tests.infra.compose import FILLED_IN, Unset, command, compose, example_variables

# Read by compose, gunicorn or the driver, not by the settings.
OTHERS = {"POSTGRES_PASSWORD", "PORT", "WEB_CONCURRENCY", "WORKER_CONCURRENCY"}
SITE = ("web", "worker", "beat", "migrate")


@pytest.fixture(scope="module")
def services():
    return compose(FILLED_IN)["services"]


def text(file):
    return (ROOT / file).read_text()


def settings_variables():
    return set(re.findall(r"env(?:\.\w+)?\(\s*[\"']([A-Z_]+)[\"']", text("config/settings.py")))


def test_the_compose_file_follows_the_published_schema():
    done = subprocess.run(
        [PYTHON.parent / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_schema_check_finds_a_fault(tmp_path):
    broken = tmp_path / "docker-compose.yml"
    broken.write_text(text("docker-compose.yml").replace("healthcheck:", "healthchek:"))

    done = subprocess.run(
        [PYTHON.parent / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", broken], capture_output=True
    )

    assert done.returncode == 1


@pytest.mark.parametrize("missing", sorted(FILLED_IN))
def test_nothing_starts_while_a_value_without_a_safe_default_is_missing(missing):
    with pytest.raises(Unset, match=f"Set {missing} in .env"):
        compose({**FILLED_IN, missing: ""})


def test_the_example_sets_exactly_what_must_be_filled_in_and_gives_none_of_it_away():
    assert example_variables() == dict.fromkeys(FILLED_IN, "")


def test_the_example_names_every_variable_that_something_reads():
    named = set(re.findall(r"^#?([A-Z_]+)=", text(".env.example"), re.MULTILINE))

    assert named == settings_variables() | OTHERS


def test_the_operations_guide_explains_every_variable():
    explained = set(re.findall(r"^\| `([A-Z_]+)` \|", text("docs/operations.md"), re.MULTILINE))

    assert explained == settings_variables() | OTHERS


def test_the_site_s_services_are_given_only_variables_that_are_read(services):
    given = {name for each in SITE for name in services[each]["environment"]}

    assert given - settings_variables() == set()


def test_every_service_has_what_it_needs(services):
    assert set(services) == {*SITE, "db", "redis"}
    assert services["db"]["image"] == "postgres:16"
    assert services["redis"]["image"] == "redis:7"
    assert {"--appendonly", "yes", "--maxmemory-policy", "noeviction"} <= set(command(services["redis"]))
    assert all("healthcheck" in service for name, service in services.items() if name != "migrate")


def test_every_volume_is_declared_and_used(services):
    used = {volume.partition(":")[0] for service in services.values() for volume in service.get("volumes", [])}

    assert used - {"./keys"} == set(compose(FILLED_IN)["volumes"])


def test_keys_are_shown_to_the_site_s_services_and_cannot_be_changed_there(services):
    shown = {name for name, service in services.items() if "./keys:/keys:ro" in service.get("volumes", [])}

    assert shown == set(SITE)
    assert FILLED_IN["BADGE_KEY"].startswith("/keys/")


def test_files_of_people_are_on_a_volume(services):
    for each in SITE:
        assert f"private:{services[each]['environment']['VAR_DIR']}" in services[each]["volumes"]


def test_only_web_is_reachable_and_only_from_this_machine(services):
    ports = {name: service["ports"] for name, service in services.items() if "ports" in service}

    assert ports == {"web": ["127.0.0.1:8000:8000"]}


def test_every_management_command_exists(services):
    wanted = re.findall(r"manage\.py (\w+)", services["migrate"]["command"])

    assert wanted == ["migrate", "createcachetable", "load_field_data"]
    assert set(wanted) <= set(get_commands())


def test_web_worker_and_beat_wait_for_the_migration(services):
    for each in ("web", "worker", "beat"):
        assert services[each]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_the_image_runs_as_an_ordinary_user():
    assert re.findall(r"^USER (.+)$", text("Dockerfile"), re.MULTILINE) == ["perspective"]


def test_the_image_takes_every_folder_of_the_site_and_no_other():
    allowed = {line[1:] for line in text(".dockerignore").splitlines() if line.startswith("!")}
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "devtools"}

    assert packages <= allowed
    assert allowed.isdisjoint({".env", ".git", "var", "tests", ".venv"})


def test_the_image_stands_on_the_python_that_is_locked_for():
    pythons = set(re.findall(r"^FROM python:(\d\.\d+)", text("Dockerfile"), re.MULTILINE))

    assert pythons == {"3.11"}


@pytest.mark.parametrize(
    ("hosts", "asked_as"),
    [
        ("a.example.org,b.example.org", "a.example.org"),
        (".example.org", "example.org"),
        ("*", "localhost"),
        ("", "localhost"),
    ],
)
def test_a_health_check_asks_under_a_name_that_the_site_answers_to(monkeypatch, hosts, asked_as):
    monkeypatch.setenv("ALLOWED_HOSTS", hosts)

    assert name() == asked_as
