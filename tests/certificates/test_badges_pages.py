"""What everybody may fetch about badges, and the holder's own download."""

import gzip
import json

import jsonschema
import pytest
from django.urls import reverse

from certificates import actions, badges
from certificates.badges import keys, status
from certificates.models import Certificate
from tests import make
from tests.support import badge_schema, tokens

pytestmark = pytest.mark.django_db


def path_of(address: str) -> str:
    """An address of this site, as the test client asks for it."""
    return "/" + address.split("/", 3)[3]


def fetched(client, address: str):
    answer = client.get(path_of(address))
    assert answer.status_code == 200
    return answer


def bit_of(client, badge: str) -> bool:
    """What a wallet learns: it follows the badge to the list, and looks its bit up there."""
    said = tokens.parts(badge)[1]
    entry = said["credentialStatus"]
    listed = tokens.parts(fetched(client, entry["statusListCredential"]).content.decode())[1]
    bits = gzip.decompress(tokens.unpacked(listed["credentialSubject"]["encodedList"][1:]))
    index = int(entry["statusListIndex"])
    assert listed["issuer"] == said["issuer"]["id"]
    return bool(bits[index // 8] >> 7 - index % 8 & 1)


def test_everything_a_wallet_needs_is_found_from_the_badge_alone(client):
    badge = badges.of(make.certificate())
    header, said = tokens.parts(badge)

    jwk = fetched(client, header["kid"]).json()
    profile = fetched(client, said["issuer"]["id"]).json()
    listed = fetched(client, said["credentialStatus"]["statusListCredential"]).content.decode()

    assert tokens.is_signed_with(badge, jwk)
    assert tokens.is_signed_with(listed, jwk)
    assert (profile["id"], profile["name"]) == (said["issuer"]["id"], said["issuer"]["name"])
    jsonschema.validate(tokens.parts(listed)[0], badge_schema.HEADER)
    jsonschema.validate(tokens.parts(listed)[1], badge_schema.STATUS_LIST)


def test_the_keys_are_at_the_well_known_addresses_without_their_secret(client):
    name = keys.current().thumbprint()

    jwks = client.get("/.well-known/jwks.json").json()
    did = client.get("/.well-known/did.json").json()

    assert [each["kid"].rstrip("/").rpartition("/")[2] for each in jwks["keys"]] == [name]
    assert did["id"] == "did:web:127.0.0.1%3A8000"
    assert did["assertionMethod"] == [f"{did['id']}#{name}"]
    assert did["verificationMethod"][0]["publicKeyJwk"] == jwks["keys"][0]
    assert "d" not in jwks["keys"][0]


def test_the_list_says_at_once_what_was_revoked(client):
    office = make.coordinator()
    certificate, other = make.certificate(by=office), make.certificate(by=office)
    badge = badges.of(certificate)
    before = bit_of(client, badge)

    actions.revoke(certificate, by=office, reason="Given in error")

    assert (before, bit_of(client, badge), bit_of(client, badges.of(other))) == (False, True, False)


def test_the_list_says_at_once_what_was_replaced(client):
    office = make.coordinator()
    certificate = make.certificate(by=office)
    badge = badges.of(certificate)

    new = actions.replace(certificate, by=office, reason="The name was misspelt")

    assert bit_of(client, badge)
    assert not bit_of(client, badges.of(new))


def test_a_list_is_kept_nowhere_for_longer_than_a_minute(client):
    certificate = make.certificate()

    answer = client.get(reverse("certificates:badge_status", args=[certificate.issuer_id, 0]))

    assert answer["Cache-Control"] == "public, max-age=60"
    assert tokens.parts(answer.content.decode())[1]["credentialSubject"]["ttl"] == 60_000


def test_a_list_tells_no_secret_of_a_certificate(client):
    certificate = make.certificate(state="revoked")

    answer = client.get(reverse("certificates:badge_status", args=[certificate.issuer_id, 0]))

    text = json.dumps(tokens.parts(answer.content.decode()))
    assert [mark for mark in (certificate.code, certificate.typed_code, certificate.number) if mark in text] == []


def test_a_list_takes_one_question_more_than_its_issuer(client, django_assert_num_queries):
    certificate = make.certificate(state="revoked")

    with django_assert_num_queries(2):
        client.get(reverse("certificates:badge_status", args=[certificate.issuer_id, 0]))


def test_each_issuer_has_its_own_list(client):
    certificate = make.certificate(state="revoked")
    elsewhere = make.course(institution=make.organisation("OTHER"))
    other = make.certificate(make.passed(to=make.running_iteration(elsewhere, state="running")))

    assert bit_of(client, badges.of(certificate))
    assert not bit_of(client, badges.of(other))


@pytest.mark.parametrize("bits", [[], [0], [7, 8], [131_071], [5, 3, 5]])
def test_a_list_has_its_bits_from_the_left_and_is_the_same_each_time(bits):
    made = status.encoded(bits)

    content = gzip.decompress(tokens.unpacked(made[1:]))
    assert made[0] == "u"
    assert made == status.encoded(reversed(bits))
    assert len(content) * 8 == 131_072
    assert {n for n in range(131_072) if content[n // 8] & (0x80 >> n % 8)} == set(bits)


def test_later_rows_stand_in_later_lists():
    assert [status.place(row) for row in (1, 131_071, 131_072, 262_145)] == [(0, 1), (0, 131_071), (1, 0), (2, 1)]
    assert status.rows(1) == range(131_072, 262_144)


@pytest.mark.parametrize("name", ["jwks", "did", "badge_key", "badge_issuer", "badge_status"])
def test_public_answers_are_open_to_programs_of_other_sites_and_only_to_be_read(client, name):
    issuer = make.certificate().issuer_id
    arguments = {"badge_key": [keys.current().thumbprint()], "badge_issuer": [issuer], "badge_status": [issuer, 0]}
    address = reverse(f"certificates:{name}", args=arguments.get(name, []))

    answer, head = client.get(address), client.head(address)

    assert (answer.status_code, head.status_code, head.content) == (200, 200, b"")
    assert answer["Content-Type"] == MEDIA_TYPES[name]
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in answer
    assert {client.post(address).status_code, client.put(address).status_code, client.delete(address).status_code} == {
        405
    }


MEDIA_TYPES = {
    "jwks": "application/jwk-set+json",
    "did": "application/did+json",
    "badge_key": "application/jwk+json",
    "badge_issuer": "application/ld+json",
    "badge_status": "application/vc+jwt",
}


def test_institutions_that_issue_nothing_have_no_profile_and_no_list(client):
    quiet = make.organisation("QUIET")

    for name, arguments in (("badge_issuer", [quiet.pk]), ("badge_status", [quiet.pk, 0])):
        assert client.get(reverse(f"certificates:{name}", args=arguments)).status_code == 404


def test_numbers_beyond_every_list_are_answered(client):
    issuer = make.certificate().issuer_id

    answers = [client.get(f"/badges/issuers/{issuer}/status/{'9' * length}/").status_code for length in (5, 20, 60)]
    answers.append(client.get(f"/badges/issuers/{'9' * 60}/").status_code)

    assert answers == [200, 200, 200, 404]


def test_without_a_key_programs_are_told_to_come_back(client, settings):
    settings.BADGE_WITH_DEVELOPMENT_KEY = False

    answer = client.get("/.well-known/jwks.json")

    assert (answer.status_code, answer["Cache-Control"]) == (503, "no-store")
    assert "BADGE_KEY" not in answer.content.decode()


def test_the_holder_downloads_the_badge_as_it_was_signed(signed_in):
    of = make.person()
    holder = make.trainee(of)
    certificate = make.certificate(make.passed(of))
    badge = badges.of(certificate)
    Certificate.objects.filter(pk=certificate.pk).update(badge=badge)

    answer = signed_in(holder).get(reverse("certificates:badge", args=[certificate.pk]))

    assert b"".join(answer.streaming_content).decode() == badge
    assert answer["Content-Type"] == "application/vc+jwt"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["Content-Disposition"].endswith('.jwt"')
    assert "Access-Control-Allow-Origin" not in answer
    assert "no-store" in answer["Cache-Control"]


def test_a_stranger_gets_no_badge(client, signed_in):
    certificate = make.certificate(badge="a.b.c")
    address = reverse("certificates:badge", args=[certificate.pk])

    assert signed_in(make.liaison(make.nation("UA"))).get(address).status_code == 404
    assert client.get(address).status_code == 302


@pytest.mark.parametrize("fields", [{"state": "queued", "badge": "a.b.c"}, {"state": "issued", "badge": ""}], ids=str)
def test_a_certificate_without_a_badge_says_so(signed_in, fields):
    certificate = make.certificate(**fields)

    answer = signed_in(make.coordinator()).get(reverse("certificates:badge", args=[certificate.pk]), follow=True)

    assert "This certificate has no badge, or it is still being made." in answer.content.decode()
