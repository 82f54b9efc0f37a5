"""A file that is only looked at: its fingerprint is taken while it comes in, and nothing of it is kept."""

import hashlib
from io import BytesIO

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

MOST_BYTES = 10 * 1024 * 1024
# What a form has around its file.
WRAPPING = 64 * 1024
# A badge is a text of a few kilobytes; of a larger file only this much of the beginning is at hand.
BEGINNING = 64 * 1024


class Fingerprint(UploadedFile):
    """What is left of an upload: its size, its SHA-256 and its beginning. Where it was too large, not even those."""

    def __init__(self, name: str, size: int, sha256: str = "", beginning: bytes = b"") -> None:
        super().__init__(BytesIO(beginning), name, size=size)
        self.sha256, self.beginning = sha256, beginning

    @property
    def is_too_large(self) -> bool:
        return self.size > MOST_BYTES

    @property
    def text(self) -> str:
        """The whole of a short text; "" for anything else."""
        if self.size > len(self.beginning):
            return ""
        try:
            return self.beginning.decode("utf-8-sig").strip()
        except UnicodeDecodeError:
            return ""


class Fingerprinting(FileUploadHandler):
    """Django's hook for uploads: hashes piece by piece, writes nothing to the disk, reads nothing that is too large."""

    def handle_raw_input(self, input_data, meta, content_length, boundary, encoding=None):
        if content_length <= MOST_BYTES + WRAPPING:
            return None
        return QueryDict(), MultiValueDict({"file": [Fingerprint("unread", content_length)]})

    def new_file(self, *args, **kwargs) -> None:
        super().new_file(*args, **kwargs)
        self.hash, self.beginning = hashlib.sha256(), b""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.hash.update(raw_data)
        if start < BEGINNING:
            self.beginning += raw_data[: BEGINNING - start]

    def file_complete(self, file_size: int) -> Fingerprint:
        return Fingerprint(self.file_name, file_size, self.hash.hexdigest(), self.beginning)


def only_fingerprints(request) -> None:
    """From here on the files of this request are Fingerprints. To be called before anybody reads its body."""
    request.upload_handlers = [Fingerprinting(request)]
