"""What the schemas of governed documents share: kinds of value, limits, refusals in plain words."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from cjops.core.schema import shape
from cjops.core.schema.shape import ShapeError
from cjops.core.schema.types import Element, Key, Line, OptionalKey, Part, Rank, Tag, Tags, Text
from cjops.documents import canonical, normalise

__all__ = [
    "MAX_BYTES",
    "Element",
    "Key",
    "Line",
    "OptionalKey",
    "Part",
    "Rank",
    "ShapeError",
    "Tag",
    "Tags",
    "Text",
    "complete",
    "published",
]

MAX_BYTES = 10_000_000


def complete(
    raw: object, model: type[BaseModel], collections: Sequence[str], *, max_bytes: int = MAX_BYTES
) -> dict[str, Any]:
    """The whole normalised document that the possibly short `raw` stands for.

    Missing fields get their defaults, missing ranks the order of the list, text one spelling.
    Raises `ShapeError` with a finding per problem when `raw` does not fit `model` or is larger
    than a document may be; nothing is guessed.
    """
    shape.refuse_unwieldy(raw, max_bytes=max_bytes)
    try:
        value = model.model_validate(shape.with_ranks(raw, collections))
    except ValidationError as error:
        raise ShapeError(shape.findings(error, raw)) from error
    document: dict[str, Any] = value.model_dump(mode="json", by_alias=True)
    shape.refuse_repeated_keys(document, collections)
    document = dict(normalise(document))
    if len(canonical(document)) > max_bytes:
        raise shape.too_large(max_bytes)
    return document


def published(model: type[BaseModel], name: str) -> dict[str, Any]:
    """The JSON Schema of a document, as others read it."""
    schema = model.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": name, **schema}
