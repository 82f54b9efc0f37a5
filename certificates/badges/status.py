"""Which of an institution's certificates are no longer good: a W3C Bitstring Status List. Plain values in and out.

A certificate's place is its row's: list row // SIZE, bit row % SIZE. So a place needs no table, is never used again,
and tells a stranger nothing but how many rows there are.
"""

import gzip
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from datetime import datetime

from certificates.badges.credential import CONTEXTS, instant

SIZE = 131_072  # entries; fewer would tell too much about each (Bitstring Status List, 3.2)
SECONDS_KEPT = 60


def place(row: int) -> tuple[int, int]:
    """Number of the list, and of the bit in it.

    >>> place(5), place(131_072)
    ((0, 5), (1, 0))
    """
    return divmod(row, SIZE)


def rows(number: int) -> range:
    """Which rows the list `number` is about."""
    return range(number * SIZE, (number + 1) * SIZE)


def credential(address: str, issuer_address: str, number: int, ended_rows: Iterable[int], at: datetime) -> dict:
    """The list `number` as a credential, as JSON."""
    return {
        "@context": CONTEXTS[:1],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer_address,
        "validFrom": instant(at),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encoded(row - rows(number).start for row in ended_rows),
            "ttl": SECONDS_KEPT * 1000,
        },
    }


def encoded(bits: Iterable[int]) -> str:
    """The list with these bits set, the first one leftmost; the same bits give the same text."""
    content = bytearray(SIZE // 8)
    for bit in bits:
        content[bit // 8] |= 0x80 >> bit % 8
    return "u" + urlsafe_b64encode(gzip.compress(bytes(content), mtime=0)).decode().rstrip("=")
