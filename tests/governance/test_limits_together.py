"""What two changes must not become together: too many steps, keys that merely look alike."""

import pytest
from django.utils import timezone

from cjops.core.errors import DocumentInvalid, DomainError
from cjops.documents import digest
from governance import services
from governance.services.opening import start
from governance.transitions import Action, State
from journeys.definition import MAX_STEPS, complete
from journeys.models import JourneyVersion
from tests.cast import propose

pytestmark = pytest.mark.django_db


def version(cast, number, document):
    """A version that is live, its rows aside."""
    cast.journey.live_version = JourneyVersion.objects.create(
        subject=cast.journey,
        number=number,
        document=document,
        digest=digest(document),
        created_at=timezone.now(),
        created_by=cast.omar,
    )
    cast.journey.save(update_fields=["live_version"])
    return cast.journey.live_version


def of_steps(count, *more):
    keys = [*(f"step-{number}" for number in range(count)), *more]
    return complete(
        {
            "name": "Long",
            "stages": [{"key": "only"}],
            "steps": [{"key": key, "kind": "action", "stage": "only"} for key in keys],
        }
    )


@pytest.fixture
def together(cast):
    """A change of 2,000 steps on a version of 1,999; live has another 2,000 by now."""
    base = version(cast, 2, of_steps(MAX_STEPS - 1))
    change = start(
        subject=cast.journey,
        kind="journey",
        title="One more step",
        actor=cast.ana,
        document=of_steps(MAX_STEPS - 1, "mine"),
        base=base,
    )
    version(cast, 3, of_steps(MAX_STEPS - 1, "theirs"))
    return change


@pytest.mark.parametrize("action", [Action.REBASE, Action.PUBLISH])
def test_too_many_steps_together_are_refused_in_words(cast, together, action):
    if action is Action.PUBLISH:
        together.state = State.APPROVED
        together.save(update_fields=["state"])

    with pytest.raises(DocumentInvalid) as refused:
        services.take(action=action, number=together.number, actor=cast.ana)

    (finding,) = refused.value.extra["findings"]
    assert "at most 2000 are allowed" in finding.message
    together.refresh_from_db()
    assert (together.base_number, together.revision) == (2, 1)


@pytest.mark.parametrize(
    "key", ["Wait", "WAIT", "wa\u0131t", "\uff57ait", "wait\u200b", "wa\u0456t", "wait "]
)
def test_key_that_looks_like_another_is_refused(cast, key):
    change = propose(cast)
    added = {"name": "Another wait", "kind": "wait", "wait": "P1D", "stage": "start"}

    with pytest.raises(DomainError) as refused:
        services.edit_change(
            number=change.number,
            actor=cast.mei,
            edits=[{"op": "add", "element": "steps", "key": key, "fields": added}],
        )

    assert refused.value.status in (400, 422)
    change.refresh_from_db()
    assert change.revision == 2
