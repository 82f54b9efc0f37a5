"""Issue, watch, find, download, revoke: who may, what is said, what is kept."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from certificates import files
from certificates.models import Certificate, IssueBatch
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def iteration():
    return make.running_iteration(make.course("GToT"), state="running")


@pytest.fixture
def office(signed_in):
    return signed_in(make.coordinator())


def at(name: str, *args) -> str:
    return reverse(f"certificates:{name}", args=args)


def text(answer) -> str:
    return answer.content.decode()


# Issuing


def test_the_preview_says_who_gets_which_who_gets_none_and_why(office, iteration):
    make.passed(make.person(family_name="Able"), iteration)
    make.attended(make.nomination(make.person(family_name="Baker"), iteration, state="failed"))
    has_one = make.certificate(make.passed(make.person(family_name="Charlie"), iteration))
    Certificate.objects.exclude(pk=has_one.pk).delete()

    page = text(office.get(at("iteration", iteration.pk)))

    assert "1 certificate to issue" in page
    assert "1 participant gets none" in page
    assert "Did not pass." in page
    assert has_one.number in page


def test_one_button_issues_for_everybody_and_leads_to_the_progress(office, iteration):
    for _ in range(3):
        make.passed(to=iteration)

    answer = office.post(at("issue", iteration.pk), {"tells_trainees": "on"})

    batch = IssueBatch.objects.get()
    assert answer.url == at("batch", batch.pk)
    assert batch.tells_trainees
    assert batch.certificates.count() == 3


def test_without_the_tick_nobody_is_told(office, iteration):
    make.passed(to=iteration)

    office.post(at("issue", iteration.pk))

    assert not IssueBatch.objects.get().tells_trainees


def test_pressing_twice_issues_once_and_says_so(office, iteration):
    make.passed(to=iteration)
    office.post(at("issue", iteration.pk))

    answer = office.post(at("issue", iteration.pk), follow=True)

    assert "There is nobody to issue a certificate for." in text(answer)
    assert Certificate.objects.count() == 1


def test_before_the_iteration_runs_the_page_previews_and_has_no_button(office):
    iteration = make.running_iteration(state="confirmed")
    make.passed(to=iteration)

    page = text(office.get(at("iteration", iteration.pk)))

    assert "once the iteration is running" in page
    assert at("issue", iteration.pk) not in page


def test_who_lost_a_certificate_is_listed_with_the_reason_and_gets_one_only_when_ticked(office, iteration):
    nomination = make.passed(make.person(family_name="Again"), iteration)
    make.certificate(nomination, state="revoked", revocation_reason="Copied the test")

    page = text(office.get(at("iteration", iteration.pk)))
    office.post(at("issue", iteration.pk))
    assert "Copied the test" in page
    assert Certificate.objects.count() == 1

    office.post(at("issue", iteration.pk), {"again": [nomination.pk]})
    assert Certificate.objects.filter(state="queued").count() == 1


@pytest.mark.parametrize("sent", ["foreign", "x", str(10**15)])
def test_an_id_from_elsewhere_issues_nothing(office, iteration, sent):
    make.passed(to=iteration)
    foreign = make.certificate(state="revoked").nomination

    answer = office.post(at("issue", iteration.pk), {"again": [foreign.pk if sent == "foreign" else sent]})

    assert answer.status_code == 200
    assert "nothing was issued" in text(answer)
    assert not Certificate.objects.filter(nomination__iteration=iteration).exists()


def test_a_certificate_that_the_record_no_longer_bears_out_is_pointed_at(office, iteration):
    nomination = make.passed(to=iteration)
    make.certificate(nomination)
    type(nomination).objects.update(state="failed")

    assert "today it would not be issued" in text(office.get(at("iteration", iteration.pk)))


# The progress


@pytest.fixture
def batch(iteration):
    for _ in range(4):
        make.passed(to=iteration)
    make.certificate(iteration.nominations.first(), state="queued")
    return IssueBatch.objects.get()


def made(batch, count: int) -> None:
    for certificate in batch.certificates.filter(state="queued")[:count]:
        name, sha256 = files.keep(certificate.number.encode())
        changes = {"state": "issued", "file_name": name, "sha256": sha256, "issued_at": timezone.now()}
        Certificate.objects.filter(pk=certificate.pk).update(**changes)


def test_the_progress_shows_count_rate_and_what_is_left(office, batch):
    IssueBatch.objects.update(started_at=timezone.now() - timedelta(seconds=30))
    made(batch, 2)

    page = text(office.get(at("batch", batch.pk)))

    assert "2 / 4" in page
    assert "4.0 a minute" in page
    assert "about 31 seconds left" in page
    assert 'hx-trigger="every 1s"' in page


def test_before_the_first_is_made_the_progress_says_what_it_waits_for(office, batch):
    page = text(office.get(at("batch", batch.pk)))

    assert "0 / 4" in page
    assert "Waiting for a worker" in page


def test_when_all_are_made_it_asks_no_more(office, batch):
    made(batch, 4)

    page = text(office.get(at("batch", batch.pk)))

    assert "All are made." in page
    assert "hx-trigger" not in page


def test_htmx_gets_the_part_that_changes(office, batch):
    part = text(office.get(at("batch", batch.pk), headers={"HX-Request": "true"}))

    assert part.strip().startswith('<div id="progress"')
    assert "<html" not in part


def test_each_fault_is_listed_with_its_cause_and_a_button(office, batch):
    failed = batch.certificates.first()
    Certificate.objects.filter(pk=failed.pk).update(state="failed", failure="No typeface has 𒍅.")
    made(batch, 3)

    page = text(office.get(at("batch", batch.pk)))

    assert "No typeface has 𒍅." in page
    assert "Finished, with faults." in page
    assert at("certificate_move", failed.pk) in page

    answer = office.post(at("certificate_move", failed.pk), {"move": "retry", "next": at("batch", batch.pk)})
    assert answer.url == at("batch", batch.pk)
    assert Certificate.objects.get(pk=failed.pk).state == "queued"


def test_the_progress_costs_the_same_however_many_there_are(office, batch, django_assert_max_num_queries):
    with django_assert_max_num_queries(10) as few:
        office.get(at("batch", batch.pk))
    batch.certificates.update(state="failed", failure="Cause")
    with django_assert_max_num_queries(10) as many:
        office.get(at("batch", batch.pk))

    assert len(many) <= len(few) + 1  # the list of faults, once there is one


# Who opens what


OFFICE_ALONE = ["iteration", "batch"]


@pytest.mark.parametrize("page", OFFICE_ALONE)
@pytest.mark.parametrize(
    ("who", "status"),
    [("anonymous", 302), ("trainee", 403), ("liaison", 403), ("administrator", 403), ("coordinator", 200)],
)
def test_issuing_is_the_office_s(page, who, status, batch, client, signed_in):
    client = client if who == "anonymous" else signed_in(getattr(make, who)())
    pk = batch.iteration_id if page == "iteration" else batch.pk

    assert client.get(at(page, pk)).status_code == status


def test_an_instructor_issues_nothing(iteration, signed_in):
    client = signed_in(make.instructor(iteration))

    assert client.get(at("iteration", iteration.pk)).status_code == 403
    assert client.post(at("issue", iteration.pk)).status_code == 403


@pytest.mark.parametrize("name", ["iteration", "batch", "certificate", "download"])
def test_what_is_not_there_is_not_found(office, name):
    assert office.get(at(name, 10**17)).status_code == 404


@pytest.fixture
def jordanian(iteration):
    person = make.person(make.nation("JO", "Jordan"), family_name="Haddad", given_names="Rania")
    make.trainee(person)
    return make.certificate(make.passed(person, iteration))


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("anonymous", 302),
        ("own trainee", 200),
        ("another trainee", 404),
        ("own liaison", 200),
        ("foreign liaison", 404),
        ("instructor", 404),
        ("coordinator", 200),
        ("administrator", 200),
    ],
)
@pytest.mark.parametrize("page", ["certificate", "download"])
def test_a_certificate_is_seen_by_its_holder_its_nation_and_the_office(page, who, status, jordanian, client, signed_in):
    users = {
        "own trainee": lambda: jordanian.nomination.person.user,
        "another trainee": make.trainee,
        "own liaison": lambda: make.liaison(make.nation("JO")),
        "foreign liaison": lambda: make.liaison(make.nation("UA")),
        "instructor": lambda: make.instructor(jordanian.nomination.iteration),
        "coordinator": make.coordinator,
        "administrator": make.administrator,
    }
    client = client if who == "anonymous" else signed_in(users[who]())

    assert client.get(at(page, jordanian.pk)).status_code == status


# The page of one


def test_the_page_shows_what_is_on_the_paper_and_where_it_comes_from(office, jordanian):
    page = text(office.get(at("certificate", jordanian.pk)))

    for shown in ("Rania Haddad", "GToT Course", jordanian.number, jordanian.sha256, "Queued"):
        assert shown in page


def test_the_holder_sees_neither_the_history_nor_the_cause_of_a_failure(jordanian, signed_in):
    Certificate.objects.update(state="failed", failure="Traceback of the machine", sha256="", file_name="")

    page = text(signed_in(jordanian.nomination.person.user).get(at("certificate", jordanian.pk)))

    assert "Traceback of the machine" not in page
    assert "Queued" not in page
    assert "The office has been told" in page


@pytest.mark.parametrize("who", ["trainee", "liaison"])
def test_only_the_office_has_buttons(who, jordanian, signed_in):
    user = jordanian.nomination.person.user if who == "trainee" else make.liaison(make.nation("JO"))
    client = signed_in(user)

    assert at("certificate_move", jordanian.pk) not in text(client.get(at("certificate", jordanian.pk)))
    assert client.post(at("certificate_move", jordanian.pk), {"move": "revoke", "reason": "x"}).status_code == 403


def test_revoking_needs_a_reason_and_keeps_what_was_typed(office, jordanian):
    answer = office.post(at("certificate_move", jordanian.pk), {"move": "revoke", "reason": "   "})

    assert "Give a reason" in text(answer)
    assert Certificate.objects.get().state == "issued"


def test_revoking_is_said_and_shown(office, jordanian):
    answer = office.post(at("certificate_move", jordanian.pk), {"move": "revoke", "reason": "Copied"}, follow=True)

    assert "Revoked. Whoever checks the paper is told so" in text(answer)
    assert "Copied" in text(answer)
    assert Certificate.objects.get().state == "revoked"


def test_replacing_leads_to_the_new_one_and_the_old_points_to_it(office, jordanian):
    answer = office.post(at("certificate_move", jordanian.pk), {"move": "replace", "reason": "Name misspelt"})

    new = Certificate.objects.get(state="queued")
    assert answer.url == at("certificate", new.pk)
    assert new.number in text(office.get(at("certificate", jordanian.pk)))


def test_a_stale_page_is_told_what_happened_meanwhile(office, jordanian):
    office.post(at("certificate_move", jordanian.pk), {"move": "revoke", "reason": "Copied"})

    answer = office.post(at("certificate_move", jordanian.pk), {"move": "replace", "reason": "Typo"}, follow=True)

    assert "the state is now “Revoked”" in text(answer)


@pytest.mark.parametrize("sent", [{}, {"move": "issue"}, {"move": "x" * 500}, {"move": "fail", "reason": "x"}])
def test_a_move_that_nobody_may_make_changes_nothing(office, jordanian, sent):
    answer = office.post(at("certificate_move", jordanian.pk), sent)

    assert answer.status_code == 302
    assert Certificate.objects.get().state == "issued"


@pytest.mark.parametrize("elsewhere", ["https://evil.example.org/", "//evil.example.org/", "javascript:alert(1)", "x"])
def test_the_way_back_leads_nowhere_else(office, jordanian, elsewhere):
    answer = office.post(
        at("certificate_move", jordanian.pk), {"move": "revoke", "reason": "Copied", "next": elsewhere}
    )

    assert answer.url == at("certificate", jordanian.pk)


# The file


def test_the_file_comes_as_it_was_stored_and_runs_nowhere(office, jordanian):
    answer = office.get(at("download", jordanian.pk))

    assert b"".join(answer.streaming_content) == files.path_of(jordanian.file_name).read_bytes()
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert "no-store" in answer["Cache-Control"]


def test_the_name_of_the_file_holds_no_number(office, jordanian):
    disposition = office.get(at("download", jordanian.pk))["Content-Disposition"]

    assert "gtot-haddad" in disposition
    assert jordanian.number.lower() not in disposition.lower()


@pytest.mark.parametrize("state", ["revoked", "replaced"])
def test_what_was_issued_stays_readable(office, jordanian, state):
    changes = {"revoked_at": timezone.now()} if state == "revoked" else {}
    Certificate.objects.update(state=state, **changes)

    assert office.get(at("download", jordanian.pk)).status_code == 200


@pytest.mark.parametrize("state", ["queued", "failed"])
def test_a_file_that_is_not_there_yet_is_told_in_a_sentence(office, iteration, state):
    certificate = make.certificate(make.passed(to=iteration), state=state)

    answer = office.get(at("download", certificate.pk), follow=True)

    assert "The file is not there yet" in text(answer)


@pytest.mark.parametrize("harm", ["gone", "damaged"])
def test_a_file_that_is_not_whole_is_not_served(office, jordanian, harm):
    path = files.path_of(jordanian.file_name)
    path.unlink() if harm == "gone" else path.write_bytes(b"%PDF-1.7 forged")

    answer = office.get(at("download", jordanian.pk), follow=True)

    assert answer["Content-Type"].startswith("text/html")
    assert "cannot be read" in text(answer)


# The list


@pytest.mark.parametrize(
    ("who", "status"),
    [("anonymous", 302), ("trainee", 403), ("administrator", 403), ("liaison", 200), ("coordinator", 200)],
)
def test_the_list_is_for_the_office_and_for_liaisons(who, status, client, signed_in):
    client = client if who == "anonymous" else signed_in(getattr(make, who)())

    assert client.get(at("list")).status_code == status


def test_a_liaison_lists_the_own_nation_s_alone(jordanian, iteration, signed_in):
    foreign = make.certificate(make.passed(make.person(make.nation("UA"), family_name="Shevchenko"), iteration))

    page = text(signed_in(make.liaison(make.nation("JO"))).get(at("list")))

    assert jordanian.number in page
    assert foreign.number not in page
    assert "Shevchenko" not in page


@pytest.mark.parametrize("query", ["haddad", "HADDAD rania", "رانيا", "000001", "ncgm-", "hàddad"])
def test_a_certificate_is_found_by_any_part_of_name_or_number(office, iteration, query):
    person = make.person(family_name="Haddad", given_names="Rania", printed_name="رانيا حداد")
    found = make.certificate(make.passed(person, iteration))
    make.certificate(make.passed(make.person(family_name="Other"), iteration))

    rows = office.get(at("list"), {"q": query}).context["listing"].rows

    if query == "ncgm-":
        assert rows == []  # without a digit it is a name
    else:
        assert rows == [found]


def test_the_list_filters_by_state_and_kind(office, iteration):
    make.certificate(make.passed(to=iteration))
    failed = make.certificate(make.passed(to=iteration), state="failed")

    rows = office.get(at("list"), {"state": "failed", "kind": "completion"}).context["listing"].rows

    assert rows == [failed]


def test_the_list_comes_as_a_file_whose_cells_cannot_act(office, iteration):
    make.certificate(make.passed(make.person(printed_name="=HYPERLINK(1)"), iteration))

    rows = list(csv.reader(io.StringIO(office.get(at("list"), {"format": "csv"}).content.decode("utf-8-sig"))))

    assert rows[0][:3] == ["Number", "Kind", "Printed name"]
    assert rows[1][2] == "'=HYPERLINK(1)"


def test_an_empty_list_says_how_the_first_comes(office):
    assert "once results are recorded" in text(office.get(at("list")))


@pytest.mark.parametrize("page", ["list", "iteration", "certificate"])
def test_pages_cost_the_same_for_one_row_and_for_three(page, office, iteration, django_assert_max_num_queries):
    costs = []
    for more in (1, 2):
        for _ in range(more):
            certificate = make.certificate(make.passed(to=iteration))
        address = {"list": (), "iteration": (iteration.pk,), "certificate": (certificate.pk,)}[page]
        with django_assert_max_num_queries(11) as queries:
            office.get(at(page, *address))
        costs.append(len(queries))

    assert costs[0] == costs[1]
