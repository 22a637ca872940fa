"""Does a value have the shape of a governed document? If not, why, in plain words."""

import bisect
import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from cjops.core.errors import DocumentInvalid
from cjops.core.findings import Finding, pointer
from cjops.documents import RankError, rank_between, spread

MAX_DEPTH = 10
MAX_FINDINGS = 50
MAX_INTEGER = 2**53 - 1


class ShapeError(DocumentInvalid):
    """The value is no document of its kind; `findings` says why, each with its place."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(
            ngettext(
                "The document has %(count)s problem: %(first)s",
                "The document has %(count)s problems. The first: %(first)s",
                len(findings),
            )
            % {"count": len(findings), "first": findings[0].message},
            findings=list(findings),
        )
        self.findings: tuple[Finding, ...] = tuple(findings)


def too_large(limit: int) -> ShapeError:
    """The refusal of a document of more than `limit` bytes."""
    megabytes = limit // 1_000_000
    return _refusal(
        "too-large",
        (),
        _("The document is larger than %(limit)s MB. Split it, or shorten it.")
        % {"limit": megabytes},
    )


def refuse_unwieldy(raw: object, *, max_bytes: int) -> None:
    """Refuse what is too deep, too large or not JSON before anything looks at it closely.

    Works level by level: neither depth nor size of the value can exhaust the stack.
    """
    if not isinstance(raw, dict):
        raise _refusal("not-an-object", (), _("A document must be a JSON object."))
    level: list[tuple[tuple[str | int, ...], Any]] = [((), raw)]
    size = 0
    for _depth in range(MAX_DEPTH):
        below: list[tuple[tuple[str | int, ...], Any]] = []
        for path, value in level:
            for name, member in _members(value):
                size += _size(name, member, path)
                if isinstance(member, dict | list):
                    below.append(((*path, name), member))
            if size > max_bytes:
                raise too_large(max_bytes)
        if not below:
            return
        level = below
    raise _refusal("too-deep", level[0][0], _("This is nested too deeply for a document."))


def _members(value: dict[Any, Any] | list[Any]) -> Iterable[tuple[Any, Any]]:
    return value.items() if isinstance(value, dict) else enumerate(value)


def _size(name: object, member: object, path: tuple[str | int, ...]) -> int:
    """A lower bound of the bytes that a member takes in JSON; refuses what JSON cannot hold."""
    if not isinstance(name, str | int):
        raise _refusal("not-json", path, _("Names of fields must be text."))
    size = len(name) + 3 if isinstance(name, str) else 1
    if isinstance(member, str):
        return size + len(member) + 2
    if isinstance(member, int) and abs(member) > MAX_INTEGER:
        raise _refusal("number", (*path, name), _("This number is too large."))
    if isinstance(member, float) and not math.isfinite(member):
        raise _refusal("number", (*path, name), _("This must be a number."))
    return size + 1


def with_ranks(raw: Any, collections: Sequence[str]) -> Any:
    """`raw` where elements without a rank have one that keeps the order of the list."""
    filled = dict(raw)
    for name in collections:
        elements = raw.get(name)
        if isinstance(elements, list) and any(_lacks_rank(element) for element in elements):
            ranks = _ranks(elements)
            filled[name] = [
                {**element, "rank": rank} if isinstance(element, dict) else element
                for element, rank in zip(elements, ranks, strict=True)
            ]
    return filled


def _lacks_rank(element: object) -> bool:
    return isinstance(element, dict) and element.get("rank", "") == ""


def _ranks(elements: list[Any]) -> list[Any]:
    """A rank for each element: its own, or one between those of its neighbours in the list."""
    if all(_lacks_rank(element) for element in elements):
        return list(spread(len(elements)))
    ranks = [element.get("rank", "") if isinstance(element, dict) else None for element in elements]
    taken = sorted({rank for rank in ranks if isinstance(rank, str) and rank})
    previous: str | None = None
    for position, rank in enumerate(ranks):
        if rank == "":
            at = bisect.bisect_right(taken, previous) if previous is not None else 0
            ranks[position] = previous = _rank_between(previous, taken[at : at + 1])
            taken.insert(at, previous)
        elif isinstance(rank, str):
            previous = rank
    return ranks


def _rank_between(lower: str | None, upper: list[str]) -> str:
    try:
        return rank_between(lower, upper[0] if upper else None)
    except RankError:
        # A rank given is malformed: the schema will say so, with its place. Any other will do here.
        return spread(1)[0]


def refuse_repeated_keys(document: dict[str, Any], collections: Sequence[str]) -> None:
    """Refuse two elements of one collection under one key: nothing could tell them apart."""
    found = [
        Finding(
            "error",
            "key-repeated",
            pointer(name, position, "key"),
            _("The key “%(key)s” is used twice here. Every element needs a key of its own.")
            % {"key": key},
            element=name,
            key=key,
        )
        for name in collections
        for position, key in _repeated(document[name])
    ]
    if found:
        raise ShapeError(found[:MAX_FINDINGS])


def _repeated(elements: list[dict[str, Any]]) -> Iterator[tuple[int, str]]:
    seen: set[str] = set()
    for position, element in enumerate(elements):
        if element["key"] in seen:
            yield position, element["key"]
        seen.add(element["key"])


def findings(error: ValidationError, raw: Any) -> list[Finding]:
    """What pydantic found, in our words; at most `MAX_FINDINGS`, then how many more there are."""
    details = error.errors(include_url=False, include_input=False)
    found = [_finding(detail, raw) for detail in details[:MAX_FINDINGS]]
    rest = len(details) - len(found)
    if rest:
        more = ngettext(
            "There is %(count)s more problem.", "There are %(count)s more problems.", rest
        )
        found.append(Finding("error", "more", "", more % {"count": rest}))
    return found


def _finding(detail: ErrorDetails, raw: Any) -> Finding:
    place = [part for part in detail["loc"] if part != "[key]"]
    code = _CODES.get(detail["type"], detail["type"])
    element, key = _element(place, raw)
    params = {"name": _name(place), **detail.get("ctx", {})}
    if code == "choice":
        params["expected"] = ", ".join(re.findall(r"'([^']*)'", params["expected"]))
    return Finding(
        "error",
        code if code in MESSAGES else "value",
        pointer(*place),
        MESSAGES.get(code, MESSAGES["value"])(params),
        element=element,
        key=key,
    )


def _name(place: list[str | int]) -> str:
    """What a person calls the place: the field's label, or the list and the number in it."""
    if not place:
        return _("document")
    if isinstance(place[-1], int):
        label = str(place[-2]) if len(place) > 1 else ""
        return f"{label} {place[-1] + 1}".strip()
    return str(place[-1])


