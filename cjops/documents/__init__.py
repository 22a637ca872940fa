"""The document engine: pure functions over governed documents.

A document is a JSON object: header fields and *collections*, lists whose elements carry a `key`
that is never reused and a `rank` that orders them. Nothing here knows of Django, journeys or
people. Every function returns a new value and leaves its arguments alone; results share their
unchanged parts with the arguments, so treat documents as values and never change one in place.

`diff` speaks in changes, one for each field of one element, each naming what was there before.
`apply` and `invert` are its two directions, `hunks` groups changes by element into what one
reviewer decides on.

`merge` makes two documents that grew from one into one again. What both sides changed, each to
something else, is a `Conflict`, and a `Resolution` says who has their way there. Since order is the
field `rank`, moves merge like any other field.
"""

from cjops.documents.apply import apply, invert
from cjops.documents.canonical import canonical, digest
from cjops.documents.conflicts import Conflict, ConflictKind, Reference, Resolution
from cjops.documents.diff import diff
from cjops.documents.edits import EDIT_MESSAGES, MAX_EDITS, edit
from cjops.documents.errors import (
    DocumentError,
    DoesNotApply,
    DuplicateKey,
    EditError,
    MalformedChange,
    NotADocument,
    NotCanonical,
    RankError,
    UnknownElement,
)
from cjops.documents.footprints import Footprint, agree_wholly, disagreements, footprint
from cjops.documents.hunks import Hunk, hunks
from cjops.documents.merge import Merge, merge
from cjops.documents.model import (
    MISSING,
    Change,
    Document,
    Missing,
    Op,
    collections,
    is_collection,
    normalise,
)
from cjops.documents.picking import pick, without
from cjops.documents.ranks import rank_between, spread

__all__ = [
    "EDIT_MESSAGES",
    "MAX_EDITS",
    "MISSING",
    "Change",
    "Conflict",
    "ConflictKind",
    "Document",
    "DocumentError",
    "DoesNotApply",
    "DuplicateKey",
    "EditError",
    "Footprint",
    "Hunk",
    "MalformedChange",
    "Merge",
    "Missing",
    "NotADocument",
    "NotCanonical",
    "Op",
    "RankError",
    "Reference",
    "Resolution",
    "UnknownElement",
    "agree_wholly",
    "apply",
    "canonical",
    "collections",
    "diff",
    "digest",
    "disagreements",
    "edit",
    "footprint",
    "hunks",
    "invert",
    "is_collection",
    "merge",
    "normalise",
    "pick",
    "rank_between",
    "spread",
    "without",
]
