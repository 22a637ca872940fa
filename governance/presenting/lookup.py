"""Display names for the keys that a change mentions."""

from dataclasses import dataclass, field

import journeys.words
from content.models import Asset
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
    assets: dict[str, Asset] = field(default_factory=dict)


def lookup_for(proposal: Proposal, user: User) -> Lookup:
    """Names of channels, teams, journeys, assets and concepts; only of what the person sees."""
    channels = {channel.key: channel for channel in Channel.objects.all()}
    if proposal.kind != "journey":
        return Lookup({"channels": {k: c.label for k, c in channels.items()}}, channels)
    documents = (proposal.base, proposal.proposed)
    asset_keys = {
        slot["asset"]
        for document in documents
        for step in document.get("steps", ())
        for slot in step["slots"].values()
        if slot["asset"]
    }
    assets = {
        asset.key: asset for asset in Asset.objects.visible_to(user).filter(key__in=asset_keys)
    }
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
        "assets": {key: asset.name for key, asset in assets.items()},
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
    return Lookup(names, channels, assets)
