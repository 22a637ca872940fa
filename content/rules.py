"""What an admin sets for the checks of content, as plain values; `rulebook` reads the rows."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Weight = Literal["error", "warning", "off"]

# What admins find set before they set anything: languages that all content comes in, "zh" being any
# Chinese; tags of what has to be sent whatever people want; tags of what promotes something.
LANGUAGES = ("en", "zh")
SERVICE_TAGS = ("service", "transactional", "security", "regulatory", "legal-notice")
PROMOTING_TAGS = ("marketing", "promotion", "promotional", "advertising", "campaign", "offer")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that must not stand in content, or must.

    `market` and `language` narrow it down, "" is any; `kinds` likewise, () is any. `instead` is
    what to write in its place.
    """

    words: str
    use: Literal["forbidden", "required"]
    weight: Weight = "error"
    market: str = ""
    language: str = ""
    kinds: tuple[str, ...] = ()
    instead: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """A variable that the systems which send content can fill."""

    name: str
    label: str = ""
    is_always_there: bool = False
    samples: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that content may show: its type, pixels (0 for PDFs' pages in points) and bytes."""

    media_type: str
    width: int
    height: int
    size: int


@dataclass(frozen=True, slots=True)
class Rules:
    """All of it. `variables` is None where nobody has listed any: then none is unknown."""

    severities: Mapping[str, Weight] = field(default_factory=dict)
    phrases: tuple[Phrase, ...] = ()
    variables: Mapping[str, Known] | None = None
    languages: tuple[str, ...] = LANGUAGES
    service_tags: frozenset[str] = frozenset(SERVICE_TAGS)
    promoting_tags: frozenset[str] = frozenset(PROMOTING_TAGS)
    today: dt.date | None = None
    files: Mapping[str, Stored] | None = None
    fingerprint: str = ""


NO_RULES = Rules()
