"""The program that reads one spreadsheet: `python -m enrollment.spreadsheets.child`, with little memory and time.

It knows neither the database nor the site's secrets. In: a line of JSON (name, headings), then the file's bytes.
Out: JSON, the table or the code of what is wrong with the file.
"""

import json
import os
import resource
import sys

from enrollment.spreadsheets import delimited, limits, tables, workbook
from enrollment.spreadsheets.tables import Broken

ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def main() -> None:
    answers = os.dup(1)
    os.dup2(2, 1)  # whatever a library prints goes to the log, never into the answer
    _take_little()
    head, _break, content = sys.stdin.buffer.read().partition(b"\n")
    try:
        answer = _read(content, **json.loads(head))
    except Broken as fault:
        answer = {"broken": fault.code, "params": fault.params}
    except MemoryError:
        answer = {"broken": "memory", "params": {}}
    with os.fdopen(answers, "w", encoding="ascii") as out:
        json.dump(answer, out)


def _take_little() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (limits.MEMORY_BYTES, limits.MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.CPU_SECONDS, limits.CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _read(content: bytes, name: str, headings: dict[str, str]) -> dict:
    if len(content) > limits.MOST_BYTES:
        raise Broken("too_large", megabytes=limits.MOST_BYTES // 1024**2)
    if not content.strip():
        raise Broken("empty")
    if content.startswith(OLD_OFFICE):
        raise Broken("encrypted")
    if content.startswith((ZIP, EMPTY_ZIP)):
        return tables.read(workbook.sheets(content), headings)
    return tables.read(delimited.sheets(content, name, headings), headings)


if __name__ == "__main__":
    main()
