"""The content slots of a journey as a list: what fills them and what does not. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cjops.documents import Document
from journeys.fitting import needs_words

if TYPE_CHECKING:
    from content.models import Asset
    from journeys.reading import Known


@dataclass(frozen=True, slots=True)
class SlotRow:
    """One slot of one step. `asset` is None while empty, or where the reader does not see it."""

    step_key: str
    step_name: str
    channel: str
    slot: str
    purpose: str
    asset: "Asset | None"
    version: int
    is_filled: bool
    is_first: bool
    # What it asks of content, in words.
    needs: tuple[str, ...] = ()


def slot_rows(document: Document, known: "Known") -> list[SlotRow]:
    """All slots in the order of the steps."""
    steps = sorted(document["steps"], key=lambda step: (step["rank"], step["key"]))
    return [row for step in steps for row in step_slots(step, known)]


def step_slots(step: Mapping[str, Any], known: "Known") -> list[SlotRow]:
    """The slots of one step, by name."""
    return [
        SlotRow(
            step_key=step["key"],
            step_name=step["name"] or step["key"],
            channel=step["channel"] or "",
            slot=slot,
            purpose=content["purpose"],
            asset=known.assets.get(content["asset"] or ""),
            version=content["version"] or 0,
            is_filled=bool(content["asset"]),
            is_first=position == 0,
            needs=tuple(needs_words(content.get("needs") or {})),
        )
        for position, (slot, content) in enumerate(sorted(step["slots"].items()))
    ]
