"""The API's common ground: parsing, rendering, paging, preconditions and problems.

`cjops.core.api.views` is imported by its own name: DRF reads this module while it loads its views.
"""

from cjops.core.api.paging import CursorPages
from cjops.core.api.preconditions import (
    etag,
    fingerprint,
    idempotency_key,
    is_known,
    read_match,
    require_match,
)
from cjops.core.api.problems import FindingOut, Problem, nothing_here, problem, refusals
from cjops.core.api.rendering import OrjsonRenderer, StrictJSONParser

__all__ = [
    "CursorPages",
    "FindingOut",
    "OrjsonRenderer",
    "Problem",
    "StrictJSONParser",
    "etag",
    "fingerprint",
    "idempotency_key",
    "is_known",
    "nothing_here",
    "problem",
    "read_match",
    "refusals",
    "require_match",
]
