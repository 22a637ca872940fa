"""What an import yields, and what it refuses."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from cjops.core.errors import Invalid

Sibling = Callable[[str], bytes | None]


class ImportRefused(Invalid):
    """The file cannot be read as what it is said to be; the message says why."""

    code = "import_refused"


@dataclass(frozen=True, slots=True)
class ImportedContent:
    """Content that came with a journey: a new asset, and its document in the shape `asset/1`."""

    key: str
    name: str
    kind: Literal["email", "sms", "push"]
    document: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Imported:
    """A journey definition from a file. `notes` say in words what was not carried over."""

    document: dict[str, Any]
    key_suggestion: str
    notes: tuple[str, ...]
    content: tuple[ImportedContent, ...] = ()
