"""What templates of all apps need and Django does not have."""

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def at(values: Mapping[Any, Any] | None, key: Any) -> Any:
    """What a mapping holds under a key; nothing where it holds nothing."""
    return values.get(key, "") if values else ""
