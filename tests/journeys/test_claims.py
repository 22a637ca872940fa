"""What a proposal for a journey lays hands on."""

import hashlib
from datetime import date

import pytest

from cjops.documents import diff, hunks
from journeys.adapter import ADAPTER
from journeys.claims import audience_name, common_days, without
from tests.factories import journey_document

DIGEST = hashlib.sha256(b"").hexdigest()


def message(key="welcome-email", **fields):
    step = {
        "key": key,
        "name": "Welcome",
        "stage": "awareness",
        "kind": "message",
        "channel": "email",
        "slots": {"body": {"purpose": "Greet"}},
    }
    return step | fields


def journey(**fields):
    steps = [message(), {"key": "done", "name": "Done", "stage": "use", "kind": "exit"}]
    entry = {"key": "applied", "rule": "Has applied", "step": "welcome-email"}
    return journey_document(**{"steps": steps, "entries": [entry]} | fields)


def claims(before, after):
    """Kind, name and detail of each claim; without what is merely touched."""
    found = ADAPTER.claims("opening", before, after, hunks(diff(before, after)))
    assert len({(one.kind, one.name) for one in found}) == len(found)
    assert all(len(one.name) <= 600 for one in found)
    return {(one.kind, one.name): one.detail for one in found if one.kind != "touch"}


def bound(asset, version=1):
    return {"body": {"purpose": "Greet", "asset": asset, "version": version, "digest": DIGEST}}


def test_nothing_changed_claims_nothing():
    assert claims(journey(), journey()) == {}


def test_a_new_journey_claims_what_it_meets_and_shows_but_none_of_its_own_elements():
    after = journey(steps=[message(slots=bound("hello")), journey()["steps"][1]])
    found = ADAPTER.claims("opening", ADAPTER.nothing, after, hunks(diff(ADAPTER.nothing, after)))
    kinds = {(one.kind, one.name) for one in found}
    assert kinds == {
        ("touch", "journey:opening/header"),
        *(("touch", f"journey:opening/{name}/+") for name in ("entries", "stages", "steps")),
        ("touch", "journey:opening/transitions/+"),
        ("use", "asset:hello"),
        ("enter", "audience:email/event/has applied"),
    }


def test_a_removed_step_and_a_path_that_leads_to_a_step():
    before = journey()
    way = {"key": "way", "source": "welcome-email", "target": "done"}
    removed = claims(before, before | {"steps": before["steps"][:1], "transitions": []})
    assert ("remove", "journey:opening/steps/done") in removed
    found = claims(before, journey(transitions=[*before["transitions"], way]))
    assert found["point", "journey:opening/steps/done"] == {"by": ["transitions", "way"]}


def test_a_path_to_a_step_that_is_new_itself_is_nobody_elses_concern():
    before = journey()
    steps = [*before["steps"], message("second")]
    way = {"key": "way", "source": "welcome-email", "target": "second"}
    found = claims(before, journey(steps=steps, transitions=[*before["transitions"], way]))
    assert ("point", "journey:opening/steps/second") not in found


def test_entries_and_stages_are_pointed_at_too():
    before = journey()
    entry = before["entries"][0] | {"step": "done"}
    moved = [before["steps"][0] | {"stage": "use"}, before["steps"][1]]
    found = claims(before, before | {"entries": [entry], "steps": moved})
    assert found["point", "journey:opening/steps/done"] == {"by": ["entries", "applied"]}
    assert found["point", "journey:opening/stages/use"] == {"by": ["steps", "welcome-email"]}


def test_a_slot_is_filled_where_its_content_changes_and_not_where_its_purpose_does():
    before = journey()
    after = journey(steps=[message(slots=bound("hello", 2)), before["steps"][1]])
    slot = "journey:opening/steps/welcome-email/slots/body"
    found = claims(before, after)
    assert found["fill", slot] == {"asset": "hello", "version": 2}
    assert found["use", "asset:hello"] == {}
    assert claims(after, before)["fill", slot] == {"asset": None, "version": None}
    reworded = journey(steps=[message(slots={"body": {"purpose": "Warmly"}}), before["steps"][1]])
    assert claims(before, reworded) == {}


def test_content_that_stays_where_it_was_is_not_used_anew():
    before = journey(steps=[message(slots=bound("hello")), journey()["steps"][1]])
    renamed = journey(steps=[message(slots=bound("hello"), name="Hi"), journey()["steps"][1]])
    assert claims(before, renamed) == {}


