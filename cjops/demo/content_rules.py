"""What the bank's admins have set for the checks of content: its variables and its word rules."""

from cjops.demo import reading
from content.models import Variable, Wording

# What not every customer has; the others come with what sets a message off.
SOMETIMES_MISSING = frozenset({"top_category", "local_language"})
TYPES = {"url": "link", "date": "date", "count": "number", "percent": "number"}


def add() -> None:
    """Their rows; those of somebody else stay."""
    for name in reading.variables():
        kind = TYPES.get(name.rpartition("_")[2], "text")
        Variable.objects.get_or_create(
            name=name,
            defaults={
                "label": name.replace("_", " ").capitalize(),
                "type": kind,
                "is_always_there": name not in SOMETIMES_MISSING,
            },
        )
    for record in reading.records("word_rules"):
        Wording.objects.get_or_create(**record)
