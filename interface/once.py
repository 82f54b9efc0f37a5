"""The token that makes each form one sending, however often its button is pressed; config/once.py reads it."""

import secrets
from collections.abc import Callable

from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html

FIELD = "once"


def asks_only(is_a_question: Callable) -> Callable:
    """Mark a view some of whose posts write nothing, told by the request: those need neither memory nor transaction."""

    def mark(view):
        view.is_a_question = is_a_question
        return view

    return mark


class FormTokensNode(CsrfTokenNode):
    """Django's own token, which says where a form comes from, and one that says which form it was."""

    def render(self, context) -> str:
        # Without autocomplete="off" Firefox fills the old token in again when a page is reloaded.
        own = format_html('<input type="hidden" name="{}" value="{}" autocomplete="off">', FIELD, secrets.token_hex(16))
        return super().render(context) + own
