"""Sending: once, to where the addressee reads mail, and never what was called back."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from notifications import tasks
from notifications.models import Notification
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return make.user("rania@example.org")


def fresh(message: Notification) -> Notification:
    return Notification.objects.get(pk=message.pk)


def test_a_waiting_message_goes_out_with_its_own_id(user):
    message = make.notification(user, subject="Selected", body="Dear Rania")

    tasks.send_notification(message.pk)

    (sent,) = mail.outbox
    assert (sent.to, sent.subject, sent.body) == (["rania@example.org"], "Selected", "Dear Rania")
    assert sent.extra_headers["Message-ID"] == message.message_id
    assert fresh(message).state == "sent"


def test_sent_twice_it_goes_out_once(user):
    message = make.notification(user)

    for _ in range(3):
        tasks.send_notification(message.pk)

    assert len(mail.outbox) == 1


def test_a_cancelled_message_stays(user):
    message = make.notification(user, cancelled_at=timezone.now())

    tasks.send_notification(message.pk)

    assert mail.outbox == []


def test_a_message_goes_to_where_its_addressee_reads_mail_today(user):
    message = make.notification(user)
    user.email = "new@example.org"
    user.save()

    tasks.send_notification(message.pk)

    assert mail.outbox[0].to == ["new@example.org"]
    assert fresh(message).email == "new@example.org"


def test_a_message_that_went_to_the_new_address_already_is_not_doubled(user):
    old = make.notification(user, occasion="one")
    user.email = "new@example.org"
    user.save()
    new = make.notification(user, occasion="one")

    for message in (old, new):
        tasks.send_notification(message.pk)

    assert len(mail.outbox) == 1
    assert (fresh(old).state, fresh(new).state) == ("cancelled", "sent")


def test_a_closed_account_is_told_nothing_more(user):
    message = make.notification(user)
    user.is_active = False
    user.save()

    tasks.send_notification(message.pk)

    assert mail.outbox == []
    assert fresh(message).state == "cancelled"
    assert "account was closed" in fresh(message).failure


def test_a_relay_that_is_away_gives_the_message_back(user, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    message = make.notification(user)

    tasks.send_notification(message.pk)

    row = fresh(message)
    assert row.state == "waiting"
    assert row.failure.startswith("ConnectionRefusedError")
    assert (row.attempts, row.lease_until) == (1, None)


def test_an_address_that_no_mail_can_have_is_given_up_in_the_end(user):
    message = make.notification(user)
    Notification.objects.update(recipient=None, email="two\nlines@example.org")

    for _ in range(5):
        Notification.objects.update(due_at=timezone.now())
        tasks.send_notification(message.pk)

    assert fresh(message).state == "parked"


def test_called_back_while_it_was_sent_it_counts_as_sent(user):
    message = make.notification(user)
    held = Notification.objects.claim(message.pk)
    Notification.objects.update(cancelled_at=timezone.now())

    tasks._send(held)

    assert fresh(message).state == "sent"


def test_the_sweep_rings_for_what_waits(user, monkeypatch):
    rung: list[int] = []
    monkeypatch.setattr(tasks.send_notification, "delay", rung.append)
    waiting = make.notification(user)
    make.notification(user, sent_at=timezone.now())
    make.notification(user, parked_at=timezone.now())
    make.notification(user, cancelled_at=timezone.now())
    make.notification(user, due_at=timezone.now() + timedelta(hours=1))

    tasks.sweep()

    assert rung == [waiting.pk]
