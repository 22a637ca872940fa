"""What a proposal for an asset lays hands on: pure, from the two documents."""

from collections.abc import Sequence

from cjops.core.subjects import Claim, touched
from cjops.documents import Document, Hunk
from content.definition import status_of


def claims(key: str, before: Document, after: Document, hunks: Sequence[Hunk]) -> list[Claim]:
    """Its languages and header, and that it goes out of use; `key` is the asset's."""
    found = touched("asset", key, hunks)
    if status_of(after) == "retired" != status_of(before):
        found.append(Claim("retire", f"asset:{key}"))
    return found
