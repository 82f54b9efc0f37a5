"""The pages of people, as each role meets them."""

import pytest
from django.urls import reverse
from django.utils import timezone

from partners.models import Person
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def jordan():
    return make.nation("JO", "Jordan")


@pytest.fixture
def liaison(jordan):
    return make.liaison(jordan)


def typed(**fields) -> dict:
    """What a browser sends for a new person."""
    return {
        "family_name": "Haddad",
        "given_names": "Rania",
        "printed_name": "",
        "sex": "woman",
        "category": "military",
        "gender_function": "none",
        **fields,
    }


def edited(client, person: Person, **fields) -> dict:
    """What a browser sends back of the page that it was shown."""
    form = client.get(reverse("partners:person_edit", args=[person.pk])).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in {**values, **fields}.items() if value not in (None, False)}


# Visitor, coordinator, own liaison, foreign liaison, the person, analyst.
PAGES = {
    "partners:people": (302, 200, 200, 200, 403, 403),
    "partners:person_new": (302, 200, 200, 200, 403, 403),
    "partners:person": (302, 200, 200, 404, 200, 404),
    "partners:person_edit": (302, 200, 200, 404, 200, 404),
}


@pytest.mark.parametrize("page", PAGES)
def test_each_page_answers_each_role(page, jordan, liaison, signed_in, client):
    person = make.person(jordan)
    users = [make.coordinator(), liaison, make.liaison(make.nation("UA")), make.trainee(person)]
    clients = [client, *map(signed_in, [*users, make.user(is_analyst=True)])]
    address = reverse(page, args=[person.pk] if page in ("partners:person", "partners:person_edit") else [])

    answers = tuple(each.get(address).status_code for each in clients)

    assert answers == PAGES[page]


def test_an_unknown_person_is_answered_as_a_foreign_one(liaison, signed_in):
    foreign = make.person(make.nation("UA"))

    for name in ("partners:person", "partners:person_edit"):
        codes = {signed_in(liaison).get(reverse(name, args=[pk])).status_code for pk in (foreign.pk, 10**6, 10**18)}
        assert codes == {404}


# The list


def names(response) -> list[str]:
    return [row.family_name for row in response.context["listing"].rows]


def test_a_liaison_lists_the_own_people_and_the_office_everybody(jordan, liaison, signed_in):
    make.person(jordan, family_name="Haddad")
    make.person(make.nation("UA"), family_name="Shevchenko")

    own, all_of_them = (signed_in(user).get("/people/") for user in (liaison, make.coordinator()))

    assert names(own) == ["Haddad"]
    assert "Shevchenko" not in own.content.decode()
    assert names(all_of_them) == ["Haddad", "Shevchenko"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=duric", ["Đurić"]),
        ("q=ЂУРИЋ", ["Đurić"]),
        ("category=police", ["Okoye"]),
        ("function=GENAD", ["Haddad"]),
        ("grade=OF-5", ["Haddad"]),
        ("q=a&category=civilian", []),
        ("category=alien", ["Haddad", "Okoye", "Đurić"]),
        ("after=nonsense", ["Haddad", "Okoye", "Đurić"]),
    ],
)
def test_people_are_searched_and_filtered(query, found, signed_in):
    make.person(family_name="Haddad", gender_function="GENAD", grade="OF-5")
    make.person(make.nation("NG"), family_name="Okoye", category="police")
    make.person(make.nation("RS"), family_name="Đurić", printed_name="Жељка Ђурић")

    response = signed_in(make.coordinator()).get(f"/people/?{query}")

    assert sorted(names(response)) == sorted(found)


