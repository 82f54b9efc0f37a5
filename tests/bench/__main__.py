"""`python -m tests.bench [pages ...]`: run the stories; each prints its table and its ratios, `bar <name> <number>`."""

import importlib
import pkgutil
import sys

import tests.bench


def stories() -> list[str]:
    return [module.name for module in pkgutil.iter_modules(tests.bench.__path__) if _is_a_story(module.name)]


def _is_a_story(name: str) -> bool:
    return not name.startswith("_") and hasattr(importlib.import_module(f"tests.bench.{name}"), "run")


def main(wanted: list[str]) -> int:
    known = stories()
    unknown = [name for name in wanted if name not in known]
    if unknown:
        print(f"There is no bench {', '.join(unknown)} here. There are: {', '.join(known)}.")
        return 2
    for name in wanted or known:
        for bar, value in importlib.import_module(f"tests.bench.{name}").run().items():
            print(f"bar {bar} {value:.2f}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
