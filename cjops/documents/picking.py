"""Taking single elements of another document, such as an earlier version."""

from collections.abc import Iterable

from cjops.documents.apply import apply
from cjops.documents.diff import diff
from cjops.documents.errors import UnknownElement
from cjops.documents.hunks import hunks
from cjops.documents.model import Document, is_collection, normalise

Place = tuple[str, str]


def pick(onto: Document, source: Document, places: Iterable[Place]) -> Document:
    """Return `onto` with the elements at `places` as `source` has them, each as a whole.

    A place is a collection and a key, or ("", "") for the header. What `source` does not have is
    taken out; what both have alike stays. Nothing follows what is picked: a path may lead to a step
    that is not there. Raises UnknownElement for a place that neither document has, and what `diff`
    raises.
    """
    wanted = set(places)
    known = {("", "")} | _places(onto) | _places(source)
    for element, key in sorted(wanted - known):
        raise UnknownElement(element, key)
    picked = [
        change
        for hunk in hunks(diff(onto, source))
        if (hunk.element, hunk.key) in wanted
        for change in hunk.changes
    ]
    return apply(normalise(onto), picked)


def without(document: Document, places: Iterable[Place]) -> Document:
    """Return the document without the elements at these places; those it does not have are no
    error."""
    gone: dict[str, set[str]] = {}
    for element, key in places:
        gone.setdefault(element, set()).add(key)
    kept = {
        name: [item for item in document.get(name, ()) if item["key"] not in keys]
        for name, keys in gone.items()
    }
    return {**document, **kept}


def _places(document: Document) -> set[Place]:
    return {
        (name, item["key"])
        for name, value in document.items()
        if name and is_collection(value)
        for item in value
    }
