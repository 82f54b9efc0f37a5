"""What a page says after a deed, with the way back where there is one."""

from django.contrib import messages


def tell(request, sentence: str, undo: str = "") -> None:
    """Say it on the next page. `undo` is the address that takes the deed back by POST."""
    messages.success(request, sentence, extra_tags=f"undo:{undo}" if undo else "")


def refuse(request, sentence: str) -> None:
    messages.error(request, sentence)
