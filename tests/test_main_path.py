"""One nomination from request to certificate, through the actions: the shortest true story of the system."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from certificates import actions as certificates
from certificates.models import Certificate
from courses import actions as courses
from courses.models import Iteration
from delivery import actions as delivery
from enrollment import actions as enrollment
from notifications.models import Notification
from tests import make

pytestmark = pytest.mark.django_db


def test_a_request_becomes_an_iteration_and_a_nominee_gets_a_certificate(django_capture_on_commit_callbacks):
    office, jordan = make.coordinator(), make.nation("JO", "Jordan")
    liaison, course = make.liaison(jordan), make.course("GToT")
    nominee = make.person(jordan, family_name="Haddad", given_names="Rania", printed_name="رانيا حداد")

    request = enrollment.submit_request(make.training_request(jordan, by=liaison), by=liaison)
    request = enrollment.approve(request, by=office)
    today = timezone.localdate()
    iteration = Iteration(
        course=course, starts_on=today, ends_on=today, nominations_close_on=today, capacity=5, time_zone="UTC"
    )
    request = enrollment.schedule_request(request, iteration, by=office)
    for move in ("announce", "open"):
        iteration = courses.make_move(iteration, move, by=office)
    Iteration.objects.update(starts_on=today + timedelta(days=1), ends_on=today + timedelta(days=1))
    nomination = enrollment.nominate(nominee, iteration_of(iteration), by=liaison)
    nomination = enrollment.submit(nomination, by=liaison)
    nomination = enrollment.select(nomination, by=office)
    enrollment.give_all_clear(nomination.iteration, by=office)
    nominee.refresh_from_db()
    nomination = enrollment.confirm(nomination, by=nominee.user)
    Iteration.objects.update(starts_on=today, ends_on=today)
    for move in ("close_nominations", "confirm"):
        iteration = courses.make_move(iteration, move, by=office)
    delivery.mark_attendance(iteration, today, [nomination], by=office)
    delivery.record_result(nomination, "record_passed", by=office)
    iteration = delivery.complete(iteration, by=office)
    with django_capture_on_commit_callbacks():
        certificates.issue(iteration, by=office)

    certificate = Certificate.objects.get()
    assert certificate.printed["printed_name"] == "رانيا حداد"
    assert certificate.number == f"NCGM-{today.year}-000001"
    assert certificate.state == "queued"
    assert Iteration.objects.get().seats_taken == 1
    assert Notification.objects.filter(event="nomination.selected_person", recipient=nominee.user).exists()
    assert mail.outbox == []


def iteration_of(iteration: Iteration) -> Iteration:
    return Iteration.objects.get(pk=iteration.pk)
