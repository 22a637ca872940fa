"""Whoever writes content reads beside the form what says nearly the same elsewhere."""

import pytest

import content.services
from content.models import Asset, Severity
from governance.services import submit_content
from people.models import Team
from tests.cast import email_document
from tests.content.test_drafts import KEEP
from tests.content.test_views import WRITE, typed
from tests.pages import text_of

BODY = (
    "<p>Dear customer, your new account is open. Activate your card in the app within three days, "
    "and get fifty off your first purchase with us. We are glad that you are here.</p>"
)


def another(cast, name="Card letter", **fields):
    document = email_document() | {"name": name}
    document["renditions"][0]["body"] = BODY.replace("fifty", "sixty")
    team = Team.objects.get(key="web")
    content.services.create_asset(
        key="card-letter",
        name=name,
        kind="email",
        team=team,
        document=document,
        actor=cast.zoe,
        **fields,
    )


def beside(client):
    first = email_document()["renditions"][0] | {"body": BODY}
    said = {f"en.{name}": value for name, value in first.items() if name != "key"}
    return text_of(client.post(KEEP, typed(**said, do="draft")))


def test_it_is_named_with_how_alike_it_is(signed_in, cast):
    another(cast)
    said = beside(signed_in("mei"))
    assert "Nearly the same elsewhere" in said
    assert "Card letter" in said
    assert "% alike · Web" in said


def test_what_the_writer_does_not_see_is_not(signed_in, cast):
    another(cast, is_restricted=True)
    assert "Card letter" not in beside(signed_in("mei"))


def test_what_it_was_made_from_is_not(signed_in, cast):
    another(cast)
    document = cast.asset.live_version.get_document()
    document["adapted_from"] = [{"asset": "card-letter", "version": 1}]
    content.services.add_version(
        asset=Asset.objects.get(pk=cast.asset.pk), document=document, actor=cast.mei
    )
    assert "Card letter" not in beside(signed_in("mei"))


def test_the_page_tells_it_when_what_was_kept_is_shown_again(signed_in, cast):
    another(cast)
    client = signed_in("mei")
    assert "Card letter" not in text_of(client.get(WRITE))
    beside(client)
    assert "Card letter" in text_of(client.get(WRITE))


def test_an_admin_can_switch_it_off(signed_in, cast):
    another(cast)
    Severity.objects.create(code="nearly-the-same", weight="off")
    assert "Card letter" not in beside(signed_in("mei"))


@pytest.mark.parametrize(("is_restricted", "told"), [(False, True), (True, False)])
def test_whoever_decides_is_told_of_what_they_see(signed_in, cast, is_restricted, told):
    another(cast, is_restricted=is_restricted)
    document = cast.asset.live_version.get_document()
    change = submit_content(
        journey_key=cast.journey.key,
        step_key="welcome-email",
        slot="body",
        actor=cast.mei,
        asset_key=cast.asset.key,
        rationale="Warmer",
        document={**document, "renditions": [{**document["renditions"][0], "body": BODY}]},
    )
    page = signed_in("tom").get(f"/changes/{change.number}/content/steps/welcome-email/body/en/")
    assert page.status_code == 200
    assert ("Card letter" in text_of(page)) is told
