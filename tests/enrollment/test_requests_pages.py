"""The pages of training requests, as each role meets them."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.models import Topic
from enrollment import actions
from enrollment.models import TrainingRequest
from enrollment.workflow import RequestState
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def jordan():
    return make.nation("JO", "Jordan")


@pytest.fixture
def liaison(jordan):
    return make.liaison(jordan)


@pytest.fixture
def office():
    return make.coordinator()


def a_request(state: str, sender=None, **fields) -> TrainingRequest:
    """A request written straight into `state`."""
    made = make.training_request(sender or make.nation("JO"), **fields)
    made.state, made.received_at = state, None if state == RequestState.DRAFT else timezone.now()
    made.save_without_historical_record()
    return made


def typed(**fields) -> dict:
    """What a browser sends of a new request."""
    return {
        "kind": "mobile team",
        "people": "18",
        "language": "Arabic",
        "purpose": "Trainers for the services' schools.",
        "funding": "open",
        "deed": "draft",
        **fields,
    }


def address(name: str, row: TrainingRequest | None = None) -> str:
    return reverse(f"enrollment:{name}", args=[row.pk] if row else [])


# Visitor, coordinator, own liaison, foreign liaison, trainee, analyst.
PAGES = [
    ("requests", None, (302, 200, 200, 200, 403, 403)),
    ("request_new", None, (302, 403, 200, 200, 403, 403)),
    ("request", "draft", (302, 404, 200, 404, 403, 403)),
    ("request", "submitted", (302, 200, 200, 404, 403, 403)),
    ("request_edit", "draft", (302, 403, 200, 404, 403, 403)),
    ("request_edit", "submitted", (302, 403, 302, 404, 403, 403)),
    ("request_schedule", "approved", (302, 200, 403, 403, 403, 403)),
    ("request_schedule", "draft", (302, 404, 403, 403, 403, 403)),
    ("request_schedule", "submitted", (302, 302, 403, 403, 403, 403)),
]


@pytest.mark.parametrize(("name", "state", "expected"), PAGES)
def test_each_page_answers_each_role(name, state, expected, jordan, liaison, office, signed_in, client):
    row = a_request(state, by=liaison) if state else None
    others = [make.liaison(make.nation("UA")), make.trainee(make.person(jordan)), make.user(is_analyst=True)]
    clients = [client, *map(signed_in, [office, liaison, *others])]

    assert tuple(each.get(address(name, row)).status_code for each in clients) == expected


def test_an_unknown_request_is_answered_as_a_foreign_one(liaison, signed_in):
    foreign = a_request("submitted", make.nation("UA"))
    client = signed_in(liaison)

    for pk in (foreign.pk, 10**6, 10**18):
        assert client.get(f"/requests/{pk}/").status_code == 404
        assert client.post(f"/requests/{pk}/move/", {"move": "withdraw", "reason": "x"}).status_code == 404
        assert client.post(f"/requests/{pk}/edit/", typed()).status_code == 404
    assert TrainingRequest.objects.get().state == "submitted"


# The list


def numbers(response) -> set[str]:
    return {row.number for row in response.context["listing"].rows}


def test_a_liaison_lists_the_own_requests_and_the_office_all_but_drafts(liaison, office, signed_in):
    draft, sent = a_request("draft", by=liaison), a_request("submitted", by=liaison)
    foreign = a_request("submitted", make.nation("UA", "Ukraine"))

    own, all_of_them = (signed_in(user).get("/requests/") for user in (liaison, office))

    assert numbers(own) == {draft.number, sent.number}
    assert "Ukraine" not in own.content.decode()
    assert numbers(all_of_them) == {sent.number, foreign.number}


def test_requests_are_searched_and_filtered(jordan, office, signed_in):
    tunisia, genad = make.nation("TN", "Tunisia"), make.course("GENAD")
    make.membership(jordan, "MD")
    make.membership(tunisia, "PfP")
    one = a_request("submitted", jordan, kind="seats", course=genad, place="Al-Zarqāʾ")
    two = a_request("approved", tunisia, kind="advice", purpose="A gender annex to the plan")
    client = signed_in(office)
    found = {
        "state=approved": {two.number},
        "kind=seats": {one.number},
        f"sender=nation-{tunisia.pk}": {two.number},
        "framework=MD": {one.number},
        f"course={genad.pk}": {one.number},
        "q=zarqa": {one.number},
        f"q={two.number}": {two.number},
        "q=annex": {two.number},
        "q=nothing": set(),
        "state=draft": {one.number, two.number},
        "framework=999": {one.number, two.number},
        "sort=oldest&after=nonsense": {one.number, two.number},
    }

    assert {query: numbers(client.get(f"/requests/?{query}")) for query in found} == found


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_list_can_be_taken_along_as_a_file(kind, liaison, signed_in):
    own = a_request("submitted", by=liaison, purpose="=HYPERLINK(1)")
    foreign = a_request("submitted", make.nation("UA"))

    response = signed_in(liaison).get(f"/requests/?format={kind}")

    assert response["Content-Disposition"] == f'attachment; filename="requests.{kind}"'
    if kind == "csv":
        text = response.content.decode("utf-8-sig")
        assert own.number in text
        assert foreign.number not in text
        assert "'=HYPERLINK" in text


def test_an_empty_list_says_how_to_get_the_first_request(liaison, office, signed_in):
    assert "Write the first request" in signed_in(liaison).get("/requests/").content.decode()
    assert "Liaisons write them" in signed_in(office).get("/requests/").content.decode()


@pytest.mark.parametrize("who", ["liaison", "office"])
def test_the_pages_ask_the_same_number_of_queries_for_few_and_many(
    who, liaison, office, signed_in, django_assert_max_num_queries
):
    client = signed_in(liaison if who == "liaison" else office)
    first = a_request("approved", by=liaison, course=make.course())
    counts = []

    for size in (1, 3):
        while TrainingRequest.objects.count() < size:
            a_request("submitted", by=liaison)
        while first.iterations.count() < size:
            actions.schedule_request(first, make.iteration(), by=office)
            first.messages.create(author=office, is_from_the_office=True, text="?")
        counts.append([])
        for page in ("/requests/", f"/requests/{first.pk}/"):
            with django_assert_max_num_queries(10) as asked:
                client.get(page)
            counts[-1].append(len(asked))

    assert counts[0] == counts[1]


# A new request


def test_a_liaison_saves_a_draft_without_being_asked_for_the_nation(jordan, liaison, office, signed_in):
    make.membership(jordan, "MD")
    topic, course = Topic.objects.create(name="Human Rights"), make.course("GToT")
    client = signed_in(liaison)

    blank = client.get(f"/requests/new/?course={course.slug}").context["form"]
    response = client.post("/requests/new/", typed(course=course.pk, topics=[topic.pk]), follow=True)

    assert "sender" not in blank.fields
    assert (blank["framework"].value(), blank["course"].value()) == (make.framework("MD").pk, course.pk)
    assert liaison.email in blank["contact"].value()
    row = TrainingRequest.objects.get()
    assert (row.nation, row.liaison, row.state, row.people) == (jordan, liaison, "draft", 18)
    assert list(row.topics.all()) == [topic]
    assert f"{row.number} is saved as a draft" in response.content.decode()
    assert not office.notifications.exists()


def test_a_liaison_saves_and_submits_in_one_go(liaison, office, signed_in):
    response = signed_in(liaison).post("/requests/new/", typed(deed="submit"), follow=True)

    assert TrainingRequest.objects.get().state == "submitted"
    assert "is submitted" in response.content.decode()
    assert office.notifications.get().event == "request.submitted"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"kind": ""}, "This field is required"),
        ({"kind": "money"}, "Select a valid choice"),
        ({"people": "0"}, "at least one"),
        ({"people": "-3"}, "greater than or equal"),
        ({"people": "100000"}, "less than or equal"),
        ({"people": "some"}, "whole number"),
        ({"purpose": "  "}, "This field is required"),
        ({"wanted_from": "soon"}, "valid date"),
        ({"wanted_from": "0026-05-01"}, "year between"),
        ({"wanted_from": "2027-05-02", "wanted_to": "2027-05-01"}, "is before"),
        ({"course": "999999"}, "Select a valid choice"),
        ({"topics": ["999999"]}, "999999 is not one of the available choices"),
        ({"framework": "999999"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_kept_is_said_beside_the_field_and_what_was_typed_stays(fields, sentence, liaison, signed_in):
    response = signed_in(liaison).post("/requests/new/", typed(**{"levels": "Captains of the J3", **fields}))

    page = response.content.decode()
    assert response.status_code == 200
    assert sentence in page
    assert "Captains of the J3" in page
    assert not TrainingRequest.objects.exists()


def test_a_course_that_is_not_published_is_no_choice(liaison, signed_in):
    secret = make.course("SECRET", is_published=False)

    response = signed_in(liaison).post("/requests/new/", typed(course=secret.pk))

    assert "Select a valid choice" in response.content.decode()
    assert "SECRET" not in response.content.decode()


@pytest.mark.parametrize("field", ["sender", "nation", "liaison", "state", "number", "decided_by"])
def test_what_a_form_does_not_ask_cannot_be_set_by_it(field, jordan, liaison, office, signed_in):
    value = {"sender": f"nation-{make.nation('UA').pk}", "state": "approved", "number": "TR-1"}.get(field, office.pk)

    signed_in(liaison).post("/requests/new/", typed(**{field: value}))

    row = TrainingRequest.objects.get()
    assert (row.nation, row.liaison, row.state, row.decided_by) == (jordan, liaison, "draft", None)
    assert row.number.endswith(f"-{row.pk:04d}")


def test_a_liaison_of_two_chooses_between_them_and_nothing_else(liaison, signed_in):
    union, ukraine = make.organisation("AU"), make.nation("UA")
    make.mandate(liaison, union)
    client = signed_in(liaison)

    wrong = client.post("/requests/new/", typed(sender=f"nation-{ukraine.pk}"))
    client.post("/requests/new/", typed(sender=f"organisation-{union.pk}"))

    assert "Select a valid choice" in wrong.content.decode()
    assert TrainingRequest.objects.get().sender == union


def test_a_suspended_nations_liaison_reads_why_there_is_no_new_request(jordan, liaison, signed_in):
    make.membership(jordan, suspended_from=date(2022, 1, 1))
    client = signed_in(liaison)

    page = client.get("/requests/").content.decode()
    refused = client.post("/requests/new/", typed(), follow=True).content.decode()

    assert "Jordan's partnership is suspended" in page.replace("&#x27;", "'")
    assert "New training request" not in page
    assert "partnership is suspended: no new requests" in refused.replace("&#x27;", "'")
    assert not TrainingRequest.objects.exists()


def test_who_also_acts_for_an_organisation_still_asks_for_that_one(jordan, liaison, signed_in):
    make.membership(jordan, suspended_from=date(2022, 1, 1))
    union = make.organisation("AU")
    make.mandate(liaison, union)
    client = signed_in(liaison)

    page = client.get("/requests/").content.decode()
    client.post("/requests/new/", typed())

    assert "New training request" in page
    assert TrainingRequest.objects.get().sender == union


def test_a_draft_of_a_nation_suspended_since_is_kept_but_not_submitted(jordan, liaison, signed_in):
    draft = a_request("draft", by=liaison)
    make.membership(jordan, suspended_from=date(2022, 1, 1))

    response = signed_in(liaison).post(f"/requests/{draft.pk}/edit/", typed(deed="submit", people="7"), follow=True)

    draft.refresh_from_db()
    assert (draft.state, draft.people) == ("draft", 7)
    assert "is suspended" in response.content.decode()


# A draft that is changed


def test_a_colleague_changes_the_draft_of_a_liaison(jordan, liaison, signed_in):
    draft = a_request("draft", by=liaison)

    signed_in(make.liaison(jordan)).post(f"/requests/{draft.pk}/edit/", typed(people="7"))

    draft.refresh_from_db()
    assert (draft.people, draft.liaison) == (7, liaison)


def test_who_saves_over_a_colleagues_change_is_told_once(jordan, liaison, signed_in):
    draft = a_request("draft", by=liaison)
    client = signed_in(liaison)
    seen = client.get(f"/requests/{draft.pk}/edit/").context["form"]["version"].value()
    signed_in(make.liaison(jordan, name="Dana Deputy")).post(f"/requests/{draft.pk}/edit/", typed(people="7"))

    response = client.post(f"/requests/{draft.pk}/edit/", typed(people="9", version=seen))

    assert "Dana Deputy changed this record" in response.content.decode()
    draft.refresh_from_db()
    assert draft.people == 7


def test_a_change_that_comes_after_the_submission_is_refused_and_stays_on_the_page(liaison, signed_in):
    row = a_request("submitted", by=liaison)

    page = signed_in(liaison).post(f"/requests/{row.pk}/edit/", typed(levels="Captains")).content.decode()

    assert "was submitted and can no longer be changed" in page
    assert "Captains" in page
    assert TrainingRequest.objects.get().levels == ""


# One request


BUTTONS = {
    "draft": ({"submit", "withdraw"}, None),
    "submitted": ({"withdraw"}, {"review", "ask", "approve", "decline"}),
    "under review": ({"withdraw"}, {"ask", "approve", "decline"}),
    "information asked": ({"answer", "withdraw"}, {"decline"}),
    "approved": ({"withdraw"}, {"decline"}),
    "scheduled": (set(), {"deliver"}),
    "delivered": (set(), {"close"}),
    "closed": (set(), set()),
    "declined": (set(), set()),
    "withdrawn": (set(), set()),
}


@pytest.mark.parametrize("state", BUTTONS)
def test_the_page_offers_each_side_its_moves_and_no_other(state, liaison, office, signed_in):
    row = a_request(state, by=liaison)
    of_the_liaison, of_the_office = BUTTONS[state]

    def offered(user) -> set[str]:
        page = signed_in(user).get(f"/requests/{row.pk}/").content.decode()
        return {name for name in actions.REQUEST_DEEDS if f'name="move" value="{name}"' in page}

    assert offered(liaison) == of_the_liaison
    assert of_the_office is None or offered(office) == of_the_office


def test_scheduling_is_offered_to_the_office_once_a_request_is_approved(liaison, office, signed_in):
    offered = {}
    for state in ("under review", "approved", "scheduled"):
        row = a_request(state, by=liaison)
        pages = [signed_in(user).get(f"/requests/{row.pk}/").content.decode() for user in (liaison, office)]
        offered[state] = [f"/requests/{row.pk}/schedule/" in page for page in pages]

    assert offered == {"under review": [False, False], "approved": [False, True], "scheduled": [False, True]}


def test_the_conversation_is_read_by_both_sides(liaison, office, signed_in):
    row = a_request("submitted", by=liaison)

    signed_in(office).post(f"/requests/{row.pk}/move/", {"move": "ask", "reason": "Which language?"})
    asked = signed_in(liaison).get(f"/requests/{row.pk}/").content.decode()
    signed_in(liaison).post(f"/requests/{row.pk}/move/", {"move": "answer", "reason": "Arabic, please"})
    answered = signed_in(office).get(f"/requests/{row.pk}/").content.decode()

    assert "Which language?" in asked
    assert "Nothing goes on until you answer" in asked
    assert "Arabic, please" in answered
    assert TrainingRequest.objects.get().state == "under review"


@pytest.mark.parametrize(
    ("state", "move", "reason", "target", "sentence"),
    [
        ("draft", "submit", "", "submitted", "is submitted"),
        ("submitted", "review", "", "under review", "is looked at"),
        ("submitted", "ask", "Where?", "information asked", "waits for the answer"),
        ("information asked", "answer", "Amman", "under review", "under review again"),
        ("under review", "approve", "", "approved", "Next: schedule an iteration"),
        ("under review", "approve", "With interpretation", "approved", "With interpretation"),
        ("approved", "decline", "No team is free", "declined", "No team is free"),
        ("approved", "withdraw", "Postponed", "withdrawn", "Postponed"),
        ("scheduled", "deliver", "", "delivered", "marked as delivered"),
        ("delivered", "close", "", "closed", "is closed"),
    ],
)
def test_each_move_is_made_from_the_page(state, move, reason, target, sentence, liaison, office, signed_in):
    row = a_request(state, by=liaison)
    user = liaison if move in ("submit", "answer", "withdraw") else office

    response = signed_in(user).post(f"/requests/{row.pk}/move/", {"move": move, "reason": reason}, follow=True)

    assert TrainingRequest.objects.get().state == target
    assert sentence in response.content.decode()


@pytest.mark.parametrize(("state", "move"), [("submitted", "ask"), ("submitted", "decline")])
def test_a_move_that_needs_words_asks_for_them_beside_the_field(state, move, liaison, office, signed_in):
    row = a_request(state, by=liaison)

    page = signed_in(office).post(f"/requests/{row.pk}/move/", {"move": move, "reason": " "}).content.decode()

    assert "Write it here" in page
    assert TrainingRequest.objects.get().state == state


def test_a_move_on_a_stale_page_says_what_happened_and_gives_the_words_back(liaison, office, signed_in):
    row = a_request("submitted", by=liaison)
    actions.decline_request(row, by=make.coordinator(), reason="No team is free")

    page = (
        signed_in(office).post(f"/requests/{row.pk}/move/", {"move": "ask", "reason": "Which days?"}).content.decode()
    )

    assert "the state is now “Declined”" in page
    assert "Which days?" in page
    assert TrainingRequest.objects.get().state == "declined"


@pytest.mark.parametrize("move", ["", "schedule", "explode"])
def test_an_unknown_move_is_no_move(move, liaison, office, signed_in):
    row = a_request("approved", by=liaison)

    response = signed_in(office).post(f"/requests/{row.pk}/move/", {"move": move}, follow=True)

    assert "no such move" in response.content.decode()
    assert TrainingRequest.objects.get().state == "approved"


def test_one_side_cannot_make_the_other_sides_move(liaison, office, signed_in):
    row = a_request("submitted", by=liaison)

    pages = [
        signed_in(user).post(f"/requests/{row.pk}/move/", {"move": move, "reason": "x"}).content.decode()
        for user, move in ((liaison, "approve"), (office, "withdraw"))
    ]

    assert all("not yours" in page for page in pages)
    assert TrainingRequest.objects.get().state == "submitted"


def test_a_draft_iteration_is_told_to_the_liaison_but_not_linked(liaison, office, signed_in):
    row = a_request("approved", by=liaison)
    planned, announced = make.iteration(state="draft"), make.iteration()
    for iteration in (planned, announced):
        actions.schedule_request(row, iteration, by=office)

    page = signed_in(liaison).get(f"/requests/{row.pk}/").content.decode()

    assert planned.name in page
    assert f'href="/iterations/{planned.pk}/"' not in page
    assert f'href="/iterations/{announced.pk}/"' in page
    assert f'href="/iterations/{announced.pk}/nominate/"' in page


def test_the_history_says_who_when_and_why(liaison, office, signed_in):
    row = actions.submit_request(make.training_request(by=liaison), by=liaison)
    actions.decline_request(row, by=office, reason="No team is free")

    page = signed_in(liaison).get(f"/requests/{row.pk}/").content.decode()

    for words in ("Drafted", "Submit", "Decline", liaison.name, office.name, "No team is free"):
        assert words in page


def test_the_iteration_shows_the_office_the_requests_that_it_answers_and_a_liaison_no_foreign_one(
    liaison, office, signed_in
):
    own, foreign = a_request("approved", by=liaison), a_request("approved", make.nation("UA"))
    iteration = make.iteration()
    for row in (own, foreign):
        actions.schedule_request(row, iteration, by=office)

    page, of_the_liaison = (
        signed_in(user).get(f"/iterations/{iteration.pk}/nominations/").content.decode() for user in (office, liaison)
    )

    assert f'href="/requests/{own.pk}/"' in page
    assert f'href="/requests/{foreign.pk}/"' in page
    assert foreign.number not in of_the_liaison


# Scheduling


def days(weeks: int, length: int = 4) -> dict:
    first = timezone.localdate() + timedelta(weeks=weeks)
    return {"wanted_from": first, "wanted_to": first + timedelta(days=length)}


def sent_back(form, **fields) -> dict:
    """What a browser sends of the iteration's form as it was shown."""
    values = {}
    for name in form.fields:
        value = form[name].value()
        if isinstance(value, list | tuple):
            values[name] = [getattr(each, "pk", each) for each in value]
        elif value not in (None, False, ""):
            values[name] = getattr(value, "pk", value)
    return {"answer": "new", **values, **fields}


