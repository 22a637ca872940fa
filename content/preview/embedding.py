"""Pictures in a preview: those the portal stores, as part of the page; no other is fetched."""

import re

from content.preview.look import MOST_EMBEDDED, Look
from content.sanitising import Pictures

# Where the library says that a picture is; only the hash counts, which asset has it does not.
STORED = re.compile(r"(?:https?://[^/\s]+)?/content/[a-z0-9-]+/pictures/([0-9a-f]{64})/?(?:\?\S*)?")


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
