"""The asset document, `asset/1`: its schema, its limits, and how a short one is completed.

A rendition is the asset in one language, or one variant of it in one language: its key is the
language in lower case, and the variant behind it. A kind of asset uses some of a rendition's fields
and leaves the others empty, so that all assets have one schema.

Fields that came later (`SPARSE`) are left out while they say nothing: documents from before keep
their digest, and a change names only what it changes.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from cjops.core import schema
from cjops.core.schema import Element, Key, Line, OptionalKey, Part, Tags, Text, fields
from cjops.core.schema.types import DateText, Digest
from cjops.documents import Document

SCHEMA = "asset/1"
COLLECTIONS = ("renditions",)
MAX_RENDITIONS, MAX_VARIANTS, MAX_FILES, MAX_NAMED = 100, 20, 20, 100
# What is stored at most; what is sensible to send, `validation` says.
BODY_LENGTH, PLAIN_LENGTH, LINK_LENGTH = 2_000_000, 100_000, 2_000

Kind = Literal[
    "email", "sms", "push", "in-app", "banner", "web-block", "call-script", "event", "poster"
]
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
Moment = Annotated[
    str,
    AfterValidator(fields.moment_or_empty),
    Field(json_schema_extra={"pattern": fields.MOMENT_PATTERN}),
]
VariableName = Annotated[
    str,
    AfterValidator(fields.variable),
    Field(json_schema_extra={"pattern": fields.VARIABLE_PATTERN}),
]
Lines = Annotated[
    tuple[Line, ...],
    AfterValidator(fields.without_repeats),
    Field(strict=False, max_length=schema.types.MAX_LIST),
]


class Variable(Part):
    """What stands in for a personal value: in previews, and where a customer has none."""

    sample: Line = Field(default="", description="A likely value, for previews.")
    fallback: Line = Field(default="", description="What is sent where the value is not known.")


class LegalClaim(Part):
    """A statement that has to be true, and what it rests on."""

    text: Text = Field(default="", description="The statement, as the content says it.")
    reference: Line = Field(default="", description="What it rests on: a law, a ruling, a figure.")
    valid_until: DateText = Field(default=None, description="Last day on which it is true.")


class File(Part):
    """A picture or a PDF of the asset, in its place."""

    file: Digest = Field(default=None, description="SHA-256 of the stored file.")
    alt: Line = Field(default="", description="What is on it, in words.")


class Rendition(Element):
    """The asset in one language, in one variant."""

    language: Language = Field(default="", description="A language tag, such as en or zh-Hans.")
    variant: OptionalKey = Field(
        default=None, description="Key of the variant; null for the main one."
    )
    subject: Line = Field(default="", description="E-mail: the subject line.")
    preheader: Line = Field(default="", description="E-mail: what inboxes show after the subject.")
    format: Literal["html", "mjml"] = Field(default="html", description="E-mail: how `body` reads.")
    body: Body = Field(
        default="", description="E-mail: the message, as HTML or MJML. Other kinds: Markdown."
    )
    text: Plain = Field(
        default="",
        description="SMS, push, banner: the message. E-mail: the part without formatting.",
    )
    sender: Line = Field(default="", description="E-mail: who it comes from, as “Name <address>”.")
    title: Line = Field(default="", description="Title or headline.")
    link: Link = Field(default="", description="Where a tap or a click leads.")
    action: Line = Field(default="", description="Call to action: what the button says.")
    layout: Literal["", "dialog", "banner", "full"] = Field(
        default="", description="In-app message: how it lies over the screen."
    )
    starts: Moment = Field(default="", description="Event: local date and time, 2027-03-01T18:30.")
    ends: Moment = Field(default="", description="Event: the same of its end.")
    timezone: Line = Field(default="", description="Event: IANA name, such as Asia/Shanghai.")
    place: Line = Field(default="", description="Event: an address, or how to join online.")
    files: Annotated[dict[Key, File], Field(max_length=MAX_FILES)] = Field(
        default_factory=dict, description="Files by their place: picture, poster, or a size."
    )
    variables: Annotated[dict[VariableName, Variable], Field(max_length=MAX_NAMED)] = Field(
        default_factory=dict, description="Variables by their name."
    )
    claims: Annotated[dict[Key, LegalClaim], Field(max_length=MAX_NAMED)] = Field(
        default_factory=dict, description="Statements with their legal reference."
    )

    @model_validator(mode="before")
    @classmethod
    def language_by_key(cls, raw: Any) -> Any:
        """A rendition that names no language has the one its key says."""
        if isinstance(raw, dict) and isinstance(raw.get("key"), str) and not raw.get("language"):
            key, variant = raw["key"], raw.get("variant")
            return {**raw, "language": spelled(key.removesuffix(f"-{variant}"))}
        return raw

    @model_validator(mode="after")
    def key_is_language(self) -> Self:
        """Two renditions for one language and variant cannot be: keys are unique."""
        if self.key != rendition_key(self.language, self.variant or ""):
            raise fields.refuse("language-key")
        return self


class Variant(Part):
    """Who gets a variant instead of the main one."""

    name: Line = Field(default="", description="The variant in a few words.")
    persona: Line = Field(default="", description="The persona it is written for.")
    segment: Line = Field(default="", description="The segment that gets it, in words.")
    arm: Line = Field(default="", description="The arm of the test it belongs to, such as B.")


class Rights(Part):
    """What may be done with the material, and until when."""

    source: Line = Field(default="", description="Where it comes from: an agency, a library.")
    licence: Line = Field(default="", description="The licence or contract.")
    valid_from: DateText = Field(default=None, description="First day on which it may be used.")
    valid_until: DateText = Field(default=None, description="Last day on which it may be used.")
    territories: Lines = Field(default=(), description="Where it may be used; empty: everywhere.")


class Origin(Part):
    """The version of another asset that this one was adapted from."""

    asset: Key = Field(description="Key of the asset.")
    version: Annotated[int, Field(ge=1, le=1_000_000)] = Field(description="Its version.")


class AssetDefinition(Part):
    """A piece of content: what customers receive, in each language."""

    schema_: Literal["asset/1"] = Field(
        default="asset/1", alias="schema", description="Name and version of this schema."
    )
    name: Line = Field(default="", description="The asset in a few words.")
    kind: Kind = Field(description="What it is; never changes.")
    channel: OptionalKey = Field(
        default=None, description="Where it is sent, if not on the first channel of its kind."
    )
    purpose: Text = Field(default="", description="What it is to achieve.")
    tags: Tags = Field(default=(), description="Concepts, each as taxonomy:concept.")
    status: Literal["active", "retired"] = Field(
        default="active", description="retired: out of use. Left out of the document while active."
    )
    rights: Rights = Field(default=Rights(), description="Source, licence, times and places.")
    adapted_from: tuple[Origin, ...] = Field(
        default=(), strict=False, max_length=10, description="What it was made from."
    )
    variants: Annotated[dict[Key, Variant], Field(max_length=MAX_VARIANTS)] = Field(
        default_factory=dict, description="Variants by key, beside the main one."
    )
    renditions: Annotated[tuple[Rendition, ...], Field(strict=False, max_length=MAX_RENDITIONS)] = (
        Field(default=(), description="The asset in each language.")
    )


def _defaults(model: type[Part], names: tuple[str, ...]) -> dict[str, Any]:
    """What these fields are while they say nothing, as they stand in a document."""
    found = {}
    for name in names:
        value = model.model_fields[name].get_default(call_default_factory=True)
        found[name] = value.model_dump(mode="json") if isinstance(value, Part) else value
        if isinstance(found[name], tuple):
            found[name] = []
    return found


# Fields that documents leave out while they say nothing, with what they then mean.
SPARSE: Mapping[str, Any] = _defaults(
    AssetDefinition, ("channel", "status", "rights", "adapted_from", "variants")
)
SPARSE_RENDITION: Mapping[str, Any] = _defaults(
    Rendition,
    (
        "variant", "action", "layout", "starts", "ends", "timezone", "place",
        "files", "variables", "claims",
    ),
)  # fmt: skip


def complete(raw: object) -> Document:
    """The whole normalised document that the possibly short `raw` stands for.

    Raises `ShapeError` with a finding per problem; nothing is guessed.
    """
    document = schema.complete(raw, AssetDefinition, COLLECTIONS)
    renditions = [_without(one, SPARSE_RENDITION) for one in document["renditions"]]
    return _without({**document, "renditions": renditions}, SPARSE)


def _without(part: Document, sparse: Mapping[str, Any]) -> Document:
    return {
        name: value for name, value in part.items() if name not in sparse or value != sparse[name]
    }


def said(part: Document, name: str) -> Any:
    """A field of the document or of a rendition, whether or not it is left out."""
    if name in part:
        return part[name]
    return SPARSE_RENDITION[name] if name in SPARSE_RENDITION else SPARSE[name]


def status_of(document: Document) -> str:
    """ "active" or "retired"."""
    return str(said(document, "status"))


def blank(name: str, kind: str, language: str = "en") -> Document:
    """A new asset called `name` with one empty rendition."""
    return complete({"name": name, "kind": kind, "renditions": [{"key": language.lower()}]})


def json_schema() -> dict[str, Any]:
    """The JSON Schema of the asset document, as published."""
    return schema.published(AssetDefinition, SCHEMA)


def rendition_key(language: str, variant: str = "") -> str:
    """The key of the rendition in that language and variant."""
    return f"{language.lower()}-{variant}" if variant else language.lower()


def language_of(rendition: Document) -> str:
    """Its language in lower case, which is the key of the main variant."""
    return str(rendition["language"]).lower()


def spelled(key: str) -> str:
    """A language tag as it is usually written: zh-hans is zh-Hans, pt-br is pt-BR."""
    language, *parts = key.split("-")
    written = [part.upper() if len(part) == 2 else part.title() for part in parts]
    return "-".join([language, *written])
