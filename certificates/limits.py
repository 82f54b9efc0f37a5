"""How often somebody may ask the public check in vain. Only misses count: scanning good papers is never slowed down.

The counters live in the shared cache, by windows of a fixed length. No address is stored, only a keyed hash.
"""

import ipaddress
import logging
import time

from allauth.core.internal.httpkit import get_client_ip
from django.conf import settings
from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache
from django.utils.crypto import salted_hmac

WINDOW_SECONDS = 60
MISSES_PER_ADDRESS = 20
MISSES_OF_ALL = 600
EVERYBODY = "everybody"
SPARE = LocMemCache("misses", {})
log = logging.getLogger(__name__)


class TooManyMisses(Exception):
    """Who asks has to wait so many seconds."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def asker(request) -> str:
    """Whom a request counts for: the client's address, for IPv6 its /64, of which one person has all."""
    address = get_client_ip(request) or "unknown"
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    mapped = parsed.ipv4_mapped
    return str(mapped) if mapped else str(ipaddress.ip_network((parsed, 64), strict=False))


def refuse_who_must_wait(who: str, *, is_typed: bool = False) -> None:
    """Raises TooManyMisses while `who` may not ask. What is typed could be guessed, so all together bind it too."""
    if settings.VERIFY_LIMITS_ENABLED and _has_missed_too_often(_limits_of(who, is_typed)):
        raise TooManyMisses(_rest_of_window())


def count_a_miss(who: str) -> None:
    """Count a miss for `who` and for all. Raises TooManyMisses when that is one too many."""
    if not settings.VERIFY_LIMITS_ENABLED:
        return
    own, all_ = _count(who), _count(EVERYBODY)
    if own > MISSES_PER_ADDRESS or all_ > MISSES_OF_ALL:
        raise TooManyMisses(_rest_of_window())


def _limits_of(who: str, is_typed: bool) -> dict[str, int]:
    return {who: MISSES_PER_ADDRESS, **({EVERYBODY: MISSES_OF_ALL} if is_typed else {})}


def _has_missed_too_often(limits: dict[str, int]) -> bool:
    keys = {_key(who): limit for who, limit in limits.items()}
    counted = _with_a_cache(lambda store: store.get_many(keys))
    return any(counted.get(key, 0) >= limit for key, limit in keys.items())


def _count(who: str) -> int:
    key = _key(who)
    return _with_a_cache(lambda store: _count_in(store, key))


def _with_a_cache(use):
    """Of the shared cache; while it does not answer, each process counts for itself rather than not at all."""
    try:
        return use(cache)
    except Exception:  # whatever its trouble is, a stranger's question is no fault
        log.exception("The shared cache does not answer; this process counts alone.")
        return use(SPARE)


def _count_in(store, key: str) -> int:
    for _attempt in range(2):
        try:
            return store.incr(key)
        except ValueError:
            if store.add(key, 1, timeout=2 * WINDOW_SECONDS):
                return 1
    return store.incr(key)


def _key(who: str) -> str:
    window = int(time.time() // WINDOW_SECONDS)
    return f"verify:{window}:{salted_hmac('certificates.limits', who).hexdigest()[:24]}"


def _rest_of_window() -> int:
    return int(WINDOW_SECONDS - time.time() % WINDOW_SECONDS) + 1
