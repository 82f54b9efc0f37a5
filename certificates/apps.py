from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class CertificatesConfig(AppConfig):
    name = "certificates"
    verbose_name = _("Certificates")

    def ready(self) -> None:
        checks.register(badges_can_be_signed)


def badges_can_be_signed(app_configs, **kwargs) -> list[checks.Error]:
    """A site without a good key must not start, or certificates would be made without what makes them checkable."""
    from certificates.badges import trouble

    sentence = trouble()
    return [checks.Error(sentence, id="certificates.E001")] if sentence else []
