"""Owners of adapted content are told once for each version of what it was made from."""

import pytest

import content.services
import people.services
from content.models import Asset
from governance import schedules
from governance.models import LedgerEntry, Notification, OriginNotice
from governance.notifications import mail_for
from people.models import MembershipRole, Team
from tests.cast import build, email_document

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast():
    return build()


@pytest.fixture
def adapted(cast):
    """Zoe's web team made a message from the welcome e-mail."""
    document = email_document() | {
        "name": "Card letter",
        "adapted_from": [{"asset": cast.asset.key, "version": 1}],
    }
    content.services.create_asset(
        key="card-letter",
        name="Card letter",
        kind="email",
        team=Team.objects.get(key="web"),
        document=document,
        actor=cast.zoe,
    )
    return Asset.objects.get(key="card-letter")


def moves(cast, subject):
    """The origin goes live in another version."""
    asset = Asset.objects.get(pk=cast.asset.pk)
    document = email_document(subject)
    version = content.services.add_version(asset=asset, document=document, actor=cast.mei)
    content.services.make_live(bound={(asset.key, version.number)})


def told():
    found = Notification.objects.filter(kind="origin_moved").order_by("pk")
    return list(found.values_list("user__name", flat=True))


def test_the_lead_of_the_owner_team_is_told_once_for_each_version(cast, adapted):
    moves(cast, "Another")
    for _again in range(2):
        schedules.tell_of_origins()
        schedules.tell_of_origins(origins=[cast.asset.pk])
    assert told() == ["Zoe"]
    moves(cast, "A third")
    schedules.tell_of_origins(origins=[cast.asset.pk])
    assert told() == ["Zoe", "Zoe"]


def test_nothing_is_told_before_it_moves(cast, adapted):
    schedules.tell_of_origins()
    assert told() == []
    assert not OriginNotice.objects.exists()


def test_who_does_not_see_the_origin_is_not_told(cast, adapted):
    Asset.objects.filter(pk=cast.asset.pk).update(is_restricted=True)
    moves(cast, "Another")
    schedules.tell_of_origins()
    assert told() == []


def test_members_who_do_not_lead_are_not_told(cast, adapted):
    web = Team.objects.get(key="web")
    people.services.set_membership(
        team=web, user=cast.jun, role=MembershipRole.CONTRIBUTOR, actor=None
    )
    moves(cast, "Another")
    schedules.tell_of_origins()
    assert told() == ["Zoe"]


def test_the_mail_names_both_and_leads_to_the_adapted_asset(cast, adapted):
    moves(cast, "Another")
    schedules.tell_of_origins()
    mail = mail_for(Notification.objects.get(kind="origin_moved"))
    assert mail.subject == "Its origin has changed: Card letter"
    assert "Version 2 of “Onboarding welcome” is live." in mail.body
    assert "/content/card-letter/" in mail.body


def test_the_mail_names_no_origin_that_is_closed_to_its_reader_by_then(cast, adapted):
    moves(cast, "Another")
    schedules.tell_of_origins()
    Asset.objects.filter(pk=cast.asset.pk).update(is_restricted=True)
    mail = mail_for(Notification.objects.get(kind="origin_moved"))
    assert "Onboarding welcome" not in mail.body


def test_the_ledger_names_the_origin_by_its_id_alone(cast, adapted):
    moves(cast, "Another")
    schedules.tell_of_origins()
    entry = LedgerEntry.objects.get(action="origin-moved")
    assert entry.data == {"origin": cast.asset.pk, "from": 1, "to": 2}
