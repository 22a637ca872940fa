"""Restricted journeys, assets and tags full of words that nobody else may ever read.

Everything is made by people who saw it, and some of them no longer do: they have written, decided,
been told and stood in for others about what is not there for them any more.
"""

import contextlib
import re
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any

from django.db import connection
from django.utils import timezone

import content.services
import journeys.services
import people.services
import tags.services
from cjops.core.errors import Conflict, Forbidden
from content.media.services import upload_picture
from content.models import Asset, AssetVersion
from governance import services
from governance.models import (
    Change,
    ChangeRevision,
    Delegation,
    FreezeWindow,
    Halt,
    LedgerEntry,
    Policy,
    Review,
    Suggestion,
)
from governance.services import ruling
from governance.transitions import Action
from journeys.models import Journey, JourneyVersion
from people import granting
from people.models import MembershipRole, Role, TeamKind
from tags.models import Taxonomy, TaxonomyVersion
from tests.bad_input.pictures import saved
from tests.cast import Cast, build, email_document, journey_document, propose, rename, take, team
from tests.cast import wait_for as waiting
from tests.governance.clashing import change_of, second_journey, update
from tests.governance.policies.writing import LEGAL

# In keys, and in everything else that people write.
KEY, WORD = "zqkey", "Zqword"
# Something as long that there is not, to compare with.
MISSING_KEY = "zqnil"
# Changes of restricted subjects have numbers like no others.
FIRST_NUMBER = 7_700_001
NUMBERS = re.compile(r"(?<![0-9a-f])77000\d\d(?![0-9a-f])")
# Who sees none of it. Mei, Tom, Jun and Zoe once did.
OUTSIDERS = ("zoe", "mei", "tom", "jun")
POLICY = "watch"


@dataclass
class Scene:
    """The rows, and what addresses can be made of."""

    cast: Cast
    hidden: list[Journey]
    asset: Asset
    taxonomy: Taxonomy
    child: Journey
    # Hashes of two of its pictures; an open asset has the first as well.
    picture: str = ""
    hidden_picture: str = ""
    changes: dict[str, Change] = field(default_factory=dict)
    open_changes: list[Change] = field(default_factory=list)
    delegations: list[Delegation] = field(default_factory=list)
    tokens: dict[str, str] = field(default_factory=dict)

    def digests(self) -> set[str]:
        """Digests of hidden documents: whoever has the document knows it by them."""
        found: set[str] = set()
        for model, about in ((JourneyVersion, self.hidden), (AssetVersion, [self.asset])):
            rows: Any = model.objects
            found.update(rows.filter(subject__in=about).values_list("digest", flat=True))
        taxonomies = TaxonomyVersion.objects.filter(subject=self.taxonomy)
        found.update(taxonomies.values_list("digest", flat=True))
        revisions = ChangeRevision.objects.filter(change__in=hidden_changes(self))
        return found | set(revisions.values_list("digest", flat=True)) | {self.hidden_picture}


def hidden_changes(scene: Scene) -> Any:
    """All changes of what is restricted."""
    return Change.objects.filter(pk__gte=FIRST_NUMBER).order_by("pk")


def build_scene() -> Scene:
    """Everything through the services, as in the portal."""
    cast = build()
    # The journey of the cast is open here: its changes stand beside the hidden ones.
    journeys.services.set_access(
        journey=cast.journey, is_restricted=False, parent=None, actor=cast.omar
    )
    first = _numbers_from(FIRST_NUMBER)
    scene = _restricted(cast)
    _changes_of(scene)
    _numbers_from(first)
    _born_of(scene)
    _beside(scene)
    _forget(scene)
    scene.tokens = {
        name: people.services.issue_token(user=cast.named(name))
        for name in (*OUTSIDERS, "ana", "omar", "ida")
    }
    return scene


