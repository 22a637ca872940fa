"""Seeding the demo organisation: all of it or nothing, and nothing the second time."""

from datetime import timedelta

from django.apps import apps
from django.contrib.auth.models import Group
from django.db import connection, models, transaction
from django.db.models import F
from django.utils import timezone

from cjops.core.immutability import at_rest
from cjops.core.models import Leaf, TreeHead
from cjops.core.reactions import untold
from cjops.core.sealing import kept
from cjops.demo import content_rules, organisation, reading
from cjops.demo.history import History
from content.models import SampleProfile
from governance.models import Change, Notification
from governance.services.founding import add_default_policies
from governance.services.reasking import UNDER_WAY, ask_again
from governance.services.recording import without_mail
from journeys.models import Journey
from people.models import User

# Everything a person of the demo could have made; what the platform keeps (permissions, schedules,
# migrations) stays.
EMPTIED_APPS = (
    "people",
    "tags",
    "content",
    "journeys",
    "governance",
    "account",
    "sessions",
    "admin",
)
# Whoever comes back every few days has read what is older.
READ_AFTER = timedelta(days=3)


def is_seeded() -> bool:
    """Whether the demo organisation is there; it comes in one transaction, so all of it."""
    return (
        User.objects.filter(email="mei@bank.example").exists()
        and Journey.objects.filter(key="account-opening").exists()
    )


@transaction.atomic(savepoint=False)
def seed() -> None:
    """Create the organisation and play its history, within the caller's transaction."""
    now = timezone.now()
    with without_mail(), untold():
        bank = organisation.found(now)
        _profiles()
        content_rules.add()
        History(bank).play()
        _add_own_policies(bank)
    Notification.objects.filter(created_at__lt=now - READ_AFTER).update(
        read_at=F("created_at") + timedelta(hours=5)
    )


def _profiles() -> None:
    """The made-up customers as whom previews are looked at."""
    for position, profile in enumerate(reading.profiles()):
        SampleProfile.objects.create(
            key=profile["key"],
            name=profile["name"],
            persona=profile["persona"],
            values=profile["values"],
            position=position,
        )


def _add_own_policies(bank: organisation.Organisation) -> None:
    """What the bank asks for beside what every portal starts with: since today, so that changes
    under way show how they were asked about anew."""
    omar = bank.people["omar@bank.example"]
    add_default_policies(definitions=reading.records("policies"), actor=omar)
    for number in Change.objects.filter(state__in=UNDER_WAY).values_list("pk", flat=True):
        ask_again(number=number)


def empty() -> None:
    """Empty the portal's own tables, past the guards of immutable rows: for superusers."""
    tables = {model._meta.db_table for model in emptied_models()}
    quoted = ", ".join(connection.ops.quote_name(table) for table in sorted(tables))
    with transaction.atomic(savepoint=False), at_rest(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {quoted} RESTART IDENTITY CASCADE")
    kept.forget()


def emptied_models() -> list[type[models.Model]]:
    """The models `empty` empties: ours, the teams' groups, sign-ins, sessions, and the log."""
    ours = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in EMPTIED_APPS
    ]
    return [*ours, Group, Leaf, TreeHead]
