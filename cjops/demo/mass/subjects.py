"""Journeys and assets with their versions, rows and roles, and the changes that made them."""

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.contrib.auth.models import Permission

import content.adapter
import journeys.adapter
from cjops.core.subjects import HunkFacts
from cjops.demo.mass.asking import Asking, Needed
from cjops.demo.mass.copying import Copier, array, json
from cjops.demo.mass.crowd import Crew, Crowd
from cjops.demo.mass.finding import add_search_row
from cjops.demo.mass.lives import Lives, Plan, Proposed
from cjops.demo.mass.wording import (
    CARRYING,
    PATTERN,
    REASONS,
    Parts,
    Pinned,
    asset_document,
    journey_document,
    revised,
)
from cjops.documents import Change as Edit
from cjops.documents import Document, Hunk
from content.models import Asset, AssetVersion
from governance import gathering
from governance.models import Claim
from governance.proposals import Proposal
from governance.ruling.evaluating import Sheet
from governance.transitions import OPEN_STATES, State
from journeys.models import (
    Journey,
    JourneyGroupObjectPermission,
    JourneyRole,
    JourneyTag,
    JourneyUserObjectPermission,
    JourneyVersion,
    SlotBinding,
    Stage,
    Step,
    StepTag,
    Transition,
)
from journeys.rows import rows_of
from people.models import Channel, Grant, Role, Scope
from tags.models import Concept

JOURNEY_KEY = "journey"
ASSET_KINDS = ("email", "email", "email", "sms", "push")
# In which languages each asset is there.
LANGUAGES = ("en", "zh-hans")
CHANNELS = tuple(dict.fromkeys(channel for _kind, channel in PATTERN if channel))


@dataclass(frozen=True, slots=True)
class Written:
    """A document as it is stored."""

    document: Document
    json: str
    digest: str

    @classmethod
    def of(cls, document: Document) -> "Written":
        # Plain values in order: these bytes are what `cjops.documents.canonical` returns.
        data = orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
        return cls(document, data.decode(), hashlib.sha256(data).hexdigest())


def _proposal(
    kind: str, base: Document, proposed: Document, edits: list[Edit] | None = None
) -> Proposal:
    """What a change proposes; edits that are known are not looked for."""
    proposal = Proposal(kind, base, proposed)
    if edits is not None:
        proposal.__dict__["changes"] = edits
    return proposal


def _in_both_languages(bound: set[gathering.Bound]) -> gathering.Spoken:
    """Each version says something else than any other, in each language."""
    return [
        ((key, number), frozenset((one, f"{key} {number}") for one in LANGUAGES))
        for key, number in bound
    ]


