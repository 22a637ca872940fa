"""Owners of adapted content are told once for each version of what it was made from."""

import pytest

import content.services
import people.services
from cjops.core.errors import Invalid
from content.lineage import descendants_of
from content.models import Asset, Descent
from governance import schedules
from governance.models import LedgerEntry, Notification, OriginNotice
from governance.notifications import mail_for
from governance.queries.telling import told_to
from people.models import MembershipRole, Team
from tests.cast import build, email_document

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast():
    return build()


@pytest.fixture
def adapted(cast):
    """Zoe's web team made a message from the welcome e-mail."""
    return made_from(cast, cast.asset.key)


def made_from(cast, origin):
    content.services.create_asset(
        key="card-letter",
        name="Card letter",
        kind="email",
        team=Team.objects.get(key="web"),
        document=naming(origin) | {"name": "Card letter"},
        actor=cast.zoe,
    )
    return Asset.objects.get(key="card-letter")


def naming(origin):
    return email_document() | {"adapted_from": [{"asset": origin, "version": 1}]}


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


# --- of what is hidden nobody is told that it is there --------------------------------------------


@pytest.fixture
def hidden(cast):
    """Zoe does not see the welcome e-mail."""
    Asset.objects.filter(pk=cast.asset.pk).update(is_restricted=True)
    return Asset.objects.get(pk=cast.asset.pk)


def test_a_hidden_origin_is_refused_like_one_that_is_nowhere(cast, hidden):
    said = []
    for key in (hidden.key, "no-such-thing"):
        with pytest.raises(Invalid) as refusal:
            made_from(cast, key)
        said.append(str(refusal.value.errors).replace(key, "?"))
    assert said[0] == said[1]
    assert not Asset.objects.filter(key="card-letter").exists()


def test_nor_does_another_version_name_it(cast, hidden):
    document = email_document()
    asset = content.services.create_asset(
        key="card-letter",
        name="Card letter",
        kind="email",
        team=Team.objects.get(key="web"),
        document=document,
        actor=cast.zoe,
    ).subject
    with pytest.raises(Invalid, match="not there"):
        content.services.add_version(asset=asset, document=naming(hidden.key), actor=cast.zoe)
    assert descendants_of(hidden, cast.mei) == []


def test_what_was_named_before_it_was_hidden_stays(cast, adapted, hidden):
    document = naming(hidden.key) | {"name": "Card letter", "purpose": "Another"}
    version = content.services.add_version(asset=adapted, document=document, actor=cast.zoe)
    assert version.number == 2
    assert [one.asset for one in descendants_of(hidden, cast.mei)] == [adapted]


def test_what_is_brought_in_is_not_linked_to_what_is_hidden(cast, hidden):
    content.services.write_asset(
        key="brought",
        name="Brought",
        kind="email",
        team=Team.objects.get(key="web"),
        document=naming(hidden.key),
        actor=cast.zoe,
    )
    assert not Descent.objects.exists()


def test_the_ledger_says_nothing_of_an_origin_that_its_reader_does_not_see(cast, adapted):
    moves(cast, "Another")
    schedules.tell_of_origins()
    data = [LedgerEntry.objects.get(action="origin-moved").data, {"from": 1, "to": 2}]
    assert told_to(cast.zoe, data) == data
    Asset.objects.filter(pk=cast.asset.pk).update(is_restricted=True)
    assert told_to(cast.zoe, data) == [{"origin": None, "from": None, "to": None}, data[1]]
    assert told_to(cast.mei, data) == data
