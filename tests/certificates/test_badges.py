"""What a badge says, who signed it, and how one that is handed in is read."""

import base64
import io
import json
import time
import zlib
from datetime import date

import jsonschema
import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from certificates import badges, wording
from certificates.badges import credential, issuing, keys, publishing
from certificates.models import Certificate
from courses.models import Course
from partners.models import Organisation, Person
from tests import make
from tests.support import badge_schema, tokens

pytestmark = pytest.mark.django_db


def signed_badge(**fields) -> tuple[Certificate, str]:
    certificate = make.certificate(**fields)
    return certificate, badges.of(certificate)


def test_a_badge_has_the_published_shape():
    for fields in ({}, {"expires_on": date(2030, 7, 17)}):
        _certificate, badge = signed_badge(**fields)
        header, said = tokens.parts(badge)

        jsonschema.validate(header, badge_schema.HEADER)
        jsonschema.validate(said, badge_schema.BADGE)


@pytest.mark.parametrize("kind", credential.ACHIEVEMENT_TYPES)
def test_every_kind_of_certificate_has_its_badge(kind):
    certificate = make.certificate()
    certificate.kind = kind

    _header, said = tokens.parts(badges.of(certificate))

    jsonschema.validate(said, badge_schema.BADGE)
    achievement = said["credentialSubject"]["achievement"]
    assert achievement["achievementType"] == credential.ACHIEVEMENT_TYPES[kind]
    assert achievement["criteria"]["narrative"].startswith(credential.CRITERIA[kind])


def test_a_badge_says_what_is_on_the_paper():
    certificate, badge = signed_badge()

    _header, said = tokens.parts(badge)

    printed, subject = certificate.printed, said["credentialSubject"]
    assert said["id"] == wording.check_address(certificate)
    assert said["issuer"]["name"] == printed["institutions"][0]
    assert subject["identifier"][0]["identityHash"] == printed["printed_name"]
    assert subject["licenseNumber"] == certificate.number
    assert subject["achievement"]["name"] == printed["course_title"]
    assert all(objective in subject["achievement"]["criteria"]["narrative"] for objective in printed["objectives"])
    assert printed["dates"] in said["description"]


def test_a_badge_says_nothing_more_of_the_holder():
    of = make.person(make.nation("JO", "Jordan"), sex="female", grade="OF-3", email="private-mark@example.org")
    certificate, badge = signed_badge(of=make.passed(of))

    text = json.dumps(tokens.parts(badge)[1])

    hidden = (of.email, "OF-3", "female", "Jordan", certificate.typed_code, certificate.sha256)
    assert [mark for mark in hidden if mark and mark in text] == []


def test_what_is_edited_later_changes_nothing():
    certificate = make.certificate()
    before = tokens.parts(badges.of(certificate))

    Person.objects.update(family_name="Changed", given_names="Changed")
    Course.objects.update(title="Changed")
    Organisation.objects.update(name="Changed")

    assert tokens.parts(badges.of(Certificate.objects.get(pk=certificate.pk))) == before


def test_the_claims_repeat_the_credential():
    certificate, badge = signed_badge(expires_on=date(2030, 7, 17))

    _header, said = tokens.parts(badge)

    assert (said["iss"], said["jti"], said["sub"]) == (
        said["issuer"]["id"],
        said["id"],
        said["credentialSubject"]["id"],
    )
    assert said["nbf"] == int(certificate.queued_at.timestamp())
    assert said["validUntil"] == "2030-07-17T23:59:59Z"
    assert said["exp"] == 1910563199


def test_two_holders_share_the_achievement_and_nothing_that_names_them():
    held = make.running_iteration(state="running")
    both = [make.passed(to=held), make.passed(to=held)]
    first = make.certificate(both[0])
    second = Certificate.objects.get(nomination=both[1])

    subjects = [tokens.parts(badges.of(each))[1]["credentialSubject"] for each in (first, second)]

    assert subjects[0]["achievement"]["id"] == subjects[1]["achievement"]["id"]
    assert subjects[0]["id"] != subjects[1]["id"]
    assert first.code not in subjects[0]["id"]


def test_anybody_can_verify_a_badge_with_the_published_key():
    _certificate, badge = signed_badge()
    header, _said = tokens.parts(badge)
    (jwk,) = [each for each in publishing.jwks()["keys"] if each["kid"] == header["kid"]]

    assert tokens.is_signed_with(badge, jwk)
    assert not tokens.is_signed_with(badge.replace(".", ".e", 1), jwk)


def test_a_badge_is_read_back_from_a_token_and_from_json():
    certificate, badge = signed_badge()
    enveloped = {"type": "EnvelopedVerifiableCredential", "id": f"data:application/vc+jwt,{badge}"}

    found = [badges.read(each) for each in (badge, f" {badge}\n".encode(), json.dumps(enveloped), json.dumps([badge]))]

    assert {(each.code, each.number, each.token) for each in found} == {(certificate.code, certificate.number, badge)}
    assert found[0].name == certificate.printed["printed_name"]


@pytest.mark.parametrize("is_packed", [False, True])
def test_a_badge_is_found_in_a_pdf(is_packed):
    certificate, badge = signed_badge()

    found = badges.read(pdf_with(badge, is_packed=is_packed))

    assert found.code == certificate.code