class Subjects:
    """Writes subjects one after the other, each with all of its changes."""

    def __init__(
        self, copier: Copier, rng: random.Random, lives: Lives, crowd: Crowd, asking: Asking
    ) -> None:
        self.copier, self.rng, self.lives, self.crowd = copier, rng, lives, crowd
        self.asking = asking
        self.channels = {channel.key: channel.pk for channel in Channel.objects.all()}
        self.roles = {role.key: role for role in Role.objects.all()}
        self.permissions = dict(
            Permission.objects.filter(content_type__app_label="journeys").values_list(
                "codename", "pk"
            )
        )
        self.concepts = {
            f"{taxonomy}:{key}": pk
            for pk, taxonomy, key in Concept.objects.values_list("pk", "taxonomy__key", "key")
        }
        self.content: dict[str, list[Pinned]] = {channel: [] for channel in CARRYING}
        self._teams: dict[int, frozenset[str]] = {}
        # Words of all assets, which search learns at the end.
        self.words: set[str] = set()

    # --- assets ------------------------------------------------------------------------------

    def asset(self, number: int, plan: Plan) -> None:
        """An asset with one version, made live by one change."""
        kind = ASSET_KINDS[number % len(ASSET_KINDS)]
        crew = self.rng.choice(self.crowd.stewards[kind])
        written = Written.of(asset_document(number, kind))
        pk = self.copier.table(Asset).next
        author = self.rng.choice(crew.members or crew.leads)
        decider = next(lead for lead in crew.leads if lead != author)
        key = f"asset-{number:05d}"
        proposal = _proposal("asset", content.adapter.ADAPTER.nothing, written.document)
        sheet = self._sheet(proposal, key, author, frozenset({crew.key}), plan, is_new=True)
        found, digests = proposal.hunks, list(sheet.digests)
        able = [lead for lead in crew.leads if lead != author]
        needed = [
            self.asking.steward(kind, digests, sheet, able, decider),
            self.asking.owner(crew.pk, digests, sheet, able, decider),
        ]
        proposed = Proposed(
            subject=("asset", pk),
            title=f"New: {written.document['name']}",
            base=(0, ""),
            base_json="",
            json=written.json,
            digest=written.digest,
            hunk_count=len(found),
            channels=[kind],
            needed=needed,
            sheet=sheet,
            author=author,
            publisher=decider,
        )
        at = self.lives.write(plan, proposed, (1, written.digest))
        version = self._version(AssetVersion, pk, 1, written, "", at, author, [])
        values = {
            "key": key,
            "name": written.document["name"],
            "is_restricted": False,
            # Who may read what is restricted is derived at the end, as from any grants.
            "readers": "{}",
            "created_at": plan.opened,
            "kind": kind,
            "channel_id": self.channels[kind],
            "team_id": crew.pk,
            "purpose": written.document["purpose"],
            "languages": json(["en", "zh-Hans"]),
            "status": "active",
            "live_version_id": version,
            "updated_at": at,
        }
        self.copier.track(Asset, values, at=plan.opened, by=author)
        self.words |= add_search_row(self.copier, pk, key, written.document)
        self.content[kind].append(Pinned(key, pk, written.digest))

    # --- journeys ----------------------------------------------------------------------------

    def journey(self, number: int, length: int, plans: Sequence[Plan]) -> None:
        """A journey of so many steps with all of its changes; the first makes it live."""
        rng = self.rng
        pk = self.copier.table(Journey).next
        owners = rng.choice(self.crowd.products)
        crews = {channel: rng.choice(self.crowd.stewards[channel]) for channel in CHANNELS}
        parts = Parts(
            teams={channel: crew.key for channel, crew in crews.items()},
            content={
                channel: rng.sample(pinned, min(12, len(pinned)))
                for channel, pinned in self.content.items()
            },
            concepts=list(self.concepts),
        )
        manager, *_rest = rng.sample(owners.leads, len(owners.leads))
        live = Written.of(journey_document(rng, number, length, parts))
        base, live_pk = (0, ""), 0
        at = plans[0].opened
        key, owner = f"{JOURNEY_KEY}-{number:05d}", frozenset({self.crowd.emails[manager]})
        for plan in plans:
            author = self._author(owners, crews, manager)
            if live_pk:
                document, edits, title = revised(rng, live.document, parts)
                written, base_json = Written.of(document), live.json
                proposal = _proposal("journey", live.document, document, edits)
            else:
                document, title = live.document, f"New: {live.document['name']}"
                written, base_json = live, ""
                proposal = _proposal("journey", journeys.adapter.ADAPTER.nothing, document)
            found, channels = proposal.hunks, proposal.channels
            sheet = self._sheet(proposal, key, author, owner, plan, is_new=not live_pk)
            version = (base[0] + 1, written.digest)
            proposed = Proposed(
                subject=("journey", pk),
                title=title,
                base=base,
                base_json=base_json,
                json=written.json,
                digest=written.digest,
                hunk_count=len(found),
                channels=channels,
                needed=self._needed(proposal, sheet, crews, author, manager),
                sheet=sheet,
                author=author,
                publisher=manager,
                rationale=rng.choice(REASONS),
            )
            ended = self.lives.write(plan, proposed, version)
            if plan.state in OPEN_STATES:
                self._claims(plan.number, number, live.document, document, found)
            if plan.state == State.PUBLISHED:
                live_pk = self._version(
                    JourneyVersion, pk, version[0], written, base[1], ended, manager, [title]
                )
                live, base, at = written, version, ended
        self._journey_rows(pk, number, live.document, live_pk, (plans[0].opened, at), manager)
        self._grants(pk, manager, [owners, *crews.values()], plans[0].opened)

    def _claims(
        self, change: int, number: int, before: Document, after: Document, found: list[Hunk]
    ) -> None:
        """What an open change lays hands on."""
        key = f"{JOURNEY_KEY}-{number:05d}"
        for claim in journeys.adapter.ADAPTER.claims(key, before, after, found):
            values = {"change_id": change, "kind": claim.kind, "name": claim.name}
            self.copier.add(Claim, values | {"detail": json(claim.detail)})

    def _author(self, owners: Crew, crews: dict[str, Crew], manager: int) -> int:
        crew = owners if self.rng.random() < 0.5 else self.rng.choice(list(crews.values()))
        people = [person for person in crew.members or crew.leads if person != manager]
        return self.rng.choice(people or [lead for lead in owners.leads if lead != manager])

    def _sheet(
        self,
        proposal: Proposal,
        key: str,
        author: int,
        owners: frozenset[str],
        plan: Plan,
        *,
        is_new: bool,
    ) -> Sheet:
        """The facts of a change, as they are gathered when it is submitted."""
        about = gathering.Circumstances(
            kind=proposal.kind,
            key=key,
            owners=owners,
            parents=frozenset(),
            author_teams=self._teams_of(author),
            windows=(),
            weekend=plan.opened.isoweekday() > 5,
            emergency=False,
            roll_back=False,
            restores=False,
            first_version=is_new,
        )
        return gathering.sheet_about(proposal, about, _in_both_languages)

    def _teams_of(self, person: int) -> frozenset[str]:
        if person not in self._teams:
            self._teams[person] = self.crowd.teams_of(person)
        return self._teams[person]

    def _needed(
        self,
        proposal: Proposal,
        sheet: Sheet,
        crews: dict[str, Crew],
        author: int,
        manager: int,
    ) -> list[Needed]:
        """What the first policies ask for: a steward for each channel, and the manager."""
        facts: list[HunkFacts] = proposal.facts
        needed = []
        for channel in proposal.channels:
            able = [lead for lead in crews[channel].leads if lead != author]
            digests = [fact.hunk.digest for fact in facts if channel in fact.channels]
            decider = self.rng.choice(able)
            needed.append(self.asking.steward(channel, digests, sheet, able, decider))
        owner = self.asking.owner(None, list(sheet.digests), sheet, [manager], manager)
        return [*needed, owner]

    def _version(
        self,
        model: type[JourneyVersion] | type[AssetVersion],
        subject: int,
        number: int,
        written: Written,
        parent: str,
        at: datetime,
        by: int,
        summary: list[str],
    ) -> int:
        values = {
            "number": number,
            "document": written.json,
            "digest": written.digest,
            "parent_digest": parent,
            "created_at": at,
            "created_by_id": by,
            "summary": json(summary),
            "subject_id": subject,
        }
        return self.copier.add(model, values)

    def _journey_rows(
        self,
        pk: int,
        number: int,
        document: Document,
        live_version: int,
        times: tuple[datetime, datetime],
        manager: int,
    ) -> None:
        """The journey's own row and those of its elements, as the projection would write them."""
        opened, at = times
        rows = rows_of(document)
        header: dict[str, Any] = dict(rows.header)
        values = header | {
            "key": f"{JOURNEY_KEY}-{number:05d}",
            "is_restricted": number % 10 < 3,
            "readers": "{}",
            "created_at": opened,
            "parent_id": None,
            "live_version_id": live_version,
            "personas": array(header["personas"]),
            "channels": array(header["channels"]),
            "updated_at": at,
        }
        self.copier.track(Journey, values, at=at, by=manager)
        track = self.copier.track
        stages = {
            key: track(Stage, {**stage, "journey_id": pk}, at=at, by=manager)
            for key, stage in rows.stages.items()
        }
        teams = {crew.key: crew.pk for crew in self.crowd.crews}
        steps = {
            key: track(
                Step,
                {
                    **step,
                    "journey_id": pk,
                    "stage_id": stages[step["stage"]],
                    "channel_id": self.channels.get(step["channel"]),
                    "team_id": teams.get(step["team"]),
                },
                at=at,
                by=manager,
            )
            for key, step in rows.steps.items()
        }
        for way in rows.transitions.values():
            ends = {"source_id": steps[way["source"]], "target_id": steps[way["target"]]}
            track(Transition, {**way, **ends, "journey_id": pk}, at=at, by=manager)
        assets = {one.asset: one.asset_pk for known in self.content.values() for one in known}
        for (step, _slot), slot in rows.slots.items():
            bound = {"step_id": steps[step], "asset_id": assets[slot["asset"]]}
            track(SlotBinding, {**slot, **bound}, at=at, by=manager)
        for step, tag in rows.step_tags:
            tagged = {"step_id": steps[step], "concept_id": self.concepts[tag]}
            track(StepTag, tagged, at=at, by=manager)
        for tag in rows.tags:
            tagged = {"journey_id": pk, "concept_id": self.concepts[tag]}
            track(JourneyTag, tagged, at=at, by=manager)

    def _grants(self, pk: int, manager: int, crews: list[Crew], at: datetime) -> None:
        """The manager's role and the teams', with all that is derived from both."""
        granted = {
            "scope": Scope.JOURNEY,
            "place": "",
            "journey_id": pk,
            "step": "",
            "asset_id": None,
            "taxonomy_id": None,
            "ends_at": None,
            "is_over": False,
            "granted_at": at - timedelta(days=1),
        }
        holders: list[tuple[str, int | None, Crew | None]] = [("journey-manager", manager, None)]
        holders += [("contributor", None, crew) for crew in {one.pk: one for one in crews}.values()]
        for key, person, crew in holders:
            role = self.roles[key]
            held = {"role_id": role.pk, "user_id": person, "team_id": crew.pk if crew else None}
            self.copier.track(Grant, granted | held, at=at, by=manager)
            self.copier.add(JourneyRole, {"journey_id": pk} | held)
            for codename in role.permissions:
                if codename not in self.permissions:
                    continue
                right = {"permission_id": self.permissions[codename], "content_object_id": pk}
                if crew is None:
                    self.copier.add(JourneyUserObjectPermission, right | {"user_id": person})
                else:
                    self.copier.add(JourneyGroupObjectPermission, right | {"group_id": crew.group})
