"""One customer's way through a journey, and what is said to them on it."""

import pytest

from content.definition import complete as asset_of
from content.telling import tell
from journeys.definition import complete
from journeys.story import seconds, story


def journey(steps="abcd", ways=(), entries=(("in", "a"),), **waits):
    return complete(
        {
            "name": "Welcome",
            "steps": [
                {"key": key, "name": key, "kind": "message", "wait": waits.get(key)}
                for key in steps
            ],
            "entries": [{"key": key, "step": step} for key, step in entries],
            "transitions": [
                {"key": f"{source}-{target}", "source": source, "target": target, **more}
                for source, target, more in ways
            ],
        }
    )


def told(found):
    return [(beat.step["key"], beat.day) for beat in found.beats]


def test_it_goes_from_step_to_step():
    ways = [("a", "b", {}), ("b", "c", {}), ("c", "d", {})]
    assert told(story(journey(ways=ways))) == [("a", 1), ("b", 1), ("c", 1), ("d", 1)]


def test_waits_and_delays_pass_days():
    ways = [("a", "b", {"delay": "P1D"}), ("b", "c", {})]
    found = story(journey(ways=ways, b="PT36H"))
    assert told(found) == [("a", 1), ("b", 2), ("c", 3)]
    assert [beat.wait for beat in found.beats] == ["", "P1D", "PT36H"]
    assert found.days == 3


def test_where_ways_part_most_customers_decide():
    ways = [("a", "b", {"share": 0.3}), ("a", "c", {"share": 0.7})]
    found = story(journey(ways=ways))
    assert told(found) == [("a", 1), ("c", 1)]
    assert [(way.key, way.is_taken) for way in found.beats[0].ways] == [
        ("a-c", True),
        ("a-b", False),
    ]


def test_the_reader_may_take_the_other_way():
    ways = [("a", "b", {"share": 0.3}), ("a", "c", {"share": 0.7})]
    assert told(story(journey(ways=ways), ways={"a": "a-b"})) == [("a", 1), ("b", 1)]


def test_a_way_that_is_not_there_is_passed_over():
    ways = [("a", "b", {}), ("a", "c", {})]
    assert told(story(journey(ways=ways), ways={"a": "gone", "x": "y"})) == [("a", 1), ("b", 1)]


def test_a_single_way_is_no_choice():
    assert story(journey(ways=[("a", "b", {})])).beats[0].ways == ()


def test_a_circle_ends_where_it_closes():
    found = story(journey(ways=[("a", "b", {}), ("b", "a", {})]))
    assert told(found) == [("a", 1), ("b", 1)]
    assert found.beats[-1].leads_back == "a"


def test_it_begins_where_the_reader_comes_in():
    document = journey(ways=[("b", "c", {})], entries=(("in", "a"), ("other", "b")))
    assert told(story(document, entry="other")) == [("b", 1), ("c", 1)]
    assert told(story(document, entry="nowhere")) == [("a", 1)]


def test_without_an_entry_it_begins_where_nothing_leads_to():
    document = journey(steps="ab", ways=[("b", "a", {})], entries=())
    assert told(story(document)) == [("b", 1), ("a", 1)]


def test_a_journey_without_steps_tells_nothing():
    assert story(journey(steps="", entries=())).beats == ()


@pytest.mark.parametrize(
    ("duration", "expected"),
    [(None, 0), ("", 0), ("soon", 0), ("PT1H30M", 5_400), ("P1W", 604_800), ("P1DT12H", 129_600)],
)
def test_durations_in_seconds(duration, expected):
    assert seconds(duration) == expected


def piece(**variants):
    return asset_of(
        {
            "name": "Hello",
            "kind": "email",
            "variants": {"young": {"name": "Young", "persona": "Student"}},
            "renditions": [
                {"key": "en", "subject": "Hello", "body": "<h1>Hi</h1><p>there</p>", "text": "Hi"},
                {"key": "zh-hans", "subject": "您好"},
                {"key": "en-young", "variant": "young", "subject": "Hey"},
            ],
        }
    )


def lines(found):
    return [(line.name, line.text) for line in found.lines]


def test_an_email_tells_its_subject_and_its_words():
    assert lines(tell(piece(), language="en")) == [("subject", "Hello"), ("body", "Hi\nthere")]


def test_a_persona_gets_the_variant_made_for_it():
    found = tell(piece(), language="en", persona="Student")
    assert (found.rendition, found.variant) == ("en-young", "young")


def test_a_variant_without_the_language_gives_way_to_the_main_one():
    found = tell(piece(), language="zh-hans", persona="Student")
    assert (found.rendition, found.is_wanted) == ("zh-hans", True)


def test_a_language_that_is_missing_is_told():
    found = tell(piece(), language="fr")
    assert (found.rendition, found.is_wanted) == ("en", False)


def test_a_relative_of_the_language_is_nearer():
    assert tell(piece(), language="zh-hant").rendition == "zh-hans"


def test_nothing_is_told_of_an_asset_without_a_text():
    assert tell(asset_of({"name": "No", "kind": "sms"}), language="en") is None


def test_personal_values_are_filled_in():
    found = tell(piece(), language="en", fill=lambda rendition, text: text.upper())
    assert lines(found)[0] == ("subject", "HELLO")
