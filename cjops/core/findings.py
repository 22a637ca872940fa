"""What a check found in a document, in words for the person who can put it right."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem at one place.

    `code` is for programs and never changes; `pointer` is an RFC 6901 JSON pointer into the
    document; `message` is a whole sentence in the language active when the check ran. `element`
    (collection, "" for the header) and `key` name the element, so that a screen can jump to it;
    `line` counts from 1 within a text of several lines, 0 where the whole of it is meant.
    """

    severity: Severity
    code: str
    pointer: str
    message: str
    element: str = ""
    key: str = ""
    line: int = 0


def pointer(*tokens: str | int) -> str:
    """The JSON pointer that leads through `tokens`; no tokens mean the whole document."""
    return "".join("/" + str(token).replace("~", "~0").replace("/", "~1") for token in tokens)
