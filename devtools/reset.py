"""`./dev reset`: the next run starts with an empty site. Installed packages stay."""

import os
import shutil

from devtools import places
from devtools.run import only_one_here
from devtools.say import say, warn


def reset():
    with only_one_here():
        shutil.rmtree(places.VAR)
    say("Database, certificates, mail and logs in var/ are gone. make run makes new ones.")
    if "DATABASE_URL" in os.environ:
        warn("DATABASE_URL is set; the database that it names was not touched.")
