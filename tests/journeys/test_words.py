"""What a change says: labels, values and the sentences a change page opens with."""

import datetime as dt

import pytest
from django.utils import translation
from django.utils.formats import date_format
from hypothesis import given

from cjops.documents import MISSING, diff, edit
from journeys.definition import blank, complete
from journeys.durations import duration_words, parse_duration
from journeys.words import (
    element_label,
    field_label,
    format_value,
    name_of,
    names_in,
    place_of,
    summarise,
)
from tests.journeys.documents import DOCUMENTS, changed, slot, sound

NAMES = {
    "assets": {"welcome": "Onboarding welcome"},
    "channels": {"email": "E-mail"},
    "teams": {"legal": "Legal", "email-team": "E-mail team"},
    "journeys": {"win-back": "Win-back"},
    "concepts": {"products:account": "Current account"},
}


def told(*edits, names=NAMES):
    """The sentences about the sound journey after some edits."""
    before = sound()
    after = complete(edit(before, list(edits)))
    return summarise(diff(before, after), before, after, names)


def update(key, element="steps", **fields):
    return {"op": "update", "element": element, "key": key, "fields": fields}


def add(key, **fields):
    return {"op": "add", "element": "steps", "key": key, "fields": {"kind": "action", **fields}}


# Durations


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("P3D", "3 days"),
        ("P1D", "1 day"),
        ("P2W", "2 weeks"),
        ("P1Y2M", "1 year 2 months"),
        ("PT90M", "1 hour 30 minutes"),
        ("PT604800S", "7 days"),
        ("PT1.5H", "1.5 hours"),
        ("P1DT12H", "1 day 12 hours"),
        ("PT0S", "no time"),
        ("soon", "soon"),
    ],
)
def test_durations_in_words(value, words):
    assert duration_words(value) == words


@pytest.mark.parametrize(
    "value",
    ["", "P", "PT", "P1", "1D", "P1H", "PT1D", "P-1D", "-P1D", "P1.5D2H", "P1.5DT2H", "P1D\n"],
)
def test_what_spells_no_duration(value):
    assert parse_duration(value) is None


# Labels


@pytest.mark.parametrize(
    ("element", "field", "label"),
    [
        ("steps", ("wait",), "Duration"),
        ("steps", ("kpi", "guardrail"), "Guardrail"),
        ("steps", ("slots",), "Content"),
        ("steps", ("slots", "body"), "Content “body”"),
        ("steps", ("slots", "body", "version"), "Version of the content “body”"),
        ("", ("goal", "metric"), "Measure of the goal"),
        ("transitions", ("share",), "Expected share"),
        ("steps", (), "Step"),
        ("steps", ("not_known_yet",), "Not known yet"),
    ],
)
def test_fields_have_names_for_people(element, field, label):
    assert field_label(element, field) == label


def test_every_field_of_the_schema_has_a_label_of_its_own():
    before, after = blank("x"), sound()
    for element in ("entries", "exits", "stages", "steps", "transitions"):
        for field in after[element][0]:
            assert "_" not in field_label(element, (field,))
    assert {element_label(name) for name in before if isinstance(before[name], list)}
    assert element_label("") == "Journey"


# Values


@pytest.mark.parametrize(
    ("element", "field", "value", "words"),
    [
        ("steps", ("wait",), "P3D", "3 days"),
        ("steps", ("wait",), None, "empty"),
        ("steps", ("name",), "", "empty"),
        ("steps", ("name",), MISSING, "empty"),
        ("steps", ("tags",), [], "empty"),
        ("steps", ("emotion",), -1, "unhappy"),
        ("steps", ("emotion",), 0, "neutral"),
        ("steps", ("kind",), "hand_off", "Hand-off"),
        ("steps", ("channel",), "email", "E-mail"),
        ("steps", ("channel",), "pigeon", "pigeon"),
        ("steps", ("support_teams",), ["legal", "email-team"], "Legal, E-mail team"),
        ("steps", ("tags",), ["products:account"], "Current account"),
        ("steps", ("slots", "body"), slot(version=4), "Onboarding welcome, version 4"),
        ("steps", ("slots", "body"), slot(asset=None), "empty"),
        ("steps", ("slots",), {"body": slot()}, "body: Onboarding welcome, version 1"),
        ("steps", ("slots", "body", "version"), 4, "4"),
        ("steps", ("slots", "body", "digest"), "a" * 64, "a" * 12),
        ("steps", ("slots", "body", "asset"), "welcome", "Onboarding welcome"),
        ("steps", ("kpi",), {"metric": "Opens", "target": ""}, "measure: Opens, target: empty"),
        ("transitions", ("share",), 0.4, "40 %"),
        ("transitions", ("share",), 1, "100 %"),
        ("transitions", ("share",), 0.125, "12.5 %"),
        ("transitions", ("delay",), "PT1H", "1 hour"),
        ("transitions", ("target",), "welcome", "Welcome e-mail"),
        ("entries", ("kind",), "segment", "Segment"),
        ("exits", ("outcome",), "switch", "Switch to another journey"),
        ("", ("importance",), "critical", "Critical"),
        ("", ("reentry", "rule"), "after_exit", "After leaving"),
        ("", ("lifecycle", "start"), "2026-03-31", date_format(dt.date(2026, 3, 31))),
        ("", ("lifecycle", "start"), "someday", "someday"),
        ("", ("personas",), ["Student", "Parent"], "Student, Parent"),
    ],
)
def test_values_in_words(element, field, value, words):
    assert format_value(element, field, value, {**NAMES, **names_in(sound())}) == words


