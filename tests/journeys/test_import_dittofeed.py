"""Dittofeed journeys and templates: what they keep, what they lose, what is refused."""

import pytest

from journeys.importers import ImportRefused, read
from journeys.importers.parsing import parse_yaml
from tests.journeys.documents import real_data, real_sibling
from tests.journeys.importing import (
    dittofeed,
    errors,
    steps,
    ways,
)


@pytest.mark.real_data
def test_a_real_dittofeed_file_with_its_templates():
    imported = read(
        "dittofeed",
        real_data("journeys/dittofeed/onboarding.yaml"),
        sibling=real_sibling("journeys/dittofeed"),
    )
    assert imported.key_suggestion == "onboarding"
    assert [(step["name"], step["kind"], step["wait"]) for step in steps(imported).values()] == [
        ("Welcome", "message", None),
        ("Wait 7 days", "wait", "P7D"),
        ("10 Reasons to Upgrade", "message", None),
        ("Exit", "exit", None),
    ]
    assert errors(imported) == set()
    assert imported.document["entries"][0]["rule"] == "Users created within the last 30 minutes"
    bodies = {one.name: one.document["renditions"][0] for one in imported.content}
    assert "We're excited to have you on board!" in bodies["Welcome"]["body"]
    assert "Priority customer support" in bodies["10 Reasons to Upgrade"]["body"]
    assert bodies["Welcome"]["subject"] == 'Hi {{ user.fullname | default: "there"}}!'
    assert "accountManager" in bodies["Welcome"]["sender"]


@pytest.mark.real_data
def test_real_templates_that_are_missing_are_named():
    imported = read("dittofeed", real_data("journeys/dittofeed/onboarding.yaml"))
    assert errors(imported) == set()
    missing = [note for note in imported.notes if "was not found" in note]
    assert len(missing) == 2
    assert "“Welcome”" in missing[0]


def test_segment_splits_lead_two_ways():
    imported = dittofeed(
        [
            {
                "id": "1",
                "type": "SegmentSplitNode",
                "variant": {
                    "type": "Boolean",
                    "segment": "Paying",
                    "trueChild": "3",
                    "falseChild": "2",
                },
            },
            {
                "id": "2",
                "type": "MessageNode",
                "child": "3",
                "variant": {"type": "Sms", "template": "Nudge"},
            },
            {"id": "3", "type": "ExitNode"},
        ],
        segment="New",
    )
    assert errors(imported) == set()
    assert ways(imported) == {
        ("segment-split-1", "exit-3"): "Paying",
        ("segment-split-1", "message-2"): "otherwise",
        ("message-2", "exit-3"): "",
    }
    assert steps(imported)["segment-split-1"]["name"] == "Paying?"
    assert steps(imported)["message-2"]["channel"] == "sms"


@pytest.mark.parametrize(
    ("seconds", "wait"),
    [(604_800, "P7D"), (90, "PT1M30S"), (3_600, "PT1H"), (90_061, "P1DT1H1M1S"), (0, None)],
)
def test_delays(seconds, wait):
    node = {"id": "1", "type": "DelayNode", "variant": {"type": "Second", "seconds": seconds}}
    imported = dittofeed([node], segment="New")
    assert next(iter(steps(imported).values()))["wait"] == wait


def test_unknown_nodes_become_actions_and_are_noted():
    imported = dittofeed([{"id": "1", "type": "TeleportNode", "speed": 9}], segment="New")
    assert next(iter(steps(imported).values()))["kind"] == "action"
    assert any("TeleportNode" in note for note in imported.notes)
    assert any("speed" in note for note in imported.notes)


def test_one_template_used_twice_is_one_asset():
    message = {"type": "MessageNode", "variant": {"type": "Email", "template": "Welcome"}}
    imported = dittofeed(
        [{"id": "1", "child": "2", **message}, {"id": "2", **message}], segment="New"
    )
    assert len(imported.content) == 1


def test_names_asked_of_the_folder_cannot_leave_it():
    asked = []

    def sibling(name):
        asked.append(name)

    dittofeed(
        [
            {
                "id": "1",
                "type": "MessageNode",
                "variant": {"type": "Email", "template": "../../etc/passwd\x00"},
            }
        ],
        sibling=sibling,
        segment="New",
    )
    assert asked
    assert not [name for name in asked if "/" in name or ".." in name or "\x00" in name]


def test_huge_templates_are_refused():
    node = {"id": "1", "type": "MessageNode", "variant": {"type": "Email", "template": "W"}}
    with pytest.raises(ImportRefused, match="larger than 1 MB"):
        dittofeed([node], sibling=lambda name: b"x" * 1_000_001, segment="New")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"just text",
        b"- 1\n- 2",
        b"a: &x [1]\nb: *x",
        b"a: &x 1",
        b"a: !!python/object/apply:os.system [ls]",
        b"a: !!binary aGVsbG8=",
        b"--- 1\n--- 2",
        b"a: 1\na: 2",
        b"? [1]\n: 2",
        b"a: [",
        b"\xff",
        b"[" * 50_000,
        b"- " * 5_000,
        b"a:\n" + b" - 1\n" * 60_000,
        b"definition: {entryNode: {}, nodes: []}",
        b"definition: {entryNode: {}, nodes: [{type: ExitNode}]}",
        b"definition: {entryNode: {}, nodes: [{id: 1}, {id: '1'}]}",
    ],
)
def test_bad_dittofeed_files_are_refused(raw):
    with pytest.raises(ImportRefused) as caught:
        read("dittofeed", raw)
    assert caught.value.message


def test_a_billion_laughs_are_refused_at_the_first():
    bomb = "a: &a [x]\n" + "\n".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)},*{chr(97 + n)}]" for n in range(20)
    )
    with pytest.raises(ImportRefused, match="anchors or aliases"):
        read("dittofeed", bomb.encode())


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: 1", {"a": 1}),
        ("a: '1'", {"a": "1"}),
        ("a: 1.5", {"a": 1.5}),
        ("a: ~", {"a": None}),
        ("a:", {"a": None}),
        ("a: true", {"a": True}),
        ("a: no", {"a": "no"}),
        ("a: 2026-01-01", {"a": "2026-01-01"}),
        ("a: 010", {"a": "010"}),
        ("a: 1:30", {"a": "1:30"}),
        ("a: .inf", {"a": ".inf"}),
        ("1: [x, {b: c}]", {"1": ["x", {"b": "c"}]}),
        ("a: |\n  one\n  two\n", {"a": "one\ntwo\n"}),
        ("", None),
    ],
)
def test_yaml_becomes_plain_values(text, value):
    assert parse_yaml(text.encode()) == value
