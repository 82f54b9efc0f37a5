"""What every page's frame needs."""

from django.utils.functional import SimpleLazyObject, lazystr

from interface import navigation


def page(request) -> dict:
    """`csp_nonce` (the name that django-htmx reads) and the menus, made only when a page draws them."""
    context = {"menu": SimpleLazyObject(lambda: navigation.menu_for(request))}
    if hasattr(request, "csp_nonce"):
        context["csp_nonce"] = lazystr(request.csp_nonce)
    return context
