"""Display names for the keys that a change mentions."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

import journeys.queries
from content.models import Asset, AssetVersion
from governance.models import Change
from governance.proposals import Proposal
from journeys.words import Names
from people.models import Channel, User


@dataclass
class Lookup:
    """Display names and rows for the keys that a change mentions; read once for a page."""

    names: Names = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    versions: dict[tuple[str, int], AssetVersion] = field(default_factory=dict)
    # The language in which content is shown; the reader's own where empty.
    rendition: str = ""
    # The change itself, where previews of what it proposes are wanted.
    about: Change | None = None

    def whole(self, element: str, key: str, path: tuple[str, ...]) -> str:
        """The address of a field's texts in full; empty where the change is not at hand."""
        if self.about is None:
            return ""
        place = "/".join((element or "header", key or "header", *path))
        return reverse("change-text", args=[self.about.number, place])


def lookup_for(
    proposal: Proposal,
    user: User,
    *others: dict[str, Any],
    digests: Collection[str] | None = None,
) -> Lookup:
    """Names of channels, teams, journeys, assets and concepts; only of what the person sees.

    Those that `others`, more documents of the kind, mention too. Content is read for the hunks of
    these `digests`, by default for all.
    """
    channels = {channel.key: channel for channel in Channel.objects.all()}
    if proposal.kind != "journey":
        return Lookup({"channels": {k: c.label for k, c in channels.items()}}, channels)
    names = journeys.queries.names_for(proposal.base, proposal.proposed, *others, reader=user)
    return Lookup(names, channels, versions_of(proposal, user, digests))


def versions_of(
    proposal: Proposal, user: User, digests: Collection[str] | None = None
) -> dict[tuple[str, int], AssetVersion]:
    """What touched steps show before and after, as far as the person sees it."""
    touched = {
        hunk.key
        for hunk in proposal.hunks
        if hunk.element == "steps" and (digests is None or hunk.digest in digests)
    }
    wanted = {
        (slot["asset"], slot["version"])
        for document in (proposal.base, proposal.proposed)
        for step in document.get("steps", ())
        if step["key"] in touched
        for slot in step["slots"].values()
        if slot["asset"] and slot["version"]
    }
    if not wanted:
        return {}
    versions = AssetVersion.objects.filter(
        subject__in=Asset.objects.visible_to(user).order_by(),
        subject__key__in={asset for asset, _version in wanted},
        number__in={version for _asset, version in wanted},
    ).select_related("subject")
    return {(version.subject.key, version.number): version for version in versions}
