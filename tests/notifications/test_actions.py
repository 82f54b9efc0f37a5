"""What is told, called back, sent again, discarded."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.template import engines
from django.utils import timezone

from notifications import actions
from notifications.models import Notification
from tests import make

pytestmark = pytest.mark.django_db

TEMPLATE = "certificates/emails/certificate_failed.txt"


def tell(to, occasion: str = "test:1", name: str = "Rania", **more) -> Notification | None:
    facts = {"certificate": {"number": name, "failure": "Cause"}, "iteration": "GToT, July 2026"}
    return actions.tell("test", to=to, occasion=occasion, template=TEMPLATE, context=facts, **more)


def test_the_first_line_of_a_mail_is_its_subject_and_the_rest_its_text():
    made = tell("office@example.org", path="/certificates/1/")

    assert made.subject == "Certificate Rania could not be made:"
    assert made.body.startswith("Certificate Rania for")
    assert made.body.endswith("/certificates/1/")


def test_a_line_break_in_a_name_adds_no_header():
    made = tell("office@example.org", name="Rania\r\nBcc: all@example.org")

    assert "\n" not in made.subject
    assert "\r" not in made.subject


def test_the_same_event_and_occasion_is_told_to_an_address_once():
    first, second = tell("office@example.org"), tell("office@example.org")

    assert first.pk == second.pk
    assert Notification.objects.count() == 1


def test_another_occasion_or_another_address_is_another_message():
    tell("office@example.org")
    tell("office@example.org", occasion="test:2")
    tell("other@example.org")

    assert Notification.objects.count() == 3


def test_without_an_address_nothing_is_written():
    assert tell("") is None
    assert not Notification.objects.exists()


def test_each_message_has_an_id_of_its_own():
    assert tell("a@example.org").message_id != tell("b@example.org").message_id


def test_called_back_it_is_cancelled_unless_it_has_gone_out():
    waiting, sent = tell("a@example.org"), tell("b@example.org")
    Notification.objects.filter(pk=sent.pk).update(sent_at=timezone.now())

    assert actions.call_back(occasion="test:1") == 1

    assert Notification.objects.get(pk=waiting.pk).state == "cancelled"
    assert Notification.objects.get(pk=sent.pk).state == "sent"


def test_sending_again_gives_fresh_attempts():
    message = parked()

    assert actions.send_again(message, by=make.coordinator())

    row = Notification.objects.get()
    assert (row.state, row.attempts, row.failure) == ("waiting", 0, "")
    assert Notification.objects.waiting().exists()


def test_only_what_is_stuck_is_sent_again():
    message = make.notification(make.user())

    assert not actions.send_again(message, by=make.coordinator())


def test_what_was_discarded_is_not_sent_again():
    message, office = parked(), make.coordinator()
    actions.discard(message, by=office)

    assert not actions.send_again(message, by=office)
    assert Notification.objects.get().state == "cancelled"


def test_discarding_keeps_who_did_it():
    message = parked()

    assert actions.discard(message, by=make.coordinator(name="Karin"))

    assert Notification.objects.get().failure == "Discarded by Karin."
    assert not Notification.objects.parked().exists()


def test_what_is_being_sent_or_was_sent_is_not_discarded():
    office, message = make.coordinator(), make.notification(make.user())
    Notification.objects.claim(message.pk)
    assert not actions.discard(message, by=office)

    Notification.objects.update(lease_until=None, sent_at=timezone.now())
    assert not actions.discard(message, by=office)


@pytest.mark.parametrize("deed", [actions.send_again, actions.discard])
def test_only_a_coordinator_sends_again_or_discards(deed):
    with pytest.raises(PermissionDenied):
        deed(parked(), by=make.liaison())

    assert Notification.objects.get().state == "parked"


def parked() -> Notification:
    return make.notification(make.user(), parked_at=timezone.now(), attempts=5, failure="OSError: relay away")


def test_an_addressee_sees_a_message_from_the_moment_it_is_due():
    user = make.user()
    make.notification(user, due_at=timezone.now() + timedelta(hours=1))
    now = make.notification(user)

    assert list(Notification.objects.addressed_to(user)) == [now]


def test_every_mail_template_has_a_subject_line():
    from django.conf import settings

    folder = settings.BASE_DIR / "templates"
    for path in folder.glob("*/emails/[!_]*.txt"):
        first = path.read_text(encoding="utf-8").partition("\n")[0]

        assert engines["django"].from_string(first + "{% endautoescape %}"), path
        assert "{% blocktranslate" in first, path
