"""The cast: the people of the demo organisation, on a journey small enough to read in a test."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Permission
from django.utils import timezone

import content.services
import people.services
from content.models import Asset
from governance import services
from governance.models import Change
from governance.services.founding import add_default_policies
from governance.transitions import Action
from journeys.models import Journey
from people import granting
from people.models import Channel, MembershipRole, Role, Team, TeamKind, User
from tests import snapshot

CAST = ("mei", "tom", "nora", "ana", "omar", "jun", "ida", "zoe")
LEAD, CONTRIBUTOR = MembershipRole.LEAD, MembershipRole.CONTRIBUTOR


@dataclass
class Cast:
    """Mei writes e-mails, Tom and Nora lead her team, Ana answers for the journey, Omar leads
    journey operations, Jun leads the SMS team, Ida reads everything, Zoe works elsewhere."""

    mei: User
    tom: User
    nora: User
    ana: User
    omar: User
    jun: User
    ida: User
    zoe: User
    journey: Journey
    asset: Asset

    def named(self, name: str) -> User:
        person: User = getattr(self, name)
        return person

    def everybody(self) -> dict[str, User]:
        return {name: self.named(name) for name in CAST}


def email_document(subject: str = "Welcome to your account") -> dict[str, Any]:
    rendition = {
        "key": "en",
        "subject": subject,
        "preheader": "Three minutes and you are done",
        "body": "<h1>Welcome</h1><p>Your account is open.</p>",
        "text": "Welcome. Your account is open.",
        "sender": "The bank",
    }
    return {"name": "Onboarding welcome", "kind": "email", "renditions": [rendition]}


def journey_document(digest: str) -> dict[str, Any]:
    """Five steps: an e-mail, a wait, a text message, a call, the end."""
    slot = {"purpose": "Says hello", "asset": "onboarding-welcome", "version": 1, "digest": digest}
    steps = [
        {
            "key": "welcome-email",
            "stage": "start",
            "name": "Welcome e-mail",
            "kind": "message",
            "channel": "email",
            "team": "email",
            "slots": {"body": slot},
        },
        {"key": "wait", "stage": "start", "name": "Wait", "kind": "wait", "wait": "P5D"},
        {
            "key": "call",
            "stage": "use",
            "name": "Courtesy call",
            "kind": "touchpoint",
            "channel": "call-centre",
            "team": "sms",
            "slots": {"script": {"purpose": "What to say"}},
        },
        {"key": "end", "stage": "use", "name": "End", "kind": "exit"},
    ]
    ways = [("welcome-email", "wait"), ("wait", "call"), ("call", "end")]
    return {
        "name": "Account opening",
        "purpose": "From application to first payment",
        "market": "private",
        "goal": {"statement": "Accounts in use", "metric": "First payments", "target": "65 %"},
        "stages": [{"key": "start", "name": "Start"}, {"key": "use", "name": "Use"}],
        "entries": [{"key": "applied", "name": "Applied", "rule": "Applied", "step": ways[0][0]}],
        "steps": steps,
        "transitions": [
            {"key": f"{source}-{target}", "source": source, "target": target}
            for source, target in ways
        ],
    }


def person(name: str, **fields: Any) -> User:
    return people.services.create_person(
        email=f"{name}@bank.example", name=name.capitalize(), actor=None, **fields
    )


def build() -> Cast:
    """Everybody and everything, as the services that also serve the portal make it."""
    snapshot.rows_of("cast", make)
    staff = {user.email.partition("@")[0]: user for user in User.objects.all()}
    return Cast(
        **{
            name: staff[name] for name in ("mei", "tom", "nora", "ana", "omar", "jun", "ida", "zoe")
        },
        journey=Journey.objects.get(key="account-opening"),
        asset=Asset.objects.get(key="onboarding-welcome"),
    )


def make() -> None:
    """Make all of it."""
    people.services.add_defaults()
    add_default_policies()
    names = ("mei", "tom", "nora", "ana", "jun", "zoe")
    staff = {name: person(name) for name in names}
    staff["omar"] = person("omar", is_superuser=True, is_staff=True)
    staff["ida"] = person("ida")
    grant_everything(staff["ida"])
    channels = {channel.key: channel for channel in Channel.objects.all()}
    email = team("email", TeamKind.CHANNEL, [channels["email"]])
    sms = team("sms", TeamKind.CHANNEL, [channels["sms"], channels["call-centre"]])
    operations = team("journey-operations", TeamKind.JOURNEY_OPERATIONS, [])
    elsewhere = team("web", TeamKind.CHANNEL, [channels["web"]])
    for group, name, role in (
        (email, "mei", CONTRIBUTOR),
        (email, "tom", LEAD),
        (email, "nora", LEAD),
        (sms, "jun", LEAD),
        (operations, "omar", LEAD),
        (elsewhere, "zoe", LEAD),
    ):
        people.services.set_membership(team=group, user=staff[name], role=role, actor=None)
    version = content.services.create_asset(
        key="onboarding-welcome",
        name="Onboarding welcome",
        kind="email",
        team=email,
        document=email_document(),
        actor=staff["mei"],
    )
    change = services.create_journey(
        key="account-opening",
        actor=staff["omar"],
        raw=journey_document(version.digest),
        is_restricted=True,
    )
    assert change.journey is not None
    journey = change.journey
    roles = {role.key: role for role in Role.objects.all()}
    granting.give(
        on=granting.on(journey), role=roles["journey-manager"], user=staff["ana"], actor=None
    )
    for group in (email, sms):
        granting.give(on=granting.on(journey), role=roles["contributor"], team=group, actor=None)
    founder = journey.grants.get(user=staff["omar"])
    granting.take_back(grant=founder, actor=None)
    take(change, Action.SUBMIT, staff["omar"])
    for name in ("tom", "jun", "ana"):
        take(change, Action.APPROVE, staff[name])
    take(change, Action.PUBLISH, staff["ana"])


def team(key: str, kind: str, channels: list[Channel]) -> Team:
    return people.services.create_team(
        key=key, name=key.capitalize(), kind=kind, channels=channels, actor=None
    )


def grant_everything(user: User) -> None:
    """The auditor's right to see, and nothing else."""
    user.user_permissions.add(Permission.objects.get(codename="see_everything"))


