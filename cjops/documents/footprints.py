"""What a hunk sets, small enough to be stored beside it, and where two of them disagree.

Two proposals that grew from one document merge without a conflict in an element where their
footprints agree, so that nobody has to load the documents to find out.
"""

from collections.abc import Mapping
from typing import Any

from cjops.documents.canonical import sha256
from cjops.documents.hunks import Hunk
from cjops.documents.merge import members, shared_place
from cjops.documents.model import MISSING, Path

Footprint = Mapping[str, Any]
# So many hexadecimal digits: two values of one field will not share them by chance.
DIGITS = 16


def footprint(hunk: Hunk) -> dict[str, Any]:
    """What the hunk does to its element, as JSON: {"op": "edit", "set": {"kpi/target": digest}}.

    A field that is taken away has the digest ""; a whole element has the hunk's own.
    """
    if hunk.element and hunk.op in ("add", "remove"):
        return {"op": hunk.op, "digest": hunk.digest[:DIGITS]}
    leaves = [leaf for change in hunk.changes for leaf in members(change)]
    return {
        "op": "edit",
        "set": {
            "/".join(leaf.field): "" if leaf.after is MISSING else sha256(leaf.after)[:DIGITS]
            for leaf in leaves
        },
    }


def disagreements(ours: Footprint, theirs: Footprint) -> list[Path]:
    """Where two footprints of one element want different things; () stands for all of it.

    These are the places of the conflicts that `merge` finds there, of every kind but
    `remove/rewire`, which is between two elements.
    """
    if ours["op"] != "edit" or theirs["op"] != "edit":
        is_same = ours["op"] == theirs["op"] and (
            ours["op"] == "remove" or ours["digest"] == theirs["digest"]
        )
        return [] if is_same else [()]
    others = {tuple(name.split("/")) for name in theirs["set"]}
    found: dict[Path, None] = {}
    for name, value in ours["set"].items():
        place = shared_place(tuple(name.split("/")), others)
        if place is not None and theirs["set"].get("/".join(place)) != (
            value if len(place) == name.count("/") + 1 else None
        ):
            found[place] = None
    return list(found)


def agree_wholly(ours: Footprint, theirs: Footprint) -> bool:
    """Whether both do exactly the same to the element."""
    return ours["op"] == theirs["op"] and (
        ours["op"] == "remove"
        or (ours.get("digest"), ours.get("set")) == (theirs.get("digest"), theirs.get("set"))
    )
