from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InterfaceConfig(AppConfig):
    name = "interface"
    verbose_name = _("Interface")

    def ready(self) -> None:
        from interface import icons  # noqa: F401  registers the system check
