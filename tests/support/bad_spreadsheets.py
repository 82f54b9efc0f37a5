"""Malformed spreadsheets by chance: each says which cells are wrong, or that it cannot be read at all."""

import io
import random
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from openpyxl import Workbook

HEADINGS = {
    "record": "Record no.",
    "family_name": "Family name",
    "given_names": "Given names",
    "sex": "Sex",
    "category": "Category",
    "grade": "NATO grade",
    "rank": "National rank",
    "email": "E-mail",
    "slp": "English SLP",
    "slp_on": "SLP tested on",
    "priority": "Priority",
    "is_alternate": "Reserve",
    "remarks": "Remarks for the office",
}
FAMILIES = [
    "Haddad",
    "Nasser",
    "Khoury",
    "Zaydan",
    "Qasim",
    "Barakat",
    "Mansour",
    "Tamimi",
    "Fares",
    "Daher",
    "Sabbagh",
]
GIVEN = ["Rania", "Omar", "Lina", "Yusuf", "Zoë", "Élise", "Tariq", "Hala", "Nour", "Björn", "Dima"]
# What may stand wrongly under a heading. None: the cell is empty although it must not be.
WRONG = {
    "record": ["abc", "-4", "999999999", "1e9", "99999999999999999999999"],
    "family_name": [None, "Хаддад", "x" * 81, "李", "حداد"],
    "given_names": ["Рания", "y" * 200],
    "sex": ["banana", "3", "womann"],
    "category": ["cat", "militaryy"],
    "grade": ["Major", "OF-11", "OF3x", "XX-1", "OR-0", "2026-03-05"],
    "rank": ["z" * 61],
    "email": ["no address", "a@", "@b.org", "a b@c.org", "a@b"],
    "slp": ["9999", "32", "abcd", "3232323"],
    "slp_on": ["31/12/2024", "2025-02-30", "1800-01-01", "tomorrow", "2099-01-01", "45000", None],
    "priority": ["0", "-1", "1.5", "1000", "first", "9" * 400],
    "is_alternate": ["perhaps", "2"],
    "remarks": ["r" * 2001, "r" * 60000],
}


@dataclass(frozen=True)
class File:
    """An upload. `faults` are the (sheet, row, column) that must be told; without any, the whole file is refused."""

    kind: str
    name: str
    content: bytes
    faults: frozenset[tuple[str, int, str]] = frozenset()
    mended: "File | None" = None
    rows: int = 0


@dataclass
class Grid:
    """Rows of texts under headings in some order; cells that are wrong are put in by `spoil`."""

    keys: list[str]
    rows: list[dict[str, str]]
    faults: set[tuple[int, str]] = field(default_factory=set)  # (row, key)
    formulas: set[tuple[int, str]] = field(default_factory=set)

    def spoil(self, row: int, key: str, value: str | None) -> None:
        self.rows[row][key] = value or ""
        self.faults.add((row, key))

    def table(self) -> list[list[str]]:
        return [[HEADINGS[key] for key in self.keys], *([row.get(key, "") for key in self.keys] for row in self.rows)]


