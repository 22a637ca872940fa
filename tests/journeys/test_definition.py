"""The journey document: what is completed, what is refused, and in which words."""

import copy
import json

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from cjops.documents import digest
from journeys.definition import (
    MAX_SLOTS,
    MAX_STAGES,
    MAX_STEPS,
    MAX_TRANSITIONS,
    JourneyDefinition,
    ShapeError,
    blank,
    complete,
    json_schema,
)
from tests.journeys.documents import RAW, sound

STEP = {"key": "a", "kind": "exit"}


def refusals(raw):
    with pytest.raises(ShapeError) as caught:
        complete(raw)
    return {finding.pointer: finding for finding in caught.value.findings}


def test_a_short_document_is_completed():
    document = complete({"name": "Win-back", "steps": [{"key": "a", "kind": "message"}]})
    assert document["schema"] == "journey/1"
    assert document["goal"] == {"statement": "", "metric": "", "target": ""}
    assert document["lifecycle"] == {"start": None, "end": None}
    assert document["reentry"] == {"rule": "never", "wait": None}
    step = document["steps"][0]
    assert step["slots"] == {}
    assert step["channel"] is None
    assert step["tags"] == []
    assert step["frequency_class"] == "none"
    assert step["rank"]


def test_missing_ranks_keep_the_order_of_the_list():
    document = complete({"stages": [{"key": key} for key in "zyxabc"]})
    assert [stage["key"] for stage in document["stages"]] == list("zyxabc")


def test_a_missing_rank_lies_between_its_neighbours_and_leaves_theirs_alone():
    before = complete({"stages": [{"key": key} for key in "abc"]})["stages"]
    after = complete({"stages": [before[0], {"key": "new"}, *before[1:]]})["stages"]
    assert [stage["key"] for stage in after] == ["a", "new", "b", "c"]
    assert [stage for stage in after if stage["key"] != "new"] == before


@given(RAW)
def test_completing_twice_changes_nothing(raw):
    document = complete(raw)
    assert complete(document) == document
    assert digest(complete(copy.deepcopy(document))) == digest(document)


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists, max_leaves=5))
def test_any_value_is_completed_or_refused(value):
    for raw in (value, {"steps": value}, {"name": value}, {"steps": [{"key": value}]}):
        found = []
        try:
            found = [complete(raw)]
        except ShapeError as error:
            found = list(error.findings)
        assert found


def test_equal_text_has_one_spelling():
    document = complete({"name": " Cafe\u0301 \n plan ", "purpose": "one\r\ntwo\rthree "})
    assert document["name"] == "Caf\u00e9 plan"
    assert document["purpose"] == "one\ntwo\nthree"


def test_empty_text_where_a_key_may_be_absent_means_absent():
    step = complete({"steps": [{**STEP, "channel": "", "team": "", "wait": ""}]})["steps"][0]
    assert (step["channel"], step["team"], step["wait"]) == (None, None, None)


def test_repeated_tags_are_kept_once():
    step = complete({"steps": [{**STEP, "tags": ["a:b", "c:d", "a:b"]}]})["steps"][0]
    assert step["tags"] == ["a:b", "c:d"]


