"""Rows for tests, made as the portal makes them: through the services where there are any."""

from typing import Any

import factory
from django.utils import timezone

import content.services
import journeys.definition
import journeys.projection
import people.services
from cjops.documents import Document, digest
from content.models import Asset, AssetVersion
from journeys.models import Journey, JourneyVersion
from people.models import Channel, Role, Team, TeamKind, User

PASSWORD = "correct horse battery staple"


class UserFactory(factory.django.DjangoModelFactory):
    """A person who can sign in with `PASSWORD`."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda number: f"person{number}@bank.example")
    name = factory.Sequence(lambda number: f"Person {number}")
    password = factory.django.Password(PASSWORD)


class ChannelFactory(factory.django.DjangoModelFactory):
    """A channel; asked for twice, it is the same."""

    class Meta:
        model = Channel
        django_get_or_create = ("key",)

    key = "email"
    name = factory.LazyAttribute(lambda channel: channel.key.title())


class RoleFactory(factory.django.DjangoModelFactory):
    """A role; asked for twice, it is the same."""

    class Meta:
        model = Role
        django_get_or_create = ("key",)

    key = "contributor"
    name = factory.LazyAttribute(lambda role: role.key.title())
    permissions = factory.LazyFunction(lambda: ["view_journey", "propose_journey"])


class TeamFactory(factory.Factory):
    """A team with its group; `leads`, `members` and `channels` (keys) as wanted."""

    class Meta:
        model = Team

    key = factory.Sequence(lambda number: f"team-{number}")
    name = factory.LazyAttribute(lambda team: team.key.title())
    kind = TeamKind.CHANNEL
    leads: Any = ()
    members: Any = ()
    channels: Any = ()

    @classmethod
    def _create(cls, model_class: type[Team], *args: Any, **fields: Any) -> Team:
        leads, members = fields.pop("leads"), fields.pop("members")
        channels = [ChannelFactory(key=key) for key in fields.pop("channels")]
        team = people.services.create_team(actor=None, channels=channels, **fields)
        for role, persons in (("lead", leads), ("contributor", members)):
            for person in persons:
                people.services.set_membership(team=team, user=person, role=role, actor=None)
        return team


LEAVING = "https://bank.example/unsubscribe"


def email_document(**fields: Any) -> Document:
    """An e-mail that passes all checks without a warning."""
    renditions = [
        {
            "key": key,
            "subject": subject,
            "preheader": "Two minutes to your first payment",
            "sender": "The bank <hello@bank.example>",
            "body": f'<p>{subject}</p><p><a href="{LEAVING}">{leave}</a></p>',
            "text": f"{subject}\n{leave}: {LEAVING}",
        }
        for key, subject, leave in (
            ("en", "Welcome to the bank", "Unsubscribe"),
            ("zh-hans", "欢迎", "退订"),
        )
    ]
    return {"name": "Welcome", "kind": "email", "renditions": renditions} | fields


class AssetFactory(factory.Factory):
    """An asset with its first version, live; `document` says what it says."""

    class Meta:
        model = Asset

    key = factory.Sequence(lambda number: f"asset-{number}")
    name = "Welcome"
    kind = "email"
    team = factory.SubFactory(TeamFactory)
    document = factory.LazyAttribute(lambda asset: email_document(kind=asset.kind))
    is_restricted = False
    is_live = True

    @classmethod
    def _create(cls, model_class: type[Asset], *args: Any, **fields: Any) -> Asset:
        is_live = fields.pop("is_live")
        ChannelFactory(key=fields["kind"])
        author = UserFactory(is_superuser=True)
        version = content.services.create_asset(actor=author, **fields)
        if is_live:
            content.services.make_live(bound={(version.subject.key, version.number)})
        return Asset.objects.get(pk=version.subject_id)


def slot_of(version: AssetVersion) -> dict[str, Any]:
    """A slot that shows that version."""
    return {
        "purpose": "Greet the customer",
        "asset": version.subject.key,
        "version": version.number,
        "digest": version.digest,
    }


def journey_document(**fields: Any) -> Document:
    """A small journey that passes all checks: one message and an exit."""
    return journeys.definition.complete(
        {
            "name": "Account opening",
            "purpose": "From application to the first payment",
            "entries": [{"key": "applied", "name": "Applied", "step": "welcome-email"}],
            "stages": [{"key": "awareness", "name": "Awareness"}, {"key": "use", "name": "Use"}],
            "steps": [
                {
                    "key": "welcome-email",
                    "name": "Welcome e-mail",
                    "stage": "awareness",
                    "kind": "message",
                    "slots": {"body": {"purpose": "Greet the customer"}},
                },
                {"key": "done", "name": "Done", "stage": "use", "kind": "exit"},
            ],
            "transitions": [
                {"key": "to-done", "source": "welcome-email", "target": "done", "share": 1}
            ],
        }
        | fields
    )


def publish(journey: Journey, document: Document, actor: User | None = None) -> JourneyVersion:
    """Make `document` the live version of the journey, as publishing a change would."""
    live = journey.live_version
    version = JourneyVersion.objects.create(
        subject=journey,
        number=live.number + 1 if live else 1,
        document=document,
        digest=digest(document),
        parent_digest=live.digest if live else "",
        created_at=timezone.now(),
        created_by=actor or UserFactory(),
    )
    journey.live_version = version
    journey.save(update_fields=["live_version"])
    journeys.projection.project(journey=journey, document=document, actor=actor)
    return version


class JourneyFactory(factory.Factory):
    """A journey that is live with `document`, or with `is_live=False` has no version yet."""

    class Meta:
        model = Journey

    key = factory.Sequence(lambda number: f"journey-{number}")
    name = "Account opening"
    document = factory.LazyFunction(journey_document)
    is_live = True

    @classmethod
    def _create(cls, model_class: type[Journey], *args: Any, **fields: Any) -> Journey:
        document, is_live = fields.pop("document"), fields.pop("is_live")
        journey = Journey.objects.create(**fields)
        if is_live:
            publish(journey, document)
        return journey
