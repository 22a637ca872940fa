"""Journeys from other systems: the real files, what they keep, what they lose, what is refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.definition import complete as complete_asset
from journeys.definition import complete
from journeys.importers import FORMATS, ImportRefused, read
from journeys.importers.building import Keys, slug
from journeys.importers.parsing import parse_yaml
from journeys.validation import Known, validate
from tests.journeys.documents import real_data, real_sibling, sound

CHANNELS = Known(channels={"email", "sms", "push"}, channels_with_content={"email", "sms", "push"})


def salesforce(*activities, **fields):
    return read("salesforce", json.dumps({"activities": activities, **fields}).encode())


def activity(key, type_="EMAILV2", then=(), **fields):
    return {"key": key, "type": type_, "outcomes": list(then), **fields}


def leads(to=None, **meta):
    arguments = {"percentage": meta.pop("percentage")} if "percentage" in meta else {}
    outcome = {"key": meta.pop("key", "x"), "arguments": arguments, "metaData": meta}
    return {**outcome, "next": to} if to else outcome


def dittofeed(nodes, child="1", sibling=None, **entry):
    document = {
        "name": "Test",
        "definition": {"entryNode": {"child": child, **entry}, "nodes": nodes},
    }
    return read("dittofeed", json.dumps(document).encode(), sibling=sibling)


def errors(imported):
    findings = validate(imported.document, CHANNELS)
    return {finding.code for finding in findings if finding.severity == "error"}


def steps(imported):
    return {step["key"]: step for step in imported.document["steps"]}


def ways(imported):
    return {
        (way["source"], way["target"]): way["condition"] for way in imported.document["transitions"]
    }


# The real files


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


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("format_", "path"),
    [
        ("salesforce", "journeys/salesforce/multistep.definition.json"),
        ("dittofeed", "journeys/dittofeed/onboarding.yaml"),
    ],
)
def test_a_real_import_is_whole_and_the_same_each_time(format_, path):
    one, two = (read(format_, real_data(path)) for _ in range(2))
    assert one == two
    assert complete(one.document) == one.document
    for content in one.content:
        assert complete_asset(content.document) == content.document


@pytest.mark.real_data
def test_files_are_not_what_they_say():
    with pytest.raises(ImportRefused, match="not a Dittofeed journey"):
        read("dittofeed", real_data("journeys/salesforce/multistep.definition.json"))
    with pytest.raises(ImportRefused, match="not valid JSON"):
        read("salesforce", real_data("journeys/dittofeed/onboarding.yaml"))
    with pytest.raises(ImportRefused, match="not a Dittofeed journey"):
        read("dittofeed", real_data("journeys/dittofeed/welcome.yaml"))


# Salesforce


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


# Dittofeed


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


# The portal's own format


def test_an_exported_journey_comes_back_the_same():
    for raw in (sound(), {"key": "account-opening", "document": sound()}):
        imported = read("cjops", json.dumps(raw).encode())
        assert imported.document == sound()
        assert imported.key_suggestion == "account-opening"
        assert any("Content does not travel" in note for note in imported.notes)


@pytest.mark.parametrize(
    "raw", [b"[]", b'"x"', b'{"schema": "asset/1"}', b'{"steps": 3}', b'{"document": 1}', b"{"]
)
def test_bad_files_of_our_own_format_are_refused(raw):
    with pytest.raises(ImportRefused):
        read("cjops", raw)


def test_a_refusal_says_where():
    with pytest.raises(ImportRefused) as caught:
        read("cjops", b'{"steps": [{"key": "A", "kind": "exit"}]}')
    assert list(caught.value.errors) == ["/steps/0/key"]


# Any format


def test_unknown_formats_are_refused():
    with pytest.raises(ImportRefused, match="not known"):
        read("visio", b"{}")


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "activities",
                    "triggers",
                    "outcomes",
                    "next",
                    "key",
                    "id",
                    "type",
                    "name",
                    "metaData",
                    "label",
                    "arguments",
                    "goals",
                    "exits",
                    "configurationArguments",
                    "triggeredSend",
                    "definition",
                    "nodes",
                    "entryNode",
                    "child",
                    "variant",
                    "children",
                    "segmentChildren",
                    "trueChild",
                    "seconds",
                    "template",
                    "steps",
                    "document",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.sampled_from(FORMATS), st.lists(_JSON, max_size=3), _JSON)
def test_any_json_is_read_or_refused(format_, inner, extra):
    nodes = [{"id": n, "type": "MessageNode", "variant": one} for n, one in enumerate(inner)]
    entry = {"entryNode": {"child": 0, "segment": extra}, "nodes": nodes}
    for raw in (
        extra,
        {"activities": inner, "triggers": inner, "goals": extra, "exits": extra},
        {"name": extra, "definition": entry},
    ):
        try:
            imported = read(format_, json.dumps(raw).encode())
        except ImportRefused:
            continue
        assert complete(imported.document) == imported.document
        validate(imported.document, CHANNELS)


@given(st.sampled_from(FORMATS), st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(format_, data):
    with pytest.raises(ImportRefused):
        raise ImportRefused(str(read(format_, data)))


@given(st.lists(st.text(max_size=100), max_size=20))
def test_keys_are_always_new_and_proper(names):
    keys = Keys()
    made = [keys.new(name, "step") for name in names]
    assert len(set(made)) == len(made)
    complete({"stages": [{"key": key} for key in made]})


def test_slugs():
    assert slug("10 Reasons to Upgrade", "x") == "10-reasons-to-upgrade"
    assert slug("Über Größe", "x") == "uber-groe"
    assert slug("开户", "x") == "x"
