"""What the document engine refuses.

Messages are English; callers translate by `code` and `params`.
"""

from collections.abc import Mapping
from typing import Any


class DocumentError(ValueError):
    """A document, a change or an edit that does not hold.

    `code` is stable; `params` are what a translated sentence names.
    """

    def __init__(self, message: str, *, code: str, params: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.params: dict[str, Any] = dict(params or {})


class NotADocument(DocumentError):
    """The value is not a JSON object."""

    def __init__(self, value: object) -> None:
        found = type(value).__name__
        super().__init__(
            f"A document is a JSON object, not {found}.",
            code="not_a_document",
            params={"found": found},
        )


class DuplicateKey(DocumentError):
    """Two elements of one collection carry the same key."""

    def __init__(self, element: str, key: str) -> None:
        super().__init__(
            f"The key “{key}” stands more than once in “{element}”.",
            code="duplicate_key",
            params={"element": element, "key": key},
        )
        self.element = element
        self.key = key


class UnknownElement(DocumentError):
    """An element that none of the documents has."""

    def __init__(self, element: str, key: str) -> None:
        super().__init__(
            f"There is no “{key}” in “{element}”.",
            code="unknown_element",
            params={"element": element, "key": key},
        )
        self.element = element
        self.key = key


class NotCanonical(DocumentError):
    """A value without an RFC 8785 form. `pointer` is a JSON pointer to the place."""

    def __init__(self, message: str, *, code: str, pointer: str) -> None:
        place = pointer or "the top"
        super().__init__(f"{message} (at {place})", code=code, params={"pointer": pointer})
        self.pointer = pointer


class RankError(DocumentError):
    """There is no rank where one was asked for."""

    def __init__(self, lower: str | None, upper: str | None) -> None:
        super().__init__(
            f"There is no rank between {lower!r} and {upper!r}.",
            code="no_rank",
            params={"lower": lower, "upper": upper},
        )


class MalformedChange(DocumentError):
    """A change that no `diff` would yield: the wrong shape, or one that breaks its collection."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="malformed_change")


class DoesNotApply(DocumentError):
    """The document does not hold what a change says was there before.

    `field` is the path that was looked at; `expected` and `found` are the values, or MISSING.
    """

    def __init__(
        self, element: str, key: str, field: tuple[str, ...], expected: object, found: object
    ) -> None:
        path = "/".join(field)
        place = "/".join(part for part in (element or "header", key, path) if part)
        super().__init__(
            f"The document does not hold what the change expects at “{place}”.",
            code="does_not_apply",
            params={"element": element, "key": key, "field": path},
        )
        self.element = element
        self.key = key
        self.field = field
        self.expected = expected
        self.found = found


class EditError(DocumentError):
    """An edit that cannot be made.

    `index` counts from 0; it is None when the list as a whole is refused.
    """

    def __init__(
        self, index: int | None, code: str, message: str, params: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(message, code=code, params=params)
        self.index = index
