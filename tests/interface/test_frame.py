"""The frame of every page, and the account pages inside it."""

import re

import pytest
from django.test import Client, RequestFactory
from django.urls import resolve, reverse

from interface import flash, navigation
from tests import make

pytestmark = pytest.mark.django_db


def menu_of(page: str) -> list[str]:
    found = re.search(r'<nav class="menu" aria-label="Main menu">(.*?)</nav>', page, re.DOTALL)
    return re.findall(r"<a [^>]*>([^<]+)</a>", found[1])


def test_a_visitor_finds_courses_dates_the_check_and_the_way_in():
    page = Client().get("/").content.decode()

    assert menu_of(page) == ["Courses", "Calendar", "Check a certificate"]
    assert reverse("account_login") in page
    assert 'href="#main"' in page


def test_each_role_finds_its_own_pages(signed_in):
    menus = {
        "coordinator": menu_of(signed_in(make.coordinator()).get("/").content.decode()),
        "liaison": menu_of(signed_in(make.liaison(make.nation())).get("/").content.decode()),
        "trainee": menu_of(signed_in(make.trainee()).get("/").content.decode()),
    }

    assert menus["coordinator"][0] == "Desk"
    assert "Outbox" in menus["coordinator"]
    assert menus["liaison"][0] == "Nation"
    assert not {"Desk", "Outbox", "Figures", "Admin"} & {*menus["liaison"], *menus["trainee"]}
    assert menus["trainee"] == ["My training", "Courses", "Calendar"]


def test_every_entry_of_the_menu_leads_somewhere():
    for entry in (*navigation.FOR_MEMBERS, *navigation.FOR_VISITORS):
        assert resolve(f"/{entry.path}")


def test_the_menu_marks_where_one_is():
    links = {link.label: link for link in navigation.menu_for(RequestFactory().get("/courses/genad/"))}

    assert links["Courses"].is_section
    assert not links["Courses"].is_current
    assert not links["Calendar"].is_section


@pytest.mark.parametrize(
    "path", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_the_way_on_leads_to_this_site_alone(path):
    assert navigation.own_path(path) == ""


def test_a_deed_can_be_undone_from_what_the_next_page_says(signed_in):
    client = signed_in(make.coordinator())
    request = client.get("/desk/").wsgi_request
    flash.tell(request, "Moved <b>once</b>.", undo="/nominations/1/move/")
    request._messages.update(response := client.get("/healthz"))
    client.cookies.update(response.cookies)

    page = client.get("/desk/").content.decode()

    assert "Moved &lt;b&gt;once&lt;/b&gt;." in page
    assert re.search(r'<form method="post" action="/nominations/1/move/"[^>]*>.*?Undo', page, re.DOTALL)


def test_a_refused_form_says_so_in_the_title_and_beside_the_field():
    page = Client().post(reverse("account_login"), {"login": "no address", "password": ""}).content.decode()

    assert re.search(r"<title>Error: ", page)
    assert 'aria-invalid="true"' in page
    assert re.search(r'aria-describedby="[^"]*id_password_error"', page)
    assert 'value="no address"' in page


ACCOUNT_PAGES = [
    ("account_email", "Add Email"),
    ("account_change_password", "Change Password"),
    ("usersessions_list", "Sign Out"),
    ("account_logout", "Sign Out"),
]


@pytest.mark.parametrize(("name", "button"), ACCOUNT_PAGES)
def test_account_pages_have_buttons_that_can_be_pressed(name, button, signed_in):
    page = signed_in(make.user()).get(reverse(name)).content.decode()

    assert re.search(rf'<button class="btn [^"]+"[^>]*>\s*{button}\s*</button>', page)
    assert not re.search(r"&lt;\s*(button|a )|<\s+(button|a)\b", page)


@pytest.mark.parametrize("name", ["account_login", "account_request_login_code", "account_reset_password"])
def test_the_ways_in_stand_in_the_sites_frame(name):
    page = Client().get(reverse(name)).content.decode()

    assert '<main id="main"' in page
    assert re.search(r'<button class="btn btn-primary"', page)


def test_both_ways_to_sign_in_are_offered_alike():
    page = Client().get(reverse("account_login")).content.decode()

    assert page.count('class="btn btn-primary"') == 2
    assert "Send me a code" in page


def test_demo_logins_are_offered_in_the_demo_alone(settings):
    without = Client().get(reverse("account_login")).content.decode()
    settings.DEBUG = settings.DEMO = True
    within = Client().get(reverse("account_login")).content.decode()

    assert "perspective-demo" not in without
    assert within.count('name="password" value="perspective-demo"') == 6


def test_a_right_to_left_language_gets_its_direction_and_style(settings):
    settings.LANGUAGES = [*settings.LANGUAGES, ("ar", "Arabic")]

    page = Client().get("/", headers={"accept-language": "ar"}).content.decode()

    assert '<html lang="ar" dir="rtl">' in page
    assert "bootstrap.rtl.min.css" in page
