"""Bringing a journey in from a file: its content, the journey, and the change that proposes it."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

import content.services
import journeys.adapter
import journeys.services
from cjops.core.errors import Conflict
from cjops.core.models import KEY_LENGTH
from cjops.core.schema.text import without_refused
from cjops.documents import Document, digest
from content.models import Asset, AssetVersion
from governance import policies
from governance.models import Change
from governance.proposals import proposal_of
from governance.services.opening import begin_journey, clean_key, start
from governance.transitions import OPEN_STATES
from journeys.importers import Imported, ImportedContent
from journeys.models import Journey
from people.models import Team, User

MOST_RATIONALE = 9_000


@dataclass(frozen=True, slots=True)
class ImportedJourney:
    """What an import led to.

    `change` proposes the imported definition; None where that is live already. `is_new` is False
    where an open change proposed it before. `assets` are the keys of the content it created.
    """

    key: str
    change: Change | None
    is_new: bool
    assets: tuple[str, ...] = ()


@transaction.atomic(durable=True)
def import_journey(
    *, imported: Imported, actor: User, key: str = "", source: str = ""
) -> ImportedJourney:
    """Open a change with an imported definition; nothing goes live by it.

    `key` names the journey (default: what the file suggests); one that exists gets a change. A
    definition that is live or proposed by an open change already opens nothing. `source` says
    where it comes from, for the people who read the change.

    Raises `Invalid` for a bad key, `Forbidden` where the person may not propose it, `Conflict`
    where the journey's key is taken or a channel has no team, `DocumentInvalid` for a definition
    that is not one.
    """
    key = clean_key(key or imported.key_suggestion)
    journey = Journey.objects.visible_to(actor).filter(key=key).first()
    if journey is None:
        policies.can_create_journey(actor).require()
    else:
        journeys.services.lock(journey)
    bound = {item.key: _written(item, key, actor) for item in imported.content}
    document = journeys.adapter.ADAPTER.load(_with_bindings(imported.document, bound, actor))
    created = tuple(version.subject.key for version, is_new in bound.values() if is_new)
    title = _("Import: %(name)s") % {"name": (document["name"] or key)[:180]}
    why = _rationale(imported, source)
    if journey is None:
        change = begin_journey(key=key, actor=actor, document=document, title=title, rationale=why)
        return ImportedJourney(key, change, is_new=True, assets=created)
    known = _proposed_before(journey, document)
    if known or (journey.live_version and journey.live_version.digest == digest(document)):
        return ImportedJourney(key, known, is_new=False, assets=created)
    change = start(
        subject=journey,
        kind="journey",
        actor=actor,
        document=document,
        title=title,
        rationale=why,
    )
    facts = proposal_of(change).facts
    policies.can_edit_elements(policies.Standing(actor, change), facts).require()
    return ImportedJourney(key, change, is_new=True, assets=created)


def _proposed_before(journey: Journey, document: Document) -> Change | None:
    """The newest open change that proposes just this."""
    return (
        Change.objects.filter(journey=journey, state__in=OPEN_STATES, digest=digest(document))
        .order_by("-number")
        .first()
    )


def _written(item: ImportedContent, journey_key: str, actor: User) -> tuple[AssetVersion, bool]:
    """The asset version that holds imported content, and whether it had to be written.

    Content that an earlier import brought is found again; a key that something else has is
    lengthened by the journey's.
    """
    wanted = digest(item.document)
    for key in _candidates(item.key, journey_key):
        asset = Asset.objects.filter(key=key).first()
        if asset is None:
            # Written for its stewards, whoever brings it: it goes live only if they decide so.
            version = content.services.write_asset(
                key=key,
                name=item.name,
                kind=item.kind,
                team=_team_for(item, actor),
                document=item.document,
                actor=actor,
            )
            return version, True
        if Asset.objects.visible_to(actor).filter(pk=asset.pk).exists():
            written = asset.versions.filter(digest=wanted).first()
            if written is not None:
                return written, False
    raise Conflict(
        _("There are too many assets with the key “%(key)s” already.") % {"key": item.key}
    )


def _candidates(key: str, journey_key: str) -> list[str]:
    longer = f"{journey_key}-{key}"
    keys = [key, longer, *(f"{longer}-{number}" for number in range(2, 100))]
    return [candidate[-KEY_LENGTH:].strip("-") for candidate in keys]


def _team_for(item: ImportedContent, actor: User) -> Team:
    """The team that stewards the channel: the person's own if they are in one of several."""
    channel = content.services.channel_of(item.kind)
    stewards = list(channel.steward_teams.order_by("pk"))
    if not stewards:
        raise Conflict(
            _("No team stewards “%(channel)s”, so nobody would own its content. Ask an admin.")
            % {"channel": channel.label}
        )
    own = set(actor.memberships.values_list("team_id", flat=True))
    return next((team for team in stewards if team.pk in own), stewards[0])


def _with_bindings(
    document: Document, bound: dict[str, tuple[AssetVersion, bool]], actor: User
) -> Document:
    """The definition whose slots pin the versions that were written for it."""
    pinned = {
        key: {"asset": version.subject.key, "version": version.number, "digest": version.digest}
        for key, (version, _is_new) in bound.items()
    }
    open_slots = [
        slot
        for step in document["steps"]
        for slot in step["slots"].values()
        if slot["asset"] and slot["version"] and not slot["digest"] and slot["asset"] not in pinned
    ]
    known = _known_digests({slot["asset"] for slot in open_slots}, actor)

    def filled(slot: dict[str, Any]) -> dict[str, Any]:
        if slot["asset"] in pinned:
            return {**slot, **pinned[slot["asset"]]}
        if slot in open_slots:
            return {**slot, "digest": known.get((slot["asset"], slot["version"]))}
        return slot

    return {
        **document,
        "steps": [
            {**step, "slots": {name: filled(slot) for name, slot in step["slots"].items()}}
            for step in document["steps"]
        ],
    }


def _known_digests(assets: set[str], actor: User) -> dict[tuple[str, int], str]:
    """Digests by asset key and number, of assets that exist here and the person sees."""
    if not assets:
        return {}
    visible = Asset.objects.visible_to(actor).filter(key__in=assets).order_by()
    rows = AssetVersion.objects.filter(subject__in=visible).order_by()
    return {
        (key, number): found
        for key, number, found in rows.values_list("subject__key", "number", "digest")
    }


def _rationale(imported: Imported, source: str) -> str:
    """Where it comes from and what is missing, for those who decide."""
    parts = [_("Imported from %(source)s.") % {"source": source}] if source else []
    if imported.notes:
        parts.append(_("Not carried over:"))
        parts += [f"- {note}" for note in imported.notes]
    text = without_refused("\n".join(parts))
    return text if len(text) <= MOST_RATIONALE else f"{text[:MOST_RATIONALE]}…"
