"""Submitting content for a step: one call opens the change, binds it and asks for review."""

from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

import content.services
from cjops.core.errors import DocumentInvalid, Invalid, NotFound
from content.models import Asset, AssetVersion
from governance import policies
from governance.models import Change
from governance.proposals import proposal_of
from governance.services.editing import apply_edits
from governance.services.opening import start
from governance.services.repeating import Repeat, answered, remember
from governance.services.taking import advance
from governance.subjects import get_subject_for
from governance.transitions import Action
from people.models import User


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
    repeat: Repeat | None = None,
) -> Change:
    """Fill a slot of a live step with an asset version, as a change that is ready for review.

    Either `version` names a version of the asset, or `document` is written as its next one. With
    `as_draft` the change is left open for more edits. All or nothing: a refusal of any part leaves
    neither a version nor a change behind. `repeat` makes a second call with the same key return
    the first one's change.

    Raises `NotFound` for a journey, step, slot or asset that is not there (any more), `Invalid`
    for content that does not fit the slot, and what opening and submitting a change raise.
    """
    journey = get_subject_for(user=actor, kind="journey", key=journey_key)
    earlier = answered(actor, repeat)
    if earlier is not None and earlier.entry is not None:
        return earlier.entry.of_change
    live = journey.live_version  # type: ignore[attr-defined]
    step = _find_step(live.get_document() if live else {}, step_key, slot)
    asset = get_subject_for(user=actor, kind="asset", key=asset_key)
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
    bound = _version(asset=asset, actor=actor, version=version, document=document)
    change = start(
        subject=journey,
        kind="journey",
        title=title or _("New content for %(step)s") % {"step": step["name"]},
        actor=actor,
        rationale=rationale,
        hypothesis=hypothesis,
    )
    binding = {"asset": asset.key, "version": bound.number, "digest": bound.digest}
    change = apply_edits(
        change=change,
        actor=actor,
        edits=[
            {
                "op": "update",
                "element": "steps",
                "key": step_key,
                "fields": {f"slots/{slot}/{name}": value for name, value in binding.items()},
            }
        ],
    )
    if not as_draft:
        _require_sendable(change, step_key, slot)
        advance(change=change, action=Action.SUBMIT, actor=actor)
    if repeat is not None:
        remember(actor, repeat, entry=change.ledger.get(action=Action.OPEN))
    return change


def _require_sendable(change: Change, step_key: str, slot: str) -> None:
    """Refuse content that is empty or broken; raises `DocumentInvalid` with what is wrong.

    In other changes that is a warning to those who decide. Here it is all that somebody submits;
    the same goes for content that is out of use.
    """
    unfit = [
        replace(finding, severity="error")
        for finding in proposal_of(change).findings
        if finding.code in ("content-unsendable", "content-retired")
        and finding.key == step_key
        and finding.pointer.removesuffix("/asset").endswith(f"/slots/{slot}")
    ]
    if unfit:
        raise DocumentInvalid(
            _("This content cannot be sent yet. Fix what the checks name, then submit again."),
            findings=unfit,
        )


def _find_step(document: dict[str, Any], step_key: str, slot: str) -> dict[str, Any]:
    for step in document.get("steps", []):
        if step["key"] == step_key:
            if slot in step["slots"]:
                found: dict[str, Any] = step
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
