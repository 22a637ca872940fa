"""What is found in text messages, push messages, banners, events and the other kinds."""

import pytest

from content.rules import Rules, Stored
from content.segments import SINGLE
from tests.content.checking import RULES, TODAY, asset, codes, found

DIGEST, OTHER = "a" * 64, "b" * 64


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x" * 460, "many-segments"),
        ("It’s on its way", "sms-unicode"),
        ("A special offer for you", "opt-out-missing"),
        ("限时优惠，立减10元", "opt-out-missing"),
        ("Save 10 % off", "opt-out-missing"),
    ],
)
def test_a_text_message_is_looked_at(text, code):
    assert codes(asset("sms", text=text)) == [code]


@pytest.mark.parametrize(
    "text",
    [
        "x" * 459,
        "A special offer. Reply STOP to opt out",
        "限时优惠，回T退订",
        "您的卡片已寄出",
        "Card ^{}\\[~]|€ on its way",
    ],
)
def test_a_text_message_that_is_fine_has_no_findings(text):
    assert codes(asset("sms", text=text)) == []


def test_characters_that_force_unicode_are_named_with_what_to_write_instead():
    message = found(asset("sms", text="It’s 5 – 6"))["sms-unicode"].message
    assert "“’” (character 3; write ' instead)" in message
    assert "“–” (character 8; write - instead)" in message
    assert str(SINGLE["ucs-2"]) in message


def test_a_promotion_is_known_by_its_tag_too():
    document = asset("sms", header={"tags": ["topic:marketing"]}, text="Come and see us")
    assert codes(document) == ["opt-out-missing"]


def test_segments_are_counted_with_values_filled_in():
    text = "{{ name }}" + "x" * 440
    long = {"name": {"sample": "y" * 60, "fallback": "you"}}
    assert "many-segments" in codes(asset("sms", text=text, variables=long))
    short = {"name": {"sample": "y", "fallback": "you"}}
    assert codes(asset("sms", text=text, variables=short)) == []


@pytest.mark.parametrize(
    ("fields", "code", "names"),
    [
        ({"title": "x" * 51}, "title-long", ["iOS"]),
        ({"title": "x" * 66}, "title-long", ["iOS", "Android"]),
        ({"title": "卡" * 26}, "title-long", ["iOS"]),
        ({"text": "x" * 179}, "text-long", ["iOS"]),
        ({"text": "x" * 241}, "text-long", ["iOS", "Android"]),
    ],
)
def test_a_push_message_says_which_phones_cut_it(fields, code, names):
    finding = found(asset("push", **fields))[code]
    assert [name for name in ("iOS", "Android") if name in finding.message] == names


def test_a_push_message_of_more_than_is_carried_is_an_error():
    document = asset("push", text="x" * 4000)
    assert found(document)["push-too-large"].severity == "error"
    assert "push-too-large" not in codes(asset("push", text="x" * 3800))


def pictured(files, stored, kind="banner", **fields):
    rules = Rules(languages=("en",), today=TODAY, files=stored)
    return found(asset(kind, files=files, **fields), rules)


FINE = {"300x250": {"file": DIGEST, "alt": "A house"}}


def test_a_banner_of_the_right_size_is_fine():
    stored = {DIGEST: Stored("image/png", 300, 250, 100_000)}
    assert pictured(FINE, stored) == {}


@pytest.mark.parametrize(
    ("files", "stored", "code"),
    [
        (FINE, Stored("image/png", 600, 500, 9), "picture-size"),
        (FINE, Stored("image/png", 300, 251, 9), "picture-size"),
        (FINE, Stored("image/png", 300, 250, 150_001), "picture-heavy"),
        (FINE, Stored("application/pdf", 300, 250, 9), "file-type"),
        (FINE, None, "file-unknown"),
        ({}, None, "file-missing"),
        ({"300x250": {"file": DIGEST}}, Stored("image/png", 300, 250, 9), "alt-missing"),
        (FINE | {"hero": {"file": DIGEST}}, Stored("image/png", 300, 250, 9), "file-unused"),
    ],
)
def test_a_banner_is_looked_at(files, stored, code):
    assert set(pictured(files, {DIGEST: stored} if stored else {})) == {code}