def _element(place: list[str | int], raw: Any) -> tuple[str, str]:
    if len(place) < 2 or not isinstance(place[1], int):
        return "", ""
    name = str(place[0])
    try:
        key = raw[name][place[1]]["key"]
    except (KeyError, IndexError, TypeError):
        key = ""
    return name, key if isinstance(key, str) else ""


def _refusal(code: str, place: tuple[str | int, ...], message: str) -> ShapeError:
    return ShapeError([Finding("error", code, pointer(*place), message)])


# pydantic's kinds of error by ours; those of `fields` have their own names already.
_CODES = {
    "missing": "missing",
    "extra_forbidden": "unknown-field",
    "string_type": "text-expected",
    "string_unicode": "text-expected",
    "int_type": "whole-number-expected",
    "int_from_float": "whole-number-expected",
    "float_type": "number-expected",
    "finite_number": "number-expected",
    "tuple_type": "list-expected",
    "dict_type": "object-expected",
    "model_type": "object-expected",
    "model_attributes_type": "object-expected",
    "literal_error": "choice",
    "too_long": "too-many",
    "greater_than_equal": "too-small",
    "less_than_equal": "too-great",
    "invalid_key": "field-name",
}

_Params = dict[str, Any]

MESSAGES: dict[str, Callable[[_Params], str]] = {
    "missing": lambda p: _("The field “%(name)s” is missing.") % p,
    "unknown-field": lambda p: _("There is no field “%(name)s” in a document here.") % p,
    "field-name": lambda p: _("Names of fields must be text."),
    "text-expected": lambda p: _("“%(name)s” must be text.") % p,
    "whole-number-expected": lambda p: _("“%(name)s” must be a whole number.") % p,
    "number-expected": lambda p: _("“%(name)s” must be a number.") % p,
    "list-expected": lambda p: _("“%(name)s” must be a list.") % p,
    "object-expected": lambda p: _("“%(name)s” must be an object with named fields.") % p,
    "choice": lambda p: _("“%(name)s” must be one of: %(expected)s.") % p,
    "too-many": lambda p: (
        _("“%(name)s” has too many entries; at most %(max_length)s are allowed.") % p
    ),
    "too-small": lambda p: _("“%(name)s” must be at least %(ge)g.") % p,
    "too-great": lambda p: _("“%(name)s” must be at most %(le)g.") % p,
    "key": lambda p: (
        _(
            "“%(name)s” must be a key: lower-case letters a to z, digits and single hyphens "
            "between them, at most 80 characters."
        )
        % p
    ),
    "rank": lambda p: _("“%(name)s” must be a rank: letters and digits, at most 200.") % p,
    "date": lambda p: _("“%(name)s” must be a date such as 2026-03-31.") % p,
    "moment": lambda p: _("“%(name)s” must be a day and a time such as 2026-03-31T18:30.") % p,
    "variable": lambda p: _(
        "A variable has a name such as first_name or card.last4: a to z, digits and “_”."
    ),
    "digest": lambda p: _("“%(name)s” must be a SHA-256 digest: 64 hexadecimal digits.") % p,
    "tag": lambda p: _("A tag names a taxonomy and a concept, such as “products:mortgage”."),
    "language": lambda p: _("“%(name)s” must be a language such as en or zh-Hans.") % p,
    "language-key": lambda p: _(
        "The key of a rendition is its language in lower case, and its variant behind a dash."
    ),
    "character": lambda p: (
        _(
            "“%(name)s” holds the invisible character %(character)s, which can hide or reorder "
            "text. Take it out."
        )
        % p
    ),
    "length": lambda p: (
        _("“%(name)s” has %(length)s characters; at most %(limit)s are allowed.") % p
    ),
    "value": lambda p: _("“%(name)s” has a value that cannot be used here.") % p,
}
