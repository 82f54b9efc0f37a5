"""What WeasyPrint leaves to do before a page is PDF/A-3a and PDF/UA-1 at once, and ready to be signed.

Each function takes the pydyf document of one certificate and adds to it: the engraving below the text, the languages of
its parts, files, the field for the signature. PDF/A is ISO 19005-3, PDF/UA ISO 14289-1, PDF ISO 32000-1.
"""

import hashlib
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.resources import files
from io import BytesIO
from xml.sax.saxutils import escape

import pydyf
from weasyprint.css import ColorProfile
from weasyprint.pdf.metadata import DocumentMetadata

from certificates.rendering import signature
from certificates.rendering.document import Attachment, Document

POINTS = 0.75  # in a CSS pixel
FIELD = "Issuer"
# Print, and none of the flags that hide (PDF/A 6.3.2).
ANNOTATION_FLAGS = 4

# PDF/A knows the properties of PDF/UA only when they are described in the file (PDF/A 6.6.2.3).
XMP = """
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier>{number}</dc:identifier>
<dc:relation><rdf:Bag><rdf:li>{check_url}</rdf:li></rdf:Bag></dc:relation>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 to which the file conforms</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""


class Metadata(DocumentMetadata):
    """What the file says about itself: also that it is PDF/UA, its number, and where it can be checked."""

    def __init__(self, document: Document):
        at = document.issued_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        super().__init__(
            title=document.title,
            authors=list(document.authors),
            description=document.subject,
            keywords=[document.number],
            created=at,
            modified=at,
            lang=document.language,
        )
        self.more = XMP.format(number=escape(document.number), check_url=escape(document.check_url))

    def include_in_pdf(self, pdf, variant, version, conformance, compress):
        """In plain text, for programs that look for it without reading PDF."""
        super().include_in_pdf(pdf, variant, version, conformance, compress=False)

    def generate_rdf_metadata(self, variant, version, conformance):
        rdf = super().generate_rdf_metadata(variant, version, conformance)
        return rdf.replace(b"</rdf:RDF>", f"{self.more}</rdf:RDF>".encode())


class Colours(ColorProfile):
    """sRGB, read once. Its content is kept: asked for it a second time, the library gives other bytes."""

    content = files("weasyprint.pdf").joinpath("sRGB2014.icc").read_bytes()

    def __init__(self):
        super().__init__(BytesIO(self.content), "sRGB2014.icc", "relative-colorimetric", (["r"], ["g"], ["b"]))


class Stored(pydyf.Object):
    """An object whose bytes are known already: streams compressed once for all files, the place for the signature."""

    compressible = False
    data = b""

    def __init__(self, data: bytes):
        super().__init__()
        self.data = data


def stream(content: bytes, more: str = "") -> bytes:
    """The bytes of a stream object, as compressed as it gets."""
    packed = zlib.compress(content, 9)
    head = f"<</Filter /FlateDecode /Length {len(packed)}{more}>>".encode()
    return b"\n".join((head, b"stream", packed, b"endstream"))


def put_below(pdf: pydyf.PDF, layer: bytes) -> None:
    """Before the text: the matrix that WeasyPrint sets for its page stays in force after it."""
    page, below = _page(pdf), Stored(layer)
    pdf.add_object(below)
    page["Contents"] = f"[{below.reference.decode()} {page['Contents'].decode()}]"


def complete_structure(pdf: pydyf.PDF, languages: Sequence[str | None]) -> None:
    """Name the language of each part that has one of its own, leave out parts without content, place the figures.

    `languages` are those of the children of the page's section: each is one part, in the same order.
    """
    (section,) = _parts(pdf, _document(pdf))
    parts = list(zip(_parts(pdf, section), languages, strict=True))
    for part, language in parts:
        if language:
            part["Lang"] = pydyf.String(language)
        if part["S"] == "/Figure":
            _place(part, _page(pdf)["MediaBox"][3])
    section["K"] = pydyf.Array(part.reference for part, _language in parts if part["K"])


def _place(figure: pydyf.Dictionary, height: float) -> None:
    """WeasyPrint says where a figure stands in pixels from the top; PDF counts points from the bottom."""
    left, top, right, bottom = (value * POINTS for value in figure["A"]["BBox"])
    figure["A"]["BBox"] = pydyf.Array(round(value, 3) for value in (left, height - bottom, right, height - top))


def attach(pdf: pydyf.PDF, attachments: Sequence[Attachment], at: datetime) -> None:
    """Files inside the file, associated with the document as a whole (PDF/A 6.8)."""
    if not attachments:
        return
    date = at.astimezone(UTC).strftime("D:%Y%m%d%H%M%SZ")
    named = {each.name: _embedded(pdf, each, date) for each in sorted(attachments, key=lambda each: each.name)}
    tree = [part for name, file in named.items() for part in (pydyf.String(name), file.reference)]
    pdf.catalog["Names"] = pydyf.Dictionary({"EmbeddedFiles": pydyf.Dictionary({"Names": pydyf.Array(tree)})})
    pdf.catalog["AF"] = pydyf.Array(file.reference for file in named.values())


def _embedded(pdf: pydyf.PDF, attachment: Attachment, date: str) -> pydyf.Dictionary:
    content = attachment.content.encode() if isinstance(attachment.content, str) else attachment.content
    checksum = hashlib.md5(content, usedforsecurity=False).hexdigest()
    params = f"/Params <</Size {len(content)} /ModDate ({date}) /CheckSum <{checksum}>>>"
    file = Stored(stream(content, f" /Type /EmbeddedFile /Subtype {_name(attachment.media_type)} {params}"))
    pdf.add_object(file)
    entry = pydyf.Dictionary(
        {
            "Type": "/Filespec",
            "F": pydyf.String(attachment.name),
            "UF": pydyf.String(attachment.name),
            "EF": f"<</F {file.reference.decode()} /UF {file.reference.decode()}>>",
            "AFRelationship": "/Supplement",
            "Desc": pydyf.String(attachment.description),
        }
    )
    pdf.add_object(entry)
    return entry


def _name(text: str) -> str:
    return "/" + "".join(each if each.isalnum() or each in "-.+" else f"#{ord(each):02X}" for each in text)


def add_signature_field(pdf: pydyf.PDF, label: str) -> pydyf.Object:
    """An invisible field with a place for the signature, and a part of the structure that says what it is.

    Without extent it needs no appearance (PDF/A 6.3.3); PDF/UA wants it in a Form with a label (7.18.1, 7.18.4).
    """
    place = Stored(signature.placeholder())
    page = _page(pdf)
    widget = pydyf.Dictionary(
        {
            "Type": "/Annot",
            "Subtype": "/Widget",
            "FT": "/Sig",
            "T": pydyf.String(FIELD),
            "TU": pydyf.String(label),
            "Rect": "[0 0 0 0]",
            "F": ANNOTATION_FLAGS,
            "P": page.reference,
        }
    )
    for each in (place, widget):
        pdf.add_object(each)
    widget["V"] = place.reference
    page["Annots"] = pydyf.Array([widget.reference])
    pdf.catalog["AcroForm"] = f"<</Fields [{widget.reference.decode()}] /SigFlags 3>>"
    pdf.catalog["Perms"] = f"<</DocMDP {place.reference.decode()}>>"
    _add_to_structure(pdf, widget, page)
    return place


def _add_to_structure(pdf: pydyf.PDF, widget: pydyf.Dictionary, page: pydyf.Dictionary) -> None:
    root = _object(pdf, pdf.catalog["StructTreeRoot"])
    document = _document(pdf)
    widget_of_page = f"<</Type /OBJR /Obj {widget.reference.decode()} /Pg {page.reference.decode()}>>"
    form = pydyf.Dictionary({"Type": "/StructElem", "S": "/Form", "P": document.reference, "K": widget_of_page})
    pdf.add_object(form)
    document["K"].append(form.reference)
    contents = _object(pdf, root["ParentTree"])["Nums"]
    widget["StructParent"] = root["ParentTreeNextKey"] = len(contents) // 2
    contents.extend((widget["StructParent"], form.reference))
    root["ParentTreeNextKey"] += 1


def _page(pdf: pydyf.PDF) -> pydyf.Dictionary:
    return pdf.objects[pdf.pages["Kids"][0]]


def _document(pdf: pydyf.PDF) -> pydyf.Dictionary:
    return _parts(pdf, _object(pdf, pdf.catalog["StructTreeRoot"]))[0]


def _parts(pdf: pydyf.PDF, element: pydyf.Dictionary) -> list[pydyf.Dictionary]:
    return [_object(pdf, reference) for reference in element["K"]]


def _object(pdf: pydyf.PDF, reference: bytes) -> pydyf.Object:
    return pdf.objects[int(reference.split()[0])]