def test_large_banners_may_weigh_more():
    files = {"970x250": {"file": DIGEST, "alt": "A"}}
    assert pictured(files, {DIGEST: Stored("image/png", 970, 250, 200_000)}) == {}
    heavy = pictured(files, {DIGEST: Stored("image/png", 970, 250, 200_001)})
    assert set(heavy) == {"picture-heavy"}


def test_much_text_on_a_small_banner_is_found_as_an_estimate():
    files = {"300x50": {"file": DIGEST, "alt": "A"}}
    stored = {DIGEST: Stored("image/png", 300, 50, 9)}
    message = pictured(files, stored, title="Save a little each month")["picture-much-text"].message
    assert "estimate" in message
    assert pictured(files, stored, title="Save") == {}


def test_a_poster_needs_its_pdf():
    assert codes(asset("poster")) == ["file-missing"]
    files = {"poster": {"file": DIGEST}}
    assert pictured(files, {DIGEST: Stored("application/pdf", 595, 842, 9)}, "poster") == {}
    wrong = pictured(files, {DIGEST: Stored("image/png", 595, 842, 9)}, "poster")
    assert set(wrong) == {"file-type"}


@pytest.mark.parametrize(
    ("kind", "fields", "code"),
    [
        ("in-app", {"link": ""}, "action-without-link"),
        ("in-app", {"action": ""}, "link-without-action"),
        ("web-block", {"action": "See"}, "action-without-link"),
        ("event", {"ends": "2027-03-01T18:30"}, "event-reversed"),
        ("event", {"starts": "2026-11-01T10:00", "ends": "2026-11-22T20:00"}, "event-past"),
        ("event", {"timezone": "Asia/Shanghia"}, "timezone-unknown"),
        ("event", {"starts": ""}, "starts-empty"),
    ],
)
def test_other_kinds_are_looked_at(kind, fields, code):
    assert codes(asset(kind, **fields)) == [code]


def test_an_event_today_is_not_over():
    document = asset("event", starts="2026-11-23T08:00", ends="2026-11-23T09:00")
    assert codes(document) == []


def test_a_misspelled_time_zone_is_told_its_name():
    message = found(asset("event", timezone="Asia/Shanghia"))["timezone-unknown"].message
    assert "Asia/Shanghai" in message


@pytest.mark.parametrize(
    ("rights", "code", "severity"),
    [
        ({"valid_until": "2026-11-22"}, "rights-expired", "error"),
        ({"valid_until": "2026-12-23"}, "rights-ending", "warning"),
        ({"valid_from": "2026-11-24"}, "rights-not-begun", "warning"),
        ({"valid_from": "2026-02-01", "valid_until": "2026-01-01"}, "rights-reversed", "error"),
    ],
)
def test_rights_are_looked_at(rights, code, severity):
    findings = found(asset(header={"rights": rights}))
    assert [(one.code, one.severity) for one in findings.values()] == [(code, severity)]
    assert findings[code].pointer.startswith("/rights/")


@pytest.mark.parametrize(
    "rights", [{"valid_until": "2026-12-24"}, {"valid_from": "2026-11-23"}, {"licence": "CC0"}]
)
def test_rights_that_last_are_fine(rights):
    assert codes(asset(header={"rights": rights})) == []


def test_today_is_not_asked_where_nobody_says_it():
    document = asset(header={"rights": {"valid_until": "2001-01-01"}})
    assert codes(document, Rules(languages=("en",))) == []


def test_prose_that_nobody_reads_to_its_end_is_refused():
    assert codes(asset("call-script", body="x " * 100_001)) == ["prose-too-long"]
    assert RULES.today == TODAY