def test_the_iteration_is_filled_in_from_the_request(jordan, liaison, office, signed_in):
    course = make.course("GToT", languages="English", default_minimum=6)
    wish = days(30)
    row = a_request(
        "approved",
        by=liaison,
        kind="mobile team",
        course=course,
        people=18,
        place="Amman",
        language="Arabic",
        needs_interpretation=True,
        **wish,
    )

    form = signed_in(office).get(f"/requests/{row.pk}/schedule/").context["form"]

    value = {name: form[name].value() for name in form.fields}
    assert (value["course"], value["starts_on"], value["ends_on"]) == (course.pk, *wish.values())
    assert (value["format"], value["nation"], value["place"]) == ("mobile team", jordan.pk, "Amman")
    assert (value["capacity"], value["minimum"]) == (18, 6)
    assert (value["language"], value["interpretation"]) == ("English", "Arabic")
    assert value["is_by_invitation"] is True
    assert [getattr(each, "pk", each) for each in value["invited_nations"]] == [jordan.pk]


def test_saving_makes_the_iteration_schedules_the_request_and_links_both(liaison, office, signed_in):
    row = a_request("approved", by=liaison, kind="mobile team", course=make.course("GToT"), people=12, **days(30))
    client = signed_in(office)
    shown = client.get(f"/requests/{row.pk}/schedule/").context["form"]

    asked = client.post(f"/requests/{row.pk}/schedule/", sent_back(shown, place="Amman"))
    if asked.status_code == 200:  # a clash to look at, such as days that do not match the course
        asked = client.post(
            f"/requests/{row.pk}/schedule/",
            sent_back(shown, place="Amman", seen=" ".join(each.key for each in asked.context["form"].clashes)),
        )

    assert asked.url == f"/requests/{row.pk}/"
    row.refresh_from_db()
    iteration = row.iterations.get()
    assert row.state == "scheduled"
    assert (iteration.state, iteration.capacity, iteration.place) == ("draft", 12, "Amman")
    assert list(iteration.invited_nations.all()) == [row.nation]
    assert liaison.notifications.get().event == "request.scheduled"


