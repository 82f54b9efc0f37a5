"""A key on a hardware token, by PKCS#11: it never leaves it."""

import pkcs11
from asn1crypto import pem
from cryptography import x509
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.sign.general import SigningError
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session

FAULTS = (pkcs11.PKCS11Error, SigningError, OSError, ValueError)


def opened(
    module: str, token: str, pin: str, label: str, certificate_label: str
) -> tuple[PKCS11Signer, x509.Certificate, tuple[x509.Certificate, ...]]:
    """The signer, its certificate, and what else is on the token as chain. Raises one of FAULTS."""
    criteria = TokenCriteria(label=token) if token else None
    session = open_pkcs11_session(module, token_criteria=criteria, user_pin=pin or None)
    signer = PKCS11Signer(session, cert_label=certificate_label or label, key_label=label)
    own = signer.signing_cert
    if own is None:
        raise ValueError(f"it has no certificate “{certificate_label or label}”")
    # Not every token hashes for ECDSA; every one signs a hash.
    signer.use_raw_mechanism = own.public_key.algorithm == "ec"
    chain = tuple(_parsed(each) for each in signer.cert_registry if each != own)
    return signer, _parsed(own), chain


def _parsed(certificate) -> x509.Certificate:
    return x509.load_pem_x509_certificate(pem.armor("CERTIFICATE", certificate.dump()))
