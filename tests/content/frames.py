"""Documents of each kind, as tests of previews need them."""

from typing import Any

from content import definition
from content.preview import Look, page

VALUES = {"en": {"first_name": "Maya", "amount": "89.90 €"}, "zh-hans": {"first_name": "雨晴"}}


def document(kind: str, **fields: Any) -> dict[str, Any]:
    """A whole document with one English rendition."""
    return definition.complete({"kind": kind, "renditions": [{"key": "en", **fields}]})


def shown(kind: str, look: Look | None = None, **fields: Any) -> str:
    """The preview of such a document."""
    return str(page(document(kind, **fields), "en", look or Look()))
