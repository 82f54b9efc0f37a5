"""How often somebody may ask the public check in vain. Only misses count: scanning good papers is never slowed down.

The counters live in the shared cache, by windows of a fixed length. No address is stored, only a keyed hash.
"""

import ipaddress
import time

from allauth.core.internal.httpkit import get_client_ip
from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac

WINDOW_SECONDS = 60
MISSES_PER_ADDRESS = 20
MISSES_OF_ALL = 600
EVERYBODY = "everybody"


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


def wait_for_asker(who: str) -> int:
    """Seconds until `who` may ask again; 0 when now."""
    return _wait({who: MISSES_PER_ADDRESS})


def wait_for_everybody() -> int:
    """Seconds until anybody may type again, since all together missed too often; 0 when now."""
    return _wait({EVERYBODY: MISSES_OF_ALL})


def count_a_miss(who: str) -> int:
    """Count a miss for `who` and for all; returns the seconds to wait when that is one too many, else 0."""
    if not settings.VERIFY_LIMITS_ENABLED:
        return 0
    own, all_ = _count(who), _count(EVERYBODY)
    return _rest_of_window() if own > MISSES_PER_ADDRESS or all_ > MISSES_OF_ALL else 0


def _wait(limits: dict[str, int]) -> int:
    if not settings.VERIFY_LIMITS_ENABLED:
        return 0
    keys = {_key(who): limit for who, limit in limits.items()}
    counted = cache.get_many(keys)
    return _rest_of_window() if any(counted.get(key, 0) >= limit for key, limit in keys.items()) else 0


def _count(who: str) -> int:
    key = _key(who)
    for _attempt in range(2):
        try:
            return cache.incr(key)
        except ValueError:
            if cache.add(key, 1, timeout=2 * WINDOW_SECONDS):
                return 1
    return cache.incr(key)


def _key(who: str) -> str:
    window = int(time.time() // WINDOW_SECONDS)
    return f"verify:{window}:{salted_hmac('certificates.limits', who).hexdigest()[:24]}"


def _rest_of_window() -> int:
    return int(WINDOW_SECONDS - time.time() % WINDOW_SECONDS) + 1
