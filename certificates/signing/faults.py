class SigningFailed(Exception):
    """Nothing can be signed as things are; the message is a sentence for the administrator."""
