"""What templates of all apps need and Django does not have."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.conf import settings

register = template.Library()


@register.filter
def at(values: Mapping[Any, Any] | None, key: Any) -> Any:
    """What a mapping holds under a key; nothing where it holds nothing."""
    return values.get(key, "") if values else ""


@register.filter
def begins(text: str, with_what: str) -> bool:
    """Whether a text, such as an address, begins with another one."""
    return text.startswith(with_what)


@register.simple_tag
def sign_in_provider() -> str:
    """What the identity provider is called that people may sign in at; empty for none."""
    is_there = settings.OIDC["ISSUER"] and settings.OIDC["CLIENT_ID"]
    return str(settings.OIDC["NAME"]) if is_there else ""
