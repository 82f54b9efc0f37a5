"""`python -m tests.prove [G11 ...]`: the long forms of the guarantees, each ending in a line `G11 holds: <figure>`."""

import importlib
import os
import pkgutil
import sys
import traceback

import tests.guarantees
from tests.guarantees import Figure


def modules() -> dict[str, str]:
    """{"G7": "tests.guarantees.g07_seats", …} in the order of their numbers."""
    names = sorted(module.name for module in pkgutil.iter_modules(tests.guarantees.__path__) if module.name[0] == "g")
    return {f"G{int(name[1:3])}": f"tests.guarantees.{name}" for name in names if name[1:3].isdecimal()}


def proof_of(guarantee: str, *, long: bool) -> Figure:
    return importlib.import_module(modules()[guarantee]).prove(long=long)


def main(wanted: list[str]) -> int:
    known = modules()
    unknown = [name for name in wanted if name not in known]
    if unknown:
        print(f"There is no proof of {', '.join(unknown)} here. There are: {', '.join(known)}.")
        return 2
    return max([_run(name) for name in wanted or known], default=0)


def _run(name: str) -> int:
    try:
        figure = proof_of(name, long=True)
    except Exception as fault:  # a proof that breaks is a proof that fails, and the others still run
        traceback.print_exc()
        figure = Figure(False, f"the proof itself broke: {fault}".splitlines()[0])
    print(f"{name} {'holds' if figure.holds else 'fails'}: {figure.text}", flush=True)
    return 0 if figure.holds else 1


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings_test")
    sys.exit(main(sys.argv[1:]))
