"""Policies for those who read them without seeing everything that they name."""

from collections.abc import Iterable

from governance.naming import Labels
from governance.queries.hiding import Hidden, hidden_from
from governance.queries.telling import Raw, names_any, without_keys
from governance.stewardship import can_try
from people.models import User


def labels_for(reader: User) -> Labels:
    """What keys are called in policies: whoever looks after them reads them whole."""
    return Labels(None if can_try(reader) else reader)


def hidden_in(definitions: Iterable[Raw | None], reader: User) -> Hidden:
    """The keys that the reader of these policies may not know; no query where none is named."""
    if can_try(reader) or not any(one and names_any(one["when"]) for one in definitions):
        return Hidden()
    return hidden_from(reader)


def without(definition: Raw | None, hidden: Hidden) -> Raw | None:
    """A definition in which these keys cannot be read."""
    if definition is None or not hidden:
        return definition
    return {**definition, "when": without_keys(definition["when"], hidden)}
