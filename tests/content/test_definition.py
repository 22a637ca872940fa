"""What an asset may say."""

import pytest

from cjops.core.errors import DocumentInvalid
from cjops.documents import diff, hunks
from content import definition
from content.adapter import ADAPTER
from content.segments import segments
from content.validation import validate
from tests.factories import email_document


def asset(**fields):
    return definition.complete(email_document(**fields))


def rendition(**fields):
    return asset()["renditions"][0] | fields


def codes(document, severity=None):
    found = validate(document)
    return [one.code for one in found if severity in (None, one.severity)]


def with_english(**fields):
    document = asset()
    return document | {"renditions": [rendition(**fields), document["renditions"][1]]}


def test_a_good_asset_has_no_findings():
    assert validate(asset()) == []


def test_a_short_document_is_completed():
    document = definition.complete({"kind": "sms", "renditions": [{"key": "zh-hans"}]})
    assert document["renditions"][0]["language"] == "zh-Hans"
    assert document["renditions"][0]["text"] == ""
    assert definition.complete(document) == document


def test_a_blank_asset_has_one_empty_rendition():
    document = definition.blank("Welcome", "push", "zh-Hant")
    assert [one["key"] for one in document["renditions"]] == ["zh-hant"]


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"kind": "fax"},
        {"kind": "sms", "renditions": {}},
        {"kind": "sms", "renditions": [{"key": "en", "text": 1}]},
        {"kind": "sms", "renditions": [{"key": "en", "text": "\x00"}]},
        {"kind": "sms", "renditions": [{"key": "en", "text": "\ud800"}]},
        {"kind": "sms", "renditions": [{"key": "en", "text": "a\u202eb"}]},
        {"kind": "sms", "renditions": [{"key": "en"}, {"key": "en"}]},
        {"kind": "sms", "renditions": [{"key": "en", "language": "de"}]},
        {"kind": "sms", "renditions": [{"key": "english-language-of-the-king"}]},
        {"kind": "email", "renditions": [{"key": "en", "format": "docx"}]},
        {"kind": "email", "renditions": [{"key": "en", "body": "x" * 2_000_001}]},
    ],
)
def test_what_is_no_asset_is_refused_with_findings(raw):
    with pytest.raises(DocumentInvalid) as refusal:
        definition.complete(raw)
    assert refusal.value.extra["findings"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"subject": ""}, "subject-empty"),
        ({"body": ""}, "body-empty"),
        ({"body": "x" * 1_000_001}, "body-too-large"),
        ({"body": "<mjml><mj-body/></mjml>"}, "format-mismatch"),
        ({"format": "mjml"}, "mjml-broken"),
        ({"format": "mjml", "body": "<mjml><mj-body><mj-section>"}, "mjml-unclosed"),
        (
            {"format": "mjml", "body": "<mjml><mj-body><mj-x></mj-x></mj-body></mjml>"},
            "mjml-unknown",
        ),
    ],
)
def test_an_email_that_cannot_be_sent_is_an_error(fields, code):
    errors = [one for one in validate(with_english(**fields)) if one.severity == "error"]
    assert [one.code for one in errors] == [code]
    assert (errors[0].element, errors[0].key) == ("renditions", "en")
    assert errors[0].pointer.startswith("/renditions/0/")


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"preheader": ""}, "preheader-missing"), ({"text": ""}, "text-missing")],
)
def test_what_an_email_should_have_is_a_warning(fields, code):
    assert codes(with_english(**fields), "warning") == [code]


def test_an_asset_without_renditions_says_nothing():
    assert codes(asset(renditions=[])) == ["no-rendition"]


def test_a_missing_language_is_a_warning():
    document = asset()
    assert codes(document | {"renditions": document["renditions"][:1]}) == ["language-missing"]


def test_good_mjml_compiles():
    body = (
        "<mjml><mj-body><mj-section><mj-column><mj-text>Hello & <b>welcome</b></mj-text>"
        '<mj-image src="https://bank.example/a.png" /></mj-column></mj-section></mj-body></mjml>'
    )
    assert not [code for code in codes(with_english(format="mjml", body=body)) if "mjml" in code]


def other(kind, **fields):
    renditions = [{"key": "en", **fields}, {"key": "zh-hans", "text": "好", "title": "好"}]
    if kind == "sms":
        renditions[1].pop("title")
    return definition.complete({"name": "A", "kind": kind, "renditions": renditions})


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (other("sms", text=""), "text-empty"),
        (other("sms", text="x" * 460), "many-segments"),
        (other("sms", text="Hi", subject="Hi"), "field-unused"),
        (other("push", text="Hi"), "title-empty"),
        (other("push", title="Hi"), "text-empty"),
        (other("push", title="x" * 66, text="Hi"), "title-long"),
    ],
)
def test_messages_on_phones_are_checked(document, code):
    assert codes(document) == [code]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("x" * 160, 1),
        ("x" * 161, 2),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("好" * 70, 1),
        ("好" * 71, 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_segments(text, count):
    assert segments(text) == count


def test_facts_name_the_channel_and_what_it_is_about():
    before, after = asset(), with_english(subject="Hello") | {"tags": ["topic:cards"]}
    found = ADAPTER.facts(before, after, hunks(diff(before, after)))
    assert [(fact.hunk.element, set(fact.channels), set(fact.kinds)) for fact in found] == [
        ("", {"email"}, {"tags"}),
        ("renditions", {"email"}, {"content"}),
    ]


def test_a_change_is_told_in_words():
    before = asset()
    after = with_english(subject="Hello") | {"purpose": "Greet"}
    assert ADAPTER.describe(before, after, diff(before, after)) == [
        "Changed about the asset: purpose.",
        "English: subject changed from “Welcome to the bank” to “Hello”.",
    ]
    after = before | {"renditions": [rendition(body="<p>x</p>", text="x")]}
    assert ADAPTER.describe(before, after, diff(before, after)) == [
        "English: changed message, text.",
        "Simplified Chinese removed.",
    ]


def test_the_first_version_is_told_by_its_languages():
    before, after = ADAPTER.nothing, asset()
    assert ADAPTER.describe(before, after, diff(before, after)) == [
        "The first version, in these languages: English, Simplified Chinese."
    ]


def test_the_json_schema_is_published():
    schema = definition.json_schema()
    assert schema["$id"] == "asset/1"
    assert set(schema["properties"]) >= {"name", "kind", "renditions"}
