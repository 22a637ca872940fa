"""Submitting content for a step: one call opens the change, binds it and asks for review."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

import content.services
from cjops.core.errors import DocumentInvalid, Invalid, NotFound
from cjops.core.models import GovernedSubject
from cjops.core.wording import cut, listing
from cjops.documents import Document
from content.models import Asset, AssetVersion
from governance import policies
from governance.models import Change
from governance.proposals import Proposal, proposal_of
from governance.services.editing import apply_edits, describe, lock_for_edit
from governance.services.opening import TITLE_LENGTH, start
from governance.services.repeating import Repeat, answered, remember
from governance.services.taking import advance
from governance.subjects import get_subject_for
from governance.transitions import Action, State
from people.models import User

# What is a warning in other changes, and all that somebody submits in these.
UNFIT = ("content-unsendable", "content-retired")


@dataclass(frozen=True, slots=True)
class Fill:
    """A slot of a step, and the content it is to show: the version of an asset with that number,
    or `document`, which is written as its next one."""

    step: str
    slot: str
    asset: str
    version: int | None = None
    document: dict[str, Any] | None = None


@transaction.atomic(durable=True)
def submit_content(
    *,
    journey_key: str,
    step_key: str,
    slot: str,
    actor: User,
    asset_key: str,
    rationale: str,
    version: int | None = None,
    document: dict[str, Any] | None = None,
    title: str = "",
    hypothesis: str = "",
    as_draft: bool = False,
    into: int | None = None,
    repeat: Repeat | None = None,
) -> Change:
    """Fill a slot of a live step with an asset version, as a change that is ready for review.

    Either `version` names a version of the asset, or `document` is written as its next one. With
    `as_draft` the change is left open for more edits. `into` is the number of a draft that it
    becomes part of, so that what belongs together is decided together. All or nothing: a refusal
    of any part leaves neither a version nor a change behind. `repeat` makes a second call with the
    same key return the first one's change.

    Raises `NotFound` for a journey, step, slot, draft or asset that is not there (any more),
    `Invalid` for content that does not fit the slot, and what opening, editing and submitting a
    change raise.
    """
    # Whether they see the journey is asked first, also of who asks a second time.
    get_subject_for(user=actor, kind="journey", key=journey_key)
    earlier = answered(actor, repeat)
    if earlier is not None and earlier.entry is not None:
        return earlier.entry.of_change
    change = fill_slots(
        journey_key=journey_key,
        fills=[Fill(step_key, slot, asset_key, version, document)],
        actor=actor,
        rationale=rationale,
        title=title,
        hypothesis=hypothesis,
        as_draft=as_draft,
        into=into,
    )
    if repeat is not None:
        remember(actor, repeat, entry=change.ledger.get(action=Action.OPEN))
    return change


@transaction.atomic(savepoint=False)
def fill_slots(
    *,
    journey_key: str,
    fills: Sequence[Fill],
    actor: User,
    rationale: str,
    title: str = "",
    hypothesis: str = "",
    as_draft: bool = False,
    into: int | None = None,
) -> Change:
    """Fill slots of live steps of one journey, as one change; raises as `submit_content` does."""
    journey = get_subject_for(user=actor, kind="journey", key=journey_key)
    change = None
    if into is not None:
        # The change before the asset, as publishing locks them.
        change = _draft(into, actor, journey)
        document = proposal_of(change).proposed
    else:
        live = journey.live_version  # type: ignore[attr-defined]
        document = live.get_document() if live else {}
    steps = [_find_step(document, one.step, one.slot) for one in fills]
    bound = [_bound(step, one, actor) for step, one in zip(steps, fills, strict=True)]
    if change is None:
        change = start(
            subject=journey,
            kind="journey",
            title=title or _title(steps),
            actor=actor,
            rationale=rationale,
            hypothesis=hypothesis,
        )
    else:
        _say_more(change, actor, steps, rationale, hypothesis)
    edits = [
        {
            "op": "update",
            "element": "steps",
            "key": one.step,
            "fields": {
                f"slots/{one.slot}/asset": one.asset,
                f"slots/{one.slot}/version": version.number,
                f"slots/{one.slot}/digest": version.digest,
            },
        }
        for one, version in zip(fills, bound, strict=True)
    ]
    change = apply_edits(change=change, actor=actor, edits=edits)
    if not as_draft:
        _require_sendable(change)
        advance(change=change, action=Action.SUBMIT, actor=actor)
    return change


def _draft(number: int, actor: User, journey: GovernedSubject) -> Change:
    """The person's draft for the journey, locked; raises `Invalid` for any other change."""
    change = lock_for_edit(number=number, actor=actor)
    if change.journey != journey or change.state != State.DRAFT or change.author != actor:
        raise Invalid(
            _("The content cannot become part of that change."),
            errors={"into": [_("Choose a draft of yours for this journey, or a new change.")]},
        )
    return change


