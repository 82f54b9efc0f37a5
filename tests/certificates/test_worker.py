"""The same with a real worker and its child: what one of them suffers, the others are spared."""

import json
import time

import psutil
import pytest

from tests.support import servers

pytestmark = [pytest.mark.slow, pytest.mark.redis, pytest.mark.worker]

# Thirty participants, one with a letter that no typeface has.
SETUP = """
from certificates import actions
from enrollment.models import Nomination
from tests import make
office = make.coordinator(email="issuer@example.org")
iteration = make.running_iteration(make.course("WORKER"), state="running", capacity=30)
for n in range(30):
    make.passed(make.person(make.nation("JO"), printed_name=chr(0x12345) if n == 7 else f"Name {n}"), iteration)
batch = actions.issue(iteration, by=office)
print(batch.pk)
"""
PROGRESS = """
import json
from certificates.models import IssueBatch
batch = IssueBatch.objects.get(pk={pk})
found = batch.progress()
found.pop("last_made_at")
found["causes"] = list(batch.certificates.failed().values_list("failure", flat=True))
print(json.dumps(found))
"""


def test_a_child_killed_at_work_and_a_name_that_cannot_be_printed_cost_the_others_nothing(sqlite_site):
    pk = sqlite_site.shell(SETUP).splitlines()[-1]

    with servers.celery_beat({**sqlite_site.env, "SWEEP_SECONDS": "2"}):
        killed = _kill_children_for(sqlite_site.worker.pid, seconds=2)
        progress = _wait_for_the_end(sqlite_site, pk)

    assert killed > 0
    assert (progress["made"], progress["failed"]) == (29, 1)
    assert "𒍅" in progress["causes"][0] or "U+12345" in progress["causes"][0]


def _kill_children_for(worker: int, seconds: float) -> int:
    """Kill -9 each rendering child of the worker as it appears; says how many."""
    killed, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        for process in psutil.Process(worker).children(recursive=True):
            if _renders(process) and process.cpu_times().user > 0.8:
                process.kill()
                killed += 1
        time.sleep(0.05)
    return killed


def _renders(process: psutil.Process) -> bool:
    try:
        return "certificates.render_child" in process.cmdline()
    except psutil.Error:
        return False


def _wait_for_the_end(site, pk: str) -> dict:
    until = time.monotonic() + 90
    while True:
        progress = json.loads(site.shell(PROGRESS.format(pk=pk)))
        if progress["made"] + progress["failed"] == progress["total"] or time.monotonic() > until:
            return progress
        time.sleep(1)
