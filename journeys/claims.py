"""What a proposal for a journey lays hands on: pure, from the two documents."""

import hashlib
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from cjops.core.subjects import Claim, touched
from cjops.documents import Document, Hunk
from journeys.definition import REFERENCES

Days = tuple[date, date]
Window = tuple[str | None, str | None]
Content = tuple[str | None, int | None, str | None]
DAY = timedelta(days=1)
# Longer rules are named by their digest: a name has an end, and an index would not take them.
NAMED, QUOTED = 200, 120


def claims(key: str, before: Document, after: Document, hunks: Sequence[Hunk]) -> list[Claim]:
    """Each kind and name once; `key` is the journey's."""
    if not hunks:
        # A journey that was never live may not even have a header yet.
        return []
    found = [
        *touched("journey", key, hunks),
        *_ending(key, before, after),
        *_pointing(key, before, after),
        *_handing_over(key, before, after),
        *_filling(key, before, after),
        *_using(before, after),
        *_entering(before, after),
        *_sharing(key, before, after),
    ]
    return list({(claim.kind, claim.name): claim for claim in found}.values())


def _by_key(document: Document, name: str) -> dict[str, dict[str, Any]]:
    return {element["key"]: element for element in document.get(name, ())}


def _both(before: Document, after: Document, name: str) -> Iterator[tuple[Any, dict[str, Any]]]:
    """The elements of a collection with what they were; None for new ones."""
    earlier = _by_key(before, name)
    for key, element in _by_key(after, name).items():
        was = earlier.get(key)
        if was is not element:
            yield was, element


# --- structure ---------------------------------------------------------------------------------


def _pointing(key: str, before: Document, after: Document) -> Iterator[Claim]:
    """What is led to anew; only what was there before can be taken away by others."""
    for reference in REFERENCES:
        there = _by_key(before, reference.target)
        (field,) = reference.field
        for was, element in _both(before, after, reference.element):
            target = element[field]
            if target in there and (was is None or was[field] != target):
                by = [reference.element, element["key"]]
                yield Claim("point", f"journey:{key}/{reference.target}/{target}", {"by": by})


def _handing_over(key: str, before: Document, after: Document) -> Iterator[Claim]:
    """Other journeys that customers are newly handed over to, for as long as this one runs."""
    earlier = _ways_out(before)
    end = after["lifecycle"]["end"]
    for journey in sorted(_ways_out(after) - earlier - {key}):
        yield Claim("point", f"journey:{journey}", {"end": end})


def _ways_out(document: Document) -> set[str]:
    elements = (*document["steps"], *document["exits"])
    return {element["journey"] for element in elements if element["journey"]}


def _ending(key: str, before: Document, after: Document) -> Iterator[Claim]:
    """That the journey is to end, or to end sooner, so that nobody can be handed over to it."""
    end = after["lifecycle"]["end"]
    was = before.get("lifecycle", {}).get("end")
    if before.get("lifecycle") and end and (was is None or end < was):
        yield Claim("remove", f"journey:{key}", {"end": end})


def _sharing(key: str, before: Document, after: Document) -> Iterator[Claim]:
    """The steps whose outgoing paths, or the shares of them, are others than before."""
    there = _by_key(before, "steps").keys() & _by_key(after, "steps").keys()
    earlier, later = outgoing(before), outgoing(after)
    for step in sorted(there):
        was, now = earlier.get(step, {}), later.get(step, {})
        if was != now:
            yield Claim("share", f"journey:{key}/steps/{step}", {"before": was, "after": now})


def outgoing(document: Document) -> dict[str, dict[str, float | None]]:
    """By step the paths that leave it, with their expected shares."""
    found: dict[str, dict[str, float | None]] = {}
    for path in document["transitions"]:
        found.setdefault(path["source"], {})[path["key"]] = path["share"]
    return found


# --- content -----------------------------------------------------------------------------------


