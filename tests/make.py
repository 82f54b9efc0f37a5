"""Objects for tests: plain functions with defaults; every keyword is a field."""

from datetime import date, timedelta
from itertools import count

from django.utils import timezone

from accounts.invitations import account_for
from accounts.models import User
from certificates import actions as certificates
from certificates import files
from certificates.letters import actions as letters
from certificates.models import Certificate, Letter
from courses import actions as courses
from courses.models import Course, Iteration, Prerequisite, Provision, Seat, Teaching
from delivery.models import Attendance
from enrollment import actions as enrollment
from enrollment import workflow
from enrollment.actions import evidence as proving
from enrollment.models import Completion, Evidence, ImportedRow, Nomination, NominationImport, TrainingRequest
from enrollment.scans import Scan
from insights.demo.papers import sample_page
from notifications.models import Notification
from partners.models import Framework, FrameworkMembership, LanguageTest, Mandate, Nation, Organisation, Person

_number = count(1)


def user(email: str = "", *, password: str | None = "a-long-password", **fields) -> User:
    made = account_for(email or f"user{next(_number)}@example.org", fields.pop("name", ""))
    for field, value in fields.items():
        setattr(made, field, value)
    made.set_password(password)
    made.save()
    return made


def coordinator(**fields) -> User:
    return user(**{"name": "Karin Coordinator", "is_coordinator": True, **fields})


def administrator(**fields) -> User:
    return user(**{"name": "Adam Administrator", "is_staff": True, "is_superuser": True, **fields})


def nation(code: str = "JO", name: str = "", **fields) -> Nation:
    made = Nation.objects.filter(code=code).first()
    return made or Nation.objects.create(
        code=code, alpha3=fields.pop("alpha3", f"{code}X"), name=name or code, **fields
    )


def framework(code: str = "MD", **fields) -> Framework:
    return Framework.objects.get_or_create(code=code, defaults={"name": code, **fields})[0]


def membership(of: Nation, in_framework: str = "MD", from_on: date = date(1995, 1, 1), **fields) -> FrameworkMembership:
    return FrameworkMembership.objects.create(nation=of, framework=framework(in_framework), from_on=from_on, **fields)


def organisation(short_name: str = "NCGM", **fields) -> Organisation:
    defaults = {"name": f"{short_name} in full", "kind": Organisation.Kind.TRAINING, **fields}
    return Organisation.objects.get_or_create(short_name=short_name, defaults=defaults)[0]


def mandate(of: User, sender: Nation | Organisation, **fields) -> Mandate:
    field = type(sender).__name__.lower()
    return Mandate.objects.create(user=of, **{field: sender, "starts_on": date(2020, 1, 1), **fields})


def liaison(sender: Nation | Organisation | None = None, **fields) -> User:
    made = user(**{"name": "Leila Liaison", **fields})
    mandate(made, sender or nation())
    return made


def person(sender: Nation | Organisation | None = None, **fields) -> Person:
    sender = sender or nation()
    n = next(_number)
    defaults = {"family_name": f"Family{n}", "given_names": "Given", "grade": "OF-3", "email": f"person{n}@example.org"}
    return Person.objects.create(**{type(sender).__name__.lower(): sender, **defaults, **fields})


def language_test(of: Person, profile: str = "3333", **fields) -> LanguageTest:
    return LanguageTest.objects.create(person=of, profile=profile, **{"tested_on": date(2025, 1, 1), **fields})


def completion(of: Person, course: Course, completed_on: date = date(2025, 1, 1), **fields) -> Completion:
    return Completion.objects.create(person=of, course=course, completed_on=completed_on, **fields)


PDF = sample_page("Sample")


def evidence(of: Person | None = None, kind: str = "language", *, by: User | None = None, **fields) -> Evidence:
    """Handed in through the action, and not checked yet; with a small PDF of its own number, but for a clearance."""
    nomination = fields.get("nomination")
    of = of or (nomination.person if nomination else person())
    day = timezone.localdate() - timedelta(days=30)
    number = next(_number)
    facts = {
        "language": {"profile": "3333", "dated_on": day},
        "completion": {"dated_on": day},
        "clearance": {"is_cleared": True, "level": "SECRET", "expires_on": day + timedelta(days=1000 + number)},
        "letter": {},
    }[kind]
    facts["reference"] = f"Paper {number}"
    if kind == "completion" and "course" not in fields:
        facts["course"] = course()
    scan = None if kind == "clearance" else Scan(fields.pop("original_name", "scan.pdf"), "application/pdf", PDF)
    by = by or _some_liaison(of.sender)
    return proving.hand_in(Evidence(person=of, kind=kind, **{**facts, **fields}), scan, by=by)