def _numbers_from(number: int) -> int:
    """Give the next change that number; the one it would have had."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('governance_change', 'number'))")
        before = int(cursor.fetchone()[0])
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('governance_change', 'number'), %s, false)",
            [number],
        )
    return before


def secret_document(cast: Cast, name: str, **more: Any) -> dict[str, Any]:
    """A journey that says the word wherever a journey can say one."""
    document = journey_document(cast.asset.versions.get(number=1).digest)
    steps = document["steps"]
    steps[1] = {**steps[1], "key": f"{KEY}-wait", "name": f"{WORD} waits", "purpose": WORD}
    for one, (source, target) in zip(
        document["transitions"],
        (("welcome-email", f"{KEY}-wait"), (f"{KEY}-wait", "call"), ("call", "end")),
        strict=True,
    ):
        one |= {"key": f"{KEY}-{source}"[:60], "source": source, "target": target}
    steps[0]["tags"] = [f"{KEY}-topics:{KEY}-cards"]
    steps[0]["pain_points"] = f"{WORD} hurts"
    return {
        **document,
        "name": f"{WORD} {name}",
        "purpose": f"{WORD} on purpose",
        "market": f"{WORD} market",
        "product_line": f"{WORD} line",
        "personas": [f"{WORD} persona"],
        "goal": {"statement": WORD, "metric": WORD, "target": WORD},
        "stages": [{"key": "start", "name": f"{WORD} start"}, {"key": "use", "name": WORD}],
        "tags": [f"{KEY}-topics:{KEY}-cards"],
        **more,
    }


def _restricted(cast: Cast) -> Scene:
    vault = team("vault", TeamKind.CHANNEL, list(cast.asset.team.channels.all()))
    people.services.set_membership(team=vault, user=cast.ana, role=MembershipRole.LEAD, actor=None)
    taxonomy = tags.services.create_taxonomy(
        key=f"{KEY}-topics", name=f"{WORD} topics", team=vault, actor=cast.ana, is_restricted=True
    )
    taxonomy.concepts.create(key=f"{KEY}-cards", label=f"{WORD} cards", rank="a", status="active")
    version = content.services.create_asset(
        key=f"{KEY}-asset",
        name=f"{WORD} asset",
        kind="email",
        team=vault,
        document={**email_document(f"{WORD} subject"), "name": f"{WORD} asset"},
        actor=cast.omar,
        is_restricted=True,
    )
    parent = _journey(cast, "parent")
    slot = {
        "purpose": WORD,
        "asset": f"{KEY}-asset",
        "version": version.number,
        "digest": version.digest,
    }
    document = secret_document(cast, "second")
    document["steps"][0]["slots"][f"{KEY}-slot"] = slot
    second = _journey(cast, "second", document)
    journeys.services.set_access(journey=second, is_restricted=True, parent=parent, actor=cast.omar)
    asset = Asset.objects.get(key=f"{KEY}-asset")
    scene = Scene(cast, [parent, second], asset, taxonomy, cast.journey)
    scene.hidden_picture = _picture(asset, cast.ana, (9, 9))
    scene.picture = _picture(asset, cast.ana, (12, 8))
    _picture(cast.asset, cast.mei, (12, 8), "logo.png")
    return scene


def _picture(asset: Asset, actor: Any, size: tuple[int, int], name: str = f"{WORD}.png") -> str:
    """The hash of a picture that the asset now has."""
    file = BytesIO(saved("PNG", size))
    picture, _is_new = upload_picture(asset=asset, file=file, name=name, actor=actor)
    return picture.file.sha256


def _born_of(scene: Scene) -> None:
    """An open journey that is part of a hidden one."""
    child = second_journey(scene.cast, key="child")
    journeys.services.set_access(
        journey=child, is_restricted=False, parent=scene.hidden[0], actor=scene.cast.omar
    )
    scene.child = Journey.objects.get(pk=child.pk)


def _journey(cast: Cast, name: str, document: dict[str, Any] | None = None) -> Journey:
    """A restricted journey that is live, and that all of the cast see for now."""
    change = services.create_journey(
        key=f"{KEY}-{name}",
        actor=cast.omar,
        raw=document or secret_document(cast, name),
        title=f"{WORD} is born",
        is_restricted=True,
    )
    journey = change.journey
    assert journey is not None
    roles = {role.key: role for role in Role.objects.all()}
    granting.give(on=granting.on(journey), role=roles["journey-manager"], user=cast.ana, actor=None)
    for user in (cast.mei, cast.tom, cast.nora, cast.jun, cast.zoe):
        granting.give(on=granting.on(journey), role=roles["contributor"], user=user, actor=None)
    take(change, Action.SUBMIT, cast.omar)
    _decided(change, cast)
    take(change, Action.PUBLISH, cast.ana)
    return Journey.objects.get(pk=journey.pk)


def _decided(change: Change, cast: Cast) -> None:
    """Whoever is asked approves, with words."""
    for name in ("tom", "jun", "ana"):
        # Who is asked depends on what it touches.
        with contextlib.suppress(Forbidden, Conflict):
            take(change, Action.APPROVE, cast.named(name), comment=f"{WORD} is fine")
    assert change.state == "approved"


def _changes_of(scene: Scene) -> None:
    """One change of a hidden journey in each state, and what people said about them."""
    cast, parent = scene.cast, scene.hidden[0]

    def opened(state: str, author: str = "mei") -> Change:
        change = services.open_change(
            kind="journey",
            key=parent.key,
            title=f"{WORD} {state}",
            rationale=f"{WORD} because",
            hypothesis=f"{WORD} perhaps",
            actor=cast.named(author),
        )
        edits = [rename(f"{WORD} {state}"), update("steps", f"{KEY}-wait", wait="P9D")]
        services.edit_change(number=change.number, actor=cast.named(author), edits=edits)
        change.refresh_from_db()
        scene.changes[state] = change
        return change

    opened("draft")
    for state in ("in_review", "changes_requested", "rejected", "approved", "scheduled"):
        take(opened(state), Action.SUBMIT, cast.mei, comment=f"{WORD} please")
    found = scene.changes
    take(found["in_review"], Action.COMMENT, cast.zoe, comment=f"{WORD} I wonder")
    services.suggest(
        number=found["in_review"].number,
        actor=cast.tom,
        edits=[rename(f"{WORD} suggested")],
        comment=f"{WORD} better",
    )
    services.pick_up(number=found["in_review"].number, actor=cast.tom)
    take(
        found["changes_requested"],
        Action.REQUEST_CHANGES,
        cast.tom,
        comment=f"{WORD} is too long",
    )
    take(found["rejected"], Action.REJECT, cast.ana, comment=f"{WORD} not this year")
    for state in ("approved", "scheduled"):
        _decided(found[state], cast)
    at = timezone.now() + timedelta(days=3)
    take(found["scheduled"], Action.SCHEDULE, cast.ana, publish_at=at)
    withdrawn = opened("withdrawn", "zoe")
    take(withdrawn, Action.WITHDRAW, cast.zoe)
    # Published and taken back, so that there is a second version and an inverse.
    published = opened("published")
    take(published, Action.SUBMIT, cast.mei)
    _decided(published, cast)
    take(published, Action.PUBLISH, cast.ana, comment=f"{WORD} goes out")
    take(published, Action.ROLL_BACK, cast.ana, comment=f"{WORD} comes back")
    services.mark_moved(kind="journey", subject=parent.pk)
    services.halt(journey_key=parent.key, kind="pause", actor=cast.ana, reason=f"{WORD} has a rest")
    services.halt(
        journey_key=parent.key,
        step=f"{KEY}-wait",
        kind="stop",
        actor=cast.ana,
        reason=f"{WORD} stands still",
    )


def _beside(scene: Scene) -> None:
    """What is open to all and touches what is hidden: queues, clashes, policies, freezes."""
    cast, parent = scene.cast, scene.hidden[0]
    now = timezone.now()
    # Two that stand against each other, by the content and by the audience.
    audience = update("entries", "applied", rule="Everybody who applied")
    _numbered(FIRST_NUMBER + 60, lambda: change_of(parent, cast.ana, audience))
    clashing = propose(cast, audience, by="mei")
    behind = propose(cast, waiting(3), by="ana")
    take(behind, Action.QUEUE, cast.ana, after=scene.changes["scheduled"].number)
    of_child = change_of(scene.child, cast.mei, rename("A warm child"))
    policy = {
        "key": POLICY,
        "name": "Watch what is part of something",
        "when": {
            "any": [
                {"fact": "parents", "op": "any_of", "value": [parent.key]},
                {"fact": "key", "op": "any_of", "value": [scene.hidden[1].key, "child"]},
                {"fact": "tags", "op": "any_of", "value": [f"{KEY}-topics:{KEY}-cards"]},
            ]
        },
        "require": [LEGAL],
    }
    version = ruling.propose_policy(definition=policy, comment="So be it", actor=cast.omar)
    ruling.activate(key=POLICY, number=version.number, comment="", actor=cast.omar)
    for change in (clashing, of_child):
        take(change, Action.SUBMIT, cast.mei)
    scene.open_changes = [clashing, behind, of_child, propose(cast, by="tom")]
    services.save_freeze(
        window=FreezeWindow(
            key="quiet",
            name=f"{WORD} quiet",
            reason=f"{WORD} sleeps",
            starts_at=now + timedelta(hours=1),
            ends_at=now + timedelta(days=2),
            journey=parent,
        ),
        actor=cast.omar,
    )
    for taker in (cast.zoe, cast.jun):
        scene.delegations.append(
            services.delegate(
                giver=cast.ana,
                taker=taker,
                starts_at=now + timedelta(hours=taker.pk),
                ends_at=now + timedelta(days=6),
                actor=cast.ana,
                journey=parent,
                reason=f"{WORD} while I am away",
            )
        )


def _numbered(number: int, make: Any) -> Any:
    before = _numbers_from(number)
    made = make()
    _numbers_from(before)
    return made


def _forget(scene: Scene) -> None:
    """From now on only Ana, Omar and Ida see it."""
    for journey in scene.hidden:
        for grant in list(journey.grants.exclude(user=scene.cast.ana)):
            granting.take_back(grant=grant, actor=None)
    # What was not mailed yet is mailed later than this.


def secrets_made(scene: Scene) -> dict[str, int]:
    """How much there is to leak, so that an empty scene is no proof."""
    numbers = hidden_changes(scene)
    return {
        "changes": numbers.count(),
        "halts": Halt.objects.filter(reason__contains=WORD).count(),
        "ledger": LedgerEntry.objects.filter(change__in=numbers).count(),
        "policies": Policy.objects.filter(key=POLICY).count(),
        "reviews": Review.objects.filter(comment__contains=WORD).count(),
        "suggestions": Suggestion.objects.filter(comment__contains=WORD).count(),
        "told": sum(
            scene.cast.named(name).notifications.filter(change__in=numbers).count()
            for name in OUTSIDERS
        ),
    }
