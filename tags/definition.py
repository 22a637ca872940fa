"""The taxonomy document, `taxonomy/1`: its schema, its limits, and how a short one is completed."""

from typing import Annotated, Any, Literal

from pydantic import Field

from cjops.core import schema
from cjops.core.schema import Element, Line, OptionalKey, Part, Text
from cjops.documents import Document, Reference

SCHEMA = "taxonomy/1"
COLLECTIONS = ("concepts",)
# Which fields hold the key of another element of the same document.
REFERENCES = (Reference("concepts", ("broader",), "concepts"),)
# What a concept cannot lose and still be what its key named.
IDENTITY = {"concepts": ("label",)}
MAX_CONCEPTS = 20_000


class Concept(Element):
    """One term of the vocabulary."""

    label: Line = Field(default="", description="The term people read.")
    definition: Text = Field(default="", description="What it means, and what it does not.")
    broader: OptionalKey = Field(default=None, description="Key of the concept above it.")
    status: Literal["active", "deprecated"] = Field(
        default="active", description="deprecated: kept where it is used, offered no more."
    )


class TaxonomyDefinition(Part):
    """A vocabulary: terms, each with at most one broader term."""

    schema_: Literal["taxonomy/1"] = Field(
        default="taxonomy/1", alias="schema", description="Name and version of this schema."
    )
    name: Line = Field(default="", description="The taxonomy in a few words.")
    description: Text = Field(default="", description="What it is for.")
    concepts: Annotated[tuple[Concept, ...], Field(strict=False, max_length=MAX_CONCEPTS)] = Field(
        default=(), description="The terms."
    )


def complete(raw: object) -> Document:
    """The whole normalised document that the possibly short `raw` stands for.

    Raises `ShapeError` with a finding per problem; nothing is guessed.
    """
    return schema.complete(raw, TaxonomyDefinition, COLLECTIONS)


def blank(name: str) -> Document:
    """A new taxonomy called `name`, without concepts yet."""
    return complete({"name": name})


def json_schema() -> dict[str, Any]:
    """The JSON Schema of the taxonomy document, as published."""
    return schema.published(TaxonomyDefinition, SCHEMA)
