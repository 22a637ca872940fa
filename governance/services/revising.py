"""Answering a review: the next version of content that a change binds, put into that change."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

import content.services
from cjops.core.errors import Conflict, NotFound
from cjops.documents import Document
from content.models import Asset
from governance import policies
from governance.models import Change
from governance.proposals import Proposal, proposal_of
from governance.services.editing import apply_edits, lock_for_edit
from governance.subjects import get_subject_for
from people.models import User


@transaction.atomic(durable=True)
def revise_content(
    *,
    number: int,
    actor: User,
    asset_key: str,
    version: int,
    document: Document,
    expected_digest: str = "",
) -> Change:
    """Write `document` as the next version of the asset, and bind it wherever the change newly
    binds `version`: one revision for all of these steps, or nothing at all.

    Raises `NotFound` for a change or asset that the person does not see, `Forbidden` or `Conflict`
    where they may not edit the change (any more) or write the asset, `Stale` where somebody saved
    the change since, `Conflict` where it does not bind that version any more.
    """
    # The change before the asset, as publishing locks them.
    change = lock_for_edit(number=number, actor=actor, expected_digest=expected_digest)
    proposal = proposal_of(change)
    places = places_of(proposal, asset_key, version)
    if not places:
        raise Conflict(
            _("The change does not show this version any more. Open it to see what it does.")
        )
    asset = get_subject_for(user=actor, kind="asset", key=asset_key)
    if not isinstance(asset, Asset):
        raise NotFound(_("There is nothing at this address that you can see."))
    policies.can_write_asset(actor, asset).require()
    new = content.services.add_version(asset=asset, document=document, actor=actor)
    if new.number == version:
        return change
    binding = {"version": new.number, "digest": new.digest}
    fields: dict[str, dict[str, Any]] = {}
    for step, slot in places:
        fields.setdefault(step, {}).update(
            {f"slots/{slot}/{name}": value for name, value in binding.items()}
        )
    edits = [
        {"op": "update", "element": "steps", "key": step, "fields": changed}
        for step, changed in fields.items()
    ]
    return apply_edits(change=change, actor=actor, edits=edits)


def places_of(proposal: Proposal, asset_key: str, version: int) -> list[tuple[str, str]]:
    """The steps and slots in which the change newly shows that version."""
    if proposal.kind != "journey":
        return []
    before = {step["key"]: step["slots"] for step in proposal.base["steps"]}
    return [
        (step["key"], name)
        for step in proposal.proposed["steps"]
        for name, slot in step["slots"].items()
        if (slot["asset"], slot["version"]) == (asset_key, version)
        and slot != before.get(step["key"], {}).get(name)
    ]
