"""docker-compose.yml, read as compose reads it, for tests on a machine without a container engine."""

import re
import shlex

import yaml

from devtools.places import ROOT

# What an operator puts into .env, and nothing more.
FILLED_IN = {
    "SECRET_KEY": "k8Jd0s-a-random-text-for-this-test-0123456789-abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "perspective.example.org",
    "BASE_URL": "https://perspective.example.org",
    "BADGE_KEY": "/keys/badge-key.pem",
    "POSTGRES_PASSWORD": "letters0and0digits",
}


class Unset(Exception):
    """A variable with `:?` has no value; compose would print the message and stop."""


def example_variables():
    """name -> value of what .env.example sets; names that it only shows, commented out, are not in it."""
    return dict(re.findall(r"^([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))


def compose(variables):
    return yaml.safe_load(interpolated((ROOT / "docker-compose.yml").read_text(), variables))


def interpolated(text, variables):
    """`${NAME:-default}` and `${NAME:?message}` filled in; `$$` is a plain dollar sign."""

    def value(match):
        name, operator, rest = match.groups()
        if found := variables.get(name):
            return found
        if operator == ":?":
            raise Unset(rest)
        return rest or ""

    return re.sub(r"\$\{(\w+)(:[-?])?([^}]*)\}", value, text).replace("$$", "$")


def command(service):
    return shlex.split(service["command"]) if isinstance(service["command"], str) else service["command"]
