"""The home of a liaison: what waits, when, where to nominate, what came of it; never another nation's."""

from datetime import timedelta

import pytest
from django.utils import timezone

from enrollment import actions
from tests import make

pytestmark = pytest.mark.django_db


def days(number: int):
    return timezone.localdate() + timedelta(days=number)


@pytest.fixture
def jordan():
    return make.nation("JO", "Jordan")


@pytest.fixture
def liaison(jordan):
    return make.liaison(jordan)


@pytest.fixture
def page_of(signed_in):
    return lambda user: signed_in(user).get("/nation/").content.decode()


def test_what_waits_for_the_liaison_is_named_with_its_reason(page_of, jordan, liaison):
    iteration = make.iteration(nominations_close_on=days(20))
    make.nomination(make.person(jordan), iteration, state="returned", decision_reason="The language test is missing.")
    make.nomination(make.person(jordan), iteration, state="selected")
    make.nomination(make.person(jordan), iteration, state="draft")
    request = make.training_request(jordan, by=liaison)
    actions.submit_request(request, by=liaison)
    actions.make_request_move(request, "ask", by=make.coordinator(), reason="For which headquarters?")

    page = page_of(liaison)

    assert "The language test is missing." in page
    assert "Confirm the place, or ask the person to." in page
    assert "Not submitted yet." in page
    assert "in 20 days" in page
    assert "The office asks a question" in page


def test_a_quiet_page_says_so(page_of, liaison):
    page = page_of(liaison)

    assert "Nothing waits for you." in page
    assert "No iteration takes your nominations just now." in page


def test_a_nation_sees_its_own_and_nobody_elses(page_of, jordan, liaison):
    ukraine, iteration = make.nation("UA", "Ukraine"), make.iteration()
    for sender, name in ((jordan, "Ourown"), (ukraine, "Theirs")):
        make.nomination(make.person(sender, family_name=name), iteration)
        make.nomination(make.person(sender, family_name=name), iteration, state="refused", decision_reason=f"R {name}")
        make.certificate(make.passed(make.person(sender, family_name=name)))
        make.training_request(sender, course=make.course(f"FOR-{name}"))

    page = page_of(liaison)

    assert "Ourown" in page
    assert "R Ourown" in page
    assert "FOR-Ourown" in page
    assert "Theirs" not in page


def test_nominees_stand_by_iteration_with_state_and_reason(page_of, jordan, liaison):
    first, second = make.iteration(make.course("FIRST")), make.iteration(make.course("SECOND"), starts_on=days(120))
    make.nomination(make.person(jordan, family_name="Later"), second)
    make.nomination(make.person(jordan, family_name="Sooner"), first, state="waitlisted")
    make.nomination(
        make.person(jordan, family_name="Unlucky"),
        first,
        state="refused",
        reason_code="capacity",
        decision_reason="All seats are given.",
    )

    part = page_of(liaison).partition("Our nominees")[2]

    assert part.index("Sooner") < part.index("Unlucky") < part.index("Later")
    assert "On the waiting list" in part
    assert "No seats left" in part
    assert "All seats are given." in part


def test_what_is_over_is_a_result_and_no_longer_on_the_way(page_of, jordan, liaison):
    past = make.iteration(state="closed", starts_on=days(-60))
    make.nomination(make.person(jordan, family_name="Absent"), past, state="no-show")
    make.nomination(make.person(jordan, family_name="Longago"), past, state="refused")

    page = page_of(liaison)

    assert "Absent" in page.partition("Latest results")[2]
    assert page.count("Absent") == 1
    assert "Longago" not in page


def test_results_carry_certificate_numbers_and_files(page_of, jordan, liaison):
    certificate = make.certificate(make.passed(make.person(jordan)))
    revoked = make.certificate(make.passed(make.person(jordan)), state="revoked")

    page = page_of(liaison)

    assert certificate.number in page
    assert f'href="/certificates/{certificate.pk}/download/"' in page
    assert revoked.number in page
    assert f'href="/certificates/{revoked.pk}/download/"' not in page


