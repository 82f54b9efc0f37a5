"""What all tests share: signed-in clients, and one real browser and one real site per run of a worker."""

import os
import shutil

import pytest
from django.core.cache import cache
from django.test import Client

from tests.support import site as sites


@pytest.fixture(autouse=True)
def _fresh_cache():
    """Limits that one test used up are whole again in the next."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _files_in_a_temporary_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "private"


@pytest.fixture(autouse=True)
def _a_silent_broker(settings, monkeypatch):
    """Unit tests have no broker: jobs are rows, and ringing fails at once, as it does when Redis is down."""
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"


@pytest.fixture
def signed_in():
    """A function that gives a test client signed in as a user."""

    def client_of(user) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return client_of


@pytest.fixture(scope="session")
def browser():
    """Debian's Chromium, headless."""
    from playwright.sync_api import sync_playwright

    # Playwright leaves an event loop running in this process: Django would refuse the database to every later test.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.fail("Chromium is not installed. To add it: sudo apt-get install -y chromium")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield launched
        launched.close()


CHROMIUM_FLAGS = [
    *(["--no-sandbox"] if os.geteuid() == 0 else []),
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def sqlite_site():
    with sites.site("sqlite") as made:
        yield made


@pytest.fixture(scope="session")
def postgres_site():
    with sites.site("postgres") as made:
        yield made
