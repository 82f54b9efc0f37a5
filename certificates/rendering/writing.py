"""A pydyf document as bytes. Each object is asked for its own once; pydyf asks twice, and so compresses twice."""

import hashlib
import struct

import pydyf

# Whether and where an object stands, and its place among others there.
ROW = struct.Struct(">BIH")
HEADER = b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n"


def written(pdf: pydyf.PDF, first: pydyf.Object, identifier: str) -> bytes:
    """The file, with `first` at its beginning. What can be in an object stream is in one."""
    pdf.add_object(pdf.info)
    out = bytearray(HEADER)
    loose = [each for each in pdf.objects if not each.compressible and each.free != "f" and each is not first]
    packed = [each for each in pdf.objects if each.compressible and each.free != "f"]
    rows = {0: (0, 0, 65535)}
    for each in (first, *loose):
        rows[each.number] = (1, len(out), 0)
        out += each.indirect + b"\n"
    container = _object_stream(pdf, packed)
    rows |= {each.number: (2, container.number, index) for index, each in enumerate(packed)}
    rows[container.number] = (1, len(out), 0)
    out += container.indirect + b"\n"
    return _ended(pdf, out, rows, identifier)


def _object_stream(pdf: pydyf.PDF, objects: list[pydyf.Object]) -> pydyf.Stream:
    index, bodies, position = [], [], 0
    for each in objects:
        index.append(b"%d %d" % (each.number, position))
        bodies.append(each.data)
        position += len(bodies[-1]) + 1
    head = b" ".join(index)
    extra = {"Type": "/ObjStm", "N": len(objects), "First": len(head) + 1}
    stream = pydyf.Stream([head, *bodies], extra, compress=True)
    pdf.add_object(stream)
    return stream


def _ended(pdf: pydyf.PDF, out: bytearray, rows: dict[int, tuple[int, int, int]], identifier: str) -> bytes:
    """With its cross-reference stream; the second identifier stands for all that was written before."""
    content = hashlib.sha256(out).hexdigest()[:32]
    start, number = len(out), len(pdf.objects)
    rows[number] = (1, start, 0)
    table = b"".join(ROW.pack(*rows[number]) for number in sorted(rows))
    extra = {
        "Type": "/XRef",
        "W": "[1 4 2]",
        "Size": number + 1,
        "Root": pdf.catalog.reference,
        "Info": pdf.info.reference,
        "ID": f"[<{identifier}> <{content}>]",
    }
    stream = pydyf.Stream([table], extra, compress=True)
    pdf.add_object(stream)
    out += stream.indirect
    out += b"\nstartxref\n%d\n%%%%EOF\n" % start
    return bytes(out)
