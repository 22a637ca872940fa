"""Policies for those who read them without seeing everything that they name."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.apps import apps

from governance.ruling.facts import FACTS
from governance.stewardship import can_try
from governance.visibility import SUBJECTS
from people.models import User

# What facts are compared with the keys of subjects, and how a key is written that nobody may know.
OF_SUBJECTS = ("keys", "journeys")
UNKNOWN = "?"

Raw = Mapping[str, Any]


def hidden_subjects(definitions: Iterable[Raw | None], reader: User) -> frozenset[str]:
    """Keys of subjects that these policies name and the reader does not see: one query for each
    kind, none where no policy names one. Whoever looks after policies reads them whole."""
    if can_try(reader):
        return frozenset()
    named = {key for one in definitions if one for key in _named(one["when"])}
    if not named:
        return frozenset()
    found: set[str] = set()
    for app, model, _field in SUBJECTS:
        rows: Any = apps.get_model(app, model)._default_manager
        restricted = rows.filter(key__in=named, is_restricted=True).order_by()
        unseen = restricted.exclude(pk__in=rows.all().visible_to(reader).order_by().values("pk"))
        found.update(unseen.values_list("key", flat=True))
    return frozenset(found)


def _named(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for part in node:
            yield from _named(part)
    elif _is_of_subjects(node):
        yield from node["value"]
    else:
        yield from _named([node[name] for name in ("all", "any", "not") if name in node])


def _is_of_subjects(node: Raw) -> bool:
    fact = FACTS.get(node.get("fact", ""))
    return fact is not None and fact.choices in OF_SUBJECTS and isinstance(node["value"], list)


def without(definition: Raw | None, hidden: frozenset[str]) -> Raw | None:
    """A definition in which these keys cannot be read."""
    if definition is None or not hidden:
        return definition
    return {**definition, "when": _without(definition["when"], hidden)}


def _without(node: Any, hidden: frozenset[str]) -> Any:
    if isinstance(node, list):
        return [_without(part, hidden) for part in node]
    if _is_of_subjects(node):
        return {**node, "value": [UNKNOWN if key in hidden else key for key in node["value"]]}
    return {
        name: _without(value, hidden) if name in ("all", "any", "not") else value
        for name, value in node.items()
    }