def course(short_name: str = "", **fields) -> Course:
    short_name = short_name or f"C{next(_number)}"
    institution = fields.pop("institution", None) or organisation()
    defaults = {
        "slug": short_name.lower().replace(" ", "-"),
        "title": f"{short_name} Course",
        "assessment": Course.Assessment.SUMMATIVE,
        "officers_from": 2,
        "officers_to": 5,
        "duration_days": 3,
    }
    return Course.objects.create(short_name=short_name, institution=institution, **{**defaults, **fields})


def prerequisite(of: Course, required: Course, **fields) -> Prerequisite:
    return Prerequisite.objects.create(course=of, required=required, **fields)


def iteration(of: Course | None = None, *, state: str = "nominations open", **fields) -> Iteration:
    """An iteration in 90 days that takes nominations."""
    starts_on = fields.pop("starts_on", timezone.localdate() + timedelta(days=90))
    defaults = {"ends_on": starts_on + timedelta(days=2), "capacity": 20, "minimum": 5, "place": "Kungsängen"}
    made = Iteration(course=of or course(), starts_on=starts_on, state=state, **{**defaults, **fields})
    courses.fill_in_the_clock(made)
    made.save()
    courses.furnish(made)
    return made


def running_iteration(of: Course | None = None, **fields) -> Iteration:
    """A three-day iteration whose last day is today, in the state confirmed: its register can be kept."""
    today = timezone.localdate()
    days = {"starts_on": today - timedelta(days=2), "ends_on": today, "rest_days": "", "time_zone": "UTC"}
    return iteration(of, **{"state": "confirmed", **days, **fields})


def provision(of: Iteration, by: Organisation, **fields) -> Provision:
    return Provision.objects.create(iteration=of, organisation=by, **fields)


def instructor(of: Iteration, **fields) -> User:
    made = user(**{"name": "Ingrid Instructor", **fields})
    teacher = person(organisation("NCGM"), user=made, family_name="Instructor", given_names="Ingrid")
    Teaching.objects.create(iteration=of, person=teacher)
    return made


def nomination(
    of: Person | None = None, to: Iteration | None = None, *, state: str = "submitted", **fields
) -> Nomination:
    """A nomination written straight into `state`; a state with a seat is counted on the iteration."""
    of, to = of or person(), to or iteration()
    by = fields.pop("nominated_by", None) or _some_liaison(of.sender)
    submitted = {} if state == "draft" else {"submitted_at": timezone.now()}
    if state == "offered":
        submitted["answer_by"] = timezone.now() + timedelta(days=3)
    made = Nomination.objects.create(
        person=of,
        iteration=to,
        nation=of.nation,
        organisation=of.organisation,
        nominated_by=by,
        state=state,
        **{**submitted, **fields},
    )
    if state in workflow.KEEPS_A_SEAT:
        _sit_down(made, to)
    return made


def _sit_down(nomination: Nomination, on: Iteration) -> None:
    """The first seat without a person, counted on the iteration; past the capacity, none."""
    seat = on.seats.without_a_person().first()
    if seat is not None:
        seat.state, seat.quota = SEAT_STATES.get(nomination.state, Seat.State.CONFIRMED), None
        seat.save()
        Nomination.objects.filter(pk=nomination.pk).update(seat=seat)
        nomination.seat = seat
    Iteration.objects.filter(pk=on.pk).update(seats_taken=on.nominations.keeping_a_seat().count())
    on.refresh_from_db()


SEAT_STATES = {"selected": Seat.State.NAMED, "offered": Seat.State.OFFERED}


def attended(by_whom: Nomination, *, days: int | None = None) -> Nomination:
    """Marks the nominee present on the first `days` training days, by default on all; absent on the rest."""
    training_days = by_whom.iteration.training_days()
    for n, day in enumerate(training_days):
        is_present = days is None or n < days
        Attendance.objects.create(nomination=by_whom, day=day, is_present=is_present, marked_by=by_whom.nominated_by)
    return by_whom


