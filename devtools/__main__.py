"""The verbs of `./dev`."""

import sys

from devtools import doctor, lint, lock, reset, run, test
from devtools.say import Stop, say

HELP = """\
./dev [--no-apt] VERB

  run               serve the whole site on this machine; PORT=8001 ./dev run for another port than 8000
  test [-- ARGS]    check format and style, then run all tests; ARGS go to pytest: ./dev test -- tests/infra -k redis
  lint [--fix]      check format, style, migrations and lock files; --fix puts right what can be
  prove [G11]       the long forms of the guarantees, all or one
  bench [pages]     the benchmarks, all or one
  lock [--upgrade]  write the lock files anew, with the newest versions if asked
  reset             throw away database, certificates, mail and logs in var/
  doctor            say what this machine has and lacks; changes nothing

--no-apt never installs system packages; it says what is missing and goes on where that is possible."""

VERBS = {
    "run": lambda rest, apt: run.run(may_use_apt=apt),
    "test": lambda rest, apt: test.test(rest, may_use_apt=apt),
    "lint": lambda rest, apt: lint.lint(fix="--fix" in rest, may_use_apt=apt),
    "prove": lambda rest, apt: test.give_way("tests.prove", rest, may_use_apt=apt),
    "bench": lambda rest, apt: test.give_way("tests.bench", rest, may_use_apt=apt),
    "lock": lambda rest, apt: lock.lock(upgrade="--upgrade" in rest),
    "reset": lambda rest, apt: reset.reset(),
    "doctor": lambda rest, apt: doctor.doctor(),
}


def main(arguments):
    may_use_apt = "--no-apt" not in arguments
    verb, *rest = [argument for argument in arguments if argument not in ("--no-apt", "--")] or ["help"]
    if verb in ("help", "-h", "--help"):
        say(HELP)
        return 0
    if verb not in VERBS:
        print(f"There is no ./dev {verb}.\n\n{HELP}", file=sys.stderr)
        return 2
    try:
        VERBS[verb](rest, may_use_apt)
    except Stop as reason:
        print(reason, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