def _filling(key: str, before: Document, after: Document) -> Iterator[Claim]:
    """The slots of steps that were there before and are to show other content."""
    for was, step in _both(before, after, "steps"):
        if was is None:
            continue
        for slot in sorted(was["slots"].keys() | step["slots"].keys()):
            content = _content(step, slot)
            if content != _content(was, slot):
                name = f"journey:{key}/steps/{step['key']}/slots/{slot}"
                yield Claim("fill", name, {"asset": content[0], "version": content[1]})


def _content(step: dict[str, Any], slot: str) -> Content:
    filled = step["slots"].get(slot) or {}
    return filled.get("asset"), filled.get("version"), filled.get("digest")


def _using(before: Document, after: Document) -> Iterator[Claim]:
    """The assets that a place shows which did not show just that before."""
    assets = {
        _content(step, slot)[0]
        for was, step in _both(before, after, "steps")
        for slot in step["slots"]
        if was is None or _content(was, slot) != _content(step, slot)
    }
    for asset in sorted(asset for asset in assets if asset):
        yield Claim("use", f"asset:{asset}")


# --- audiences ---------------------------------------------------------------------------------


def _entering(before: Document, after: Document) -> Iterator[Claim]:
    """The audiences newly met on a channel, and those met on more days than before."""
    earlier, later = _met(before), _met(after)
    for name, entry in later.items():
        window = _days(after)
        known = [_days(before)] if name in earlier else []
        windows = [days for was in known for days in without(window, was)] if known else [window]
        windows = [days for days in windows if days[0] <= days[1]]
        if windows:
            spans = [list(_span(days)) for days in windows]
            detail = {"windows": spans, "rule": entry["rule"][:QUOTED]}
            yield Claim("enter", name, {**detail, "by": ["entries", entry["key"]]})


def _met(document: Document) -> dict[str, dict[str, Any]]:
    """Audiences by channel, as names of claims, with the entry that lets them in."""
    channels = sorted(
        {step["channel"] for step in document["steps"] if step["kind"] == "message"} - {None}
    )
    return {
        f"audience:{channel}/{entry['kind']}/{audience}": entry
        for channel in channels
        for entry in document["entries"]
        # A schedule says when, not whom.
        if entry["kind"] != "schedule" and (audience := audience_name(entry["rule"]))
    }


def audience_name(rule: str) -> str:
    """One spelling for all spellings of a rule; of a long one, a digest of that."""
    folded = unicodedata.normalize("NFKC", rule).casefold()
    name = " ".join(unicodedata.normalize("NFKC", folded).split()).rstrip(" .;,。；，")
    if len(name) > NAMED:
        return f"sha256:{hashlib.sha256(name.encode()).hexdigest()}"
    return name


def _days(document: Document) -> Days:
    """The days on which a journey takes customers in; what is open lasts as long as there are."""
    lifecycle = document["lifecycle"]
    return as_days((lifecycle["start"], lifecycle["end"]))


def as_days(window: Window) -> Days:
    """First and last day of a window, either of which may be open (None)."""
    start, end = window
    return (
        date.fromisoformat(start) if start else date.min,
        date.fromisoformat(end) if end else date.max,
    )


def _span(days: Days) -> Window:
    start, end = days
    return (
        None if start == date.min else start.isoformat(),
        None if end == date.max else end.isoformat(),
    )


def without(days: Days, taken: Days) -> list[Days]:
    """The days of the one that are not of the other: none, one or two stretches."""
    (start, end), (first, last) = days, taken
    if last < start or end < first or last < first:
        return [days]
    found = []
    if start < first:
        found.append((start, first - DAY))
    if last < end:
        found.append((last + DAY, end))
    return found


def common_days(ours: Sequence[Window], theirs: Sequence[Window]) -> Days | None:
    """The first stretch of days that is in both lists of windows; None where there is none."""
    shared = [
        (max(mine[0], its[0]), min(mine[1], its[1]))
        for mine in map(as_days, ours)
        for its in map(as_days, theirs)
    ]
    return min((days for days in shared if days[0] <= days[1]), default=None)