def test_dates_of_nominees_name_their_zone_and_the_days_left(page_of, jordan, liaison):
    iteration = make.iteration(
        state="nominations closed", starts_on=days(40), go_no_go_on=days(12), time_zone="Asia/Amman"
    )
    make.nomination(make.person(jordan), iteration, state="selected")

    part = page_of(liaison).partition("Dates of our nominees")[2]

    assert "Go / no-go" in part
    assert "(Asia/Amman)" in part


def test_open_iterations_show_seats_deadline_and_the_way_in(page_of, liaison):
    iteration = make.iteration(capacity=9, nominations_close_on=days(15), time_zone="Europe/Sofia")

    page = page_of(liaison)

    assert f'href="/iterations/{iteration.pk}/nominate/"' in page
    assert '<td class="num">9</td>' in page
    assert "(Europe/Sofia)" in page


def test_an_iteration_by_invitation_is_open_to_the_invited_alone(page_of, jordan, liaison):
    iteration = make.iteration(is_by_invitation=True)
    stranger = make.liaison(make.nation("UA", "Ukraine"))
    iteration.invited_nations.add(jordan)

    assert f"/iterations/{iteration.pk}/nominate/" in page_of(liaison)
    assert f"/iterations/{iteration.pk}/nominate/" not in page_of(stranger)


@pytest.mark.parametrize(
    ("policy", "capacity", "is_offered"),
    [
        ("refuse", 9, False),
        ("accept if seats", 9, True),
        ("accept if seats", 1, False),
        ("coordinator decides", 1, True),
    ],
)
def test_after_the_deadline_the_late_policy_decides(page_of, liaison, policy, capacity, is_offered):
    iteration = make.iteration(
        nominations_close_on=days(-3), late_policy=policy, capacity=capacity, minimum=1, starts_on=days(60)
    )
    make.nomination(make.person(make.nation("UA")), iteration, state="confirmed")

    assert (f"/iterations/{iteration.pk}/nominate/" in page_of(liaison)) is is_offered


def test_a_suspended_nation_reads_why_it_can_ask_for_nothing(page_of):
    nation = make.nation("BY", "Belarus")
    make.membership(nation, "PFP", suspended_from=days(-1))
    iteration = make.iteration()

    page = page_of(make.liaison(nation))

    assert "suspended" in page
    assert "New training request" not in page
    assert f"/iterations/{iteration.pk}/nominate/" not in page


def test_whoever_acts_for_two_senders_sees_whose_each_row_is(page_of, jordan, liaison):
    office = make.organisation("UNITAR")
    make.mandate(liaison, office)
    iteration = make.iteration()
    make.nomination(make.person(jordan, family_name="Fromjordan"), iteration, state="selected")
    make.nomination(make.person(office, family_name="Fromunitar"), iteration, state="selected")

    page = page_of(liaison)

    assert "Jordan, UNITAR" in page
    assert "(UNITAR)" in page
    assert "(Jordan)" in page


def test_one_suspension_does_not_stop_the_other_mandate(page_of, liaison):
    belarus = make.nation("BY", "Belarus")
    make.membership(belarus, "PFP", suspended_from=days(-1))
    make.mandate(liaison, belarus)

    page = page_of(liaison)

    assert "suspended" in page
    assert "New training request" in page


def test_a_mandate_that_ends_soon_is_announced_and_an_ended_one_shuts_the_page(signed_in, jordan):
    ending, ended = make.user(), make.user()
    make.mandate(ending, jordan, ends_on=days(10))
    make.mandate(ended, jordan, ends_on=days(-1))

    assert "Your mandate for Jordan ends" in signed_in(ending).get("/nation/").content.decode()
    assert signed_in(ended).get("/nation/").status_code == 403


def test_the_page_takes_as_many_queries_for_three_rows_as_for_one(
    signed_in, jordan, liaison, django_assert_max_num_queries
):
    client, counts = signed_in(liaison), []
    make.membership(jordan, "MD")
    for number in (1, 2):
        for _each in range(number):
            make.nomination(make.person(jordan), make.iteration(), nominated_by=liaison)
            make.certificate(make.passed(make.person(jordan)))
            make.training_request(jordan, by=liaison, course=make.course())
        client.get("/nation/")
        with django_assert_max_num_queries(11) as captured:
            client.get("/nation/")
        counts.append(len(captured))

    assert counts[0] == counts[1]
