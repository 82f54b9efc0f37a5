"""From a certificate's frozen values to what is rendered, and from there to its file."""

from certificates import renderer, wording
from certificates.models import Asset, Certificate
from certificates.rendering import Attachment, Document, RenderingFailed, Signatory
from certificates.rendering.elements import DesignFault, design_from

# Of the snapshot, what is no field of a document.
OTHER_FACTS = ("course_code", "course_version", "certified_on")


def files_of(certificates: list[Certificate]) -> list[bytes | RenderingFailed]:
    """The file of each, or why it cannot be made; laid out together."""
    documents = [_document_or_fault(each) for each in certificates]
    files = iter(renderer.render_many([each for each in documents if isinstance(each, Document)]))
    return [next(files) if isinstance(each, Document) else each for each in documents]


def document_of(certificate: Certificate) -> Document:
    """The frozen values of a certificate with its codes. Raises RenderingFailed."""
    printed = {name: value for name, value in certificate.printed.items() if name not in OTHER_FACTS}
    try:
        design = design_from(certificate.template_version.design) if certificate.template_version else None
    except DesignFault as fault:
        raise RenderingFailed(str(fault)) from fault
    emblems = tuple(printed.pop("emblems", ()))
    return Document(
        **{
            **printed,
            "objectives": tuple(printed["objectives"]),
            "institutions": tuple(printed["institutions"]),
            "signatories": tuple(Signatory(**each) for each in printed["signatories"]),
        },
        issued_at=certificate.queued_at,
        check_url=wording.check_address(certificate),
        check_hint=wording.check_hint(certificate),
        design=design,
        emblems=emblems,
        attachments=(Attachment("badge.jwt", certificate.badge, "application/vc+jwt", "The same as an Open Badge"),),
        images=Asset.objects.contents({*emblems, *(design.images if design else ())} - {""}),
    )


def _document_or_fault(certificate: Certificate) -> Document | RenderingFailed:
    try:
        return document_of(certificate)
    except RenderingFailed as fault:
        return fault