def passed(of: Person | None = None, to: Iteration | None = None, **fields) -> Nomination:
    """A participant of a running iteration who was there every day and passed."""
    return attended(nomination(of, to or running_iteration(state="running"), state="passed", **fields))


def certificate(
    of: Nomination | None = None, *, by: User | None = None, state: str = "issued", **fields
) -> Certificate:
    """A certificate in `state`; with a file where it has been issued, though not a laid out one."""
    of = of or passed()
    certificates.issue(of.iteration, by=by or coordinator())
    made = Certificate.objects.get(nomination=of, state="queued")
    changes = {"state": state, **fields}
    if state in ("issued", "revoked", "replaced"):
        name, sha256 = files.keep(f"%PDF-1.7 of {made.number}".encode())
        changes = {"file_name": name, "sha256": sha256, "issued_at": timezone.now(), **changes}
    if state == "revoked":
        changes = {"revoked_at": timezone.now(), "revocation_reason": "Why", **changes}
    if state == "failed":
        changes = {"parked_at": timezone.now(), "failure": "The printed name is too long.", **changes}
    Certificate.objects.filter(pk=made.pk).update(**changes)
    return Certificate.objects.get(pk=made.pk)


def letter(of: Nomination | None = None, *, by: User | None = None, state: str = "made") -> Letter:
    """A letter about a nomination in `state`; with a file where it is made, though not a laid out one."""
    made = letters.make(of or nomination(state="selected"), by=by or coordinator())
    changes = {}
    if state == "made":
        name, sha256 = files.keep(f"%PDF-1.7 of {made.reference}".encode())
        changes = {"file_name": name, "sha256": sha256, "made_at": timezone.now()}
    if state == "failed":
        changes = {"parked_at": timezone.now(), "failure": "The printed name is too long."}
    Letter.objects.filter(pk=made.pk).update(**changes)
    return Letter.objects.get(pk=made.pk)


def trainee(of: Person | None = None, **fields) -> User:
    """The account of a person."""
    of = of or person()
    made = user(of.email, **{"name": f"{of.given_names} {of.family_name}", **fields})
    of.user = made
    of.save()
    return made


def training_request(
    sender: Nation | Organisation | None = None, *, by: User | None = None, **fields
) -> TrainingRequest:
    """A draft, filed through the action."""
    sender = sender or nation()
    by = by or _some_liaison(sender)
    defaults = {"kind": TrainingRequest.Kind.SEATS, "people": 5, "purpose": "Advisers for brigade headquarters"}
    draft = TrainingRequest(**{type(sender).__name__.lower(): sender, **defaults, **fields})
    return enrollment.file_request(draft, by=by)


def preview_of_a_spreadsheet(
    sender: Nation | Organisation, to: Iteration, *, by: User, mark: str = "", rows: int = 1
) -> NominationImport:
    """An import that waits to be confirmed: one row of somebody who may be known, and `rows` of somebody new."""
    known = person(sender, family_name=f"Known {mark}".strip(), given_names="Omar")
    names = [f"Knowne {mark},Omar", *(f"New {mark}{n},Rania" for n in range(rows))]
    content = "\n".join(["Family name,Given names", *names]).encode()
    made = enrollment.send_spreadsheet(to, sender, content, f"people {mark}.csv", by=by)
    state = {"state": "preview", "sheet": made.file_name, "total": len(names), "done": len(names), "content": None}
    NominationImport.objects.filter(pk=made.pk).update(**state)
    for number, name in enumerate(names, 2):
        family, given = name.split(",")
        is_new = number > 2
        ImportedRow.objects.create(
            source=made,
            number=number,
            name=f"{family}, {given}",
            values={"family_name": family, "given_names": given},
            outcome="new" if is_new else "alike",
            suspects=[] if is_new else [known.pk],
        )
    return made


def notification(to: User, **fields) -> Notification:
    n = next(_number)
    defaults = {"event": "test", "occasion": f"test:{n}", "subject": "Subject", "body": "Text"}
    return Notification.objects.create(
        recipient=to, email=to.email, message_id=Notification.new_message_id(), **{**defaults, **fields}
    )


def _some_liaison(sender: Nation | Organisation) -> User:
    found = Mandate.objects.in_force().filter(**{type(sender).__name__.lower(): sender}).first()
    return found.user if found else liaison(sender)
