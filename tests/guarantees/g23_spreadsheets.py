"""G23: a bad spreadsheet is explained cell by cell and changes nothing.

Malformed files, made by chance from a fixed seed, go through the upload page of a liaison. Each is refused with a
sentence or shows every invalid row with sheet, row, column and reason; nothing but the import's own rows may change.
The corrected file then imports once, and a second upload of it changes nothing.
"""

import html
import json
import random
import re
import resource
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from tests.guarantees import Figure
from tests.support import bad_spreadsheets
from tests.support.site import site

IMPORTS = frozenset({"enrollment.NominationImport", "enrollment.ImportedRow"})
MOST_SECONDS, MOST_MEGABYTES = 10, 300
FAULT = re.compile(r"Sheet “(.+?)”, row (\d+)(?: ?, column (\w+))? \((.*?)\): (\S.+)")
REASON = re.compile(r'<p class="reason">(.*?)</p>', re.DOTALL)


def prove(*, long: bool) -> Figure:
    count = 500 if long else 25
    with site("sqlite", web=False, worker=False, data=False) as perspective:
        out = perspective.python("-m", "tests.guarantees.g23_spreadsheets", count, timeout=3600)
    found = json.loads(out.splitlines()[-1])
    holds = not found["wrong"] and found["control"] and found["files"] == count and found["reported"] > count // 2
    holds &= found["seconds"] < MOST_SECONDS and found["megabytes"] < MOST_MEGABYTES
    text = (
        f"{found['files']} malformed files of {found['kinds']} kinds: {found['reported']} invalid cells reported with "
    )
    text += (
        f"sheet, row, column and reason, {found['refused']} files refused with a sentence, {len(found['wrong'])} wrong "
    )
    text += f"{found['wrong'][:3] or ''}, slowest {found['seconds']:.1f} s, largest child {found['megabytes']} MB; "
    text += (
        f"{found['mended']} corrected files imported once, and not a second time, {found['pairs']} sent twice at once "
    )
    text += "taken once; control that imports in spite of errors: "
    return Figure(holds, text + ("seen" if found["control"] else "NOT SEEN"))


class World:
    """Jordan's liaison before an iteration that takes nominations, somebody known, and somebody of another nation."""

    def __init__(self) -> None:
        from django.test import Client

        from tests import make

        jordan = make.nation("JO", "Jordan")
        self.iteration = make.iteration(capacity=400)
        self.foreign = make.person(make.nation("UA", "Ukraine"), family_name="Shevchenko", given_names="Olena")
        self.nominated = make.person(jordan, family_name="Already", given_names="There", email="there@example.org")
        make.nomination(self.nominated, self.iteration, nominated_by=make.liaison(jordan))
        self.client = Client(raise_request_exception=False)
        self.client.force_login(make.liaison(jordan), backend="accounts.backends.Backend")

    def send(self, file: bad_spreadsheets.File):
        """The answer to an upload; a file that is read in the background is read by then."""
        from django.core.files.uploadedfile import SimpleUploadedFile

        from enrollment import tasks
        from enrollment.models import NominationImport

        upload = SimpleUploadedFile(file.name, file.content)
        answer = self.client.post(f"/iterations/{self.iteration.pk}/import/", {"file": upload}, follow=True)
        waiting = NominationImport.objects.filter(state="reading").first()
        if waiting is None:
            return answer
        tasks.read_import(waiting.pk)
        return self.client.get(f"/imports/{waiting.pk}/")

    def newest(self):
        from enrollment.models import NominationImport

        return NominationImport.objects.order_by("-pk").first()

    def confirm(self, **ticks: str):
        return self.client.post(f"/imports/{self.newest().pk}/confirm/", ticks, follow=True)


