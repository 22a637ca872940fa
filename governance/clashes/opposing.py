"""Which claims of two changes cannot both stand; pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cjops.core.subjects import Claim
from cjops.documents import agree_wholly, disagreements
from journeys.claims import Days, common_days
from journeys.validation import ShareFault, share_fault

# What a claim of ours stands against; all else that has the same name goes well together.
OPPOSITES = {
    "remove": "point",
    "point": "remove",
    "fill": "fill",
    "enter": "enter",
    "use": "retire",
    "retire": "use",
    "share": "share",
    "touch": "touch",
}
Shares = Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Theirs:
    """A claim of another open change: its number, state and the journey it is about, if any."""

    change: int
    state: str
    journey: int | None
    claim: Claim


@dataclass(frozen=True, slots=True)
class Opposition:
    """A claim of ours and what stands against it.

    `kind` is that of our claim. `breaks`: with both live an invariant is broken; else both only
    edit one element, and `fields` are where they want different things, () for all of it.
    `together` are the numbers of all changes it takes, this one left out.
    """

    kind: str
    change: int
    state: str
    ours: Claim
    theirs: Claim
    breaks: bool = True
    fields: tuple[tuple[str, ...], ...] = ()
    added: str = ""
    days: Days | None = None
    fault: ShareFault = ""
    total: float = 0
    together: tuple[int, ...] = ()


def opposing(
    ours: Iterable[Claim], theirs: Sequence[Theirs], journey: int | None
) -> Iterator[Opposition]:
    """All but what shares come to, for which see `shares_opposing`."""
    mine = {(claim.kind, claim.name): claim for claim in ours}
    for other in theirs:
        claim = mine.get((OPPOSITES[other.claim.kind], other.claim.name))  # type: ignore[arg-type]
        if claim is None or claim.kind == "share":
            continue
        if claim.kind == "touch":
            yield from _touching(claim, other)
        elif found := _breaking(claim, other, journey):
            yield found


def _breaking(ours: Claim, other: Theirs, journey: int | None) -> Opposition | None:
    theirs = other.claim
    days = None
    if ours.kind == "fill" and ours.detail == theirs.detail:
        return None
    if ours.kind == "enter":
        if other.journey == journey:
            return None
        days = common_days(ours.detail["windows"], theirs.detail["windows"])
        if days is None:
            return None
    if "end" in ours.detail and not _outlives(ours, theirs):
        return None
    return Opposition(ours.kind, other.change, other.state, ours, theirs, days=days)


def _outlives(ours: Claim, theirs: Claim) -> bool:
    """Whether the journey that hands over runs longer than the one it hands over to."""
    pointing, ending = (ours, theirs) if ours.kind == "point" else (theirs, ours)
    end: str | None = pointing.detail["end"]
    return end is None or end > ending.detail["end"]


def _touching(ours: Claim, other: Theirs) -> Iterator[Opposition]:
    theirs = other.claim
    if not ours.name.endswith("/+"):
        pairs = [("", ours.detail, theirs.detail)]
    else:
        keys = sorted(ours.detail.keys() & theirs.detail.keys())
        pairs = [(key, ours.detail[key], theirs.detail[key]) for key in keys]
    for added, mine, its in pairs:
        if not agree_wholly(mine, its):
            yield Opposition(
                "touch",
                other.change,
                other.state,
                ours,
                theirs,
                breaks=False,
                fields=tuple(disagreements(mine, its)),
                added=added,
            )


# --- shares ------------------------------------------------------------------------------------


def shares_opposing(
    ours: Iterable[Claim], theirs: Sequence[Theirs], live: Mapping[str, Shares]
) -> Iterator[Opposition]:
    """Branches whose shares are right with either change alone and wrong with both.

    `live` are the outgoing paths that are live, by step. Where no two changes break a branch, all
    of them together still may.
    """
    for claim in ours:
        if claim.kind != "share":
            continue
        others = [
            one for one in theirs if one.claim.kind == "share" and one.claim.name == claim.name
        ]
        now = dict(live.get(claim.name.rpartition("/")[2], {}))
        if others and not _fault(laid_onto(now, [claim])):
            yield from _branch(claim, others, now)


def _branch(ours: Claim, others: Sequence[Theirs], now: Shares) -> Iterator[Opposition]:
    sound = [one for one in others if not _fault(laid_onto(now, [one.claim]))]
    found = [hit for one in sound if (hit := _together(ours, [one], now))]
    if not found and len(sound) > 1:
        found = [hit for one in sound if (hit := _together(ours, sound, now, one))]
    yield from found


def _together(
    ours: Claim, others: Sequence[Theirs], now: Shares, about: Theirs | None = None
) -> Opposition | None:
    about = about or others[0]
    after = laid_onto(now, [ours, *(one.claim for one in others)])
    fault = _fault(after)
    if after is None or not fault:
        return None
    return Opposition(
        "share",
        about.change,
        about.state,
        ours,
        about.claim,
        fault=fault,
        total=sum(share or 0 for share in after.values()),
        together=tuple(sorted({one.change for one in others})),
    )


def laid_onto(now: Shares, claims: Sequence[Claim]) -> dict[str, float | None] | None:
    """The shares once all the claims are live: what each changed, merged as documents are.

    None where two of them want another share of one path: that conflict is told by itself.
    """
    result = dict(now)
    wanted: dict[str, tuple[Any, ...]] = {}
    for claim in claims:
        before, after = claim.detail["before"], claim.detail["after"]
        for path in before.keys() | after.keys():
            was, value = _value(before, path), _value(after, path)
            if was == value:
                continue
            if wanted.setdefault(path, value) != value:
                return None
            if value:
                result[path] = value[0]
            else:
                result.pop(path, None)
    return result


def _value(shares: Shares, path: str) -> tuple[float | None, ...]:
    return (shares[path],) if path in shares else ()


def _fault(shares: Shares | None) -> ShareFault:
    return share_fault(list(shares.values())) if shares is not None else ""
