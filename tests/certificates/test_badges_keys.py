"""The key for badges: where it comes from, what may be wrong with it, and how a new one takes over."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from certificates import badges
from certificates.badges import keys
from tests import make
from tests.support import tokens


@pytest.fixture(autouse=True)
def _a_folder_of_its_own(settings, tmp_path):
    settings.VAR_DIR = tmp_path


def pem(key=None, *, encryption=None) -> bytes:
    key = key or ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption or NoEncryption())


def public_half(content: bytes) -> bytes:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    public = load_pem_private_key(content, None).public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def file_of(folder: Path, content: bytes, name: str = "key.pem") -> str:
    (folder / name).write_bytes(content)
    return str(folder / name)


def test_development_makes_its_own_key_once_for_its_user_alone(tmp_path):
    with ThreadPoolExecutor(8) as threads:
        found = set(threads.map(lambda _n: keys.current().thumbprint(), range(16)))

    file = tmp_path / "keys" / keys.DEVELOPMENT_FILE
    assert len(found) == 1
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_a_site_without_a_key_says_so_and_does_not_start(settings):
    settings.BADGE_WITH_DEVELOPMENT_KEY = False

    assert badges.trouble() == "No key for badges is set up. Set BADGE_KEY to the file of a P-256 key."
    with pytest.raises(SystemCheckError, match="No key for badges is set up"):
        call_command("check")


def test_a_site_with_a_key_starts(settings, tmp_path):
    settings.BADGE_WITH_DEVELOPMENT_KEY = False
    settings.BADGE_KEY = file_of(tmp_path, pem())

    call_command("check")

    assert badges.trouble() == ""


def wrong_keys() -> dict[str, tuple[bytes, str]]:
    return {
        "no key": (b"Hello", "holds no key"),
        "empty": (b"", "holds no key"),
        "RSA": (pem(rsa.generate_private_key(65537, 2048)), "holds no key"),
        "another curve": (pem(ec.generate_private_key(ec.SECP384R1())), "of another kind"),
        "with a password": (pem(encryption=BestAvailableEncryption(b"secret")), "holds no key"),
        "public only": (public_half(pem()), "public key only"),
    }


@pytest.mark.parametrize(("content", "sentence"), wrong_keys().values(), ids=wrong_keys().keys())
def test_a_wrong_key_is_named_in_words(settings, tmp_path, content, sentence):
    settings.BADGE_KEY = file_of(tmp_path, content)

    assert sentence in badges.trouble()


def test_a_missing_file_is_named_in_words(settings, tmp_path):
    settings.BADGE_KEY = str(tmp_path / "nowhere.pem")

    assert badges.trouble() == f"The key for badges {tmp_path}/nowhere.pem cannot be read."


def test_a_missing_former_key_is_named_in_words(settings, tmp_path):
    settings.BADGE_OLD_KEYS = [str(tmp_path / "former.pem")]

    assert "former.pem cannot be read" in badges.trouble()


@pytest.mark.django_db
@pytest.mark.parametrize("kept", [lambda content: content, public_half], ids=["whole", "public half"])
def test_badges_of_a_former_key_stay_good_as_long_as_it_is_named(settings, tmp_path, kept):
    former = pem()
    settings.BADGE_KEY = file_of(tmp_path, former)
    old = badges.of(make.certificate())

    settings.BADGE_KEY = file_of(tmp_path, pem(), "new.pem")
    settings.BADGE_OLD_KEYS = [file_of(tmp_path, kept(former), "former.pem")]
    new = badges.of(make.certificate())

    assert badges.read(old).token == old
    assert badges.read(new).token == new
    assert tokens.parts(old)[0]["kid"] != tokens.parts(new)[0]["kid"]
    settings.BADGE_OLD_KEYS = []
    with pytest.raises(badges.NotOurBadge):
        badges.read(old)


def test_another_key_in_the_same_file_is_seen(settings, tmp_path):
    import os

    settings.BADGE_KEY = file_of(tmp_path, pem())
    before = keys.current().thumbprint()

    file_of(tmp_path, pem())
    os.utime(settings.BADGE_KEY, ns=(1, 1))

    assert keys.current().thumbprint() != before


def test_a_key_is_parsed_once(settings, tmp_path):
    settings.BADGE_KEY = file_of(tmp_path, pem())

    assert keys.current() is keys.current()
