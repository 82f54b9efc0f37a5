"""A deed sent twice is done once, by page, htmx and API; a refused one may be corrected and sent again."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib import messages
from django.db import connection
from django.http import StreamingHttpResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import html

from accounts.models import Sending
from accounts.tasks import forget_sendings
from certificates.models import Certificate, IssueBatch
from config.once import DoneOnce
from courses.models import Iteration, Topic
from delivery.models import Attendance
from enrollment import actions
from enrollment.models import ChecklistItem, Completion, Nomination, TrainingRequest, Waiver
from enrollment.models.trail import version_of
from partners.models import LanguageTest, Nation, Person
from tests import make

pytestmark = pytest.mark.django_db

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
WISH = {
    "kind": "mobile team", "people": "18", "language": "Arabic", "purpose": "Trainers for the schools",
    "funding": "open", "deed": "draft",
}  # fmt: skip


@pytest.fixture
def jordan():
    return make.nation("JO", "Jordan")


@pytest.fixture
def liaison(jordan):
    return make.liaison(jordan)


@pytest.fixture
def office():
    return make.coordinator()


def token_on(page) -> str:
    """The form token of the last form of a page: the forms of its frame come first."""
    return html.fromstring(page.content).xpath("//main//form//input[@name='once']/@value")[-1]


def said(response) -> list[str]:
    return [str(message) for message in messages.get_messages(response.wsgi_request)]


# Pages


def test_a_double_click_on_a_new_request_makes_one_draft(signed_in, liaison):
    client = signed_in(liaison)
    form = {**WISH, "once": token_on(client.get("/requests/new/"))}

    first, second = client.post("/requests/new/", form), client.post("/requests/new/", form)

    assert TrainingRequest.objects.count() == 1
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert "Idempotency-Replayed" not in first
    assert second["Idempotency-Replayed"] == "true"


def test_the_second_sending_says_what_the_first_one_said(signed_in, liaison):
    client, again = signed_in(liaison), signed_in(liaison)
    form = {**WISH, "once": "token"}

    first, second = client.post("/requests/new/", form), again.post("/requests/new/", form)

    assert said(first) == said(second)
    assert "saved as a draft" in said(second)[0]


def test_each_rendering_of_each_form_has_a_token_of_its_own(signed_in, office):
    make.nomination()
    client = signed_in(office)

    pages = [client.get(f"/nominations/{Nomination.objects.get().pk}/") for _turn in range(2)]

    tokens = [token for page in pages for token in re.findall(r'name="once" value="(\w+)"', page.content.decode())]
    assert len(tokens) > 6
    assert len(set(tokens)) == len(tokens)


def test_every_form_of_the_templates_that_posts_carries_the_tokens():
    forms = [
        (path.name, form)
        for path in TEMPLATES.rglob("*.html")
        for form in re.findall(r'<form[^>]*method="post".*?</form>', path.read_text(encoding="utf-8"), re.DOTALL)
    ]

    without = {name for name, form in forms if "{% csrf_token %}" not in form}

    assert len(forms) > 30
    assert without <= {"_check_form.html", "_check_file.html"}, (
        "a form that posts has {% csrf_token %}; only the public check writes nothing"
    )


def test_the_same_form_with_other_content_is_told_so_and_nothing_is_done(signed_in, liaison):
    client = signed_in(liaison)
    first = client.post("/requests/new/", {**WISH, "once": "token"})

    other = client.post("/requests/new/", {**WISH, "people": "40", "once": "token"})

    assert other.status_code == 409
    assert "The first sending was done, with other content" in other.content.decode()
    assert f'href="{first["Location"]}"' in other.content.decode()
    assert [request.people for request in TrainingRequest.objects.all()] == [18]


def test_a_token_counts_for_the_one_who_sent_it_alone(signed_in, liaison):
    other = make.liaison(make.nation("UA", "Ukraine"))

    for user in (liaison, other):
        signed_in(user).post("/requests/new/", {**WISH, "once": "token"})

    assert {request.nation.code for request in TrainingRequest.objects.all()} == {"JO", "UA"}


def test_a_form_with_errors_is_corrected_and_sent_again_with_its_token(signed_in, liaison):
    client = signed_in(liaison)

    wrong = client.post("/requests/new/", {**WISH, "people": "none", "once": "token"})
    right = client.post("/requests/new/", {**WISH, "once": "token"})

    assert wrong.status_code == 200
    assert right.status_code == 302
    assert TrainingRequest.objects.count() == 1


def test_a_refused_deed_is_tried_anew_and_not_refused_from_memory(signed_in, office):
    iteration = make.iteration(make.course(officers_from=None, officers_to=None), capacity=1, minimum=1)
    holder, waiting = make.nomination(to=iteration, state="selected"), make.nomination(to=iteration)
    client, deed = signed_in(office), {"move": "select", "once": "token"}

    client.post(f"/nominations/{waiting.pk}/move/", deed)
    actions.release(holder, by=office, reason="Nobody answers")
    client.post(f"/nominations/{waiting.pk}/move/", deed)

    waiting.refresh_from_db()
    assert waiting.state == "selected"
    assert Sending.objects.count() == 1


def test_a_draft_whose_submission_is_refused_is_still_drafted_once(signed_in, liaison, jordan, monkeypatch):
    from accounts.moves import Refused

    def refuse(*args, **kwargs):
        raise Refused("Not today.")

    monkeypatch.setattr("enrollment.actions.submit_request", refuse)
    client = signed_in(liaison)

    answers = [client.post("/requests/new/", {**WISH, "deed": "submit", "once": "token"}) for _turn in range(2)]

    assert TrainingRequest.objects.count() == 1
    assert answers[0]["Location"] == answers[1]["Location"]


def test_a_preview_has_no_effect_and_is_not_kept(signed_in, office):
    nomination = make.nomination()
    client = signed_in(office)

    shown = client.post(
        f"/iterations/{nomination.iteration_id}/decide/", {"ids": nomination.pk, "move": "waitlist", "once": "token"}
    )

    assert shown.status_code == 200
    assert not Sending.objects.exists()


@pytest.mark.parametrize(("do", "is_remembered"), [("propose", False), ("save", False), ("confirm", True)])
def test_a_question_is_asked_outside_the_transaction_of_deeds(signed_in, office, do, is_remembered):
    nomination = make.nomination()
    address = f"/iterations/{nomination.iteration_id}/board/"
    client, seen = signed_in(office), str(version_of(nomination.iteration))

    with CaptureQueriesContext(connection) as asked:
        answer = client.post(address, {"do": do, "seen": seen, f"c{nomination.pk}": "s", "once": "token"})

    assert answer.status_code in (200, 302)
    assert any("accounts_sending" in query["sql"] for query in asked) is is_remembered


def test_what_breaks_leaves_nothing_behind(office, client, settings, monkeypatch):
    nomination = make.nomination()
    client.force_login(office)
    client.raise_request_exception = False

    def break_down(*args):
        raise RuntimeError("broken")

    monkeypatch.setattr("enrollment.views.nominations.said", break_down)
    broken = client.post(f"/nominations/{nomination.pk}/move/", {"move": "waitlist", "once": "token"})
    monkeypatch.undo()

    nomination.refresh_from_db()
    assert broken.status_code == 500
    assert nomination.state == "submitted"
    assert not Sending.objects.exists()


def test_without_a_token_a_form_is_done_as_often_as_it_is_sent(signed_in, liaison):
    client = signed_in(liaison)

    for _turn in range(2):
        client.post("/requests/new/", WISH)

    assert TrainingRequest.objects.count() == 2
    assert not Sending.objects.exists()


def test_a_tick_by_htmx_is_answered_twice_with_the_same_piece(signed_in):
    nomination = make.nomination(state="confirmed")
    person = make.trainee(nomination.person)
    item = ChecklistItem.objects.create(nomination=nomination, kind="insurance")
    client, tick = signed_in(person), {"is_done": "1", "once": "token"}

    pieces = [client.post(f"/checklist/{item.pk}/", tick, headers={"HX-Request": "true"}) for _turn in range(2)]

    assert pieces[0].content == pieces[1].content
    assert b"checklist-" in pieces[1].content
    assert pieces[1]["Idempotency-Replayed"] == "true"


# Every deed that a double click could double


def held(office) -> Nomination:
    return make.passed(to=make.running_iteration(make.course(officers_from=None, officers_to=None), state="running"))


def new_iteration(course) -> dict:
    day = timezone.localdate() + timedelta(days=200)
    first = day - timedelta(days=day.weekday())
    return {
        "course": course.pk, "starts_on": first, "ends_on": first + timedelta(days=2), "precision": "day",
        "time_zone": "Europe/Stockholm", "rest_days": "67", "format": "residential", "capacity": 20, "minimum": 5,
        "late_policy": "refuse", "language": "English", "answer": "new",
    }  # fmt: skip


def schedule(office, liaison):
    return office, "/iterations/new/", new_iteration(make.course()), Iteration


def duplicate(office, liaison):
    iteration = make.iteration()
    return office, f"/iterations/{iteration.pk}/duplicate/", new_iteration(iteration.course), Iteration


def answer_a_request(office, liaison):
    row = make.training_request(by=liaison)
    for move in ("submit", "review", "approve"):
        row = actions.make_request_move(row, move, by=liaison if move == "submit" else office)
    return office, f"/requests/{row.pk}/schedule/", new_iteration(make.course()), Iteration


def new_person(office, liaison):
    fields = {"family_name": "Haddad", "given_names": "Rania", "grade": "OF-3", "email": "rania@example.org"}
    sender = {
        "sender": f"nation-{liaison.mandates.get().nation_id}",
        "category": "military",
        "sex": "not stated",
        "gender_function": "none",
    }
    return liaison, "/people/new/", {**fields, **sender}, Person


def new_nomination(office, liaison):
    person, iteration = make.person(), make.iteration()
    fields = {"person": person.pk, "priority": "1", "deed": "submit"}
    return liaison, f"/iterations/{iteration.pk}/nominate/", fields, Nomination


def language_test(office, liaison):
    person = make.person()
    fields = {"language": "English", "profile": "3333", "tested_on": "2026-01-15", "issuer": "School"}
    return liaison, f"/people/{person.pk}/language-tests/", fields, LanguageTest


def completion(office, liaison):
    person = make.person()
    fields = {"course": make.course().pk, "completed_on": "2026-01-15"}
    return liaison, f"/people/{person.pk}/completions/", fields, Completion


def bulk_decision(office, liaison):
    iteration = make.iteration(make.course(officers_from=None, officers_to=None))
    ids = [make.nomination(to=iteration).pk for _turn in range(3)]
    fields = {"ids": ids, "move": "select", "confirmed": "1"}
    return office, f"/iterations/{iteration.pk}/decide/", fields, Nomination.history


def issue(office, liaison):
    iteration = held(office).iteration
    return office, f"/iterations/{iteration.pk}/certificates/issue/", {}, IssueBatch


def replace(office, liaison):
    certificate = make.certificate(by=office)
    fields = {"move": "replace", "reason": "The name is misspelled"}
    return office, f"/certificates/{certificate.pk}/move/", fields, Certificate


def cancel(office, liaison):
    iteration = make.nomination().iteration
    return office, f"/iterations/{iteration.pk}/cancel/", {"reason": "Storm"}, Iteration.history


def message(office, liaison):
    row = make.training_request(by=liaison)
    for move in ("submit", "review"):
        row = actions.make_request_move(row, move, by=liaison if move == "submit" else office)
    return office, f"/requests/{row.pk}/move/", {"move": "ask", "reason": "How many?"}, TrainingRequest.history


def waiver(office, liaison):
    course = make.course(officers_from=5, officers_to=6)
    nomination = make.nomination(to=make.iteration(course))
    fields = {"criterion": "grade", "reason": "Acting in the post"}
    return office, f"/nominations/{nomination.pk}/waive/", fields, Waiver


def attendance(office, liaison):
    nomination = make.nomination(to=make.running_iteration(state="running"), state="confirmed")
    day = nomination.iteration.starts_on
    fields = {"day": day, "present": nomination.pk, "listed": nomination.pk}
    return office, f"/iterations/{nomination.iteration_id}/attendance/", fields, Attendance


DEEDS = [
    schedule, duplicate, answer_a_request, new_person, new_nomination, language_test, completion, bulk_decision, issue,
    replace, cancel, message, waiver, attendance,
]  # fmt: skip


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.__name__)
def test_each_deed_sent_twice_is_done_once_and_answered_alike(deed, office, liaison, signed_in):
    user, path, fields, rows = deed(office, liaison)
    client = signed_in(user)
    counted = getattr(rows, "objects", rows)
    before = counted.count()

    first = client.post(path, {**fields, "once": "token"})
    done = counted.count()
    second = client.post(path, {**fields, "once": "token"})

    assert first.status_code == 302, html.fromstring(first.content).xpath(
        "//*[@role='alert' or @class='errorlist']//text()"
    )
    assert done > before
    assert counted.count() == done
    assert (second.status_code, second["Location"]) == (302, first["Location"])
    assert second["Idempotency-Replayed"] == "true"


# Programs


@pytest.fixture
def program(signed_in, liaison):
    """Files a request over the API with a key, and gives the answer."""
    client = signed_in(liaison)

    def send(key: str, **wish):
        wish = {"kind": "seats", "people": 5, "purpose": "Advisers", **wish}
        return client.post("/api/v1/requests/", wish, "application/json", headers={"Idempotency-Key": key})

    return send


def test_a_program_that_sends_again_under_its_key_gets_the_first_answer(program):
    first, second = program("a-key"), program("a-key")

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert second["Content-Type"] == "application/json"
    assert TrainingRequest.objects.count() == 1


def test_another_body_under_the_same_key_is_refused_with_a_sentence(program):
    program("a-key")

    other = program("a-key", people=6)

    assert other.status_code == 409
    assert "nothing was changed" in other.json()["detail"]
    assert TrainingRequest.objects.count() == 1


def test_another_key_is_another_deed(program):
    for key in ("one", "two", "", ""):
        program(key)

    assert TrainingRequest.objects.count() == 4


def test_what_was_not_valid_is_corrected_under_the_same_key(program):
    wrong, right = program("a-key", people=-1), program("a-key")

    assert (wrong.status_code, right.status_code) == (400, 201)


def test_a_key_may_be_any_text(program):
    for key in ("x" * 5000, "0", "\x7f é", "a,b;c"):
        assert program(key).status_code == 201
        assert program(key)["Idempotency-Replayed"] == "true"


def test_the_schema_tells_programs_of_the_key(signed_in, office):
    schema = signed_in(office).get("/api/schema/?format=json").json()

    writes = [methods["post"] for methods in schema["paths"].values() if "post" in methods]

    assert len(writes) >= 5
    for write in writes:
        assert "Idempotency-Key" in {each["name"] for each in write["parameters"] if each["in"] == "header"}


# What answers in another way


class Paper(StreamingHttpResponse):
    """An answer in pieces, of a deed that writes."""

    def __init__(self, request) -> None:
        make.nation(f"X{Nation.objects.count()}")
        super().__init__([b"a", b"b"])


def asked(view, user, factory):
    request = factory.post("/somewhere/", {"once": "token"})
    request.user = user
    return DoneOnce(view).process_view(request, view, (), {})


def test_an_answer_in_pieces_is_given_and_not_kept(office, rf):
    answers = [asked(Paper, office, rf) for _turn in range(2)]

    assert [b"".join(answer) for answer in answers] == [b"ab", b"ab"]
    assert not Sending.objects.exists()


def test_an_answer_that_is_yet_to_be_rendered_is_kept_as_rendered(office, rf):
    def view(request):
        make.nation(f"X{Nation.objects.count()}")
        return TemplateResponse(
            request, engines["django"].from_string("{{ count }}"), {"count": Nation.objects.count()}
        )

    first, second = (asked(view, office, rf) for _turn in range(2))

    assert first.content == second.content == b"1"


def test_the_administration_adds_once_too(signed_in):
    client = signed_in(make.administrator())
    form = {"name": "Conflict", "once": "token"}

    answers = [client.post("/admin/courses/topic/add/", form) for _turn in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Topic.objects.filter(name="Conflict").count() == 1
    assert said(answers[1])[-1] == said(answers[0])[-1]


# Behind the token stands the rule: the same deed from two tabs, each with a form of its own


# What may well be wanted twice: only the token tells a double click from a second iteration.
NEW_EACH_TIME = {schedule, duplicate, answer_a_request}


@pytest.mark.parametrize("deed", [each for each in DEEDS if each not in NEW_EACH_TIME], ids=lambda deed: deed.__name__)
def test_the_same_deed_from_two_tabs_is_done_once(deed, office, liaison, signed_in):
    user, path, fields, rows = deed(office, liaison)
    client, counted = signed_in(user), getattr(rows, "objects", rows)

    client.post(path, {**fields, "once": "one tab"})
    done = counted.count()
    second = client.post(path, {**fields, "once": "another tab"})

    assert counted.count() == done
    assert second.status_code in (200, 302)


# What is kept


def test_what_is_kept_names_nobody_and_tells_no_key(signed_in, liaison):
    signed_in(liaison).post("/requests/new/", {**WISH, "purpose": "A secret purpose", "once": "token"})

    kept = Sending.objects.values_list().get()

    assert "secret" not in str(kept)
    assert "token" not in kept


def test_answers_are_let_go_after_a_day(liaison):
    for hours in (23, 25):
        Sending.objects.create(user=liaison, key=str(hours), sent_at=timezone.now() - timedelta(hours=hours))

    forget_sendings()

    assert [sending.key for sending in Sending.objects.all()] == ["23"]
