"""What pages are counted on: the cast, a journey of 60 steps, a change of 50 hunks, and more."""

from dataclasses import dataclass
from typing import Any

import content.services
import people.services
import tags.services
from content.models import Asset
from governance import services
from governance.models import Change
from governance.transitions import Action
from people import granting
from people.models import Membership, Role, User
from tags.models import Taxonomy
from tests.cast import Cast, build, email_document, journey_document, reach, take, team

SIXTY, HUNKS = 60, 50
BIG = "sixty-steps"


@dataclass
class Scene:
    """The rows that the counted pages show, and a token of each person for the API."""

    cast: Cast
    big: Change
    draft: Change
    tokens: dict[str, str]
    grown: int = 0

    def address(self, path: str) -> str:
        """The path with the numbers of the two changes in it."""
        return path.format(big=self.big.pk, draft=self.draft.pk)


def build_scene() -> Scene:
    """Everything through the services, as in the portal."""
    cast = build()
    taxonomy = tags.services.create_taxonomy(
        key="topics", name="Topics", team=cast.asset.team, actor=cast.mei
    )
    taxonomy.concepts.create(key="cards", label="Cards", rank="a", status="active")
    _publish_twice(cast)
    return Scene(
        cast=cast,
        big=proposed(cast, HUNKS, submit=True),
        draft=proposed(cast, 3, submit=False),
        tokens={
            name: people.services.issue_token(user=cast.named(name))
            for name in ("mei", "tom", "ana")
        },
    )


def _publish_twice(cast: Cast) -> None:
    """The long journey, live in its second version; Ana answers for it, Mei contributes."""
    change = services.create_journey(key=BIG, actor=cast.omar, raw=long_document(cast.asset))
    journey = change.journey
    assert journey is not None
    for user, role in ((cast.ana, "journey-manager"), (cast.mei, "contributor")):
        granting.give(
            on=granting.on(journey), role=Role.objects.get(key=role), user=user, actor=None
        )
    _publish(change, cast)
    _publish(proposed(cast, 1, submit=False, by=cast.omar), cast)


def _publish(change: Change, cast: Cast) -> None:
    take(change, Action.SUBMIT, cast.omar)
    take(change, Action.APPROVE, cast.tom)
    take(change, Action.APPROVE, cast.ana)
    take(change, Action.PUBLISH, cast.ana)


def long_document(asset: Asset, length: int = SIXTY) -> dict[str, Any]:
    """So many e-mails in six stages, one after the other."""
    version = asset.versions.get(number=1)
    slot = {"purpose": "", "asset": asset.key, "version": 1, "digest": version.digest}
    steps = [
        {
            "key": f"step-{number}",
            "name": f"Step {number}",
            "kind": "exit" if number == length - 1 else "message",
            "stage": f"stage-{number * 6 // length}",
            **({} if number == length - 1 else _email(slot)),
        }
        for number in range(length)
    ]
    return {
        **journey_document(version.digest),
        "name": "Sixty steps",
        "stages": [{"key": f"stage-{number}", "name": f"Stage {number}"} for number in range(6)],
        "entries": [{"key": "in", "name": "In", "rule": "Applied", "step": "step-0"}],
        "steps": steps,
        "transitions": [
            {"key": f"to-{number}", "source": f"step-{number - 1}", "target": f"step-{number}"}
            for number in range(1, length)
        ],
    }


def _email(slot: dict[str, Any]) -> dict[str, Any]:
    return {
        "channel": "email",
        "team": "email",
        "support_teams": ["sms"],
        "slots": {"body": slot},
        "tags": ["topics:cards"],
        "emotion": 1,
        "frequency_class": "service",
        "kpi": {"metric": "Opens", "target": "40 %", "guardrail": ""},
    }


def proposed(cast: Cast, hunks: int, *, submit: bool, by: User | None = None) -> Change:
    """A change that rewords the first steps of the long journey."""
    author = by or cast.mei
    change = services.open_change(
        kind="journey", key=BIG, title="Plainer words", rationale="Clearer", actor=author
    )
    edits = [
        {
            "op": "update",
            "element": "steps",
            "key": f"step-{number}",
            "fields": {"purpose": f"In plain words, CR-{change.pk}"},
        }
        for number in range(hunks)
    ]
    services.edit_change(number=change.number, actor=author, edits=edits)
    if submit:
        services.take(action=Action.SUBMIT, number=change.number, actor=author)
    return Change.objects.get(pk=change.pk)


def grow(scene: Scene, times: int) -> None:
    """More of everything that pages list: each call adds so many rows of each kind."""
    cast = scene.cast
    role = Role.objects.get(key="journey-manager")
    first = scene.grown
    scene.grown += times
    for number in range(first, scene.grown):
        crew = team(f"crew-{number}", "channel", [])
        crew.channels.set(cast.asset.team.channels.all())
        for user, place in ((cast.jun, "lead"), (cast.zoe, "contributor")):
            people.services.set_membership(team=crew, user=user, role=place, actor=None)
        document = email_document(f"Hello {number}")
        made = content.services.create_asset(
            key=f"asset-{number}",
            name=f"Asset {number}",
            kind="email",
            team=cast.asset.team,
            document=document,
            actor=cast.mei,
        )
        content.services.add_version(asset=cast.asset, document=document, actor=cast.mei)
        tags.services.create_taxonomy(
            key=f"taxonomy-{number}", name="More", team=crew, actor=cast.mei
        )
        topics = Taxonomy.objects.get(key="topics")
        topics.concepts.create(key=f"concept-{number}", label="More", rank="b", status="active")
        change = services.create_journey(
            key=f"more-{number}",
            actor=cast.mei,
            raw={**journey_document(""), **_bound(made, cast)},
        )
        assert change.journey is not None
        granting.give(on=granting.on(change.journey), role=role, user=cast.ana, actor=None)
        proposed(cast, 2, submit=True)
        proposed(cast, 1, submit=False)
        for state in ("in_review", "approved", "changes_requested"):
            reach(cast, state)
    assert Membership.objects.count() > times


def _bound(version: Any, cast: Cast) -> dict[str, Any]:
    """Steps that show the content of a version."""
    slot = {
        "purpose": "",
        "asset": version.subject.key,
        "version": version.number,
        "digest": version.digest,
    }
    steps = journey_document("")["steps"]
    return {"steps": [{**steps[0], "slots": {"body": slot}}, *steps[1:]]}
