"""For health checks: `python -m config.alive URL` asks under a name of the site, since others get no answer."""

import os
import sys
import urllib.request


def name() -> str:
    """The first of ALLOWED_HOSTS; `.example.org` stands for every name below it, `*` for any."""
    return os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".").replace("*", "") or "localhost"


if __name__ == "__main__":
    request = urllib.request.Request(sys.argv[1], headers={"Host": name(), "X-Forwarded-Proto": "https"})
    with urllib.request.urlopen(request, timeout=8) as answer:
        print(answer.read().decode())
