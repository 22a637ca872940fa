"""What an asset's document says, for the index: its fields by weight, and its texts one by one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cjops.documents import Document
from content.definition import said
from content.finding.folding import shown
from content.kinds import KINDS
from content.reading import words_of

# Of what is longer only the beginning is searched and compared.
MARKUP_LENGTH, TEXT_LENGTH, ALL_LENGTH, QUOTED_LENGTH = 400_000, 40_000, 200_000, 20_000
NOT_WORDS = frozenset({"link", "moment", "zone", "choice"})


@dataclass(frozen=True, slots=True)
class Said:
    """What one rendition says, field by field."""

    key: str
    language: str
    fields: tuple[str, ...]

    @property
    def text(self) -> str:
        """All of it, a line for each."""
        return "\n".join(self.fields)


def said_in(document: Document) -> list[Said]:
    """What each rendition says, as far as it is indexed."""
    found, left = [], ALL_LENGTH
    for rendition in document["renditions"]:
        fields = tuple(_fields(rendition, KINDS[document["kind"]].written))
        text = Said(rendition["key"], rendition["language"], fields)
        left -= sum(map(len, fields))
        if left < 0:
            break
        found.append(text)
    return found


def _fields(rendition: Mapping[str, Any], written: Iterable[Any]) -> Iterable[str]:
    for one in written:
        if one.input in NOT_WORDS:
            continue
        value = str(said(rendition, one.name))  # type: ignore[arg-type]
        if one.input == "markup":
            value = words_of(value[:MARKUP_LENGTH])
        if value.strip():
            yield shown(value[:TEXT_LENGTH]).strip()
    for file in said(rendition, "files").values():  # type: ignore[arg-type]
        if file["alt"]:
            yield shown(file["alt"])
    for claim in said(rendition, "claims").values():  # type: ignore[arg-type]
        yield from (shown(value) for value in (claim["text"], claim["reference"]) if value)


def quoted(texts: Iterable[Said]) -> str:
    """What results are quoted from."""
    return "\n".join(text.text for text in texts)[:QUOTED_LENGTH]