def test_the_office_filters_by_sender_and_a_foreign_sender_is_no_choice_for_a_liaison(jordan, liaison, signed_in):
    make.person(jordan, family_name="Haddad")
    ukraine = make.nation("UA")
    make.person(ukraine, family_name="Shevchenko")

    office, own = (
        signed_in(user).get(f"/people/?sender=nation-{ukraine.pk}") for user in (make.coordinator(), liaison)
    )

    assert names(office) == ["Shevchenko"]
    assert names(own) == ["Haddad"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_list_can_be_taken_along_as_a_file(kind, jordan, liaison, signed_in):
    make.person(jordan, family_name="Haddad", phone="+962 6 000")
    make.person(make.nation("UA"), family_name="Shevchenko")

    response = signed_in(liaison).get(f"/people/?format={kind}")

    assert response["Content-Disposition"] == f'attachment; filename="people.{kind}"'
    if kind == "csv":
        text = response.content.decode("utf-8-sig")
        assert "Haddad" in text
        assert "'+962 6 000" in text
        assert "Shevchenko" not in text


def test_an_empty_list_says_how_to_get_the_first_person(liaison, signed_in):
    assert "Add the first person" in signed_in(liaison).get("/people/").content.decode()


@pytest.mark.parametrize("who", ["liaison", "office"])
def test_the_pages_ask_the_same_number_of_queries_for_few_and_many(
    who, jordan, liaison, signed_in, django_assert_max_num_queries
):
    client = signed_in(liaison if who == "liaison" else make.coordinator())
    first = make.person(jordan)
    counts = []

    for size in (1, 3):
        while Person.objects.count() < size:
            make.person(jordan)
        for _each in range(size):
            make.language_test(first)
        counts.append([])
        for page in ("/people/", f"/people/{first.pk}/"):
            with django_assert_max_num_queries(10) as asked:
                client.get(page)
            counts[-1].append(len(asked))

    assert counts[0] == counts[1]


# A new person


def test_a_liaison_adds_a_person_of_the_own_nation_without_being_asked_for_it(jordan, liaison, signed_in):
    client = signed_in(liaison)

    assert "sender" not in client.get("/people/new/").context["form"].fields
    response = client.post("/people/new/", typed(printed_name="رانيا حداد", sex="not stated"), follow=True)

    person = Person.objects.get()
    assert (person.nation, person.printed_name, person.sex) == (jordan, "رانيا حداد", "not stated")
    assert person.history.get().history_user == liaison
    assert response.redirect_chain == [(f"/people/{person.pk}/", 302)]
    assert "Next: language tests" in response.content.decode()


@pytest.mark.parametrize("field", ["sender", "nation", "organisation"])
def test_a_liaison_cannot_add_a_person_of_a_foreign_nation_whatever_the_form_says(field, jordan, liaison, signed_in):
    ukraine = make.nation("UA")
    value = f"nation-{ukraine.pk}" if field == "sender" else ukraine.pk

    signed_in(liaison).post("/people/new/", typed(**{field: value}))

    assert Person.objects.get().nation == jordan


def test_a_liaison_of_two_chooses_between_them_and_nothing_else(jordan, liaison, signed_in):
    union, ukraine = make.organisation("AU"), make.nation("UA")
    make.mandate(liaison, union)
    client = signed_in(liaison)

    wrong = client.post("/people/new/", typed(sender=f"nation-{ukraine.pk}"))
    missing = client.post("/people/new/", typed())
    client.post("/people/new/", typed(sender=f"organisation-{union.pk}"))

    assert "Select a valid choice" in wrong.content.decode()
    assert "This field is required" in missing.content.decode()
    assert Person.objects.get().sender == union


def test_the_office_adds_a_person_of_any_nation_or_organisation(jordan, signed_in):
    client = signed_in(make.coordinator())

    client.post("/people/new/", typed(sender=f"nation-{jordan.pk}"))

    assert Person.objects.get().sender == jordan


def test_after_adding_for_a_nomination_the_liaison_is_back_at_it_with_the_person_chosen(liaison, signed_in):
    response = signed_in(liaison).post("/people/new/?next=/iterations/7/nominate/", typed())

    assert response.url == f"/iterations/7/nominate/?person={Person.objects.get().pk}"


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_to_another_site(wanted, liaison, signed_in):
    response = signed_in(liaison).post("/people/new/", typed(next=wanted))

    assert response.url == f"/people/{Person.objects.get().pk}/"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"family_name": ""}, "This field is required"),
        ({"family_name": "حداد"}, "Write it in Latin letters"),
        ({"given_names": "Олена"}, "Write it in Latin letters"),
        ({"email": "not an address"}, "valid email address"),
        ({"grade": "OF-11"}, "Select a valid choice"),
        ({"sex": "other"}, "Select a valid choice"),
        ({"family_name": "x" * 81}, "at most 80 characters"),
    ],
)
def test_what_cannot_be_kept_is_said_beside_the_field_and_what_was_typed_stays(fields, sentence, liaison, signed_in):
    response = signed_in(liaison).post("/people/new/", typed(**{"post_title": "Adviser to the J3", **fields}))

    page = response.content.decode()
    assert response.status_code == 200
    assert sentence in page
    assert "Adviser to the J3" in page
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    "name", ["Đurić", "O’Brien", "D'Arcy", "Al-Khalidi", "Öberg", "Ng", "ʻAbd al-Raḥmān", "Łukasz"]
)
def test_names_with_accents_hyphens_and_apostrophes_are_latin(name, liaison, signed_in):
    signed_in(liaison).post("/people/new/", typed(family_name=f"  {name}  "))

    assert Person.objects.get().family_name == name


