"""Journey Builder definitions: what they keep, what they lose, what is refused."""

import pytest

from journeys.importers import ImportRefused, read
from tests.journeys.documents import real_data
from tests.journeys.importing import (
    activity,
    errors,
    leads,
    salesforce,
    steps,
    ways,
)


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "subject", "lost"),
    [
        ("multistep.definition.json", "You are successfully unsubscribed", "sender profile key"),
        ("multistep.version1.api.json", "testExisting_ email subject", "sender profile id"),
    ],
)
def test_a_real_journey_builder_file(name, subject, lost):
    imported = read("salesforce", real_data(f"journeys/salesforce/{name}"))
    assert imported.document["name"] == "testExisting_journey_Multistep"
    assert imported.key_suggestion == "testexisting-journey-multistep"
    found = steps(imported)
    assert {key: (step["kind"], step["name"]) for key, step in found.items()} == {
        "multicriteriadecisionv2-1": ("decision", "Email is not null?"),
        "emailv2-1": ("message", "my custom activity name"),
        "waitbyduration-1": ("wait", "1 day"),
        "waitbyduration-2": ("wait", "Wait 1 day"),
        "exit": ("exit", "Exit"),
    }
    assert found["waitbyduration-1"]["wait"] == "P1D"
    assert found["emailv2-1"]["channel"] == "email"
    assert ways(imported) == {
        ("multicriteriadecisionv2-1", "emailv2-1"): "send message: Email is not null",
        ("multicriteriadecisionv2-1", "waitbyduration-2"): "otherwise",
        ("emailv2-1", "waitbyduration-1"): "",
        ("waitbyduration-1", "exit"): "",
        ("waitbyduration-2", "exit"): "",
    }
    entry = imported.document["entries"][0]
    assert (entry["kind"], entry["name"]) == ("segment", "Data Extension")
    assert entry["step"] == "multicriteriadecisionv2-1"
    assert errors(imported) == set()
    (content,) = imported.content
    (rendition,) = content.document["renditions"]
    assert rendition["subject"] == subject
    assert rendition["preheader"] == "testExisting_ email preheader"
    assert found["emailv2-1"]["slots"]["body"]["asset"] == content.key
    notes = "\n".join(imported.notes)
    assert lost in notes
    assert "defaults" in notes
    assert "NotSet" in notes


def test_an_unknown_activity_becomes_an_action_and_is_noted():
    imported = salesforce(activity("REST-1", "REST", name="Call the CRM"))
    assert steps(imported)["rest-1"]["kind"] == "action"
    assert any("“REST”" in note and "Call the CRM" in note for note in imported.notes)


def test_an_unknown_activity_with_several_ways_becomes_a_decision():
    imported = salesforce(activity("X", "MYSTERY", [leads(label="one"), leads(label="two")]))
    assert steps(imported)["x"]["kind"] == "decision"


def test_random_splits_keep_their_shares():
    split = activity("S", "RANDOMSPLIT", [leads("A", percentage=70), leads("B", percentage=30)])
    imported = salesforce(
        split, activity("A"), activity("B"), triggers=[{"key": "T", "type": "APIEvent"}]
    )
    assert [way["share"] for way in imported.document["transitions"][:2]] == [0.7, 0.3]
    assert errors(imported) == set()
    assert imported.document["entries"][0]["kind"] == "event"


@pytest.mark.parametrize(
    ("amount", "unit", "wait"),
    [
        (1, "DAYS", "P1D"),
        ("2", "WEEKS", "P2W"),
        (30, "MINUTES", "PT30M"),
        (4, "HOURS", "PT4H"),
        (3, "MONTHS", "P3M"),
        (0, "DAYS", None),
        (-1, "DAYS", None),
        ("٣", "DAYS", None),
        (True, "DAYS", None),
        (10**9, "DAYS", None),
        (1, "FORTNIGHTS", None),
        (None, None, None),
    ],
)
def test_waits(amount, unit, wait):
    settings = {"waitDuration": amount, "waitUnit": unit}
    imported = salesforce(activity("W", "WAIT", configurationArguments=settings))
    assert steps(imported)["w"]["wait"] == wait
    assert any("not given as a length of time" in note for note in imported.notes) == (wait is None)


def test_channels_of_messages():
    imported = salesforce(
        activity("E", "EMAILV2", [leads("S")]),
        activity("S", "SMSSYNC", [leads("P")]),
        activity("P", "PUSHNOTIFICATIONACTIVITY"),
    )
    assert [step["channel"] for step in imported.document["steps"]] == [
        "email",
        "sms",
        "push",
        None,
    ]
    assert [one.kind for one in imported.content] == ["email", "sms", "push"]
    assert len({one.key for one in imported.content}) == 3


def test_a_way_to_what_is_not_there_leads_to_the_exit():
    imported = salesforce(activity("E", then=[leads("GHOST")]))
    assert ways(imported) == {("e", "exit"): ""}
    assert any("GHOST" in note for note in imported.notes)


def test_loops_are_kept():
    imported = salesforce(
        activity("D", "MULTICRITERIADECISION", [leads("W", label="no"), leads(label="yes")]),
        activity(
            "W",
            "WAIT",
            [leads("D")],
            configurationArguments={"waitDuration": 1, "waitUnit": "DAYS"},
        ),
        triggers=[{"key": "T"}],
    )
    assert ("w", "d") in ways(imported)
    assert errors(imported) == set()


def test_goals_exits_and_the_entry_mode():
    imported = salesforce(
        activity("E"),
        goals=[{"name": "Bought", "description": "Bought something"}],
        exits=[{"key": "x", "name": "Left", "description": "Opted out"}],
        entryMode="MultipleEntries",
    )
    assert imported.document["goal"]["statement"] == "Bought something"
    assert imported.document["exits"][0]["rule"] == "Opted out"
    assert imported.document["reentry"]["rule"] == "always"


def test_a_file_without_a_trigger_says_so():
    imported = salesforce(activity("E"))
    assert errors(imported) == {"entry-missing"}
    assert any("no trigger" in note for note in imported.notes)


def test_keys_that_come_to_the_same_are_kept_apart():
    imported = salesforce(activity("A B"), activity("a_b"), activity("开户"), activity("流程"))
    assert set(steps(imported)) == {"a-b", "a-b-2", "step", "step-2", "exit"}


def test_text_is_cleaned_and_cut():
    imported = salesforce(
        activity("E", name="a\u202eb\x00" + "x" * 500, description="d" * 9_000), name="N\nM"
    )
    step = steps(imported)["e"]
    assert step["name"].startswith("abxxx")
    assert len(step["name"]) == 200
    assert len(step["purpose"]) == 4_000
    assert imported.document["name"] == "N M"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"null",
        b"{}",
        b"{nonsense",
        b"\xff\xfe",
        b'{"activities": {}}',
        b'{"activities": [1]}',
        b'{"activities": []}',
        b'{"activities": [{"key": "a"}], "triggers": 3}',
        b'{"activities": [{"key": "a"}, {"key": "a"}]}',
        b"[" * 100_000,
        b'{"a":' * 2_000 + b"1" + b"}" * 2_000,
        b'{"activities": [' + b",".join(b'{"key":"k%d"}' % n for n in range(2_001)) + b"]}",
        b'{"activities": [{}], "x": [' + b"1," * 600_000 + b"1]}",
        b"x" * 10_000_001,
    ],
)
def test_bad_salesforce_files_are_refused(raw):
    with pytest.raises(ImportRefused) as caught:
        read("salesforce", raw)
    assert caught.value.message
    assert caught.value.status == 400