def pdf_with(*contents: str | bytes, is_packed: bool = False) -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    for number, content in enumerate(contents):
        content = content.encode() if isinstance(content, str) else content
        name = f"badge{number}.jwt"
        pdf.attachments[name] = pikepdf.AttachedFileSpec(pdf, content, filename=name, mime_type="application/vc+jwt")
    target = io.BytesIO()
    mode = pikepdf.ObjectStreamMode.generate if is_packed else pikepdf.ObjectStreamMode.disable
    pdf.save(target, compress_streams=is_packed, object_stream_mode=mode)
    return target.getvalue()


def test_a_changed_badge_is_not_ours():
    _certificate, badge = signed_badge()
    header, payload, signature = badge.split(".")
    forged = tokens.parts(badge)[1] | {"name": "Something grander"}
    changed = base64.urlsafe_b64encode(json.dumps(forged).encode()).decode().rstrip("=")

    for token in (f"{header}.{changed}.{signature}", f"{header}.{payload}.{signature[:-4]}AAAA"):
        with pytest.raises(badges.NotOurBadge, match="was not signed here"):
            badges.read(token)


def test_a_badge_signed_by_somebody_else_is_not_ours():
    from joserfc import jwt
    from joserfc.jwk import ECKey

    _certificate, badge = signed_badge()
    header, said = tokens.parts(badge)
    stranger = ECKey.import_key(ec.generate_private_key(ec.SECP256R1()))
    for named in (header, {"alg": "ES256", "jwk": stranger.as_dict(private=False)}):
        forged = jwt.encode(named, said, stranger, algorithms=["ES256"])

        with pytest.raises(badges.NotOurBadge, match="was not signed here"):
            badges.read(forged)


def odd_headers() -> list[dict]:
    kid = "https://example.org/badges/keys/x/"
    return [
        {"alg": "none"},
        {"alg": 5},
        {"alg": "HS256", "kid": kid},
        {"alg": "ES256", "kid": 5},
        {"alg": "ES256", "kid": [kid]},
        {"alg": "ES256", "crit": ["exp"], "kid": kid},
        {"alg": "ES256", "b64": False},
        {"kid": kid},
    ]


@pytest.mark.parametrize("header", odd_headers(), ids=str)
def test_a_header_that_makes_no_sense_is_refused_in_words(header):
    packed = base64.urlsafe_b64encode(json.dumps(header).encode()).decode().rstrip("=")

    with pytest.raises(badges.NotOurBadge):
        badges.read(f"{packed}.e30.{'A' * 86}")


def test_a_header_nested_without_end_is_refused_in_words():
    packed = base64.urlsafe_b64encode(b'{"a":' + b"[" * 40_000).decode().rstrip("=")

    with pytest.raises(badges.NotOurBadge):
        badges.read(f"{packed}.e30.{'A' * 86}")


def test_a_status_list_is_no_badge():
    certificate = make.certificate()

    with pytest.raises(badges.NotOurBadge, match="was not signed here"):
        badges.read(publishing.status_list(certificate.issuer, 0))


def test_two_badges_at_once_are_refused_in_words():
    texts = [signed_badge()[1], signed_badge()[1]]

    for content in (json.dumps(texts), pdf_with(*texts)):
        with pytest.raises(badges.NotOurBadge, match="more than one badge"):
            badges.read(content)


@pytest.mark.parametrize("content", [b"", b"\x00\xff\xfe", "Hello", "{}", b"%PDF-1.7", "eyJ.eyJ.x", "\ud800"], ids=repr)
def test_what_holds_no_badge_is_refused_in_words(content):
    with pytest.raises(badges.NotOurBadge, match="There is no badge in this file"):
        badges.read(content)


def hostile_files() -> dict[str, bytes]:
    bomb = zlib.compress(bytes(200_000_000), 9)
    return {
        "a deflated bomb": b"%PDF-1.7 << /Type /EmbeddedFile /Filter /FlateDecode >> stream\n" + bomb,
        "marks without end": b"%PDF-1.7 " + b"/EmbeddedFile" * 700_000,
        "beginnings without end": b"-eyJ" * 16_000,
        "dots without end": b"eyJ." * 16_000,
        "a long text": b"a" * 70_000,
        "a long PDF": b"%PDF-" + bytes(10 * 1024 * 1024),
    }


@pytest.mark.parametrize("content", hostile_files().values(), ids=hostile_files().keys())
def test_a_hostile_file_costs_little(content):
    begun = time.process_time()

    with pytest.raises(badges.NotOurBadge):
        badges.read(content)

    assert time.process_time() - begun < 0.5


def test_a_bomb_is_not_unpacked():
    import tracemalloc

    content = hostile_files()["a deflated bomb"]
    tracemalloc.start()

    with pytest.raises(badges.NotOurBadge):
        badges.read(content)

    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2_000_000


def test_a_badge_outlives_a_move_of_the_site(settings):
    certificate, badge = signed_badge()

    settings.BASE_URL = "https://elsewhere.example.org"

    assert badges.read(badge).code == certificate.code


def test_the_place_in_the_list_is_that_of_the_row():
    certificate = make.certificate()

    award = issuing.award_of(certificate)

    assert award.status_index == certificate.pk % 131_072
    assert award.status_list.endswith(f"/badges/issuers/{certificate.issuer_id}/status/0/")
    assert keys.trouble() == ""
