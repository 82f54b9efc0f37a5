"""Front-end packages are served by an allow-list."""

from django.contrib.staticfiles import finders

from config import npm
from config.npm import NpmFinder


def test_a_listed_file_is_found():
    assert finders.find("bootstrap/css/bootstrap.min.css").endswith("node_modules/bootstrap/dist/css/bootstrap.min.css")


def test_a_file_of_the_same_package_that_is_not_listed_is_not_found():
    assert finders.find("bootstrap/css/bootstrap.css") is None


def test_nothing_outside_the_listed_folders_is_reached():
    assert NpmFinder().find("fonts/noto-sans/files/../../noto-sans-arabic/files/x-wght-normal.woff2") == []
    assert NpmFinder().find("bootstrap/css/bootstrap.min.css/../../../package.json") == []


def test_every_entry_of_the_allow_list_brings_at_least_one_file():
    published = {f"{storage.prefix}/{name}" for name, storage in NpmFinder().list([])}

    empty = [prefix for prefix, _, _ in npm.PACKAGES if not any(path.startswith(f"{prefix}/") for path in published)]

    assert empty == []


def test_every_published_file_is_also_found_by_its_path():
    published = [f"{storage.prefix}/{name}" for name, storage in NpmFinder().list([])]

    assert [path for path in published if not NpmFinder().find(path)] == []


def test_a_missing_package_is_a_warning_that_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(npm, "NODE_MODULES", tmp_path)

    warnings = NpmFinder().check()

    assert len(warnings) == len(npm.PACKAGES)
    assert warnings[0].hint == "Run: npm ci"