def judge(count: int) -> dict:
    from tests.support.digest import digest

    world, chance = World(), random.Random(23)
    found = {"files": 0, "reported": 0, "refused": 0, "mended": 0, "seconds": 0.0, "wrong": []}
    before = digest(without=IMPORTS)
    kinds = set()
    for number in range(count):
        file = bad_spreadsheets.make(chance, number, foreign=world.foreign.pk)
        kinds.add(file.kind)
        began = time.monotonic()
        wrong = _look(world, file, found)
        found["seconds"] = max(found["seconds"], time.monotonic() - began)
        wrong += [] if digest(without=IMPORTS) == before else ["something changed"]
        wrong += _mended(world, file, found) if file.mended else []
        found["wrong"] += [f"{number} {file.kind}: {each}" for each in wrong]
        found["files"] += 1
    megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    twice = [
        _at_once(world, bad_spreadsheets.make(chance, 0, foreign=0).mended) for _turn in range(max(3, count // 25))
    ]
    found["wrong"] += [f"two uploads at once: {each}" for each in twice if each != 1]
    control = _control(world, chance, digest)
    return {**found, "kinds": len(kinds), "megabytes": megabytes, "pairs": len(twice), "control": control}


def _look(world: World, file: bad_spreadsheets.File, found: dict) -> list[str]:
    """What is wrong with the answer to one file."""
    answer = world.send(file)
    if answer.status_code != 200:
        return [f"answered {answer.status_code}"]
    text = answer.content.decode()
    if "Traceback" in text:
        return ["a trace"]
    if not file.faults:
        found["refused"] += 1
        return [] if _refusal(text) else ["no sentence"]
    wrong = [f"missed {fault}" for fault in file.faults - _reported(text)]
    found["reported"] += len(file.faults) - len(wrong)
    if "Imported." in world.confirm().content.decode():
        wrong.append("was imported with its errors")
    return wrong


def _refusal(text: str) -> bool:
    """An error beside the field or on the page of a file that was read in the background, and no row to confirm."""
    is_said = re.search(r'class="errorlist"[^>]*>\s*<li>\S.+?\.', text) or re.search(
        r"alert-danger[^>]*>\s*\S.+?\.", text
    )
    return bool(is_said) and "Import all of them" not in text


def _reported(text: str) -> set[tuple[str, int, str]]:
    """{(sheet, row, column)} of every fault on the page that has a reason."""
    found = set()
    for part in REASON.findall(text):
        plain = html.unescape(" ".join(re.sub(r"<[^>]+>", "", part).split()))
        if told := FAULT.fullmatch(plain):
            found.add((told[1], int(told[2]), told[3] or ""))
    return found


def _mended(world: World, file: bad_spreadsheets.File, found: dict) -> list[str]:
    """The same file without its faults imports once; a second upload of it changes nothing. Then all is rolled back."""
    from django.db import transaction

    from enrollment.models import Nomination
    from tests.support.digest import digest

    with transaction.atomic():
        before = Nomination.objects.count()
        world.send(file.mended)
        world.confirm()
        written, once = Nomination.objects.count() - before, digest()
        again = world.send(file.mended).content.decode()
        wrong = [] if written == file.mended.rows else [f"mended: {written} of {file.mended.rows} rows written"]
        wrong += [] if digest() == once else ["mended: changed by a second upload"]
        wrong += [] if "imported already" in again else ["mended: a second upload is not told"]
        transaction.set_rollback(True)
    found["mended"] += not wrong
    return wrong


def _at_once(world: World, file: bad_spreadsheets.File) -> int:
    """How many imports come of the same file sent twice at the same moment."""
    from django.db import connection

    from enrollment.models import NominationImport

    start, before = threading.Barrier(2), NominationImport.objects.count()

    def upload(_turn: int) -> int:
        start.wait()
        try:
            return world.send(file).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(upload, range(2)))
    return NominationImport.objects.count() - before if answers == [200, 200] else -1


def _control(world: World, chance: random.Random, digest) -> bool:
    """With the guard against open errors taken away, a file with errors is imported in part, and the digest says so."""
    from enrollment.actions import importing

    guard, before = importing._refuse_what_is_open, digest(without=IMPORTS)
    importing._refuse_what_is_open = lambda source, leaves_errors_out: None
    try:
        world.send(bad_spreadsheets.with_one_fault(chance))
        world.confirm()
    finally:
        importing._refuse_what_is_open = guard
    return digest(without=IMPORTS) != before


if __name__ == "__main__":
    import django

    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["testserver"]
    print(json.dumps(judge(int(sys.argv[1]))))
