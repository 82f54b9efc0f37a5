"""An XLSX file as sheets of cells: looked at before it is unpacked, while it is unpacked, and then read in a stream."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from enrollment.spreadsheets import limits
from enrollment.spreadsheets.tables import Broken, Cell, Rows, text_cell

CHUNK = 64 * 1024
ENCRYPTED = 0x1


def sheets(content: bytes) -> Iterator[tuple[str, Rows]]:
    """The visible worksheets with their rows. Raises Broken for whatever is not a plain workbook of a plain size."""
    _look_inside(content)
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    except MemoryError:
        raise
    except Exception as fault:  # whatever a library makes of a file that is no workbook
        raise Broken("damaged") from fault
    for sheet in book.worksheets[: limits.MOST_SHEETS]:
        if sheet.sheet_state == "visible":
            yield sheet.title, _rows(sheet)


def _look_inside(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _look_at_the_directory(archive)
            _look_at_the_parts(archive)
    except (Broken, MemoryError):
        raise
    except Exception as fault:  # zipfile and zlib have a dozen ways to say it
        raise Broken("damaged") from fault


def _look_at_the_directory(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    names = [entry.filename.lower() for entry in entries]
    if len(entries) > limits.MOST_ENTRIES:
        raise Broken("too_many_entries", most=limits.MOST_ENTRIES)
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise Broken("encrypted")
    if sum(entry.file_size for entry in entries) > limits.MOST_UNPACKED:
        raise Broken("too_large_unpacked", megabytes=limits.MOST_UNPACKED // 1024**2)
    if any(_is_a_bomb(entry.file_size, entry.compress_size) for entry in entries):
        raise Broken("too_compressed", most=limits.MOST_RATIO)
    if any(name.endswith("vbaproject.bin") for name in names):
        raise Broken("macros")
    if "[content_types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise Broken("no_workbook")
    if len(set(names)) != len(names):
        raise Broken("damaged")


def _is_a_bomb(unpacked: int, packed: int) -> bool:
    return unpacked > limits.SMALL_PART and unpacked > limits.MOST_RATIO * max(1, packed)


def _look_at_the_parts(archive: zipfile.ZipFile) -> None:
    """What the directory says may be a lie, so count again; and no part may define an entity."""
    total = 0
    for entry in archive.infolist():
        is_xml = entry.filename.lower().endswith((".xml", ".rels"))
        parser = DefusedXMLParser(target=_Nothing(), forbid_dtd=True) if is_xml else None
        with archive.open(entry) as part:
            while chunk := part.read(CHUNK):
                total += len(chunk)
                if total > limits.MOST_UNPACKED:
                    raise Broken("too_large_unpacked", megabytes=limits.MOST_UNPACKED // 1024**2)
                if entry.filename == "[Content_Types].xml" and b"macroEnabled" in chunk:
                    raise Broken("macros")
                _feed(parser, chunk, entry.filename)
        if parser:
            _feed(parser, None, entry.filename)


def _feed(parser, chunk: bytes | None, name: str) -> None:
    if parser is None:
        return
    try:
        parser.close() if chunk is None else parser.feed(chunk)
    except DefusedXmlException as hostile:
        raise Broken("entities") from hostile
    except ParseError as fault:
        raise Broken("damaged_part", part=name[:80]) from fault


class _Nothing:
    """Takes what a parser finds, and forgets it."""

    def start(self, tag, attributes) -> None: ...
    def end(self, tag) -> None: ...
    def data(self, text) -> None: ...
    def close(self) -> None: ...


def _rows(sheet) -> Rows:
    sheet.reset_dimensions()  # what a file says of its own size is not to be trusted
    number = 0
    try:
        for number, row in enumerate(sheet.iter_rows(), 1):
            yield number, [_cell(cell) for cell in row]
    except (Broken, MemoryError, GeneratorExit):
        raise
    except Exception as fault:
        raise Broken("damaged_row", sheet=sheet.title, row=number + 1) from fault


def _cell(cell) -> Cell:
    if cell.data_type == "f":
        return Cell("", "formula")
    if cell.data_type == "e":
        return Cell("", "error_value")
    return text_cell(_text(cell.value))


def _text(value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    return value.isoformat() if isinstance(value, date | time) else str(value)
