"""A key on a token: SoftHSM stands for the hardware."""

import datetime
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from certificates import signing
from certificates.rendering import render
from certificates.signing import keys
from tests.certificates.test_rendering import sample

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")
LIBRARY = next((str(each) for each in Path("/usr/lib").rglob("libsofthsm2.so")), "")


@pytest.fixture
def token(tmp_path, monkeypatch, settings):
    """A token with a key and its certificate, named in the settings."""
    import pkcs11

    (tmp_path / "tokens").mkdir()
    conf = tmp_path / "softhsm2.conf"
    conf.write_text(f"directories.tokendir = {tmp_path}/tokens\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(conf))
    run = [shutil.which("softhsm2-util"), "--module", LIBRARY]
    subprocess.run([*run, "--init-token", "--free", "--label", "seal", "--pin", "1234", "--so-pin", "1234"], check=True)
    private, certificate = _pair()
    key = tmp_path / "key.pem"
    key.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    subprocess.run(
        [*run, "--import", str(key), "--token", "seal", "--label", "office", "--id", "01", "--pin", "1234"], check=True
    )
    library = pkcs11.lib(LIBRARY)
    library.reinitialize()
    with library.get_token(token_label="seal").open(rw=True, user_pin="1234") as session:
        session.create_object(
            {
                pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                pkcs11.Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                pkcs11.Attribute.LABEL: "office",
                pkcs11.Attribute.ID: b"\x01",
                pkcs11.Attribute.TOKEN: True,
                pkcs11.Attribute.VALUE: certificate.public_bytes(Encoding.DER),
                pkcs11.Attribute.SUBJECT: certificate.subject.public_bytes(),
            }
        )
    settings.SIGNING_PKCS11_MODULE, settings.SIGNING_PKCS11_TOKEN = LIBRARY, "seal"
    settings.SIGNING_PKCS11_PIN, settings.SIGNING_PKCS11_KEY = "1234", "office"
    yield settings
    keys._kept.cache_clear()


def _pair():
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "The office")])
    now = datetime.datetime.now(datetime.UTC)
    draft = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(private.public_key())
    draft = draft.serial_number(7).not_valid_before(now).not_valid_after(now + datetime.timedelta(days=9))
    return private, draft.sign(private, hashes.SHA256())


def test_a_key_on_a_token_signs_and_never_leaves_it(token, tmp_path):
    file = tmp_path / "certificate.pdf"

    assert signing.trouble() == ""
    file.write_bytes(signing.sign(render(sample())))

    said = subprocess.run(["pdfsig", "-nocert", str(file)], capture_output=True, text=True).stdout
    assert "Signature is Valid" in said
    assert "The office" in said
    assert signing.subject() == "The office"
    assert not signing.is_development()


@pytest.mark.parametrize(("name", "value"), [("PIN", "9999"), ("TOKEN", "other"), ("KEY", "other")])
def test_what_is_wrong_with_the_token_is_a_sentence(token, name, value):
    setattr(token, f"SIGNING_PKCS11_{name}", value)

    assert signing.trouble().startswith("The token does not give its key")


def test_a_library_that_is_not_there_is_a_sentence(token):
    token.SIGNING_PKCS11_MODULE = "/nowhere.so"

    assert signing.trouble().startswith("The token does not give its key")
