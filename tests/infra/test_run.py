"""`./dev run`, whole: in a copy of the project, from nothing to a served page, and back to nothing."""

import os
import re
import shutil
import signal
import subprocess
import urllib.request

import psutil
import pytest

from devtools.places import ROOT
from devtools.processes import free_port, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.redis, pytest.mark.worker, pytest.mark.xdist_group("servers")]
GREETING = "Perspective runs at"
OWN = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "SECRET_KEY", "DEBUG", "ALLOWED_HOSTS", "VAR_DIR")


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The project's files with an empty var/; the Python environment is shared with this checkout."""
    target = tmp_path_factory.mktemp("run") / "perspective"
    files = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    for name in filter(os.path.isfile, map(str, (ROOT / line for line in files.stdout.splitlines()))):
        place = target / os.path.relpath(name, ROOT)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(name, place)
    (target / ".venv").symlink_to(ROOT / ".venv")
    shutil.copytree(ROOT / "node_modules", target / "node_modules", symlinks=True)  # npm empties it before it installs
    return target


class Running:
    """`./dev run` in a session of its own, its output in a file."""

    def __init__(self, folder, **env):
        self.port = free_port()
        self.folder = folder
        self.log = folder.parent / f"output-{self.port}"
        clean = {name: value for name, value in os.environ.items() if name not in OWN}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [folder / "dev", "--no-apt", "run"],
                env={**clean, "PORT": str(self.port), **env},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def output(self):
        return self.log.read_text()

    def until_it_serves(self):
        assert wait_until(lambda: GREETING in self.output or self.process.poll() is not None, seconds=240), self.output
        assert self.process.poll() is None, self.output
        return self

    def ends_by(self, number):
        self.process.send_signal(number)
        return self.process.wait(60)

    def processes(self):
        return [process for process in psutil.process_iter(["cmdline"]) if self._is_ours(process)]

    def child(self, *words):
        """The process whose command line has these words; a parent before its children."""
        found = [each for each in psutil.process_iter() if self._is_ours(each) and set(words) <= set(each.cmdline())]
        return min(found, key=lambda each: each.create_time())

    def get(self, path):
        return urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30)

    def _is_ours(self, process):
        try:
            return str(self.folder) in " ".join(process.cmdline()) or process.cwd() == str(self.folder)
        except psutil.Error:
            return False


@pytest.fixture
def running(copy):
    started = []

    def start(**env):
        started.append(Running(copy, **env))
        return started[-1].until_it_serves()

    yield start
    for each in started:
        if each.process.poll() is None:
            each.ends_by(signal.SIGTERM)


def test_the_first_start_serves_the_site_with_its_demo_and_ctrl_c_leaves_nothing_behind(running):
    site = running()

    assert site.get("/").status == 200
    assert len(site.processes()) >= 5
    assert b'"ready"' in site.get("/readyz").read()
    assert f"http://127.0.0.1:{site.port}/" in site.output
    assert "coordinator@example.org" in site.output
    assert "perspective-demo" in site.output
    assert site.ends_by(signal.SIGINT) == 0
    assert site.processes() == []


def test_a_second_start_skips_what_is_done_and_keeps_the_data(running, copy):
    before = os.stat(copy / "var" / "db.sqlite3").st_ino

    site = running()

    assert "Making demo data" not in site.output
    assert os.stat(copy / "var" / "db.sqlite3").st_ino == before
    assert site.ends_by(signal.SIGTERM) == 0
    assert site.processes() == []


def test_without_a_redis_server_a_stand_in_rings_the_worker(running, tmp_path):
    for program in ("python3", "node", "npm", "msgfmt", "sh", "dirname", "git", "env"):
        (tmp_path / program).symlink_to(shutil.which(program))

    site = running(PATH=str(tmp_path))

    assert "stand-in" in site.output
    assert re.search(rb'"broker": true', site.get("/readyz").read())


def test_when_one_program_dies_it_is_named_and_the_others_are_stopped(running):
    site = running()

    site.child("celery", "worker").kill()

    assert site.process.wait(60) == 1
    assert "worker ended by itself" in site.output
    assert site.processes() == []


def test_a_second_run_in_the_same_folder_is_refused(running, copy):
    running()

    second = Running(copy)

    assert second.process.wait(60) == 1
    assert "already running from this folder" in second.output
