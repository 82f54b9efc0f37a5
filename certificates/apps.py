from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CertificatesConfig(AppConfig):
    name = "certificates"
    verbose_name = _("Certificates")

    def ready(self) -> None:
        checks.register(badges_can_be_signed)
        post_migrate.connect(furnish, sender=self)


def badges_can_be_signed(app_configs, **kwargs) -> list[checks.Error]:
    """A site without a good key must not start, or certificates would be made without what makes them checkable."""
    from certificates.badges import trouble

    sentence = trouble()
    return [checks.Error(sentence, id="certificates.E001")] if sentence else []


def furnish(sender, using, **kwargs) -> None:
    """Templates and languages come with the tables; on the way back to before them there is nothing to do."""
    from django.db import connections

    from certificates import templates

    tables = connections[using].introspection.table_names()
    if {"certificates_template", "certificates_language"} <= set(tables):
        templates.furnish()
