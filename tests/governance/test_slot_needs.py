"""Slots say what they need; content that does not fit is refused with the reason."""

import pytest

from cjops.core.errors import DocumentInvalid
from cjops.documents import digest
from governance import services
from governance.proposals import proposal_of
from journeys.definition import complete
from tests.cast import journey_document, propose


def asking(cast, **needs):
    """A change in which the slot of the welcome e-mail asks for these."""
    fields = {"slots/body/needs": needs}
    return propose(
        cast, {"op": "update", "element": "steps", "key": "welcome-email", "fields": fields}
    )


def unfit(change):
    return [one.message for one in proposal_of(change).findings if one.code == "content-unfit"]


@pytest.mark.parametrize(
    ("needs", "reason"),
    [
        ({"kind": "push"}, "the kind “Push message”"),
        ({"languages": ["en", "zh-Hant"]}, "missing: Traditional Chinese."),
        ({"size": "300x250"}, "300 × 250"),
    ],
)
def test_what_does_not_fit_is_told(cast, needs, reason):
    (message,) = unfit(asking(cast, **needs))
    assert reason in message


@pytest.mark.parametrize("needs", [{}, {"kind": "email"}, {"languages": ["EN".lower()]}])
def test_what_fits_is_not(cast, needs):
    assert unfit(asking(cast, **needs)) == []


def test_content_that_does_not_fit_is_not_submitted(cast):
    live = cast.journey.live_version
    document = complete(live.get_document())
    slot = document["steps"][0]["slots"]["body"]
    slot["needs"] = {"kind": "", "languages": ["zh-Hant"], "size": ""}
    # As if a version that asks for it were live.
    type(live).objects.bulk_create(
        [
            type(live)(
                subject=cast.journey,
                number=live.number + 1,
                document=document,
                digest=digest(document),
                parent_digest=live.digest,
                created_at=live.created_at,
                created_by=live.created_by,
            )
        ]
    )
    cast.journey.live_version = cast.journey.versions.get(number=live.number + 1)
    cast.journey.save()
    rendition = {**cast.asset.live_version.get_document()["renditions"][0], "subject": "Other"}
    with pytest.raises(DocumentInvalid) as refused:
        services.submit_content(
            journey_key=cast.journey.key,
            step_key="welcome-email",
            slot="body",
            actor=cast.mei,
            asset_key=cast.asset.key,
            rationale="New",
            document={**cast.asset.live_version.get_document(), "renditions": [rendition]},
        )
    assert "Traditional Chinese" in refused.value.extra["findings"][0].message


def test_a_slot_that_asks_nothing_keeps_its_digest():
    short = complete(journey_document("0" * 64))
    assert "needs" not in short["steps"][0]["slots"]["body"]
    asked = journey_document("0" * 64)
    asked["steps"][0]["slots"]["body"]["needs"] = {"kind": "", "languages": []}
    assert digest(complete(asked)) == digest(short)
