"""Keys of elements: each names one element for good, also after that one is gone."""

from collections.abc import Iterable
from typing import Any

from django.db import connection

from cjops.documents import Change as DocumentChange
from cjops.documents import Document
from governance.models import Change
from governance.subjects import adapter_for, document_of, subject_id_of, version_of

# A key counts as used for so many versions; more are more than a page may wait for.
MOST_VERSIONS = 2_000


def names_for_good(kind: str) -> bool:
    """Whether the keys of a kind of document are names; those of an asset are languages."""
    return kind != "asset"


def reused(change: Change, outcome: Iterable[DocumentChange]) -> set[str]:
    """Keys under which the outcome of a change adds something else than they once named.

    What a roll-back brings back is what it was before, and so is what a restored version held, as
    long as it is the same thing.
    """
    if change.reverts_id is not None or not names_for_good(change.kind):
        return set()
    added: dict[str, dict[str, Any]] = {}
    for one in outcome:
        if one.op == "add":
            added.setdefault(one.element, {})[one.key] = one.after
    if added:
        back = Restored(change)
        added = {
            name: {key: item for key, item in items.items() if not back.is_same(name, item)}
            for name, items in added.items()
        }
    taken = {name: used_keys(change, name, among=keys) for name, keys in added.items() if keys}
    if any(taken.values()):
        # What live took away meanwhile, and somebody decided to keep, is what it was.
        held = _held_before(change)
        taken = {name: keys - held.get(name, set()) for name, keys in taken.items()}
    return set().union(*taken.values())


def _held_before(change: Change) -> dict[str, set[str]]:
    """By collection the keys of the versions that revisions of the change were written on."""
    numbers = set(change.revisions.order_by().values_list("base_number", flat=True))
    held: dict[str, set[str]] = {}
    for number in numbers:
        document = document_of(change.kind, version_of(change, number))
        for name in adapter_for(change.kind).nothing:
            held.setdefault(name, set()).update(item["key"] for item in document.get(name, ()))
    return held


class Restored:
    """What the version held that a change restores, under keys that come back for it alone."""

    def __init__(self, change: Change) -> None:
        self.adapter = adapter_for(change.kind)
        held: Document = {}
        if change.restores is not None:
            held = document_of(change.kind, version_of(change, change.restores))
        self.held: dict[str, dict[str, Any]] = {
            name: {item["key"]: item for item in held.get(name, ())}
            for name in self.adapter.nothing
        }

    def others(self, document: Document, base: Document) -> list[tuple[str, int, str]]:
        """What the document puts under keys that come back, and is another thing.

        By collection, place and key; what `base` holds came by another way.
        """
        return [
            (name, position, item["key"])
            for name, held in self.held.items()
            if held
            for known in [{item["key"] for item in base.get(name, ())}]
            for position, item in enumerate(document[name])
            if item["key"] in held and item["key"] not in known and not self.is_same(name, item)
        ]

    def is_same(self, element: str, item: Document) -> bool:
        """Whether an element is one that the version held, however else it reads now."""
        before = self.held.get(element, {}).get(item["key"])
        return before is not None and all(
            before.get(field) == item.get(field) for field in self.adapter.identity.get(element, ())
        )


def used_keys(change: Change, element: str, among: Iterable[str] | None = None) -> set[str]:
    """The keys that any version of the change's subject used in that collection, in one query.

    With `among`, those of them only. None of a document whose keys are no names.
    """
    if not names_for_good(change.kind):
        return set()
    wanted = None if among is None else list(among)
    table = adapter_for(change.kind).version_model._meta.db_table
    # The table is one of three of our own; all else are parameters.
    statement = f"""
        SELECT DISTINCT item ->> 'key'
        FROM (
            SELECT document -> %(element)s AS items FROM "{table}"
            WHERE subject_id = %(subject)s ORDER BY number DESC LIMIT %(most)s
        ) AS version,
        jsonb_array_elements(
            CASE jsonb_typeof(items) WHEN 'array' THEN items ELSE '[]' END
        ) AS item
        WHERE jsonb_typeof(item) = 'object'
        AND (%(wanted)s::text[] IS NULL OR item ->> 'key' = ANY(%(wanted)s::text[]))
    """  # noqa: S608
    values: dict[str, Any] = {
        "element": element,
        "subject": subject_id_of(change),
        "most": MOST_VERSIONS,
        "wanted": wanted,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return {key for (key,) in cursor.fetchall() if key}
