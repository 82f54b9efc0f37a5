"""`./dev` before and around the real work: what it finds, and the sentences with which it stops."""

import os
import re
import socket
import stat
import subprocess
import sys

import pytest

from devtools import broker, environment, lock, places, site, system, test
from devtools.processes import free_port
from devtools.say import Stop

DEV = places.ROOT / "dev"


def dev(*arguments, **env):
    return subprocess.run(
        [DEV, *arguments], env={**os.environ, **env}, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )


def script(path, text):
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_help_lists_every_verb():
    said = dev("help").stdout

    assert all(
        re.search(rf"^  {verb}\b", said, re.MULTILINE)
        for verb in ("run", "test", "lint", "lock", "reset", "doctor", "prove", "bench")
    )


def test_an_unknown_verb_is_answered_with_the_list():
    done = dev("dance")

    assert done.returncode == 2
    assert "There is no ./dev dance." in done.stderr


def test_a_python_that_is_on_path_but_does_not_run_is_passed_over(tmp_path):
    script(tmp_path / "python3", "echo 'python3: command not found' >&2; exit 127")
    os.symlink(sys.executable, tmp_path / "python3.11")

    done = dev("help", PATH=f"{tmp_path}:/usr/bin:/bin", PYTHON="")

    assert done.returncode == 0


def test_without_any_python_one_sentence_says_what_to_install(tmp_path):
    for name in ("dirname", "sh"):
        os.symlink(f"/usr/bin/{name}", tmp_path / name)
    script(tmp_path / "python3", "exit 1")
    copy = tmp_path / "dev"
    copy.write_text(
        DEV.read_text().replace("/usr/bin/python3", "/nowhere").replace("/usr/local/bin/python3", "/nowhere")
    )
    copy.chmod(0o755)

    done = subprocess.run([copy], env={"PATH": str(tmp_path), "HOME": str(tmp_path)}, capture_output=True, text=True)

    assert done.returncode == 1
    assert "apt-get install python3" in done.stderr


def test_a_taken_port_is_said_at_once_with_a_way_out():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        done = dev("run", PORT=str(port))

    assert done.returncode == 1
    assert f"Port {port} is in use" in done.stderr
    assert f"PORT={port + 1} make run" in done.stderr


def test_a_port_that_is_no_port_is_refused():
    assert "PORT must be a number" in dev("run", PORT="http").stderr


# System packages


def need(*, is_met=False, is_vital=False):
    return system.Need("baking", ("oven",), lambda: is_met, "bread stays raw", is_vital)


def test_what_is_missing_is_told_with_the_command_and_the_work_goes_on(capsys):
    system.ensure([need(), need(is_met=True)], may_use_apt=False)

    assert "baking (bread stays raw)" in capsys.readouterr().err


@pytest.mark.parametrize("circumstances", [{"is_strict": True}, {}], ids=["for the tests", "when it is vital"])
def test_what_is_missing_stops_the_work(circumstances):
    with pytest.raises(Stop, match="sudo apt-get install -y --no-install-recommends oven"):
        system.ensure([need(is_vital=not circumstances)], may_use_apt=False, **circumstances)


def test_nobody_asks_for_a_redis_server_when_redis_url_names_one(monkeypatch):
    monkeypatch.setenv("REDIS_URL", "redis://somewhere")

    assert system.REDIS not in system.needs_of("run")


# Locks and stamps


def test_lock_files_name_no_host():
    assert lock.host_problems() == []


def test_every_python_package_is_locked_by_hash():
    locks = [path.read_text() for path in places.REQUIREMENTS.glob("*.txt")]

    assert len(locks) == 4
    assert all(pin.count("--hash=sha256:") for text in locks for pin in re.split(r"\n(?=[a-z])", text))


def test_tests_run_on_the_versions_that_production_has():
    pins = {
        name: set(re.findall(r"^\S+==\S+", (places.REQUIREMENTS / f"{name}.txt").read_text(), re.MULTILINE))
        for name in ("base", "dev")
    }

    assert pins["base"] - pins["dev"] == set()


def test_the_ready_made_driver_is_of_the_same_version_as_the_compiled_one():
    version = re.compile(r"^psycopg2(?:-binary)?==(\S+)", re.MULTILINE)
    base, binary = ((places.REQUIREMENTS / f"{name}.txt").read_text() for name in ("base", "binary"))

    assert version.search(base)[1] == version.search(binary)[1]


def test_the_lock_without_the_compiled_driver_lacks_nothing_else(tmp_path, monkeypatch):
    monkeypatch.setattr(places, "VENV", tmp_path)
    whole = places.REQUIREMENTS / "base.txt"

    lean = environment._without_source_driver(whole).read_text()

    packages = re.compile(r"^\S+(?===)", re.MULTILINE)
    assert set(packages.findall(whole.read_text())) - set(packages.findall(lean)) == {"psycopg2"}


def test_a_step_is_repeated_when_its_lock_has_changed(tmp_path, monkeypatch):
    monkeypatch.setattr(places, "ROOT", tmp_path)
    lock_file, mark = tmp_path / "lock.txt", tmp_path / "mark"
    lock_file.write_text("one")
    environment.stamp(mark, lock_file)

    was_done = environment.is_stamped(mark, lock_file)
    lock_file.write_text("two")

    assert was_done
    assert not environment.is_stamped(mark, lock_file)


# State and environment


def test_the_secret_key_is_made_once_and_readable_by_its_owner_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(places, "VAR", tmp_path / "var")

    first, second = site.secret_key(), site.secret_key()

    assert first == second
    assert len(first) >= 50
    assert stat.S_IMODE((tmp_path / "var" / "secret_key").stat().st_mode) == 0o600


def test_demo_mail_never_leaves_whatever_the_environment_says(monkeypatch):
    monkeypatch.setenv("EMAIL_URL", "smtp://relay.example.org")

    assert site.environment(8000, "redis://x")["EMAIL_URL"] == "filemail://"


def test_what_somebody_has_set_for_running_does_not_reach_the_tests(monkeypatch):
    monkeypatch.setenv("DEBUG", "true")
    monkeypatch.setenv("DATABASE_URL", "postgres://production")

    kept = test.neutral_environment()

    assert "PATH" in kept
    assert kept.keys().isdisjoint({"DEBUG", "DATABASE_URL"})


# The queue of `./dev run`


def test_a_redis_that_answers_is_used(monkeypatch):
    from tests.support.servers import redis_server

    with redis_server() as server:
        monkeypatch.setenv("REDIS_URL", server.url)
        assert broker.choose() == (server.url, None)


def test_one_that_does_not_answer_is_named_without_its_password(monkeypatch, capsys):
    monkeypatch.setenv("REDIS_URL", f"redis://:s3cret@127.0.0.1:{free_port()}/0")

    _, server = broker.choose()

    assert server is not None
    said = capsys.readouterr().err
    assert "Nothing answers at REDIS_URL" in said
    assert "s3cret" not in said


def test_without_a_redis_server_the_stand_in_answers(monkeypatch, tmp_path):
    monkeypatch.delenv("REDIS_URL", raising=False)
    monkeypatch.setattr(places, "LOGS", tmp_path)
    monkeypatch.setattr(broker, "answers", lambda *command: False)
    url, server = broker.choose()

    try:
        broker.start(server, url)
        assert broker.is_answering(url)
    finally:
        server.stop()
