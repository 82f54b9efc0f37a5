"""From the bytes of a file to its table, read in a child process with limits. The child ends with the file."""

import json
import os
import subprocess
import sys

from django.conf import settings

from enrollment.spreadsheets import limits
from enrollment.spreadsheets.sentences import of_file

# All that a child sees of this process's environment: no address of a database, no key.
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH")


class NotReadable(Exception):
    """The file cannot be used; its text is the sentence for the person who sent it."""


def read(content: bytes, name: str, headings: dict[str, str]) -> dict:
    """{sheet, columns: {key: [letter, heading]}, unknown, rows: [{row, cells: {key: text}, faults}]} of a file.

    `headings` are folded texts with the keys they stand for. Raises NotReadable, OSError when no child can be started.
    """
    head = json.dumps({"name": name, "headings": headings}).encode("ascii")
    try:
        done = subprocess.run(
            [sys.executable, "-m", "enrollment.spreadsheets.child"],
            cwd=settings.BASE_DIR,
            env={name: os.environ[name] for name in PASSED_ON if name in os.environ} | {"OPENPYXL_LXML": "False"},
            input=head + b"\n" + content,
            stdout=subprocess.PIPE,
            timeout=limits.WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NotReadable(of_file("time", seconds=limits.WALL_SECONDS)) from None
    if done.returncode or not done.stdout:
        raise NotReadable(of_file("broke_down"))
    answer = json.loads(done.stdout)
    if "broken" in answer:
        raise NotReadable(of_file(answer["broken"], **answer["params"]))
    return answer