def test_somebody_who_may_be_on_record_is_shown_before_a_second_record_is_made(jordan, liaison, signed_in):
    known = make.person(jordan, family_name="Hadad", given_names="Raniya", post_title="Legal adviser")
    client = signed_in(liaison)

    asked = client.post("/people/new/", typed())
    page = asked.content.decode()

    assert Person.objects.count() == 1
    assert f'href="/people/{known.pk}/"' in page
    assert "Legal adviser" in page
    assert "may be the same person" in page

    client.post("/people/new/", typed(different=asked.context["form"].suspect_keys))

    assert Person.objects.count() == 2


def test_a_tick_for_one_suspect_does_not_cover_another(jordan, liaison, signed_in):
    make.person(jordan, family_name="Haddad", given_names="Rania")
    other = make.person(jordan, family_name="Hadad", given_names="Rania")

    response = signed_in(liaison).post("/people/new/", typed(different=str(other.pk)))

    assert "may be the same person" in response.content.decode()
    assert Person.objects.count() == 2


def test_a_likeness_with_a_foreign_person_is_never_told(liaison, signed_in):
    make.person(make.nation("UA"), family_name="Haddad", given_names="Rania", email="rania@example.org")

    response = signed_in(liaison).post("/people/new/", typed(email="rania@example.org"))

    assert response.status_code == 302


# A change


def test_a_liaison_changes_a_record_and_the_history_says_who(jordan, liaison, signed_in):
    person = make.person(jordan, rank="Captain")
    client = signed_in(liaison)

    client.post(f"/people/{person.pk}/edit/", edited(client, person, rank="Major"))

    person.refresh_from_db()
    assert person.rank == "Major"
    assert person.history.first().history_user == liaison


def test_a_corrected_name_is_corrected_as_printed_too_unless_that_was_another(jordan, liaison, signed_in):
    plain = make.person(jordan, family_name="Hadad", given_names="Rania")
    scripted = make.person(jordan, family_name="Sulaiman", given_names="Omar", printed_name="عمر سليمان")
    client = signed_in(liaison)

    client.post(f"/people/{plain.pk}/edit/", edited(client, plain, family_name="Haddad"))
    client.post(f"/people/{scripted.pk}/edit/", edited(client, scripted, family_name="Suleiman"))

    assert Person.objects.get(pk=plain.pk).printed_name == "Rania Haddad"
    assert Person.objects.get(pk=scripted.pk).printed_name == "عمر سليمان"


def test_who_saves_over_somebody_elses_change_is_told_once_and_keeps_what_was_typed(jordan, liaison, signed_in):
    person = make.person(jordan, rank="Captain")
    client, colleague = signed_in(liaison), signed_in(make.liaison(jordan, name="Dana Deputy"))
    stale = edited(client, person, rank="Major")
    colleague.post(f"/people/{person.pk}/edit/", edited(colleague, person, phone="+962 6 111"))

    response = client.post(f"/people/{person.pk}/edit/", stale)
    page = response.content.decode()

    assert "Dana Deputy changed this record" in page
    assert 'value="Major"' in page
    person.refresh_from_db()
    assert (person.rank, person.phone) == ("Captain", "+962 6 111")

    again = {**stale, "version": response.context["form"]["version"].value()}
    assert client.post(f"/people/{person.pk}/edit/", again).status_code == 302


