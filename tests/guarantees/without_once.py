"""Settings of G9's positive control: the site as it is, but for the one protection."""

from config.settings import *  # noqa: F403
from config.settings import MIDDLEWARE

MIDDLEWARE = [name for name in MIDDLEWARE if name != "config.once.DoneOnce"]