def test_every_answer_that_no_field_took_over_is_listed(liaison, office, signed_in):
    row = a_request(
        "approved",
        by=liaison,
        levels="Captains and majors",
        alternatives="or in autumn",
        wanted_from=date(2030, 9, 1),
        wanted_to=date(2031, 6, 30),
        purpose="Advisers for two commands",
        plan="DCB",
        plan_reference="DCB-7",
        contact="Major Haddad",
        framework=make.framework("MD"),
    )

    context = signed_in(office).get(f"/requests/{row.pk}/schedule/").context

    left = {str(answer.label): answer.text for answer in context["left_over"]}
    assert left["Who they are"] == "Captains and majors"
    assert left["Wanted"] == "from 1 September 2030 to 30 June 2031"
    assert left["Plan or programme"] == "DCB DCB-7"
    assert {"Course", "Alternative dates", "Purpose", "Framework", "Funding", "Contact"} < left.keys()
    assert "Language" not in left


def test_a_form_that_cannot_be_saved_keeps_what_was_typed_and_leaves_the_request_approved(liaison, office, signed_in):
    row = a_request("approved", by=liaison, course=make.course(), **days(30))
    client = signed_in(office)
    shown = client.get(f"/requests/{row.pk}/schedule/").context["form"]

    page = client.post(
        f"/requests/{row.pk}/schedule/", sent_back(shown, ends_on="2020-01-01", notes="Bring boots")
    ).content.decode()

    assert "The last day is before the first day" in page
    assert "Bring boots" in page
    row.refresh_from_db()
    assert (row.state, row.iterations.count()) == ("approved", 0)


