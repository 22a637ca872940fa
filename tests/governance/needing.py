"""A live slot that asks for more than its content has, as one that was brought in may."""

from cjops.documents import digest
from journeys.adapter import JourneyAdapter
from journeys.definition import complete
from tests.cast import Cast


def make_live_ask(cast: Cast, **needs: object) -> None:
    """Let the live slot of the welcome e-mail ask for these; no change could leave it so."""
    live = cast.journey.live_version
    document = complete(live.get_document())
    slot = document["steps"][0]["slots"]["body"]
    slot["needs"] = {"kind": "", "languages": [], "size": "", **needs}
    versions = type(live).objects
    versions.bulk_create(
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
    JourneyAdapter().project(cast.journey, document, cast.omar)
