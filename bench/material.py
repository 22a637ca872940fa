"""What is measured: journeys of 60 and 300 steps, changes of 50 and 200 hunks, small changes.

Everything comes through the services, once; a second run finds it again.
"""

import random
from typing import Any

from cjops.demo.mass.wording import CARRYING, PATTERN, Parts, Pinned, journey_document
from cjops.documents import Document
from content.models import Asset
from governance import queries, services
from governance.models import Change
from governance.transitions import Action, State
from journeys.models import Journey
from people import granting
from people.models import Role, Team, User

SIXTY, LOOP, FLOOR = "bench-sixty-steps", "bench-decisions", "bench-floor"
LONG = "bench-three-hundred-steps"
HUNKS, MANY_HUNKS = 50, 200


def person(name: str) -> User:
    """One of the demo's cast."""
    return User.objects.get(email=f"{name}@bank.example")


def parts() -> Parts:
    """Teams and content of the demo for made-up journeys."""
    channels = dict.fromkeys(channel for _kind, channel in PATTERN if channel)
    # The oldest team of a channel is the demo's, whose leads decide below.
    teams = {
        channel: Team.objects.filter(channels__key=channel).order_by("pk")[0].key
        for channel in channels
    }
    assets = (
        Asset.objects.filter(live_version__number=1, team__key__in=("email", "mobile"))
        .select_related("live_version")
        .order_by("pk")
    )
    content: dict[str, list[Pinned]] = {channel: [] for channel in CARRYING}
    for asset in assets:
        assert asset.live_version is not None
        # Content of other kinds is on none of the channels of these journeys.
        if asset.kind in content:
            content[asset.kind].append(Pinned(asset.key, asset.pk, asset.live_version.digest))
    return Parts(teams, content, [])


def document(length: int, name: str = "") -> Document:
    """A made-up journey of so many steps, the same each time."""
    made = journey_document(random.Random(length), 0, length, parts())
    return {**made, "name": name or made["name"]}


def published(key: str, length: int, name: str) -> Journey:
    """The journey of that key, live; Ana answers for it."""
    journey = Journey.objects.filter(key=key).first()
    if journey is None:
        ana = person("ana")
        change = services.create_journey(key=key, actor=ana, raw=document(length, name))
        advance(change.number, State.PUBLISHED)
        journey = Journey.objects.get(key=key)
    return journey


def advance(number: int, target: State) -> None:
    """Submit, have it approved by whom it needs, publish: as far as `target`."""
    change = Change.objects.get(pk=number)
    services.take(action=Action.SUBMIT, number=number, actor=change.author)
    if target == State.IN_REVIEW:
        return
    while True:
        unmet = change.requirements.filter(met_at=None).prefetch_related("sources")
        able = queries.deciders(list(unmet), change)
        decider = next((people[0] for people in able.values()), None)
        if decider is None:
            break
        services.take(action=Action.APPROVE, number=number, actor=decider)
    if target == State.PUBLISHED:
        services.take(action=Action.PUBLISH, number=number, actor=person("ana"))


def big_change() -> Change:
    """A change in review that edits 50 steps of the 60-step journey."""
    return _rewording(published(SIXTY, 60, "Sixty steps"), HUNKS)


def large_change() -> Change:
    """The same of 200 steps of the 300-step journey."""
    return _rewording(published(LONG, 300, "Three hundred steps"), MANY_HUNKS)


def _rewording(journey: Journey, count: int) -> Change:
    title = f"{count} steps in plainer words"
    found = Change.objects.filter(journey=journey, title=title).first()
    if found:
        return found
    mei = contributor(journey)
    change = services.open_change(kind="journey", key=journey.key, title=title, actor=mei)
    assert journey.live_version is not None
    steps = journey.live_version.get_document()["steps"][:count]
    edits = [
        update(step["key"], purpose=f"{step['purpose']}, in plain words", mindset="Good to know")
        for step in steps
    ]
    services.edit_change(number=change.number, actor=mei, edits=edits)
    advance(change.number, State.IN_REVIEW)
    return Change.objects.get(pk=change.number)


def contributor(journey: Journey) -> User:
    """Mei, with the right to propose changes of the journey."""
    mei = person("mei")
    role = Role.objects.get(key="contributor")
    granting.give(on=granting.on(journey), role=role, user=mei, actor=None)
    return mei


def update(key: str, **fields: Any) -> dict[str, Any]:
    return {"op": "update", "element": "steps", "key": key, "fields": fields}


class SmallChanges:
    """Drafts of Mei's that touch one e-mail step: they need an e-mail lead and Ana."""

    def __init__(self, key: str) -> None:
        self.journey = published(key, 20, key.replace("-", " ").capitalize())
        self.mei = contributor(self.journey)
        self.made = 0

    def draft(self) -> Change:
        """A new one."""
        self.made += 1
        change = services.open_change(
            kind="journey", key=self.journey.key, title="Plainer", actor=self.mei
        )
        # Never what is live: the number of the change goes into the text.
        edits = [update("message-2", purpose=f"Say what happens next, try {change.number}")]
        return services.edit_change(number=change.number, actor=self.mei, edits=edits)