def test_changing_a_phone_number_does_not_ask_about_likeness_again(jordan, liaison, signed_in):
    make.person(jordan, family_name="Haddad", given_names="Rania")
    person = make.person(jordan, family_name="Haddad", given_names="Rania")
    client = signed_in(liaison)

    assert client.post(f"/people/{person.pk}/edit/", edited(client, person, phone="1")).status_code == 302
    assert client.post(f"/people/{person.pk}/edit/", edited(client, person, email="a@example.org")).status_code == 200


def test_a_foreign_record_is_neither_shown_nor_changed(liaison, signed_in):
    foreign = make.person(make.nation("UA"), family_name="Shevchenko")

    response = signed_in(liaison).post(f"/people/{foreign.pk}/edit/", typed())

    assert response.status_code == 404
    assert Person.objects.get().family_name == "Shevchenko"


def test_an_administrator_reads_and_is_told_who_keeps_the_record(jordan, signed_in):
    person = make.person(jordan)

    response = signed_in(make.administrator()).get(f"/people/{person.pk}/edit/", follow=True)

    assert "kept by their own liaison" in response.content.decode()


# The own record


def test_a_trainee_sees_the_own_record_and_whom_to_write_to(jordan, liaison, signed_in):
    person = make.person(jordan)

    page = signed_in(make.trainee(person)).get(f"/people/{person.pk}/").content.decode()

    assert person.family_name in page
    assert f"mailto:{liaison.email}" in page
    assert "Correct rank, post and phone" in page
    assert "Add a language test" not in page


def test_a_trainee_corrects_rank_post_and_phone_and_no_name(jordan, signed_in):
    person = make.person(jordan, family_name="Haddad")
    client = signed_in(make.trainee(person))

    client.post(f"/people/{person.pk}/edit/", typed(family_name="Other", rank="Major", phone="1", printed_name="Other"))

    person.refresh_from_db()
    assert (person.family_name, person.rank, person.phone) == ("Haddad", "Major", "1")
    assert person.printed_name == "Given Haddad"


def test_an_anonymised_record_offers_no_change_and_refuses_one(jordan, liaison, signed_in):
    person = make.person(jordan)
    client = signed_in(liaison)
    stale = edited(client, person, rank="Major")
    Person.objects.filter(pk=person.pk).update(anonymised_at=timezone.now())

    page = client.get(f"/people/{person.pk}/").content.decode()
    refused = client.post(f"/people/{person.pk}/edit/", stale).content.decode()

    assert "Change the record" not in page
    assert "was anonymised" in refused


# Language tests


def a_test(**fields) -> dict:
    return {"language": "English", "profile": "3232", "tested_on": "2025-03-01", "issuer": "Language school", **fields}


def test_a_liaison_adds_a_language_test(jordan, liaison, signed_in):
    person = make.person(jordan)

    response = signed_in(liaison).post(f"/people/{person.pk}/language-tests/", a_test(), follow=True)

    page = response.content.decode()
    assert "English 3232" in page
    assert "counts as evidence" in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"profile": "33"}, "Write four levels"),
        ({"profile": "3-3-3-3"}, "Write four levels"),
        ({"tested_on": "2999-01-01"}, "year between"),
        ({"tested_on": "2099-01-01"}, "cannot lie ahead"),
        ({"tested_on": "yesterday"}, "valid date"),
        ({"expires_on": "2024-01-01"}, "expires before"),
    ],
)
def test_a_language_test_that_cannot_be_is_refused_in_a_sentence(fields, sentence, jordan, liaison, signed_in):
    person = make.person(jordan)

    page = signed_in(liaison).post(f"/people/{person.pk}/language-tests/", a_test(**fields)).content.decode()

    assert sentence in page
    assert "Language school" in page
    assert not person.language_tests.exists()


def test_nobody_else_adds_a_language_test(jordan, signed_in):
    person = make.person(jordan)
    users = [make.liaison(make.nation("UA")), make.trainee(person)]

    codes = [signed_in(user).post(f"/people/{person.pk}/language-tests/", a_test()).status_code for user in users]

    assert codes == [404, 403]
    assert not person.language_tests.exists()
