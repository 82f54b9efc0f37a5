"""The outbox of the office, and everybody's own messages."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from notifications.models import Notification
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(signed_in):
    return signed_in(make.coordinator())


def at(name: str, *args) -> str:
    return reverse(f"notifications:{name}", args=args)


def text(answer) -> str:
    return answer.content.decode()


def one_of_each(user) -> dict:
    now = timezone.now()
    return {
        "waiting": make.notification(user, subject="Is waiting"),
        "sent": make.notification(user, subject="Is sent", sent_at=now),
        "parked": make.notification(user, subject="Is stuck", parked_at=now, failure="OSError: relay away"),
        "cancelled": make.notification(user, subject="Is cancelled", cancelled_at=now),
    }


# Who opens what


@pytest.mark.parametrize(
    ("who", "status"),
    [("anonymous", 302), ("trainee", 403), ("liaison", 403), ("administrator", 403), ("coordinator", 200)],
)
def test_the_outbox_is_the_office_s(who, status, client, signed_in):
    client = client if who == "anonymous" else signed_in(getattr(make, who)())

    assert client.get(at("outbox")).status_code == status


@pytest.mark.parametrize(("who", "status"), [("anonymous", 302), ("other", 404), ("addressee", 200), ("office", 200)])
def test_a_message_is_read_by_its_addressee_and_the_office(who, status, client, signed_in, office):
    addressee = make.user()
    message = make.notification(addressee)
    clients = {
        "anonymous": lambda: client,
        "other": lambda: signed_in(make.liaison()),
        "addressee": lambda: signed_in(addressee),
        "office": lambda: office,
    }

    assert clients[who]().get(at("message", message.pk)).status_code == status


@pytest.mark.parametrize("who", ["liaison", "trainee"])
def test_only_the_office_moves_messages(who, signed_in):
    user = getattr(make, who)()
    message = make.notification(user, parked_at=timezone.now())

    assert signed_in(user).post(at("message_move", message.pk), {"move": "discard"}).status_code == 403
    assert Notification.objects.get().state == "parked"


def test_what_is_not_there_is_not_found(office):
    assert office.get(at("message", 10**17)).status_code == 404
    assert office.post(at("message_move", 10**17), {"move": "discard"}).status_code == 404


# The outbox


@pytest.mark.parametrize("tab", ["waiting", "sent", "parked", "cancelled"])
def test_each_tab_holds_its_own(office, tab):
    messages = one_of_each(make.user())

    rows = office.get(at("outbox"), {"state": tab}).context["listing"].rows

    assert rows == [messages[tab]]


@pytest.mark.parametrize("nonsense", [{}, {"state": "x"}, {"state": ""}])
def test_the_outbox_opens_at_what_waits(office, nonsense):
    messages = one_of_each(make.user())

    assert office.get(at("outbox"), nonsense).context["listing"].rows == [messages["waiting"]]


def test_what_could_not_be_sent_says_why(office):
    one_of_each(make.user())

    assert "OSError: relay away" in text(office.get(at("outbox"), {"state": "parked"}))


@pytest.mark.parametrize("query", ["rania@", "SELECTED", "rania selected"])
def test_a_message_is_found_by_address_and_subject_within_its_tab(office, query):
    found = make.notification(make.user("rania@example.org"), subject="You are selected")
    make.notification(make.user(), subject="Refused")
    make.notification(make.user("rania@other.org"), subject="Selected before", sent_at=timezone.now())

    assert office.get(at("outbox"), {"q": query}).context["listing"].rows == [found]


def test_the_outbox_pages_by_key_and_stays_in_its_tab(office):
    user = make.user()
    for n in range(60):
        make.notification(user, subject=f"Message {n}", sent_at=timezone.now())
    make.notification(user, subject="Waits")

    first = office.get(at("outbox"), {"state": "sent"})
    second = office.get(at("outbox") + first.context["listing"].next)

    subjects = {row.subject for page in (first, second) for row in page.context["listing"].rows}
    assert len(subjects) == 60
    assert "Waits" not in subjects


def test_an_empty_tab_says_so(office):
    assert "Nothing is stuck." in text(office.get(at("outbox"), {"state": "parked"}))
    assert "No message matches" in text(office.get(at("outbox"), {"q": "nobody"}))


# What the office does


def test_a_stuck_message_is_sent_again(office):
    message = one_of_each(make.user())["parked"]

    answer = office.post(at("message_move", message.pk), {"move": "send_again"}, follow=True)

    assert "Back in the queue" in text(answer)
    assert Notification.objects.get(pk=message.pk).state == "waiting"


@pytest.mark.parametrize("state", ["waiting", "parked"])
def test_what_has_not_gone_out_is_discarded(office, state):
    message = one_of_each(make.user())[state]

    answer = office.post(at("message_move", message.pk), {"move": "discard"}, follow=True)

    assert "Discarded" in text(answer)
    assert Notification.objects.get(pk=message.pk).state == "cancelled"


def test_what_has_gone_out_is_not_discarded_and_the_page_says_so(office):
    message = one_of_each(make.user())["sent"]

    answer = office.post(at("message_move", message.pk), {"move": "discard"}, follow=True)

    assert "Too late" in text(answer)
    assert Notification.objects.get(pk=message.pk).state == "sent"


@pytest.mark.parametrize("move", ["", "x", "send"])
def test_a_move_that_there_is_not_changes_nothing(office, move):
    message = one_of_each(make.user())["parked"]

    answer = office.post(at("message_move", message.pk), {"move": move}, follow=True)

    assert "There is no such move here." in text(answer)
    assert Notification.objects.get(pk=message.pk).state == "parked"


def test_a_message_is_shown_as_text_whatever_is_in_it(office):
    message = make.notification(make.user(), subject="<b>Hello</b>", body="<script>alert(1)</script>\n\nSecond")

    page = text(office.get(at("message", message.pk)))

    assert "<script>alert(1)" not in page
    assert "&lt;b&gt;Hello" in page


# Own messages


def test_everybody_reads_the_own_messages_newest_first_with_the_way_to_the_page(signed_in):
    user = make.user()
    first = make.notification(user, subject="First", path="/nominations/1/")
    second = make.notification(user, subject="Second")
    Notification.objects.filter(pk=first.pk).update(created_at=timezone.now() - timedelta(days=1))
    make.notification(make.user(), subject="Of somebody else")

    answer = signed_in(user).get(at("messages"))

    assert answer.context["listing"].rows == [second, first]
    assert 'href="/nominations/1/"' in text(answer)
    assert "Of somebody else" not in text(answer)


def test_own_messages_hide_what_is_not_due_or_was_cancelled_and_show_what_mail_could_not_bring(signed_in):
    user = make.user()
    make.notification(user, due_at=timezone.now() + timedelta(hours=1))
    messages = one_of_each(user)

    rows = signed_in(user).get(at("messages")).context["listing"].rows

    assert set(rows) == {messages["waiting"], messages["sent"], messages["parked"]}


def test_an_addressee_does_not_see_the_machine_s_trouble(signed_in):
    user = make.user()
    message = one_of_each(user)["parked"]

    assert "relay away" not in text(signed_in(user).get(at("message", message.pk)))


def test_nobody_has_messages_yet(signed_in):
    assert "No messages yet" in text(signed_in(make.user()).get(at("messages")))


@pytest.mark.parametrize("page", ["outbox", "messages"])
def test_pages_cost_the_same_for_one_row_and_for_three(page, signed_in, django_assert_max_num_queries):
    user, costs = make.coordinator(), []
    client = signed_in(user)
    for more in (1, 2):
        for _ in range(more):
            make.notification(user)
        with django_assert_max_num_queries(10) as queries:
            client.get(at(page))
        costs.append(len(queries))

    assert costs[0] == costs[1]
