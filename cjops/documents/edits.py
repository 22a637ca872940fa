"""Edits: what a form or an API call asks of a document, checked and carried out all or nothing."""

from collections.abc import Callable
from typing import Any, Final

from cjops.documents.canonical import check
from cjops.documents.errors import EditError, NotCanonical
from cjops.documents.model import Document, Element, Path, is_collection, normalise
from cjops.documents.order import insert
from cjops.documents.paths import NotAnObject, write

MAX_EDITS: Final = 1000
MAX_PATH: Final = 10

HEADER_NAMES: Final = ("", "header")
_MEMBERS = ("op", "element", "key", "fields", "after")
_SHOWN = 80

EDIT_MESSAGES: Final[dict[str, str]] = {
    "not_a_list": "Edits are a list.",
    "too_many": "There are more than {limit} edits.",
    "not_an_object": "An edit is an object.",
    "unknown_member": "An edit has no member “{member}”.",
    "missing_member": "The edit lacks “{member}”.",
    "unexpected_member": "“{member}” has no meaning in an edit of this kind.",
    "wrong_type": "“{member}” must be {expected}.",
    "unknown_op": "An edit cannot be “{op}”: it is add, update, remove or move.",
    "unknown_element": "The document has no collection “{element}”.",
    "header_only_update": "The header can only be updated.",
    "key_exists": "“{element}” already holds the key “{key}”.",
    "key_vanished": "“{element}” no longer holds the key “{key}”.",
    "after_vanished": "“{element}” no longer holds the key “{after}”; “{key}” was to follow it.",
    "after_itself": "“{key}” cannot stand after itself.",
    "field_not_settable": "“{field}” cannot be set: a key is fixed, and a move changes the order.",
    "field_is_collection": "“{field}” is a collection: edit its elements one by one.",
    "bad_field": "“{field}” does not name a field.",
    "field_not_object": "“{field}” has no members.",
    "not_json": "The value of “{field}” is not one that a document can hold ({reason}).",
}


def edit(document: Document, edits: object) -> Document:
    """Return the document, in order (see `normalise`), with all edits made one after the other.

    Each edit is an object: `op` (add, update, remove, move), `element` (the collection; "header" or
    "" for the header, which can only be updated), `key`, `fields` (values by name;
    "slots/body/asset" reaches a member, and objects missing on the way come into being), `after`
    (the key to stand behind; null: first; left out of an add: last). Ranks follow from `after` and
    cannot be set.

    `edits` may be anything at all: what is not right refuses them all by an EditError, which names
    the edit by its index. Also raises what `normalise` raises. Whether the result makes sense is
    for the document's schema to say.
    """
    if not isinstance(edits, list):
        raise _error(None, _Refusal("not_a_list"))
    if len(edits) > MAX_EDITS:
        raise _error(None, _Refusal("too_many", limit=MAX_EDITS))
    result = normalise(document)
    for position, item in enumerate(edits):
        try:
            result = _edited(result, item)
        except _Refusal as refusal:
            raise _error(position, refusal) from None
    return result


class _Refusal(Exception):
    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        # Whatever was sent may come back in a sentence: keep it to a readable length.
        self.params = {
            name: value[:_SHOWN] if isinstance(value, str) else value
            for name, value in params.items()
        }


def _error(position: int | None, refusal: _Refusal) -> EditError:
    message = EDIT_MESSAGES[refusal.code].format(**refusal.params)
    return EditError(position, refusal.code, message, refusal.params)


def _edited(document: Document, item: object) -> Document:
    if not isinstance(item, dict):
        raise _Refusal("not_an_object")
    for member in item:
        if member not in _MEMBERS:
            raise _Refusal("unknown_member", member=str(member))
    op = _text(item, "op")
    if op not in _OPERATIONS:
        raise _Refusal("unknown_op", op=op)
    name = _text(item, "element")
    if name in HEADER_NAMES:
        return _edited_header(document, item)
    elements = document.get(name)
    # An empty list may be the empty collection; if it is not, the schema refuses what is put into
    # it.
    if elements != [] and not is_collection(elements):
        raise _Refusal("unknown_element", element=name)
    key = _text(item, "key")
    if not key:
        raise _Refusal("wrong_type", member="key", expected="a text that is not empty")
    return {**document, name: _OPERATIONS[op](name, list(document[name]), key, item)}


