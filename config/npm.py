"""Front-end packages, served straight from node_modules by an allow-list: pages use a few dozen of its many files."""

from fnmatch import fnmatchcase
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import Warning as CheckWarning
from django.core.files.storage import FileSystemStorage

NODE_MODULES = Path(settings.BASE_DIR) / "node_modules"
# Address below /static/, folder in node_modules, files. A minified file needs its .map beside it to be hashed.
PACKAGES = [
    (
        "bootstrap",
        "bootstrap/dist",
        ["css/bootstrap.min.css*", "css/bootstrap.rtl.min.css*", "js/bootstrap.bundle.min.js*"],
    ),
    ("bootstrap-icons", "bootstrap-icons/font", ["bootstrap-icons.min.css", "fonts/*"]),
    ("fonts/noto-sans", "@fontsource-variable/noto-sans", ["index.css", "files/*-wght-normal.woff2"]),
    ("fonts/noto-sans-arabic", "@fontsource-variable/noto-sans-arabic", ["index.css", "files/*-wght-normal.woff2"]),
    ("fonts/noto-sans-georgian", "@fontsource-variable/noto-sans-georgian", ["index.css", "files/*-wght-normal.woff2"]),
]


class NpmFinder(BaseFinder):
    """Finds the listed files of the listed packages and nothing else."""

    def check(self, **kwargs):
        """Warnings, not errors: without the packages every page still works as plain HTML."""
        return [
            CheckWarning(f"The front-end package {folder} is not installed.", hint="Run: npm ci", id="perspective.W001")
            for _, folder, _ in PACKAGES
            if not (NODE_MODULES / folder).is_dir()
        ]

    def find(self, path, find_all=False, **kwargs):
        found = [str(file) for prefix, folder, patterns in PACKAGES if (file := _file(path, prefix, folder, patterns))]
        if find_all:
            return found
        return found[0] if found else []

    def list(self, ignore_patterns):
        for prefix, folder, patterns in PACKAGES:
            storage = FileSystemStorage(location=NODE_MODULES / folder)
            storage.prefix = prefix
            for pattern in patterns:
                yield from ((name, storage) for name in _names(NODE_MODULES / folder, pattern))


def _file(path, prefix, folder, patterns):
    """The file behind a static path, or None."""
    name = path.removeprefix(f"{prefix}/")
    if name == path or ".." in Path(name).parts or not any(fnmatchcase(name, pattern) for pattern in patterns):
        return None
    file = NODE_MODULES / folder / name
    return file if file.is_file() else None


def _names(folder, pattern):
    return sorted(str(file.relative_to(folder)) for file in folder.glob(pattern) if file.is_file())
