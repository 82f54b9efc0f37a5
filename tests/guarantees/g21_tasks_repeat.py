"""G21: every task may run twice or at the same time: the database and the mailbox are as after one run.

The tasks come from Celery's registry; one without a case here fails the proof.
"""

import json
from concurrent.futures import ThreadPoolExecutor

from tests.guarantees import Figure
from tests.support.site import Site, site

SETUP = """
from datetime import timedelta
from django.utils import timezone
from certificates import actions
from courses.models import ClockStep, Iteration
from enrollment import actions as actions_on_seats
from enrollment.models import Nomination
from delivery.models import Attendance
from tests import make
office = make.coordinator(email="office@example.org")
held = make.running_iteration(make.course("G21"), state="running")
for _ in range(3):
    passed = make.nomination(make.person(make.nation("JO")), held, state="passed", nominated_by=office)
    for day in held.training_days():
        Attendance.objects.create(nomination=passed, day=day, is_present=True, marked_by=office)
actions.issue(held, actions.Act(tells_trainees=True), by=office)
from certificates.letters import actions as letters
letters.make(make.nomination(make.person(make.nation("JO")), held, state="refused", nominated_by=office), by=office)
unprintable = make.person(make.nation("JO"), printed_name=chr(0x12345))
letters.make(make.nomination(unprintable, held, state="refused", nominated_by=office), by=office)
make.notification(office)
jordan = make.nation("JO")
waiting_for = make.iteration(held.course, capacity=3, minimum=1)
actions_on_seats.set_quotas(waiting_for, [actions_on_seats.Wish(jordan, floor=1)], by=office)
Iteration.objects.filter(pk=waiting_for.pk).update(state="nominations closed")
for state in ("offered", "waitlisted", "waitlisted", "waitlisted"):
    make.nomination(make.person(make.nation("UA")), waiting_for, state=state, nominated_by=office)
Nomination.objects.filter(state="offered").update(answer_by=timezone.now() - timedelta(hours=1))
ClockStep.objects.filter(iteration=waiting_for).update(due_at=timezone.now() - timedelta(hours=1))
from enrollment import actions as enrolling
sender = make.nation("JO")
people = b"Family name;Given names\\nHaddad;Rania\\nNasser;Omar\\n"
coming = make.iteration()
enrolling.send_spreadsheet(coming, sender, people, "people.csv", by=make.liaison(sender))
"""
# What each task is called with, and whether it is called at all by the sweep alone.
CASES = {
    "accounts.tasks.forget_sendings": None,
    "certificates.tasks.make_certificates": "IssueBatch",
    "certificates.tasks.make_letter": "Letter",
    "certificates.tasks.sweep": None,
    "enrollment.clockwork.take_clock_step": "ClockStep",
    "enrollment.clockwork.lapse_offer": "Nomination",
    "enrollment.clockwork.move_waiting_list": "Iteration",
    "enrollment.clockwork.sweep": None,
    "enrollment.tasks.sweep_evidence": None,
    "enrollment.tasks.read_import": "NominationImport",
    "enrollment.tasks.sweep": None,
    "notifications.tasks.send_notification": "Notification",
    "notifications.tasks.sweep": None,
}


def prove(*, long: bool) -> Figure:
    kinds = ("sqlite", "postgres") if long else ("postgres",)
    figure = None
    for kind in kinds:
        found = _on(kind)
        figure = figure & found if figure else found
    return figure


def _on(kind: str) -> Figure:
    with site(kind, web=False, worker=False, data=False) as perspective:
        perspective.shell(SETUP)
        registered = set(json.loads(perspective.shell(REGISTERED)))
        missing = registered ^ set(CASES)
        wrong = [] if missing else _repeat(perspective)
        control = not missing and _control(perspective)
    text = (
        f"{kind}: {len(registered)} tasks, each 3 times in a row and 2 at once, {len(wrong)} differences {wrong or ''}"
    )
    if missing:
        text += f", without a case: {sorted(missing)}"
    return Figure(
        not wrong and not missing and control, f"{text}; control that mails twice: {'seen' if control else 'NOT SEEN'}"
    )


def _repeat(perspective: Site) -> list[str]:
    """Run everything once; then again in a row and at once: nothing may differ."""
    _run(perspective, "in_a_row")
    once = _look(perspective)
    wrong = []
    for way in ("in_a_row", "in_a_row", "at_once"):
        _run(perspective, way)
        if _look(perspective) != once:
            wrong.append(way)
    return wrong


def _run(perspective: Site, way: str) -> None:
    if way == "in_a_row":
        perspective.shell(RUN)
        return
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(perspective.shell, [RUN, RUN]))


def _look(perspective: Site) -> tuple[str, int]:
    return perspective.shell(DIGEST).strip(), len(perspective.mails())


def _control(perspective: Site) -> bool:
    """Forget that a message went out: the next run mails it again, and the look must differ."""
    before = _look(perspective)
    perspective.shell("from notifications.models import Notification\nNotification.objects.update(sent_at=None)")
    _run(perspective, "in_a_row")
    return _look(perspective)[1] > before[1]


REGISTERED = """
import json
from config import celery_app
celery_app.loader.import_default_modules()
print(json.dumps([name for name in celery_app.tasks if not name.startswith("celery.")]))
"""
# Every task on every row; `delay` is not used, so that the run is over when this is.
RUN = """
from accounts import tasks as keeping_house
from certificates import tasks as making
from certificates.models import IssueBatch, Letter
from courses.models import ClockStep, Iteration
from enrollment import clockwork as keeping
from enrollment.models import Nomination
from enrollment import tasks as enrolling
from enrollment.models import NominationImport
from notifications import tasks as telling
from notifications.models import Notification
for pk in IssueBatch.objects.values_list("pk", flat=True):
    making.make_certificates(pk)
for pk in ClockStep.objects.values_list("pk", flat=True):
    keeping.take_clock_step(pk)
for pk in Nomination.objects.values_list("pk", flat=True):
    keeping.lapse_offer(pk)
for pk in Iteration.objects.values_list("pk", flat=True):
    keeping.move_waiting_list(pk)
keeping.sweep()
for pk in Letter.objects.values_list("pk", flat=True):
    making.make_letter(pk)
for pk in Notification.objects.values_list("pk", flat=True):
    telling.send_notification(pk)
for pk in NominationImport.objects.values_list("pk", flat=True):
    enrolling.read_import(pk)
making.sweep()
enrolling.sweep_evidence()
enrolling.sweep()
telling.sweep()
keeping_house.forget_sendings()
"""
DIGEST = """
from tests.support.digest import digest
print(digest())
"""
