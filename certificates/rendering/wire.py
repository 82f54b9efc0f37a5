"""Documents as JSON and back, for the way between two processes. What a field holds, its type says."""

import base64
import dataclasses
import json
import types
import typing
from collections.abc import Sequence
from datetime import datetime
from functools import cache

from certificates.rendering.document import Document, LetterDocument

KINDS = {kind.__name__: kind for kind in (Document, LetterDocument)}


def packed(documents: Sequence[Document | LetterDocument]) -> bytes:
    return json.dumps([[type(each).__name__, dataclasses.asdict(each)] for each in documents], default=_plain).encode()


def unpacked(content: bytes) -> list[Document | LetterDocument]:
    return [_value(KINDS[kind], fields) for kind, fields in json.loads(content)]


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode()}
    raise TypeError(f"{type(value).__name__} cannot be sent")


@cache
def _kinds(kind: type) -> dict[str, object]:
    return typing.get_type_hints(kind)


def _value(kind, plain):
    if kind is datetime:
        return datetime.fromisoformat(plain)
    if isinstance(plain, dict) and plain.keys() == {"base64"}:
        return base64.b64decode(plain["base64"])
    if isinstance(kind, types.UnionType) and plain is not None:
        return _value(typing.get_args(kind)[0], plain)
    if dataclasses.is_dataclass(kind):
        kinds = _kinds(kind)
        return kind(**{name: _value(kinds[name], each) for name, each in plain.items()})
    if typing.get_origin(kind) is tuple:
        return tuple(_value(typing.get_args(kind)[0], each) for each in plain)
    if typing.get_origin(kind) is dict:
        return {name: _value(typing.get_args(kind)[1], each) for name, each in plain.items()}
    return plain
