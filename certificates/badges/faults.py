class BadgeFailed(Exception):
    """No badge can be signed as things are; the message is a sentence for the administrator."""


class NotOurBadge(Exception):
    """What was handed in is no badge of this site; the message is a sentence for the person who handed it in."""
