"""Importing in any format: the portal's own, what repeats, and what is nonsense."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.definition import complete as complete_asset
from journeys.definition import complete
from journeys.importers import FORMATS, ImportRefused, read
from journeys.importers.building import Keys, slug
from journeys.validation import validate
from tests.journeys.documents import real_data, sound
from tests.journeys.importing import (
    CHANNELS,
)


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
