"""An asset goes out of use, and comes back, by a change; nothing else about it moves."""

import pytest

import content.services
from cjops.core.errors import DocumentInvalid
from cjops.documents import Change, canonical, diff, digest, hunks
from content import definition, projection, queries, words
from content.adapter import ADAPTER
from content.claims import claims
from governance import services
from governance.proposals import proposal_of
from governance.transitions import Action
from journeys.adapter import ADAPTER as JOURNEYS
from journeys.definition import complete
from tests.cast import email_document, journey_document, propose, rename, take
from tests.factories import AssetFactory
from tests.factories import email_document as factory_document
from tests.pages import text_of


def asset(**fields):
    return definition.complete(factory_document(**fields))


def test_a_document_from_before_keeps_its_digest():
    document = asset()
    assert "status" not in document
    # As it was stored before there was a status.
    assert definition.complete(document) == document
    assert digest(definition.complete(document | {"status": "active"})) == digest(document)
    assert b"status" not in canonical(document)


def test_a_retired_asset_says_so_and_coming_back_is_the_old_document_again():
    document = asset()
    retired = definition.complete(document | {"status": "retired"})
    assert retired["status"] == "retired"
    assert definition.complete(retired) == retired
    assert digest(retired) != digest(document)
    assert definition.complete(retired | {"status": "active"}) == document


@pytest.mark.parametrize("status", ["gone", "", None, 1, "Retired"])
def test_other_statuses_are_refused(status):
    with pytest.raises(DocumentInvalid):
        definition.complete(asset() | {"status": status})


def test_going_out_of_use_and_coming_back_are_said_first():
    document = asset()
    retired = document | {"status": "retired"}
    said = words.summarise(diff(document, retired), document, retired)
    assert said == ["Retired: no step is to show it any more."]
    renamed = document | {"name": "Other"}
    assert words.summarise(diff(retired, renamed), retired, renamed) == [
        "Back in use: steps may show it again.",
        "Changed about the asset: name.",
    ]
    assert words.status_label(diff(document, retired)[0].before) == "In use"


def test_only_going_out_of_use_is_a_claim():
    document = asset()
    retired = document | {"status": "retired"}

    def kinds(before, after):
        return [one.kind for one in claims("welcome", before, after, hunks(diff(before, after)))]

    assert kinds(document, retired) == ["touch", "retire"]
    assert kinds(retired, document) == ["touch"]
    assert kinds(retired, retired | {"name": "Other"}) == ["touch"]
    assert kinds(ADAPTER.nothing, document) == ["touch", "touch"]
    assert isinstance(diff(document, retired)[0], Change)


pytest_db = pytest.mark.django_db


def retire(cast):
    """Publish a change that takes the welcome e-mail out of use."""
    change = services.open_change(
        kind="asset", key=cast.asset.key, title="Retire", actor=cast.mei, rationale="Old"
    )
    edit = {"op": "update", "element": "header", "key": "", "fields": {"status": "retired"}}
    services.edit_change(number=change.number, actor=cast.mei, edits=[edit])
    take(change, Action.SUBMIT, cast.mei)
    for name in ("tom", "nora"):
        change.refresh_from_db()
        if change.state == "in_review":
            take(change, Action.APPROVE, cast.named(name))
    take(change, Action.PUBLISH, cast.tom)
    cast.asset.refresh_from_db()
    return change


@pytest_db
def test_publishing_sets_the_column(cast):
    assert cast.asset.status == "active"
    retire(cast)
    assert cast.asset.status == "retired"
    assert projection.differences(cast.asset) == []
    assert cast.asset.history.first().status == "retired"


@pytest_db
def test_retired_content_is_offered_for_no_slot(cast):
    assert cast.asset in queries.assets_for_slot(cast.mei, "email")
    retire(cast)
    assert cast.asset not in queries.assets_for_slot(cast.mei, "email")
    assert cast.asset in queries.library(cast.mei)


@pytest_db
def test_a_step_that_shows_it_has_a_warning_and_the_journey_goes_on_changing(cast):
    retire(cast)
    document = complete(journey_document(cast.asset.versions.get(number=1).digest))
    (found,) = [one for one in JOURNEYS.validate(document) if one.code == "content-retired"]
    assert found.severity == "warning"
    assert found.pointer == "/steps/0/slots/body/asset"
    assert "shows “onboarding-welcome”, which is retired" in found.message
    change = propose(cast, rename("Pause", "wait"))
    take(change, Action.SUBMIT, cast.mei)
    assert change.state == "in_review"


@pytest_db
def test_submitting_it_for_a_slot_is_refused(cast):
    version = content.services.add_version(
        asset=cast.asset, document=email_document("Hello"), actor=cast.mei
    )
    retire(cast)
    with pytest.raises(DocumentInvalid) as refusal:
        services.submit_content(
            journey_key=cast.journey.key,
            step_key="welcome-email",
            slot="body",
            actor=cast.mei,
            asset_key=cast.asset.key,
            version=version.number,
            rationale="Because",
        )
    assert [one.code for one in refusal.value.extra["findings"]] == ["content-retired"]


@pytest_db
def test_an_earlier_version_that_goes_live_does_not_bring_it_back(cast):
    retire(cast)
    live = cast.asset.live_version
    content.services.make_live(bound={(cast.asset.key, 1)}, actor=cast.tom)
    cast.asset.refresh_from_db()
    assert (cast.asset.status, cast.asset.live_version) == ("retired", live)
    newer = content.services.add_version(
        asset=cast.asset, document=email_document("Back again"), actor=cast.mei
    )
    content.services.make_live(bound={(cast.asset.key, newer.number)}, actor=cast.tom)
    cast.asset.refresh_from_db()
    assert (cast.asset.status, cast.asset.live_version) == ("active", newer)


@pytest_db
def test_the_page_of_the_change_offers_the_status_and_shows_it(cast, signed_in):
    change = services.open_change(
        kind="asset", key=cast.asset.key, title="Retire", actor=cast.mei, rationale="Old"
    )
    client = signed_in("mei")
    address = f"/changes/{change.pk}/edit/"
    form = client.get(address).context["head"]
    assert form["status"].initial == form.get_initial_for_field(form.fields["status"], "status")
    texts = client.get(address).context["texts"]
    sent = {name: texts[name].value() or "" for name in texts.fields if name != "tags"}
    sent |= {"name": "Onboarding welcome", "purpose": "", "base": 1, "do": "save"}
    sent |= {"digest": change.digest, "language": ["en"], "status": "retired"}
    assert client.post(address, sent).status_code == 302
    change.refresh_from_db()
    assert proposal_of(change).proposed["status"] == "retired"
    text = text_of(client.get(f"/changes/{change.pk}/"))
    assert "Retired: no step is to show it any more." in text
    assert "Status" in text
    assert "In use" in text
    assert client.post(address, sent | {"status": "gone"}).status_code == 422


@pytest_db
def test_library_page_and_api_say_it(cast, signed_in, client):
    retire(cast)
    client = signed_in("mei")
    assert "Retired" in text_of(client.get("/content/"))
    assert "Retired" in text_of(client.get(f"/content/{cast.asset.key}/"))
    assert client.get(f"/api/v1/assets/{cast.asset.key}/").json()["status"] == "retired"


@pytest_db
def test_an_asset_is_in_use_from_the_beginning():
    assert AssetFactory().status == "active"