def test_elements_and_their_places_have_names():
    document = sound()
    assert name_of(document, "", "") == "Account opening"
    assert name_of(document, "steps", "wait") == "Wait before the check"
    assert name_of(document, "transitions", "a") == "Welcome e-mail → Wait before the check"
    assert name_of(document, "steps", "gone") == "gone"
    assert place_of(document, "steps", "welcome") == "first"
    assert place_of(document, "steps", "wait") == "after “Welcome e-mail”"
    assert place_of(document, "steps", "gone") == "empty"


# Summaries


def test_no_change_says_nothing():
    assert told() == []


def test_a_duration_is_told_before_and_after():
    assert told(update("wait", wait="P3D")) == ["Wait before the check: duration 5 days → 3 days."]


def test_a_new_version_of_content_is_one_sentence():
    sentences = told(update("welcome", **{"slots/body/version": 2, "slots/body/digest": "1" * 64}))
    assert sentences == ["Welcome e-mail: content “body”, Onboarding welcome, version 1 → 2."]


def test_other_content_is_one_sentence():
    sentences = told(
        update("welcome", **{"slots/body/asset": "warmer", "slots/body/digest": "1" * 64})
    )
    assert sentences == [
        "Welcome e-mail: content “body” Onboarding welcome, version 1 → warmer, version 1."
    ]


def test_added_and_removed_and_moved():
    sentences = told(
        add("thanks", name="Thank-you call", stage="use"),
        {"op": "remove", "element": "steps", "key": "reminder"},
        {"op": "move", "element": "steps", "key": "exit", "after": None},
    )
    assert sentences == [
        "1 step added: Thank-you call.",
        "1 step removed: Reminder SMS.",
        "1 step moved: Exit.",
    ]


def test_many_are_counted_and_some_named():
    sentences = told(*(add(f"s{number}", name=f"Step {number}") for number in range(9)))
    assert sentences == ["9 steps added: Step 0, Step 1, Step 2, Step 3, Step 4 and 4 more."]


def test_long_texts_are_mentioned_and_short_ones_quoted():
    assert told(update("wait", purpose="x" * 500)) == ["Wait before the check: purpose written."]
    assert told(update("wait", name="Cool-down")) == [
        "Cool-down: name “Wait before the check” → “Cool-down”."
    ]
    assert told(update("c", "transitions", condition="")) == [
        "Identity checked? → Exit: condition taken out, was “yes”."
    ]


def test_many_edits_of_one_step_are_listed_by_field():
    sentences = told(
        update("wait", wait="P1D", purpose="p", mindset="m", emotion=1, customer_action="c")
    )
    assert len(sentences) == 1
    assert sentences[0].startswith("Wait before the check: ")
    assert sentences[0].endswith(" changed.")


def test_many_edited_steps_are_named_only():
    keys = ("welcome", "wait", "check", "reminder", "exit")
    sentences = told(*(update(key, purpose="new") for key in keys))
    assert len(sentences) == 1
    assert sentences[0].startswith("5 steps changed: Welcome e-mail, ")


def test_the_header_comes_last():
    sentences = told(
        update("", "header", **{"goal/statement": "More", "importance": "high"}),
        update("wait", wait="P1D"),
    )
    assert sentences == [
        "Wait before the check: duration 5 days → 1 day.",
        "Journey: goal “More completed applications” → “More”.",
        "Journey: importance Normal → High.",
    ]


def test_a_new_journey_can_be_told_from_nothing():
    nothing = {name: [] for name in ("entries", "exits", "stages", "steps", "transitions")}
    sentences = summarise(diff(nothing, sound()), nothing, sound())
    assert "5 steps added: " in sentences[0]


@given(DOCUMENTS, DOCUMENTS)
def test_any_change_can_be_told(before, after):
    changes = diff(before, after)
    sentences = summarise(changes, before, after)
    assert bool(sentences) == bool(changes)
    assert all(sentence and sentence[-1] in ".。" for sentence in sentences)
    names = names_in(before, after)
    for change in changes:
        assert field_label(change.element, change.field)
        for value in (change.before, change.after):
            assert format_value(change.element, change.field, value, names)


def test_words_follow_the_active_language():
    before, after = sound(), changed(("steps/wait/wait", "P3D"))
    with translation.override("zh-hans"):
        assert summarise(diff(before, after), before, after)