def make(chance: random.Random, number: int, *, foreign: int) -> File:
    """File no. `number`: every second has wrong cells, the others cannot be read. `foreign` is an id not to name."""
    if number % 2 == 0:
        return _with_faults(chance, foreign)
    names = sorted(UNREADABLE)
    name = names[number // 2 % len(names)]
    made = UNREADABLE[name](chance)
    content, ending = made if isinstance(made, tuple) else (made, "xlsx")
    return File(name, f"list{chance.randrange(10**9)}.{ending}", content)


def with_one_fault(chance: random.Random) -> File:
    grid = _grid(chance, 3)
    grid.spoil(1, "grade", "Major")
    return _written(chance, grid, "one fault", as_csv=True)


def _with_faults(chance: random.Random, foreign: int) -> File:
    grid = _grid(chance, chance.randint(2, 12))
    good = Grid(list(grid.keys), [dict(row) for row in grid.rows])
    deed = chance.choice([*DEEDS, _wrong_cells, _wrong_cells, _wrong_cells])
    kind = deed.__name__.strip("_").replace("_", " ")
    as_csv = deed(chance, grid, chance.random() < 0.5, foreign)
    mended = _written(chance, good, "mended", as_csv=as_csv)
    return replace(_written(chance, grid, kind, as_csv=as_csv), mended=replace(mended, rows=len(good.rows)))


def _grid(chance: random.Random, count: int) -> Grid:
    keys = list(HEADINGS)
    chance.shuffle(keys)
    names = chance.sample([(family, given) for family in FAMILIES for given in GIVEN], count)
    # Letters of an alphabet in which no two names sound alike: a doubt of the likeness is another story.
    letters = "bcdfgklmnprstvz"
    rows = [_person(chance, f"{family}{letters[n]}ak", given, n) for n, (family, given) in enumerate(names)]
    return Grid(keys, rows)


def _person(chance: random.Random, family: str, given: str, n: int) -> dict[str, str]:
    return {
        "family_name": family,
        "given_names": given,
        "sex": chance.choice(["woman", "man", "F", "", "not stated"]),
        "category": chance.choice(["military", "Civilian", "police"]),
        "grade": chance.choice(["OF-3", "of4", "OR 7", "WO-2"]),
        "rank": "Major",
        "email": f"n{n}.{chance.randrange(10**9)}@example.org",
        "slp": chance.choice(["3232", "2+222"]),
        "slp_on": chance.choice(["2025-03-31", "31.03.2025"]),
        "priority": str(n + 1),
        "is_alternate": chance.choice(["yes", "no", ""]),
        "remarks": chance.choice(["", "Speaks French; and “Arabic”", "Line one\nline two"]),
    }


def _wrong_cells(chance: random.Random, grid: Grid, as_csv: bool, foreign: int) -> bool:
    for row in chance.sample(range(len(grid.rows)), chance.randint(1, len(grid.rows))):
        for key in chance.sample(sorted(WRONG), chance.randint(1, 3)):
            value = chance.choice(WRONG[key])
            if not (key in ("slp", "slp_on") and {"slp", "slp_on"} & {each for at, each in grid.faults if at == row}):
                grid.spoil(row, key, value)
    return as_csv


def _another_nations_person(chance: random.Random, grid: Grid, as_csv: bool, foreign: int) -> bool:
    grid.spoil(chance.randrange(len(grid.rows)), "record", str(foreign))
    return as_csv


def _duplicate_rows(chance: random.Random, grid: Grid, as_csv: bool, foreign: int) -> bool:
    grid.rows.append(dict(grid.rows[chance.randrange(len(grid.rows))]))
    grid.faults.add((len(grid.rows) - 1, "family_name"))
    return as_csv


def _already_nominated(chance: random.Random, grid: Grid, as_csv: bool, foreign: int) -> bool:
    row = chance.randrange(len(grid.rows))
    grid.rows[row] |= {"family_name": "Already", "given_names": "There", "email": "there@example.org"}
    grid.faults.add((row, "family_name"))
    return as_csv


def _formulas(chance: random.Random, grid: Grid, as_csv: bool, foreign: int) -> bool:
    for row in chance.sample(range(len(grid.rows)), 1 + chance.randrange(len(grid.rows))):
        key = chance.choice(["family_name", "email", "grade", "remarks", "priority"])
        grid.spoil(row, key, chance.choice(["=1+1", '=HYPERLINK("http://127.0.0.1:9")', "=cmd|' /C calc'!A0", "=A1"]))
        grid.formulas.add((row, key))
    return as_csv


def _nulls(chance: random.Random, grid: Grid, as_csv: bool, foreign: int) -> bool:
    row, key = chance.randrange(len(grid.rows)), chance.choice(["family_name", "rank", "remarks"])
    grid.spoil(row, key, chance.choice(["a\x00b", "\x00", "bell\x07", "esc\x1b[2J"]))
    return True


def _missing_column(chance: random.Random, grid: Grid, as_csv: bool, foreign: int) -> bool:
    """Who has tests has no days for them: every row is told, with the heading that is not there."""
    grid.keys.remove("slp_on")
    grid.faults |= {(row, "slp_on") for row in range(len(grid.rows))}
    return as_csv


DEEDS = (
    _another_nations_person,
    _duplicate_rows,
    _already_nominated,
    _formulas,
    _nulls,
    _missing_column,
)


def _written(chance: random.Random, grid: Grid, kind: str, *, as_csv: bool) -> File:
    name = f"list{chance.randrange(10**9)}.{'csv' if as_csv else 'xlsx'}"
    content = _csv(chance, grid.table()) if as_csv else _xlsx(grid)
    sheet = name if as_csv else "Nominations"
    letters = {key: chr(65 + index) for index, key in enumerate(grid.keys)}
    faults = frozenset((sheet, row + 2, letters.get(key, "")) for row, key in grid.faults)
    return File(kind, name, content, faults)


def _csv(chance: random.Random, table: list[list[str]]) -> bytes:
    import csv

    stream = io.StringIO()
    csv.writer(stream, delimiter=chance.choice([",", ";", "\t"]), lineterminator="\r\n").writerows(table)
    text = stream.getvalue()
    encodings = ["utf-8", "utf-8-sig", "utf-16"]
    try:
        text.encode("cp1252")
        encodings += ["cp1252"]
    except UnicodeEncodeError:
        pass
    return text.encode(chance.choice(encodings))


def _xlsx(grid: Grid) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = "Nominations"
    for row, texts in enumerate(grid.table(), 1):
        for column, text in enumerate(texts, 1):
            if text:
                cell = sheet.cell(row, column)
                cell.value = text
                is_formula = (row - 2, grid.keys[column - 1]) in grid.formulas
                cell.data_type = "f" if is_formula else "s"
    return _bytes(book)


def _bytes(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _good(chance: random.Random) -> bytes:
    return _xlsx(_grid(chance, 5))


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _zipped(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def _with_part(chance: random.Random, name: str, content: bytes) -> bytes:
    return _zipped({**_parts(_good(chance)), name: content})


SHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def _sheet(rows: str) -> bytes:
    return f'<?xml version="1.0"?><worksheet {NAMESPACE}><sheetData>{rows}</sheetData></worksheet>'.encode()


def _cell_of(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def _truncated(chance: random.Random) -> bytes:
    content = _good(chance)
    return content[: chance.randrange(60, len(content) - 30)]


def _scrambled(chance: random.Random) -> bytes:
    content = bytearray(_good(chance))
    for _turn in range(400):
        content[chance.randrange(4, len(content))] = chance.randrange(256)
    return bytes(content)


def _entity_bomb(chance: random.Random) -> bytes:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY e0 "lollollol">{levels}]>'
    body = f'<worksheet {NAMESPACE}><sheetData><row r="1">{_cell_of("A1", "&e9;")}</row></sheetData></worksheet>'
    return _with_part(chance, chance.choice([SHEET, "xl/sharedStrings.xml"]), (head + body).encode())


def _outside_entity(chance: random.Random) -> bytes:
    head = '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    body = f'<worksheet {NAMESPACE}><sheetData><row r="1">{_cell_of("A1", "&x;")}</row></sheetData></worksheet>'
    return _with_part(chance, SHEET, (head + body).encode("utf-16" if chance.random() < 0.5 else "utf-8"))


def _lying_size(chance: random.Random) -> bytes:
    """30 MB that its directory calls 40 bytes."""
    content = bytearray(_with_part(chance, "xl/bomb.xml", b"<a>" + b" " * 30_000_000 + b"</a>"))
    at = content.rfind(b"xl/bomb.xml") - 46
    content[at + 24 : at + 28] = struct.pack("<I", 40)
    return bytes(content)


def _encrypted(chance: random.Random) -> bytes:
    content = bytearray(_good(chance))
    at = content.rfind(b"PK\x01\x02")
    content[at + 8] |= 1
    return bytes(content)


def _amplified(chance: random.Random) -> bytes:
    """One text of 1,900 letters, named by a hundred thousand cells."""
    strings = f'<?xml version="1.0"?><sst {NAMESPACE}><si><t>Family name</t></si><si><t>{"x" * 1900}</t></si></sst>'
    head = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>1</v></c></row>' for n in range(2, 4900))
    parts = _parts(_good(chance)) | {SHEET: _sheet(head + rows), "xl/sharedStrings.xml": strings.encode()}
    return _zipped(parts)


def _wide(chance: random.Random) -> bytes:
    book = Workbook()
    book.active.append(["Family name", *(f"c{n}" for n in range(10_000))])
    return _bytes(book)


def _long(chance: random.Random) -> bytes:
    book = Workbook()
    for text in ["Family name", *(f"Name{chr(97 + n % 26)}" for n in range(5001))]:
        book.active.append([text])
    return _bytes(book)


def _far_away(chance: random.Random) -> bytes:
    """A cell in the last column of each of many rows."""
    rows = "".join(f'<row r="{n}">{_cell_of(f"XFD{n}", "x")}</row>' for n in range(2, 4000))
    return _with_part(chance, SHEET, _sheet(f'<row r="1">{_cell_of("A1", "Family name")}</row>{rows}'))


def _wrong_sheet(chance: random.Random) -> bytes:
    book = Workbook()
    for n in range(chance.randint(1, 30)):
        book.active.append([f"cell {n}", n])
    return _bytes(book)


def _twins(chance: random.Random) -> bytes:
    book = Workbook()
    book.active.append(["Family name", "Given names", "SURNAME"])
    book.active.append(["Haddad", "Rania", "Nasser"])
    return _bytes(book)


UNREADABLE: dict[str, Callable] = {
    "truncated zip": _truncated,
    "scrambled zip": _scrambled,
    "entity bomb": _entity_bomb,
    "outside entity": _outside_entity,
    "ratio bomb": lambda chance: _with_part(chance, "xl/media/a.bin", b"\0" * 15_000_000),
    "size bomb": lambda chance: _with_part(chance, "xl/media/a.bin", b"\0" * 60_000_000),
    "lying size": _lying_size,
    "many parts": lambda chance: _zipped({**_parts(_good(chance)), **{f"xl/p{n}": b"" for n in range(300)}}),
    "macros": lambda chance: _with_part(chance, "xl/vbaProject.bin", b"\xd0\xcf\x11\xe0macro"),
    "macro type": lambda chance: _zipped(
        {
            name: content.replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml")
            for name, content in _parts(_good(chance)).items()
        }
    ),
    "encrypted": _encrypted,
    "old office": lambda chance: (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + chance.randbytes(4000), "xls"),
    "amplified": _amplified,
    "ten thousand columns": _wide,
    "too many rows": _long,
    "far away": _far_away,
    "wrong sheet": _wrong_sheet,
    "twins": _twins,
    "empty": lambda chance: (b"", "csv"),
    "spaces": lambda chance: (b" \r\n" * 20, "csv"),
    "only headings": lambda chance: (b"Family name;Given names\r\n", "csv"),
    "no headings": lambda chance: (b"Haddad;Rania\r\nNasser;Omar\r\n", "csv"),
    "open quote": lambda chance: (b'Family name;Given names\r\n"Haddad;Rania\r\nNasser;Omar\r\n', "csv"),
    "no encoding": lambda chance: (b"Family name;Given names\r\nHadd\x81d;\x8drania\r\n", "csv"),
    "half a UTF-16": lambda chance: ("Family name;Given names\r\nHaddad;Rania".encode("utf-16")[:-1], "csv"),
    "picture": lambda chance: (b"\x89PNG\r\n\x1a\n" + chance.randbytes(3000), "csv"),
    "paper": lambda chance: (b"%PDF-1.7\n" + chance.randbytes(3000), "xlsx"),
    "noise": lambda chance: (chance.randbytes(chance.randint(1, 5000)), "csv"),
    "other zip": lambda chance: _zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}),
    "not well formed": lambda chance: _with_part(chance, SHEET, b"<worksheet><sheetData><row></sheetData>"),
    "no workbook": lambda chance: _zipped(
        {name: part for name, part in _parts(_good(chance)).items() if name != "xl/workbook.xml"}
    ),
    "no number": lambda chance: _with_part(
        chance,
        SHEET,
        _sheet(f'<row r="1">{_cell_of("A1", "Family name")}</row><row r="2"><c r="A2"><v>x1</v></c></row>'),
    ),
    "too large": lambda chance: (b"Family name\r\n" + b"Haddad\r\n" * 300_000, "csv"),
}