def _say_more(
    change: Change, actor: User, steps: Sequence[Document], rationale: str, hypothesis: str
) -> None:
    """Add to the reasons of a draft what is said with the next piece of it, and to its title the
    step, unless somebody gave it another one."""
    proposal = proposal_of(change)
    touched = {step for step, _slot in _filled(proposal)}
    before = [step for step in proposal.proposed["steps"] if step["key"] in touched]
    describe(
        change=change,
        actor=actor,
        title=_title([*before, *steps]) if before and change.title == _title(before) else None,
        rationale=_joined(change.rationale, rationale),
        hypothesis=_joined(change.hypothesis, hypothesis),
    )


def _joined(before: str, more: str) -> str:
    """Both texts, as two paragraphs; what is said again stands once."""
    more = more.strip()
    return before if more in before else f"{before}\n\n{more}".strip()


def _title(steps: Sequence[Document]) -> str:
    names = list(dict.fromkeys(step["name"] or step["key"] for step in steps))
    if len(names) == 1:
        return _("New content for %(step)s") % {"step": names[0]}
    return cut(_("New content for %(steps)s") % {"steps": listing(names, 3)}, TITLE_LENGTH)


def _bound(step: Document, fill: Fill, actor: User) -> AssetVersion:
    """The version that the slot will show. Raises `NotFound` and `Invalid`."""
    asset = get_subject_for(user=actor, kind="asset", key=fill.asset)
    assert isinstance(asset, Asset)  # noqa: S101  (narrows the type; the kind was asked for)
    if asset.channel.key != step["channel"]:
        raise Invalid(
            _("This content does not fit the step."),
            errors={
                "asset": [
                    _("The step needs content for “%(wanted)s”; this asset is for “%(found)s”.")
                    % {"wanted": step["channel"], "found": asset.channel.key}
                ]
            },
        )
    return _version(asset=asset, actor=actor, version=fill.version, document=fill.document)


def _require_sendable(change: Change) -> None:
    """Refuse content that is empty or broken; raises `DocumentInvalid` with what is wrong.

    In other changes that is a warning to those who decide. Here it is all that somebody submits;
    the same goes for content that is out of use.
    """
    proposal = proposal_of(change)
    filled = _filled(proposal)
    unfit = [
        replace(finding, severity="error")
        for finding in proposal.findings
        if (finding.code in UNFIT or finding.severity == "error")
        and (finding.key, finding.pointer.removesuffix("/asset").rpartition("/slots/")[2]) in filled
    ]
    if unfit:
        raise DocumentInvalid(
            _("This content cannot be sent yet. Fix what the checks name, then submit again."),
            findings=unfit,
        )


def _filled(proposal: Proposal) -> set[tuple[str, str]]:
    """The steps and slots that show something else than they do live."""
    before = {step["key"]: step["slots"] for step in proposal.base.get("steps", ())}
    return {
        (step["key"], name)
        for step in proposal.proposed["steps"]
        for name, slot in step["slots"].items()
        if slot != before.get(step["key"], {}).get(name)
    }


def _find_step(document: Document, step_key: str, slot: str) -> Document:
    for step in document.get("steps", []):
        if step["key"] == step_key:
            if slot in step["slots"]:
                found: Document = step
                return found
            raise NotFound(_("This step no longer has the slot you filled. Open the step again."))
    raise NotFound(_("This step is no longer part of the live journey. Open the journey again."))


def _version(
    *, asset: Asset, actor: User, version: int | None, document: dict[str, Any] | None
) -> AssetVersion:
    if document is not None:
        policies.can_write_asset(actor, asset).require()
        return content.services.add_version(asset=asset, document=document, actor=actor)
    found = asset.versions.filter(number=version).first() if version else None
    if found is None:
        raise Invalid(
            _("Choose which version of the content to use."),
            errors={"version": [_("This asset has no such version.")]},
        )
    return found
