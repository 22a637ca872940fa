"""Pictures in a preview: those the portal stores, as part of the page; no other is fetched."""

import re

from content.preview.look import MOST_EMBEDDED, Look
from content.sanitising import Pictures, placeholder

# Where the library says that a picture is; only the hash counts, which asset has it does not.
STORED = re.compile(
    r"""(?:https?://[^/\s"'<>()]+)?/content/[a-z0-9-]+/pictures/([0-9a-f]{64})/?(?:\?[^\s"'<>()]*)?"""
)


def stored_in(text: str) -> set[str]:
    """The hashes of stored pictures that a text names."""
    return set(STORED.findall(text))


def within(look: Look) -> Pictures:
    """A way to the look's pictures that ends when a page would hold too much of them."""
    left = MOST_EMBEDDED

    def picture(address: str) -> str | None:
        nonlocal left
        named = STORED.fullmatch(address.strip())
        found = look.pictures.get(named.group(1)) if named else None
        if found is None or len(found) > left:
            return None
        left -= len(found)
        return found

    return picture


def stand_in(sha256: str) -> str:
    """A grey picture that is another one for each stored file, whoever looks."""
    return placeholder(sha256)


def standing_in(address: str) -> str | None:
    """The picture that stands in for a stored one; None for any other."""
    named = STORED.fullmatch(address.strip())
    return stand_in(named.group(1)) if named else None


def embedded(message: str, look: Look) -> str:
    """A message with the look's pictures where others stand in for them, up to the same bound."""
    left = MOST_EMBEDDED
    for sha256, address in look.pictures.items():
        waiting = f'src="{stand_in(sha256)}"'
        needed = message.count(waiting) * len(address)
        if 0 < needed <= left:
            message = message.replace(waiting, f'src="{address}"')
            left -= needed
    return message
