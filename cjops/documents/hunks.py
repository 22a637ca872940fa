"""Changes grouped by element: what one reviewer decides on."""

from collections.abc import Iterable
from dataclasses import dataclass

from cjops.documents.canonical import sha256
from cjops.documents.model import MISSING, Change, Op


@dataclass(frozen=True, slots=True)
class Hunk:
    """All changes to one element; the header is one hunk with `element` and `key` "".

    `op` is `edit` unless all changes are of one other kind. `digest` covers the element's name and
    key and what is before and after each change, and nothing else of the document: a decision on it
    stands for as long as exactly these changes are proposed.
    """

    element: str
    key: str
    op: Op
    changes: tuple[Change, ...]
    digest: str


def hunks(changes: Iterable[Change]) -> list[Hunk]:
    """Return the changes as hunks, in order of first appearance. Raises NotCanonical."""
    groups: dict[tuple[str, str], list[Change]] = {}
    for change in changes:
        groups.setdefault((change.element, change.key), []).append(change)
    return [_hunk(element, key, group) for (element, key), group in groups.items()]


def _hunk(element: str, key: str, changes: list[Change]) -> Hunk:
    ops = {change.op for change in changes}
    return Hunk(
        element=element,
        key=key,
        op=ops.pop() if len(ops) == 1 else "edit",
        changes=tuple(changes),
        digest=sha256(
            {
                "element": element,
                "key": key,
                # By path, so that the digest does not depend on the order in which the changes were
                # listed.
                "changes": [_content(change) for change in sorted(changes, key=_field)],
            }
        ),
    )


def _field(change: Change) -> tuple[str, ...]:
    return change.field


def _content(change: Change) -> dict[str, object]:
    content: dict[str, object] = {"op": change.op, "field": list(change.field)}
    # A member that is absent says "no value"; null is a value.
    if change.before is not MISSING:
        content["before"] = change.before
    if change.after is not MISSING:
        content["after"] = change.after
    return content