@pytest.mark.parametrize(
    ("raw", "pointer", "code"),
    [
        ([], "", "not-an-object"),
        ({"schema": "journey/2"}, "/schema", "choice"),
        ({"name": 3}, "/name", "text-expected"),
        ({"surprise": 1}, "/surprise", "unknown-field"),
        ({"name": "x" * 201}, "/name", "length"),
        ({"purpose": "x" * 4_001}, "/purpose", "length"),
        ({"goal": []}, "/goal", "object-expected"),
        ({"steps": {}}, "/steps", "list-expected"),
        ({"steps": [3]}, "/steps/0", "object-expected"),
        ({"steps": [{"kind": "exit"}]}, "/steps/0/key", "missing"),
        ({"steps": [{"key": "a"}]}, "/steps/0/kind", "missing"),
        ({"steps": [{**STEP, "kind": "teleport"}]}, "/steps/0/kind", "choice"),
        ({"steps": [{**STEP, "emotion": 3}]}, "/steps/0/emotion", "too-great"),
        ({"steps": [{**STEP, "emotion": True}]}, "/steps/0/emotion", "whole-number-expected"),
        ({"steps": [{**STEP, "emotion": 0.5}]}, "/steps/0/emotion", "whole-number-expected"),
        ({"steps": [{**STEP, "rank": "0"}]}, "/steps/0/rank", "rank"),
        ({"steps": [{**STEP, "tags": ["untyped"]}]}, "/steps/0/tags/0", "tag"),
        ({"steps": [{**STEP, "slots": {"Body": {}}}]}, "/steps/0/slots/Body", "key"),
        (
            {"steps": [{**STEP, "slots": {"body": {"digest": "F" * 64}}}]},
            "/steps/0/slots/body/digest",
            "digest",
        ),
        ({"transitions": [{"key": "t", "target": "a"}]}, "/transitions/0/source", "missing"),
        (
            {"transitions": [{"key": "t", "source": "a", "target": "b", "share": 1.1}]},
            "/transitions/0/share",
            "too-great",
        ),
        (
            {"transitions": [{"key": "t", "source": "a", "target": "b", "share": float("nan")}]},
            "/transitions/0/share",
            "number",
        ),
        ({"lifecycle": {"start": "2026-02-30"}}, "/lifecycle/start", "date"),
        ({"steps": [STEP, STEP]}, "/steps/1/key", "key-repeated"),
        ({"name": "a\u202egpj.exe"}, "/name", "character"),
        ({"purpose": "bell\x07"}, "/purpose", "character"),
        ({"purpose": "lone \ud800 surrogate"}, "/purpose", "character"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(raw, pointer, code):
    found = refusals(raw)
    assert found[pointer].code == code
    assert found[pointer].severity == "error"
    assert found[pointer].message.endswith(".")


@pytest.mark.parametrize(
    "key",
    [
        "",
        "Welcome",
        "a_b",
        "-a",
        "a-",
        "a--b",
        "a" * 81,
        "a\n",
        "wel\u0441ome",  # a Cyrillic letter that looks like c
        "we\u200blcome",
        "\uff41bc",
        "cafe\u0301",
        "a\u202eb",
    ],
)
def test_keys_that_merely_look_right_are_refused(key):
    assert refusals({"steps": [{"key": key, "kind": "exit"}]})["/steps/0/key"].code == "key"


@pytest.mark.parametrize("key", ["a", "a-1", "1", "a" * 80])
def test_proper_keys_pass(key):
    assert complete({"steps": [{"key": key, "kind": "exit"}]})["steps"][0]["key"] == key


@pytest.mark.parametrize(
    "text", ["👩‍👩‍👧 family", "می‌خواهم", "开户流程", "line\nbreak\ttab", "Ça & <b>"]
)
def test_honest_text_passes(text):
    assert complete({"purpose": text})["purpose"] == text


@pytest.mark.parametrize(
    ("collection", "limit", "element"),
    [
        ("steps", MAX_STEPS, {"kind": "exit"}),
        ("transitions", MAX_TRANSITIONS, {"source": "a", "target": "a"}),
        ("stages", MAX_STAGES, {}),
    ],
)
def test_collections_have_a_limit(collection, limit, element):
    elements = [{"key": f"k{number}", **element} for number in range(limit)]
    assert len(complete({collection: elements})[collection]) == limit
    found = refusals({collection: [*elements, {"key": "one-more", **element}]})
    assert found[f"/{collection}"].code == "too-many"


def test_a_step_has_a_limit_of_slots():
    slots = {f"s{number}": {} for number in range(MAX_SLOTS)}
    complete({"steps": [{**STEP, "slots": slots}]})
    found = refusals({"steps": [{**STEP, "slots": {**slots, "more": {}}}]})
    assert found["/steps/0/slots"].code == "too-many"


def test_ten_megabytes_are_refused():
    steps = [
        {"key": f"s{number}", "kind": "exit", "purpose": "x" * 4_000, "mindset": "y" * 4_000}
        for number in range(1_300)
    ]
    assert [finding.code for finding in refusals({"steps": steps}).values()] == ["too-large"]


def test_many_bytes_in_few_characters_count_too():
    steps = [
        {"key": f"s{number}", "kind": "exit", "purpose": "开" * 4_000} for number in range(900)
    ]
    assert [finding.code for finding in refusals({"steps": steps}).values()] == ["too-large"]


def test_deep_nesting_is_refused_without_recursion():
    raw = inner = {}
    for _ in range(100_000):
        inner["goal"] = inner = {}
    assert [finding.code for finding in refusals(raw).values()] == ["too-deep"]


def test_many_problems_are_summed_up():
    found = refusals({"steps": [{}] * 200})
    assert len(found) <= 51
    assert found[""].code == "more"


def test_a_refusal_names_the_element_it_is_about():
    finding = refusals({"steps": [{"key": "welcome", "kind": "exit", "emotion": 9}]})[
        "/steps/0/emotion"
    ]
    assert (finding.element, finding.key) == ("steps", "welcome")


def test_refusals_are_in_the_readers_language_and_free_of_jargon():
    with translation.override("zh-hans"):
        finding = refusals({"name": 3})["/name"]
    assert "valid string" not in finding.message
    assert "name" in finding.message


def test_a_blank_journey_has_the_six_stages_and_is_whole():
    document = blank("Card activation")
    assert document["name"] == "Card activation"
    assert [stage["key"] for stage in document["stages"]] == [
        "awareness",
        "interest",
        "consideration",
        "purchase",
        "use",
        "loyalty",
    ]
    assert complete(document) == document


def test_the_schema_describes_every_field_and_is_json():
    schema = json.loads(json.dumps(json_schema()))
    models = [schema, *schema["$defs"].values()]
    assert len(models) > 10
    for model in models:
        assert model["additionalProperties"] is False
        for name, field in model["properties"].items():
            assert field.get("description"), (model["title"], name)


def test_a_definition_is_a_value():
    definition = JourneyDefinition.model_validate(sound())
    assert isinstance(definition.steps, tuple)
    with pytest.raises(ValueError, match="frozen"):
        definition.name = "Other"
