"""What the ledger says, for those who read it without seeing everything that it names."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from content.models import Asset
from governance.queries.changes import IN_QUEUES, names_change, seen_in_queues
from governance.queries.hiding import OF_SUBJECTS, OF_TAGS, Hidden, hidden_from
from governance.ruling.facts import FACTS
from people.models import User

# How a key is written that nobody may know.
UNKNOWN = "?"

# What is told of the origin of content: which one, and its versions.
OF_ORIGIN = ("origin", "from", "to")

# What filters of exports have that people type.
TYPED = ("who", "subject", "policy")

Raw = Mapping[str, Any]
Data = dict[str, Any]


def told_to(reader: User, rows: Iterable[Data]) -> list[Data]:
    """The data of entries as the reader may know them, in their order: without the number of a
    change in a queue that they do not see, without the key of anything that they do not see, and
    without an origin of content that they do not see and its versions.

    Pages, API, files and evidence all ask this.
    """
    rows = list(rows)
    seen = seen_in_queues(reader, rows)
    hidden = hidden_from(reader) if any(_names_keys(row.get("why")) for row in rows) else Hidden()
    told = _without_origins(reader, [_told(row, seen, hidden) for row in rows])
    return told if reader.has_perm("people.see_everything") else [_untyped(row) for row in told]


def _untyped(data: Data) -> Data:
    """Without the keys that somebody typed: exports noted them once."""
    if not isinstance(data.get("filters"), Mapping):
        return data
    filters = {name: name in TYPED or value for name, value in data["filters"].items()}
    return {**data, "filters": filters}


def _without_origins(reader: User, rows: list[Data]) -> list[Data]:
    """No query where nothing tells of an origin."""
    named = {row["origin"] for row in rows if isinstance(row.get("origin"), int)}
    if not named:
        return rows
    origins = Asset.objects.visible_to(reader).filter(pk__in=named).order_by()
    seen = set(origins.values_list("pk", flat=True))
    return [
        {name: None if name in OF_ORIGIN else value for name, value in row.items()}
        if isinstance(row.get("origin"), int) and row["origin"] not in seen
        else row
        for row in rows
    ]


def _told(data: Data, seen: set[int], hidden: Hidden) -> Data:
    unseen = {name for name in IN_QUEUES if names_change(data, name) and data[name] not in seen}
    shown = {name: None if name in unseen else value for name, value in data.items()}
    return {**shown, "why": why_without(shown["why"], hidden)} if "why" in shown else shown


def why_without(why: Any, hidden: Hidden) -> Any:
    """What was met of policies, by requirement, in which these keys cannot be read."""
    if not hidden or not isinstance(why, Mapping):
        return why
    return {key: [without_keys(leaf, hidden) for leaf in leaves] for key, leaves in why.items()}


def _names_keys(why: Any) -> bool:
    return isinstance(why, Mapping) and any(names_any(leaves) for leaves in why.values())


def names_any(node: Any) -> bool:
    """Whether a predicate, or what was met of one, names any key of a subject or tag."""
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


def without_keys(node: Any, hidden: Hidden) -> Any:
    """The same predicate, in which these keys cannot be read."""
    if isinstance(node, list):
        return [without_keys(part, hidden) for part in node]
    choices = _choices(node)
    if not choices:
        return {
            name: without_keys(value, hidden) if name in ("all", "any", "not") else value
            for name, value in node.items()
        }
    return {
        name: [UNKNOWN if hidden(choices, key) else key for key in value]
        if name in ("value", "found") and isinstance(value, list)
        else value
        for name, value in node.items()
    }
