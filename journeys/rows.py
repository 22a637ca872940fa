"""What a journey document says as rows, pure: the columns of each by its key."""

from dataclasses import dataclass

from cjops.core.projection import Values
from cjops.documents import Document

SlotKey = tuple[str, str]
TagKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a document. What they point at is named by its key, not yet by a primary key.

    Slots go by (step, slot), the tags of steps by (step, `taxonomy:concept`).
    """

    header: Values
    stages: dict[str, Values]
    steps: dict[str, Values]
    transitions: dict[str, Values]
    slots: dict[SlotKey, Values]
    step_tags: tuple[TagKey, ...]
    tags: tuple[str, ...]


def rows_of(document: Document) -> Rows:
    """The rows a document stands for."""
    steps = document["steps"]
    return Rows(
        header=header_of(document),
        stages={
            stage["key"]: {
                "key": stage["key"],
                "rank": stage["rank"],
                "name": stage["name"] or stage["key"],
                "description": stage["description"],
            }
            for stage in document["stages"]
        },
        steps={step["key"]: step_of(step) for step in steps},
        transitions={
            transition["key"]: {
                "key": transition["key"],
                "rank": transition["rank"],
                "source": transition["source"],
                "target": transition["target"],
                "condition": transition["condition"],
                "delay": transition["delay"] or "",
                "share": transition["share"],
            }
            for transition in document["transitions"]
        },
        slots={
            (step["key"], name): {
                "slot": name,
                "purpose": slot["purpose"],
                "asset": slot["asset"],
                "version": slot["version"],
                "needs": slot.get("needs", {}),
            }
            for step in steps
            for name, slot in step["slots"].items()
        },
        step_tags=tuple((step["key"], tag) for step in steps for tag in step["tags"]),
        tags=tuple(document["tags"]),
    )


def header_of(document: Document) -> Values:
    """The columns of the journey's own row."""
    steps = document["steps"]
    return {
        "name": document["name"],
        "purpose": document["purpose"],
        "market": document["market"],
        "product_line": document["product_line"],
        "importance": document["importance"],
        "personas": list(document["personas"]),
        "channels": sorted({step["channel"] for step in steps if step["channel"]}),
        "step_count": len(steps),
    }


def step_of(step: Document) -> Values:
    """The columns of a step."""
    return {
        "key": step["key"],
        "rank": step["rank"],
        "stage": step["stage"],
        "name": step["name"] or step["key"],
        "kind": step["kind"],
        "channel": step["channel"],
        "team": step["team"],
        "purpose": step["purpose"],
        "touchpoint": step["touchpoint"],
        "frequency_class": step["frequency_class"],
    }
