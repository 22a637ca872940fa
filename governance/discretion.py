"""Policies for those who read them without seeing everything that they name."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from governance.naming import Labels
from governance.queries.hiding import OF_SUBJECTS, OF_TAGS, Hidden, hidden_from
from governance.ruling.facts import FACTS
from governance.stewardship import can_try
from people.models import User

# How a key is written that nobody may know.
UNKNOWN = "?"

Raw = Mapping[str, Any]


def labels_for(reader: User) -> Labels:
    """What keys are called in policies: whoever looks after them reads them whole."""
    return Labels(None if can_try(reader) else reader)


def hidden_in(definitions: Iterable[Raw | None], reader: User) -> Hidden:
    """The keys that the reader of these policies may not know; no query where none is named."""
    if can_try(reader) or not any(one and _names_any(one["when"]) for one in definitions):
        return Hidden()
    return hidden_from(reader)


def without(definition: Raw | None, hidden: Hidden) -> Raw | None:
    """A definition in which these keys cannot be read."""
    if definition is None or not hidden:
        return definition
    return {**definition, "when": _without(definition["when"], hidden)}


def why_without(why: Any, hidden: Hidden) -> Any:
    """The same for what was met of policies, by requirement, as the ledger keeps it."""
    if not hidden or not isinstance(why, Mapping):
        return why
    return {key: [_without(leaf, hidden) for leaf in leaves] for key, leaves in why.items()}


def names_keys(why: Any) -> bool:
    """Whether what was met of policies names any key of a subject or tag."""
    return isinstance(why, Mapping) and any(_names_any(leaves) for leaves in why.values())


def _names_any(node: Any) -> bool:
    return any(_choices(leaf) for leaf in _leaves(node))


def _leaves(node: Any) -> Iterator[Raw]:
    if isinstance(node, list):
        for part in node:
            yield from _leaves(part)
    elif "fact" in node:
        yield node
    else:
        yield from _leaves([node[name] for name in ("all", "any", "not") if name in node])


def _choices(leaf: Raw) -> str:
    """Of what its values are keys, where that is something that can be hidden."""
    fact = FACTS.get(leaf.get("fact", ""))
    found = fact.choices if fact else ""
    return found if found in (*OF_SUBJECTS, OF_TAGS) else ""


def _without(node: Any, hidden: Hidden) -> Any:
    if isinstance(node, list):
        return [_without(part, hidden) for part in node]
    choices = _choices(node)
    if not choices:
        return {
            name: _without(value, hidden) if name in ("all", "any", "not") else value
            for name, value in node.items()
        }
    return {
        name: [UNKNOWN if hidden(choices, key) else key for key in value]
        if name in ("value", "found") and isinstance(value, list)
        else value
        for name, value in node.items()
    }
