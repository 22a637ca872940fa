"""The kinds of value governed documents are made of, as pydantic types."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from cjops.core.schema import fields

MAX_LIST = 100

Key = Annotated[
    str,
    AfterValidator(fields.key),
    Field(json_schema_extra={"pattern": fields.KEY_PATTERN, "maxLength": fields.KEY_LENGTH}),
]
OptionalKey = Annotated[Key | None, BeforeValidator(fields.none_if_empty)]
Line = Annotated[
    str,
    AfterValidator(fields.line),
    Field(json_schema_extra={"maxLength": fields.LINE_LENGTH}),
]
Text = Annotated[
    str,
    AfterValidator(fields.text),
    Field(json_schema_extra={"maxLength": fields.TEXT_LENGTH}),
]
Rank = Annotated[
    str,
    AfterValidator(fields.rank),
    Field(json_schema_extra={"pattern": fields.RANK_PATTERN, "maxLength": fields.RANK_LENGTH}),
]
Tag = Annotated[
    str, AfterValidator(fields.tag), Field(json_schema_extra={"pattern": fields.TAG_PATTERN})
]
DateText = Annotated[
    Annotated[str, AfterValidator(fields.date), Field(json_schema_extra={"format": "date"})] | None,
    BeforeValidator(fields.none_if_empty),
]
Digest = Annotated[
    Annotated[
        str,
        AfterValidator(fields.digest),
        Field(json_schema_extra={"pattern": fields.DIGEST_PATTERN}),
    ]
    | None,
    BeforeValidator(fields.none_if_empty),
]
# Tuples, so that a definition is a value; JSON knows only arrays, hence not strict.
Tags = Annotated[
    tuple[Tag, ...],
    AfterValidator(fields.without_repeats),
    Field(strict=False, max_length=MAX_LIST),
]


class Part(BaseModel):
    """Any object in a document: no other fields than its own, no silent conversions."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Element(Part):
    """An item of a collection."""

    key: Key = Field(description="Names the element for good; never reused for another one.")
    rank: Rank = Field(
        default="",
        description="Sorts the element among its like; where left out, the order of the list.",
    )
