"""Every page of every role asks the database as often at 1 as at 300 rows; the matrix says which pages there are."""

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from certificates import actions as certificates
from certificates import files
from certificates.badges import keys
from certificates.letters import actions as letters
from certificates.models import Certificate, IssueBatch, Letter
from courses.models import Teaching
from enrollment import actions as enrollment
from enrollment.actions import Wish
from enrollment.models import ChecklistItem, Evidence
from enrollment.models.papers import VAULT
from notifications.models import Notification
from partners.models import Person
from tests import make
from tests.guarantees.entries import ENTRIES
from tests.guarantees.matrix import VIEWPOINTS, routes

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SIZES = (1, 3, 300)
BOUNDS = {"anonymous": 6, "coordinator": 10, "instructor": 10, "administrator": 10}
FOR_OTHERS = 12
# Forms that choose among courses, organisations, places and people: each choice is a question of its own. The board
# shows what eight other pages show.
FORMS = {
    "enrollment:board": 15,
    "certificates:iteration": 12,
    "courses:schedule": 13,
    "courses:duplicate": 13,
    "courses:iteration_edit": 13,
    "courses:edit": 14,
    "courses:new": 13,
    "enrollment:request_schedule": 16,
    "enrollment:nominate": 13,
    "enrollment:request_new": 12,
}
# Pages that show a record, or the day, from all its sides.
FROM_ALL_SIDES = {
    "insights:desk": 12,
    "enrollment:iteration_nominations": 11,
    "enrollment:nomination": 12,
    "enrollment:ranking": 15,
    "insights:nation": 14,
    "enrollment:waiting": 15,  # who waits is judged like at a selection: criteria, other places, quotas, seats, turns
}
NOT_PAGES = {"readyz", "healthz", "api-schema", "api-docs", "api-unknown", "courses:feed"}


def world(size: int) -> tuple[dict, dict]:
    """`size` rows of all around one nation, course and instructor: (objects by kind, a client by viewpoint)."""
    jordan, course = make.nation("JO", "Jordan"), make.course("GENAD")
    make.membership(jordan)
    office, liaison = make.coordinator(), make.liaison(jordan)
    open_, held = make.iteration(course, capacity=400), make.running_iteration(course, state="running", capacity=400)
    instructor, subject = make.instructor(held), make.person(jordan)
    trainee = make.trainee(subject)
    teacher = Person.objects.get(user=instructor)
    for n in range(size):
        make.prerequisite(make.course(f"OTHER{n}"), course)
        person = make.person(jordan)
        make.language_test(subject)
        _paper(subject, liaison)
        make.nomination(person, open_, nominated_by=liaison)
        make.nomination(make.person(jordan), open_, nominated_by=liaison, state="waitlisted")
        make.passed(person, held, nominated_by=liaison)
        another = make.iteration(course, capacity=400)
        make.nomination(subject, another, nominated_by=liaison, state="selected")
        Teaching.objects.create(iteration=another, person=teacher)
        request = make.training_request(jordan, by=liaison, course=course)
        type(request).objects.filter(pk=request.pk).update(state="approved")
        for reader in (office, liaison, trainee, instructor):
            make.notification(reader)
    enrollment.set_quotas(open_, [Wish(jordan, 1, 300), Wish("civilian", 1)], by=office)
    nomination = make.nomination(subject, open_, nominated_by=liaison, state="selected")
    make.passed(subject, held, nominated_by=liaison)
    certificates.issue(held, by=office)
    name, sha256 = files.keep(b"%PDF-1.7 one for all")
    Certificate.objects.update(state="issued", issued_at=timezone.now(), file_name=name, sha256=sha256)
    open_.nominations.update(state="selected")
    for of in (open_, another):
        letters.make_missing(of, by=office)
    Letter.objects.update(made_at=timezone.now(), file_name=name, sha256=sha256)
    certificate = Certificate.objects.get(nomination__person=subject)
    objects = {
        "course": course.slug,
        "iteration": open_.pk,
        "held": held.pk,
        "request": request.pk,
        "nomination": nomination.pk,
        "person": subject.pk,
        "certificate": certificate.pk,
        "code": certificate.code,
        "issuer": certificate.issuer_id,
        "badge key": keys.current().thumbprint(),
        "letter": Letter.objects.get(nomination=nomination).pk,
        "batch": IssueBatch.objects.get().pk,
        "message": Notification.objects.filter(recipient=liaison).first().pk,
        "evidence": _paper(subject, liaison).pk,
        "import": make.preview_of_a_spreadsheet(jordan, open_, by=liaison, rows=size).pk,
        "item": ChecklistItem.objects.create(nomination=nomination, kind="insurance").pk,
    }
    foreign = make.liaison(make.nation("UA", "Ukraine"))
    users = (None, trainee, instructor, liaison, foreign, office, make.administrator())
    return objects, {viewpoint: client_of(user) for viewpoint, user in zip(VIEWPOINTS, users, strict=True)}


def _paper(subject, liaison) -> Evidence:
    """Written straight, since the action takes only so many a day; the file is there as often as the page asks."""
    name, scan = "ab/cdef", {"original_name": "scan.pdf", "content_type": "application/pdf", "size": len(make.PDF)}
    VAULT.write(name, make.PDF)
    facts = {"profile": "3333", "dated_on": timezone.localdate(), "uploaded_by": liaison}
    return Evidence.objects.create(person=subject, kind="language", file_name=name, **scan, **facts)


def client_of(user) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def counted(size: int) -> dict[tuple[str, str], int]:
    """{(route, viewpoint): statements} of every page that the matrix opens to somebody."""
    with transaction.atomic():
        objects, clients = world(size)
        found = {
            (route.name, viewpoint): asked(clients[viewpoint], address_of(route, objects))
            for route in routes()
            if route.name in ENTRIES and route.name not in NOT_PAGES
            for viewpoint, letter in zip(VIEWPOINTS, ENTRIES[route.name][1], strict=True)
            if letter == "O"
        }
        transaction.set_rollback(True)
    return found


def address_of(route, objects: dict) -> str:
    return reverse(route.name, kwargs=dict.fromkeys(route.parameters, objects.get(ENTRIES[route.name][0])))


def asked(client: Client, address: str) -> int:
    client.get(address)  # what is kept for an hour is kept by now
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    assert answer.status_code in (200, 204, 302), f"{address} answered {answer.status_code}"
    return len(queries)


def test_every_page_asks_equally_often_at_any_size_and_rarely():
    found = {size: counted(size) for size in SIZES}

    by_size = {page: [found[size][page] for size in SIZES] for page in found[1]}
    assert {page: counts for page, counts in by_size.items() if len(set(counts)) > 1} == {}
    bounds = {page: (FORMS | FROM_ALL_SIDES).get(page[0], BOUNDS.get(page[1], FOR_OTHERS)) for page in by_size}
    assert {page: counts for page, counts in by_size.items() if max(counts) > bounds[page]} == {}
    assert len(found[1]) > 150