def _edited_header(document: Document, item: dict[str, Any]) -> Document:
    if item["op"] != "update" or item.get("key"):
        raise _Refusal("header_only_update")
    _refuse_members(item, "after")
    fields = _fields(item)
    for path, value in fields:
        if is_collection(document.get(path[0])) or (len(path) == 1 and is_collection(value)):
            raise _Refusal("field_is_collection", field=path[0])
    return _with_fields(document, fields)


def _add(name: str, elements: list[Element], key: str, item: dict[str, Any]) -> list[Element]:
    if _find(elements, key) is not None:
        raise _Refusal("key_exists", element=name, key=key)
    element = _with_fields({"key": key}, _element_fields(item))
    position = _position(name, elements, key, item) if "after" in item else len(elements)
    return insert(elements, position, element)


def _update(name: str, elements: list[Element], key: str, item: dict[str, Any]) -> list[Element]:
    position = _existing(name, elements, key)
    _refuse_members(item, "after")
    if "fields" not in item:
        raise _Refusal("missing_member", member="fields")
    elements[position] = _with_fields(elements[position], _element_fields(item))
    return elements


def _remove(name: str, elements: list[Element], key: str, item: dict[str, Any]) -> list[Element]:
    position = _existing(name, elements, key)
    _refuse_members(item, "fields", "after")
    del elements[position]
    return elements


def _move(name: str, elements: list[Element], key: str, item: dict[str, Any]) -> list[Element]:
    element = elements.pop(_existing(name, elements, key))
    _refuse_members(item, "fields")
    if "after" not in item:
        raise _Refusal("missing_member", member="after")
    return insert(elements, _position(name, elements, key, item), element)


_OPERATIONS: Final[
    dict[str, Callable[[str, list[Element], str, dict[str, Any]], list[Element]]]
] = {"add": _add, "update": _update, "remove": _remove, "move": _move}


def _find(elements: list[Element], key: str) -> int | None:
    return next((at for at, element in enumerate(elements) if element["key"] == key), None)


def _existing(name: str, elements: list[Element], key: str) -> int:
    position = _find(elements, key)
    if position is None:
        raise _Refusal("key_vanished", element=name, key=key)
    return position


def _position(name: str, elements: list[Element], key: str, item: dict[str, Any]) -> int:
    if item["after"] is None:
        return 0
    after = _text(item, "after")
    if after == key:
        raise _Refusal("after_itself", key=key)
    position = _find(elements, after)
    if position is None:
        raise _Refusal("after_vanished", element=name, key=key, after=after)
    return position + 1


def _text(item: dict[str, Any], member: str) -> str:
    if member not in item:
        raise _Refusal("missing_member", member=member)
    value = item[member]
    if not isinstance(value, str):
        raise _Refusal("wrong_type", member=member, expected="a text")
    _check_value(value, member)
    return value


def _refuse_members(item: dict[str, Any], *members: str) -> None:
    for member in members:
        if item.get(member) not in (None, {}):
            raise _Refusal("unexpected_member", member=member)


def _element_fields(item: dict[str, Any]) -> list[tuple[Path, Any]]:
    fields = _fields(item)
    for path, _ in fields:
        if path[0] in ("key", "rank"):
            raise _Refusal("field_not_settable", field=path[0])
    return fields


def _fields(item: dict[str, Any]) -> list[tuple[Path, Any]]:
    """Return the fields of an edit as paths and values, a whole object before its members."""
    fields = item.get("fields", {})
    if not isinstance(fields, dict):
        raise _Refusal("wrong_type", member="fields", expected="an object")
    result = []
    for name, value in fields.items():
        path = tuple(name.split("/")) if isinstance(name, str) else ()
        if not path or len(path) > MAX_PATH or not all(path):
            raise _Refusal("bad_field", field=str(name))
        _check_value(name, "fields")
        _check_value(value, name)
        result.append((path, value))
    return sorted(result, key=lambda field: field[0])


def _check_value(value: object, field: str) -> None:
    try:
        check(value)
    except NotCanonical as problem:
        raise _Refusal("not_json", field=field, reason=problem.code) from None


def _with_fields(target: dict[str, Any], fields: list[tuple[Path, Any]]) -> dict[str, Any]:
    for path, value in fields:
        try:
            target = write(target, path, value)
        except NotAnObject as problem:
            field = "/".join(path[: problem.depth])
            raise _Refusal("field_not_object", field=field) from None
    return target