def take(change: Change, action: Action, actor: User, **said: Any) -> Any:
    """Take a step, and bring the change in hand up to date."""
    entry = services.take(action=action, number=change.number, actor=actor, **said)
    change.refresh_from_db()
    return entry


def propose(cast: Cast, *edits: dict[str, Any], by: str = "mei") -> Change:
    """An open draft on the journey, with these edits; by default a reworded welcome e-mail."""
    change = services.open_change(
        kind="journey",
        key=cast.journey.key,
        title="Warmer welcome",
        rationale="People drop out here",
        actor=cast.named(by),
    )
    services.edit_change(
        number=change.number, actor=cast.named(by), edits=list(edits) or [rename("A warm welcome")]
    )
    change.refresh_from_db()
    return change


def rename(name: str, step: str = "welcome-email") -> dict[str, Any]:
    return {"op": "update", "element": "steps", "key": step, "fields": {"name": name}}


def reach(cast: Cast, state: str) -> Change:
    """A change of the welcome e-mail in that state."""
    change = propose(cast)
    if state == "draft":
        return change
    if state == "withdrawn":
        take(change, Action.WITHDRAW, cast.mei)
        return change
    take(change, Action.SUBMIT, cast.mei)
    if state == "in_review":
        return change
    if state == "changes_requested":
        take(change, Action.REQUEST_CHANGES, cast.tom, comment="Shorter, please")
        return change
    if state == "rejected":
        take(change, Action.REJECT, cast.ana, comment="Not this quarter")
        return change
    take(change, Action.APPROVE, cast.tom)
    take(change, Action.APPROVE, cast.ana)
    if state == "scheduled":
        take(change, Action.SCHEDULE, cast.ana, publish_at=timezone.now() + timedelta(days=1))
    if state == "published":
        take(change, Action.PUBLISH, cast.ana)
    return change


def wait_for(days: int) -> dict[str, Any]:
    """The edit by which the wait of the journey takes so many days."""
    return {"op": "update", "element": "steps", "key": "wait", "fields": {"wait": f"P{days}D"}}


def approved(cast: Cast, *edits: dict[str, Any], by: tuple[str, ...] = ("ana",)) -> Change:
    """A change of Mei's with these edits, decided on by these people."""
    change = propose(cast, *edits)
    take(change, Action.SUBMIT, cast.mei)
    for name in by:
        take(change, Action.APPROVE, cast.named(name))
    return change


def go_live(cast: Cast, *edits: dict[str, Any], by: tuple[str, ...] = ("ana",)) -> Change:
    """The same, published."""
    change = approved(cast, *edits, by=by)
    take(change, Action.PUBLISH, cast.ana)
    return change


def reword(cast: Cast, **said: str) -> Change:
    """A change that shows other words in the welcome e-mail, under review."""
    document = cast.asset.live_version.get_document()
    return services.submit_content(
        journey_key=cast.journey.key,
        step_key="welcome-email",
        slot="body",
        actor=cast.mei,
        asset_key=cast.asset.key,
        rationale="Shorter",
        document={**document, "renditions": [{**document["renditions"][0], **said}]},
    )
