"""The asset document, `asset/1`: its schema, its limits, and how a short one is completed.

One rendition for each language; its key is the language in lower case. A kind of asset uses some
of a rendition's fields and leaves the others empty, so that all assets have one schema.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from cjops.core import schema
from cjops.core.schema import Element, Line, Part, Tags, Text, fields
from cjops.documents import Document

SCHEMA = "asset/1"
COLLECTIONS = ("renditions",)
MAX_RENDITIONS = 50
# What is stored at most; what is sensible to send, `validation` says.
BODY_LENGTH, PLAIN_LENGTH, LINK_LENGTH = 2_000_000, 100_000, 2_000

Kind = Literal["email", "sms", "push"]
Body = Annotated[
    str,
    AfterValidator(fields.text_up_to(BODY_LENGTH)),
    Field(json_schema_extra={"maxLength": BODY_LENGTH}),
]
Plain = Annotated[
    str,
    AfterValidator(fields.text_up_to(PLAIN_LENGTH)),
    Field(json_schema_extra={"maxLength": PLAIN_LENGTH}),
]
Link = Annotated[
    str,
    AfterValidator(fields.text_up_to(LINK_LENGTH)),
    Field(json_schema_extra={"maxLength": LINK_LENGTH}),
]
Language = Annotated[str, AfterValidator(fields.language)]


class Rendition(Element):
    """The asset in one language."""

    language: Language = Field(default="", description="A language tag, such as en or zh-Hans.")
    subject: Line = Field(default="", description="E-mail: the subject line.")
    preheader: Line = Field(default="", description="E-mail: what inboxes show after the subject.")
    format: Literal["html", "mjml"] = Field(default="html", description="E-mail: how `body` reads.")
    body: Body = Field(default="", description="E-mail: the message, as HTML or MJML.")
    text: Plain = Field(
        default="", description="SMS and push: the message. E-mail: the part without formatting."
    )
    sender: Line = Field(default="", description="E-mail: the name it comes from.")
    title: Line = Field(default="", description="Push: the title.")
    link: Link = Field(default="", description="Push: what a tap opens.")

    @model_validator(mode="before")
    @classmethod
    def language_by_key(cls, raw: Any) -> Any:
        """A rendition that names no language has the one its key says."""
        if isinstance(raw, dict) and isinstance(raw.get("key"), str) and not raw.get("language"):
            return {**raw, "language": spelled(raw["key"])}
        return raw

    @model_validator(mode="after")
    def key_is_language(self) -> Self:
        """Two renditions for one language cannot be: keys are unique."""
        if self.key != self.language.lower():
            raise fields.refuse("language-key")
        return self


class AssetDefinition(Part):
    """A piece of content: what customers receive, in each language."""

    schema_: Literal["asset/1"] = Field(
        default="asset/1", alias="schema", description="Name and version of this schema."
    )
    name: Line = Field(default="", description="The asset in a few words.")
    kind: Kind = Field(description="email, sms or push; never changes.")
    purpose: Text = Field(default="", description="What it is to achieve.")
    tags: Tags = Field(default=(), description="Concepts, each as taxonomy:concept.")
    status: Literal["active", "retired"] = Field(
        default="active", description="retired: out of use. Left out of the document while active."
    )
    renditions: Annotated[tuple[Rendition, ...], Field(strict=False, max_length=MAX_RENDITIONS)] = (
        Field(default=(), description="The asset in each language.")
    )


def complete(raw: object) -> Document:
    """The whole normalised document that the possibly short `raw` stands for.

    An asset in use says nothing of its status, so that documents from before there was one keep
    their digest. Raises `ShapeError` with a finding per problem; nothing is guessed.
    """
    document = schema.complete(raw, AssetDefinition, COLLECTIONS)
    if document["status"] == "active":
        del document["status"]
    return document


def status_of(document: Document) -> str:
    """ "active" or "retired"."""
    return str(document.get("status", "active"))


def blank(name: str, kind: str, language: str = "en") -> Document:
    """A new asset called `name` with one empty rendition."""
    return complete({"name": name, "kind": kind, "renditions": [{"key": language.lower()}]})


def json_schema() -> dict[str, Any]:
    """The JSON Schema of the asset document, as published."""
    return schema.published(AssetDefinition, SCHEMA)


def spelled(key: str) -> str:
    """A language tag as it is usually written: zh-hans is zh-Hans, pt-br is pt-BR."""
    language, *parts = key.split("-")
    written = [part.upper() if len(part) == 2 else part.title() for part in parts]
    return "-".join([language, *written])