def test_an_iteration_that_is_planned_already_answers_the_request(liaison, office, signed_in):
    row, planned = a_request("approved", by=liaison), make.iteration()

    response = signed_in(office).post(
        f"/requests/{row.pk}/schedule/", {"answer": "existing", "iteration": planned.pk}, follow=True
    )

    row.refresh_from_db()
    assert (row.state, list(row.iterations.all())) == ("scheduled", [planned])
    assert planned.name in response.content.decode()


def test_only_what_lies_ahead_and_is_not_linked_can_be_linked(liaison, office, signed_in):
    row = a_request("approved", by=liaison)
    linked, free, draft = make.iteration(), make.iteration(), make.iteration(state="draft")
    cancelled, past = make.iteration(state="cancelled"), make.running_iteration(state="completed")
    actions.schedule_request(row, linked, by=office)
    client = signed_in(office)

    offered = set(client.get(f"/requests/{row.pk}/schedule/").context["link_form"].fields["iteration"].queryset)
    refused = [
        client.post(f"/requests/{row.pk}/schedule/", {"answer": "existing", "iteration": each.pk}).content.decode()
        for each in (linked, cancelled, past)
    ]

    assert offered == {free, draft}
    assert all("can no longer be linked" in page for page in refused)
    assert list(row.iterations.all()) == [linked]


