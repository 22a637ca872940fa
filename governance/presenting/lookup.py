"""Display names for the keys that a change mentions."""

from dataclasses import dataclass, field

import journeys.words
from content.models import Asset, AssetVersion
from governance.proposals import Proposal
from journeys.models import Journey
from people.models import Channel, Team, User
from tags.models import Concept

Names = dict[str, dict[str, str]]


@dataclass
class Lookup:
    """Display names and rows for the keys that a change mentions; read once for a page."""

    names: Names = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    versions: dict[tuple[str, int], AssetVersion] = field(default_factory=dict)
    # The language in which content is shown; the reader's own where empty.
    rendition: str = ""


def lookup_for(proposal: Proposal, user: User) -> Lookup:
    """Names of channels, teams, journeys, assets and concepts; only of what the person sees."""
    channels = {channel.key: channel for channel in Channel.objects.all()}
    if proposal.kind != "journey":
        return Lookup({"channels": {k: c.label for k, c in channels.items()}}, channels)
    documents = (proposal.base, proposal.proposed)
    bound = {
        (slot["asset"], slot["version"])
        for document in documents
        for step in document.get("steps", ())
        for slot in step["slots"].values()
        if slot["asset"]
    }
    assets = dict(
        Asset.objects.visible_to(user)
        .filter(key__in={asset for asset, _version in bound})
        .values_list("key", "name")
    )
    journey_keys = {
        item["journey"]
        for document in documents
        for collection in ("steps", "exits")
        for item in document.get(collection, ())
        if item["journey"]
    }
    names: Names = {
        **journeys.words.names_in(*documents),
        "channels": {key: channel.label for key, channel in channels.items()},
        "teams": {team.key: team.label for team in Team.objects.all()},
        "assets": assets,
        "journeys": dict(
            Journey.objects.visible_to(user).filter(key__in=journey_keys).values_list("key", "name")
        )
        if journey_keys
        else {},
        "concepts": {
            f"{taxonomy}:{key}": label
            for taxonomy, key, label in Concept.objects.values_list("taxonomy__key", "key", "label")
        },
    }
    return Lookup(names, channels, versions_of(proposal, user))


def versions_of(proposal: Proposal, user: User) -> dict[tuple[str, int], AssetVersion]:
    """What touched steps show before and after, as far as the person sees it."""
    touched = {hunk.key for hunk in proposal.hunks if hunk.element == "steps"}
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
