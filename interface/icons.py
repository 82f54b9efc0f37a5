"""Icons as inline SVG, read from the bootstrap-icons package when first used and kept for the life of the process."""

import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.checks import Error, register
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

SVG_BODY = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
ICON_NAME = re.compile(r"[a-z0-9-]+")


def icon_folder() -> Path:
    return Path(getattr(settings, "ICON_DIR", Path(settings.BASE_DIR) / "node_modules/bootstrap-icons/icons"))


@register()
def check_icons_are_installed(app_configs, **kwargs) -> list[Error]:
    if (icon_folder() / "check-circle.svg").exists():
        return []
    return [Error("The icons are missing.", hint="Run `npm ci --omit=dev`.", id="interface.E001")]


@cache
def svg(name: str, label: str = "") -> SafeString:
    """The icon as SVG: hidden from screen readers, or an image with a name when `label` is given."""
    if label:
        return format_html(
            '<svg class="icon" viewBox="0 0 16 16" role="img" aria-label="{}">{}</svg>', label, body(name)
        )
    return format_html('<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">{}</svg>', body(name))


@cache
def symbol(name: str) -> SafeString:
    """The icon as a drawing that `use` repeats: for pages whose rows would carry it hundreds of times."""
    return format_html('<symbol id="{}" viewBox="0 0 16 16">{}</symbol>', f"i-{name}", body(name))


@cache
def use(name: str) -> SafeString:
    return format_html('<svg class=icon><use href="#i-{}"/></svg>', name)


@cache
def body(name: str) -> SafeString:
    """What stands inside the package's <svg>; nothing for a name that the package does not have."""
    if not ICON_NAME.fullmatch(name):
        return SafeString("")
    try:
        drawing = (icon_folder() / f"{name}.svg").read_text(encoding="utf-8")
    except FileNotFoundError:
        return SafeString("")
    inside = SVG_BODY.search(drawing)
    return mark_safe(re.sub(r"\s*\n\s*", "", inside.group(1))) if inside else SafeString("")