def test_a_request_declined_meanwhile_is_not_scheduled_and_nothing_typed_is_lost(liaison, office, signed_in):
    row = a_request("approved", by=liaison, course=make.course(), **days(30))
    client = signed_in(office)
    shown = client.get(f"/requests/{row.pk}/schedule/").context["form"]
    seen = " ".join(f"length:{each}:3" for each in range(10))
    actions.decline_request(row, by=make.coordinator(), reason="No team is free")

    page = client.post(
        f"/requests/{row.pk}/schedule/", sent_back(shown, notes="Bring boots", seen=seen)
    ).content.decode()

    assert "the state is now “Declined”" in page
    assert "Bring boots" in page
    assert not row.iterations.exists()


@pytest.mark.parametrize("kind", TrainingRequest.Kind.values)
def test_every_kind_of_request_can_be_scheduled_with_as_little_as_it_says(kind, liaison, office, signed_in):
    row = a_request("approved", by=liaison, kind=kind)

    assert signed_in(office).get(f"/requests/{row.pk}/schedule/").status_code == 200


def test_an_organisations_request_invites_the_organisation(office, signed_in):
    union = make.organisation("AU")
    row = a_request("approved", union, kind="tailored course")

    form = signed_in(office).get(f"/requests/{row.pk}/schedule/").context["form"]

    assert form["nation"].value() is None
    assert [getattr(each, "pk", each) for each in form["invited_organisations"].value()] == [union.pk]
