"""What everybody may fetch about badges: keys, issuers, and which certificates are no longer good."""

from django.utils import timezone
from joserfc.jwk import ECKey

from certificates import workflow
from certificates.badges import addresses, keys, status, tokens
from certificates.badges.credential import CONTEXTS
from certificates.models import Certificate
from partners.models import Organisation


def jwk(key: ECKey) -> dict:
    """The public half, by the same name as in the badges."""
    thumbprint = key.thumbprint()
    return {**key.as_dict(private=False), "kid": addresses.key(thumbprint), "use": "sig", "alg": tokens.ALGORITHM}


def jwks() -> dict:
    return {"keys": [jwk(key) for key in keys.published().values()]}


def did_document() -> dict:
    """The site as did:web, for wallets that ask for its keys that way."""
    site = addresses.did()
    methods = [
        {"id": f"{site}#{thumbprint}", "type": "JsonWebKey", "controller": site, "publicKeyJwk": jwk(key)}
        for thumbprint, key in keys.published().items()
    ]
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/jwk/v1"],
        "id": site,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


def profile(issuer: Organisation) -> dict:
    return {"@context": CONTEXTS, "id": addresses.issuer(issuer.pk), "type": ["Profile"], "name": issuer.name}


def status_list(issuer: Organisation, number: int) -> str:
    """The signed list as of now: it says what the database says. Raises BadgeFailed."""
    rows = status.rows(number)
    ended = Certificate.objects.filter(state__in=workflow.ENDED, issuer=issuer, pk__gte=rows.start, pk__lt=rows.stop)
    made = status.credential(
        addresses.status_list(issuer.pk, number),
        addresses.issuer(issuer.pk),
        number,
        ended.values_list("pk", flat=True),
        timezone.now(),
    )
    return tokens.sign(made, kind="vc+jwt")