def test_handing_over_points_at_the_other_journey_for_as_long_as_this_one_runs():
    before = journey()
    step = {"key": "over", "kind": "hand_off", "journey": "win-back", "stage": "use"}
    after = journey(steps=[*before["steps"], step], lifecycle={"end": "2027-01-31"})
    assert claims(before, after)["point", "journey:win-back"] == {"end": "2027-01-31"}
    rule = {"key": "out", "outcome": "switch", "journey": "win-back"}
    assert claims(before, journey(exits=[rule]))["point", "journey:win-back"] == {"end": None}


@pytest.mark.parametrize(
    ("was", "end", "ends"),
    [
        (None, "2027-01-31", True),
        ("2027-06-30", "2027-01-31", True),
        ("2027-01-31", "2027-06-30", False),
        ("2027-01-31", None, False),
        ("2027-01-31", "2027-01-31", False),
    ],
)
def test_a_journey_ends_where_its_last_day_comes_sooner(was, end, ends):
    found = claims(journey(lifecycle={"end": was}), journey(lifecycle={"end": end}))
    assert (("remove", "journey:opening") in found) is ends


def test_shares_are_claimed_by_the_step_they_leave():
    before = journey()
    ways = [before["transitions"][0] | {"share": 0.4}]
    found = claims(before, before | {"transitions": ways})
    assert found["share", "journey:opening/steps/welcome-email"] == {
        "before": {"to-done": 1},
        "after": {"to-done": 0.4},
    }
    renamed = [before["transitions"][0] | {"condition": "Whoever"}]
    assert claims(before, before | {"transitions": renamed}) == {}


# --- audiences ---------------------------------------------------------------------------------

ENTER = ("enter", "audience:email/event/has applied")


def test_an_audience_is_entered_on_each_channel_that_messages_use():
    before = journey()
    sms = message("text", channel="sms")
    call = message("call", channel="call-centre", kind="touchpoint")
    after = journey(steps=[*before["steps"], sms, call])
    found = claims(before, after)
    assert [name for kind, name in found if kind == "enter"] == ["audience:sms/event/has applied"]
    assert found["enter", "audience:sms/event/has applied"] == {
        "windows": [[None, None]],
        "rule": "Has applied",
        "by": ["entries", "applied"],
    }


def test_only_the_days_that_are_new_are_claimed():
    before = journey(lifecycle={"start": "2027-01-01", "end": "2027-03-31"})
    after = journey(lifecycle={"start": "2026-12-01", "end": "2027-05-31"})
    windows = [["2026-12-01", "2026-12-31"], ["2027-04-01", "2027-05-31"]]
    assert claims(before, after)[ENTER]["windows"] == windows
    assert ENTER not in claims(after, before)


def test_a_window_that_ends_before_it_begins_lets_nobody_in():
    after = journey(lifecycle={"start": "2027-05-31", "end": "2027-01-01"})
    assert ENTER not in claims(journey(entries=[]), after)


def test_a_schedule_and_an_empty_rule_name_no_audience():
    for entry in ({"kind": "schedule", "rule": "Every Monday"}, {"kind": "segment", "rule": " "}):
        after = journey(entries=[{"key": "in", "step": "done", **entry}])
        assert not [name for kind, name in claims(journey(entries=[]), after) if kind == "enter"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Has applied", "  has\n APPLIED. "),
        ("Ｈas applied", "Has applied"),
        ("caf\u00e9 guests", "cafe\u0301 Guests"),
        ("STRASSE", "straße"),
        ("新客户。", "新客户"),
        ("ﬁrst payment", "First payment"),
    ],
)
def test_spellings_of_one_audience_are_one(one, other):
    assert audience_name(one) == audience_name(other)


def test_other_words_are_another_audience_however_long():
    long = "Has applied and " * 250
    assert audience_name(long) != audience_name(long + "paid")
    assert audience_name(long.upper()) == audience_name(long)
    assert len(audience_name(long)) < 100
    assert audience_name(" . ") == ""


def test_days_in_common():
    assert common_days([(None, None)], [("2027-01-01", "2027-01-31")]) is not None
    assert common_days([(None, "2027-01-01")], [("2027-01-02", None)]) is None
    touching = common_days([(None, "2027-01-02")], [("2027-01-02", None)])
    assert touching is not None
    assert touching[0] == touching[1]


def test_what_is_left_of_a_window():
    days = (date(2027, 1, 1), date(2027, 1, 31))
    assert without(days, days) == []
    assert without(days, (date(2026, 1, 1), date(2028, 1, 1))) == []
    assert without(days, (date(2028, 1, 1), date(2028, 2, 1))) == [days]
