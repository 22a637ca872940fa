"""Hand-offs and exits to other journeys: nobody learns by them what they do not see."""

import pytest

from cjops.core.errors import Invalid
from governance import services
from governance.proposals import proposal_of
from tests.cast import propose
from tests.factories import JourneyFactory


def hand_off(to):
    fields = {"kind": "hand_off", "journey": to}
    return {"op": "update", "element": "steps", "key": "end", "fields": fields}


def switch(to):
    fields = {"name": "Lapsed", "rule": "Lapsed", "outcome": "switch", "journey": to}
    return {"op": "add", "element": "exits", "key": "lapsed", "fields": fields}


@pytest.mark.parametrize("way_out", [hand_off, switch])
def test_hidden_and_missing_journeys_are_refused_alike(cast, way_out):
    JourneyFactory(key="secret", is_restricted=True)
    change = propose(cast)
    said = []
    for key in ("secret", "missing"):
        with pytest.raises(Invalid) as refused:
            services.edit_change(number=change.number, actor=cast.mei, edits=[way_out(key)])
        assert refused.value.code == "journey-unknown"
        said.append(str(refused.value.errors).replace(key, "..."))
    assert said[0] == said[1]
    before = change.revision
    change.refresh_from_db()
    assert change.revision == before


@pytest.mark.parametrize("way_out", [hand_off, switch])
def test_journey_in_sight_is_taken_and_stays_for_those_who_do_not_see_it(cast, way_out):
    journey = JourneyFactory(key="win-back")
    change = propose(cast)
    services.edit_change(number=change.number, actor=cast.mei, edits=[way_out("win-back")])
    assert "journey-unknown" not in {one.code for one in proposal_of(change).errors}

    journey.is_restricted = True
    journey.save()
    edit = {"op": "update", "element": "header", "fields": {"purpose": "Another"}}
    change.refresh_from_db()
    services.edit_change(number=change.number, actor=cast.mei, edits=[edit])
    change.refresh_from_db()
    assert proposal_of(change).proposed["purpose"] == "Another"


def test_new_journey_does_not_tell_of_hidden_ones(cast):
    JourneyFactory(key="secret", is_restricted=True)
    said = []
    for key in ("secret", "missing"):
        step = {"key": "end", "kind": "hand_off", "journey": key, "name": "On"}
        with pytest.raises(Invalid) as refused:
            services.create_journey(key="new", actor=cast.mei, raw={"name": "New", "steps": [step]})
        said.append(str(refused.value.errors).replace(key, "..."))
    assert said[0] == said[1]
