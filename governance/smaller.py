"""What would take fewer decisions: a change without one kind of edit, or without one part.

Nothing is read for it but what the change itself was judged by: each smaller proposal is built from
the documents and asked of the same policies under the same circumstances.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import cast

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cjops.core.wording import listing
from cjops.documents import Change as Edit
from cjops.documents import DocumentError, apply
from cjops.documents import hunks as hunks_of
from governance.gathering import Circumstances, reading_once, sheet_about
from governance.naming import in_my_language
from governance.proposals import Proposal
from governance.queries.ruling import Ruling
from governance.ruling.evaluating import Sheet
from governance.ruling.wording import as_written
from governance.wording import part_name

# So many sentences; single parts are tried where they are few; nothing is where there are many.
MOST_SHOWN, MOST_PARTS, MOST_HUNKS = 5, 12, 600
# What cannot stand without something that is left out goes too, over so many links.
MOST_LINKS = 4


@dataclass(frozen=True, slots=True)
class Saving:
    """What would not be needed, by key and in words, if something were left out.

    `kind` is the kind of edit, or `element` and `key` the part.
    """

    sentence: str
    needless: tuple[str, ...]
    kind: str = ""
    element: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class _Without:
    """A smaller proposal, and what to call what it lacks."""

    proposal: Proposal
    kind: str = ""
    element: str = ""
    key: str = ""


def savings(
    proposal: Proposal,
    about: Circumstances,
    ruling: Ruling,
    *,
    channel_label: Callable[[str], str],
) -> list[Saving]:
    """What would make fewer people decide, the biggest saving first.

    Only what takes away decisions and adds none counts, and nothing that would leave no change.
    """
    if not len(proposal.changes) > 1 or len(proposal.hunks) > MOST_HUNKS:
        return []
    # What the whole binds is read by this; what is smaller binds nothing else.
    read = reading_once()
    asked = _asked(ruling, sheet_about(proposal, about, read), channel_label)
    found: list[Saving] = []
    seen: set[tuple[str, ...]] = set()
    for smaller in _smaller(proposal):
        left = sheet_about(smaller.proposal, about, read)
        still = _asked(ruling, left, channel_label)
        if still is None or asked is None or not still.keys() <= asked.keys():
            continue
        needless = tuple(key for key in asked if key not in still)
        # A kind of edit comes first and says more than a part of it.
        if needless and needless not in seen:
            seen.add(needless)
            names = [asked[key] for key in needless]
            found.append(_saving(proposal, smaller, needless, names))
    found.sort(key=lambda saving: (-len(saving.needless), not saving.kind))
    return found[:MOST_SHOWN]


def _asked(
    ruling: Ruling, sheet: Sheet, channel_label: Callable[[str], str]
) -> dict[str, str] | None:
    """By key the names of the decisions that are needed; None where some part finds none."""
    outcome = ruling.policies.evaluate(sheet)
    if not outcome.is_covered:
        return None
    found: dict[str, str] = {}
    for one in outcome.asked:
        name = in_my_language(dict(one.need.name or one.policy.name))
        key = ".".join(dict.fromkeys(one.name))
        if [each.source for each in one.need.reviewers] != ["stewards"]:
            found[key] = name
            continue
        # One decision for each touched channel.
        for channel in sorted(_channels(sheet, set(one.hunks))):
            label = _("%(decision)s: %(channel)s")
            found[f"{key}:{channel}"] = label % {
                "decision": name,
                "channel": channel_label(channel),
            }
    return found


def _channels(sheet: Sheet, digests: set[str]) -> set[str]:
    return {
        channel
        for digest, part in sheet.parts
        if digest in digests
        for channel in cast("frozenset[str]", part["channels"])
    }


def _smaller(proposal: Proposal) -> Iterable[_Without]:
    by_kind: dict[str, list[Edit]] = {}
    for edit, kinds in _kinds(proposal):
        for kind in kinds:
            by_kind.setdefault(kind, []).append(edit)
    for kind in sorted(by_kind):
        if left := _left(proposal, by_kind[kind]):
            yield _Without(left, kind=kind)
    if len(proposal.hunks) > MOST_PARTS:
        return
    for hunk in proposal.hunks:
        if left := _left(proposal, hunk.changes):
            yield _Without(left, element=hunk.element, key=hunk.key)


def _kinds(proposal: Proposal) -> Iterable[tuple[Edit, frozenset[str]]]:
    """Each edit of a field with what it is about: a part may be about several things."""
    single = [(edit, hunks_of([edit])[0]) for edit in proposal.changes]
    facts = proposal.adapter.facts(
        proposal.base, proposal.proposed, [hunk for _edit, hunk in single]
    )
    for (edit, _hunk), fact in zip(single, facts, strict=True):
        yield edit, fact.kinds


def _left(proposal: Proposal, dropped: Iterable[Edit]) -> Proposal | None:
    """The proposal without these edits and what hangs on them; None where that leaves nothing, or
    no document."""
    gone = {(edit.element, edit.key, edit.op, edit.field) for edit in dropped}
    for _link in range(MOST_LINKS):
        kept = [e for e in proposal.changes if (e.element, e.key, e.op, e.field) not in gone]
        if not kept or len(kept) == len(proposal.changes):
            return None
        try:
            document = apply(proposal.base, kept)
        except DocumentError:
            return None
        orphans = set(proposal.adapter.orphans(proposal.proposed, document))
        more = {(e.element, e.key, e.op, e.field) for e in kept if (e.element, e.key) in orphans}
        if not more:
            return Proposal(proposal.kind, proposal.base, document)
        gone |= more
    return None


def _saving(
    whole: Proposal, smaller: _Without, needless: tuple[str, ...], names: list[str]
) -> Saving:
    said = {"names": listing(names), "count": len(names)}
    if smaller.kind:
        sentence = ngettext(
            "Without the edits of the kind “%(what)s”, %(names)s is not needed.",
            "Without the edits of the kind “%(what)s”, these are not needed: %(names)s.",
            len(names),
        )
        what = as_written("kinds", smaller.kind)
    else:
        sentence = ngettext(
            "Without what changes in “%(what)s”, %(names)s is not needed.",
            "Without what changes in “%(what)s”, these are not needed: %(names)s.",
            len(names),
        )
        what = _part_name(whole, smaller.element, smaller.key)
    return Saving(
        sentence % {**said, "what": what}, needless, smaller.kind, smaller.element, smaller.key
    )


def _part_name(whole: Proposal, element: str, key: str) -> str:
    """As it is called in what is proposed; what goes, as it was called."""
    names = [part_name(whole.kind, side, element, key) for side in (whole.proposed, whole.base)]
    return next((name for name in names if name != key), key)
