"""The instant by which a deed is judged: when its request arrived, however long it then waited for its turn."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.utils import timezone

_arrival: ContextVar[datetime | None] = ContextVar("arrival", default=None)


def now() -> datetime:
    """When the request arrived that is being answered; outside a request, as in a worker, this very instant."""
    return _arrival.get() or timezone.now()


@contextmanager
def of_arrival() -> Iterator[None]:
    """Within it, `now` stands still at the instant of entering."""
    token = _arrival.set(timezone.now())
    try:
        yield
    finally:
        _arrival.reset(token)
