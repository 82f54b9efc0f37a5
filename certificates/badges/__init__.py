"""The badge of every certificate: an Open Badges 3.0 credential, signed as a JSON Web Token.

credential.py    what the badge says, from the frozen values of a certificate
status.py        which certificates are no longer good, as a Bitstring Status List
keys.py          the key that signs badges, and the former ones
publishing.py    what everybody may fetch: keys, issuers, status lists
reading.py       a badge that somebody hands in
"""

from certificates.badges.faults import BadgeFailed, NotOurBadge
from certificates.badges.issuing import of
from certificates.badges.keys import trouble
from certificates.badges.reading import Claims, read
from certificates.badges.tokens import sign

__all__ = ["BadgeFailed", "Claims", "NotOurBadge", "of", "read", "sign", "trouble"]
