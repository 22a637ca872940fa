"""Single values of a governed document: tidied where that is safe, refused where it is not.

Each function takes and returns a value for pydantic and raises `PydanticCustomError` with a code
of `shape.MESSAGES`; the words are found there, in the language of whoever reads them.
"""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from pydantic_core import PydanticCustomError

from cjops.core.schema.text import refused_character, tidy_line, tidy_text

KEY_LENGTH, RANK_LENGTH, LINE_LENGTH, TEXT_LENGTH, SHORT_LENGTH = 80, 200, 200, 4_000, 40
KEY_PATTERN = "^[a-z0-9]+(-[a-z0-9]+)*$"
RANK_PATTERN = "^[0-9A-Za-z]*[1-9A-Za-z]$"
DIGEST_PATTERN = "^[0-9a-f]{64}$"
MOMENT_PATTERN = "^$|^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}$"
VARIABLE_PATTERN = "^[a-z_][a-z0-9_]*(\\.[a-z_][a-z0-9_]*)*$"
TAG_PATTERN = "^[a-z0-9]+(-[a-z0-9]+)*:[a-z0-9]+(-[a-z0-9]+)*$"

# fullmatch, because in Python `$` also stands before a line feed at the end.
_KEY = re.compile(KEY_PATTERN[1:-1])
_RANK = re.compile(RANK_PATTERN[1:-1])
_DIGEST = re.compile(DIGEST_PATTERN[1:-1])
_TAG = re.compile(TAG_PATTERN[1:-1])
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_VARIABLE = re.compile(VARIABLE_PATTERN[1:-1])
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def refuse(code: str, **params: str | int) -> PydanticCustomError:
    """The refusal with this code; `shape` puts it into words."""
    return PydanticCustomError(code, code, params)


def none_if_empty(value: object) -> object:
    """Forms send "" where they mean nothing."""
    return None if value == "" else value


def key(value: str) -> str:
    """A key: ASCII only, so that no two keys merely look alike."""
    if len(value) > KEY_LENGTH or not _KEY.fullmatch(value):
        raise refuse("key")
    return value


def key_or_empty(value: str) -> str:
    """A key, or "" where none is chosen yet."""
    return value and key(value)


def rank(value: str) -> str:
    """A rank as the document engine makes them."""
    if len(value) > RANK_LENGTH or not _RANK.fullmatch(value):
        raise refuse("rank")
    return value


def line(value: str) -> str:
    """Text of one line."""
    return _limited(tidy_line(_plain(value)), LINE_LENGTH)


def text(value: str) -> str:
    """Text of several lines."""
    return _limited(tidy_text(_plain(value)), TEXT_LENGTH)


def text_up_to(limit: int) -> Callable[[str], str]:
    """Text of several lines that may be longer or shorter than most."""

    def limited(value: str) -> str:
        return _limited(tidy_text(_plain(value)), limit)

    return limited


def language(value: str) -> str:
    """A language tag such as en or zh-Hans."""
    if not _LANGUAGE.fullmatch(value):
        raise refuse("language")
    return value


def short(value: str) -> str:
    """A short code, such as a duration; whether it can be read is asked later."""
    return _limited(tidy_line(_plain(value)), SHORT_LENGTH)


def date(value: str) -> str:
    """A day of the calendar."""
    try:
        if not _DATE.fullmatch(value):
            raise ValueError
        dt.date.fromisoformat(value)
    except ValueError:
        raise refuse("date") from None
    return value


def moment_or_empty(value: str) -> str:
    """A local date and time to the minute, or "" where none is said."""
    try:
        if value and not _MOMENT.fullmatch(value):
            raise ValueError
        if value:
            dt.datetime.fromisoformat(value)
    except ValueError:
        raise refuse("moment") from None
    return value


def variable(value: str) -> str:
    """The name of a variable, as it stands between double braces."""
    if len(value) > KEY_LENGTH or not _VARIABLE.fullmatch(value):
        raise refuse("variable")
    return value


def digest(value: str) -> str:
    """A SHA-256 in lower-case hexadecimal."""
    if not _DIGEST.fullmatch(value):
        raise refuse("digest")
    return value


def tag(value: str) -> str:
    """A concept, named together with its taxonomy."""
    if len(value) > 2 * KEY_LENGTH + 1 or not _TAG.fullmatch(value):
        raise refuse("tag")
    return value


def without_repeats(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """The values once each, empty ones left out, in the order given."""
    return tuple(value for value in dict.fromkeys(values) if value)


def _plain(value: str) -> str:
    if character := refused_character(value):
        raise refuse("character", character=character)
    return value


def _limited(value: str, limit: int) -> str:
    if len(value) > limit:
        raise refuse("length", limit=limit, length=len(value))
    return value
