"""Which template a certificate is made by, and which values it needs that a record lacks."""

from django.utils.translation import gettext as _

from accounts.moves import Refused
from certificates.design import languages, templates
from certificates.models import Language, Template, TemplateVersion
from partners.models import Organisation


def version_for(kind: str, institution: Organisation) -> TemplateVersion:
    """The latest version of the best template for `kind`. Refuses when every one is retired."""
    best = Template.objects.for_kind(kind, institution).first()
    if best is None:
        raise Refused(_("There is no template for this kind of certificate. Publish one first."))
    return best.latest


def furnish() -> None:
    """What comes with the system is there once the tables are, and is not brought back once it is retired."""
    if not Template.objects.exclude(key="").exists():
        for key, file in templates.packaged().items():
            _take_over(key, file)
    if not Language.objects.exists():
        second = {code: file for code, file in languages.packaged().items() if code != "en"}
        for code, file in second.items():
            Language.objects.get_or_create(code=code, defaults={"name": file["name"], "words": file["words"]})


def _take_over(key: str, file: dict) -> None:
    described = {
        "name": file["name"],
        "kind": file.get("kind", ""),
        "draft": file["design"],
        "position": file["position"],
    }
    template, _is_new = Template.objects.get_or_create(key=key, defaults=described)
    TemplateVersion.objects.get_or_create(template=template, number=1, defaults={"design": file["design"]})
