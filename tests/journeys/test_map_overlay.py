"""The map of two versions: everything of both, each at its place and with its mark."""

import pytest
from hypothesis import given, settings

from cjops.documents import edit
from journeys.definition import complete
from journeys.importers import read
from journeys.map_overlay import overlay_map
from journeys.marks import marks_between
from journeys.stage_map import stage_map
from tests.journeys.documents import DOCUMENTS, real_data, slot, sound

NAMES = {
    "teams": {"email-team": "E-mail team", "legal": "Legal"},
    "assets": {"welcome": "Welcome", "other": "Other"},
}


def step(key, **fields):
    return {"op": "update", "element": "steps", "key": key, "fields": fields}


def compared(*edits, before=None):
    before = before or sound()
    return overlay_map(before, complete(edit(before, list(edits))), NAMES)


def cards(drawn):
    return {card.key: card for column in drawn.columns for card in column.cards}


def lane(drawn, key):
    return next(one for one in drawn.lanes if one.key == key)


def remarks(drawn, key):
    return [
        (remark.mark, remark.text, remark.was)
        for cell in lane(drawn, key).cells
        for remark in cell.remarks
        if remark.mark
    ]


def test_steps_are_marked():
    more = {"op": "add", "element": "steps", "key": "call"}
    drawn = compared(
        step("wait", wait="P3D", name="Wait a little"),
        {"op": "remove", "element": "steps", "key": "reminder"},
        {"op": "move", "element": "steps", "key": "exit", "after": None},
        {
            **more,
            "fields": {"kind": "touchpoint", "name": "Call", "stage": "use"},
            "after": "check",
        },
    )

    assert {key: card.mark for key, card in cards(drawn).items()} == {
        "welcome": "",
        "wait": "edit",
        "check": "",
        "reminder": "remove",
        "call": "add",
        "exit": "move",
    }
    assert cards(drawn)["wait"].was == "was Wait before the check"


def test_what_was_removed_stands_at_its_old_place():
    drawn = compared({"op": "remove", "element": "steps", "key": "wait"})

    assert [card.key for card in drawn.columns[0].cards] == [
        "welcome",
        "wait",
        "check",
        "reminder",
        "exit",
    ]


def test_a_stage_that_is_gone_keeps_its_column_and_its_steps():
    before = sound()
    before["stages"] = [*before["stages"], {"key": "old", "name": "Old", "rank": "z"}]
    before["steps"] = [
        one | {"stage": "old"} if one["key"] == "wait" else one for one in before["steps"]
    ]
    before = complete(before)

    drawn = compared(
        {"op": "remove", "element": "steps", "key": "wait"},
        {"op": "remove", "element": "stages", "key": "old"},
        before=before,
    )

    column = next(one for one in drawn.columns if one.key == "old")
    assert (column.name, column.mark) == ("Old", "remove")
    assert [(card.key, card.mark) for card in column.cards] == [("wait", "remove")]


def test_a_step_in_another_stage_has_moved_and_says_from_where():
    drawn = compared(
        {"op": "add", "element": "stages", "key": "later", "fields": {"name": "Later"}},
        step("exit", stage="later"),
    )

    card = cards(drawn)["exit"]
    assert (card.mark, card.was) == ("move", "was in Use")
    assert [card.key for card in drawn.columns[1].cards] == ["exit"]


def test_a_stage_with_another_name_says_the_old_one():
    drawn = compared(
        {"op": "update", "element": "stages", "key": "use", "fields": {"name": "Using"}}
    )

    assert [(one.name, one.mark, one.was) for one in drawn.columns] == [
        ("Using", "edit", "was Use")
    ]


def test_what_a_lane_says_is_compared():
    before = complete(
        edit(sound(), [step("welcome", mindset="Hm", pain_points="Long", emotion=-1)])
    )

    drawn = compared(
        step("welcome", mindset="Ah", pain_points="", emotion=1, customer_action="Reads"),
        before=before,
    )

    assert remarks(drawn, "mindset") == [("edit", "Ah", "Hm")]
    assert remarks(drawn, "pain") == [("remove", "Long", "")]
    assert remarks(drawn, "customer") == [("add", "Reads", "")]
    assert remarks(drawn, "emotion") == [("edit", "happy", "unhappy")]


def test_content_is_compared_slot_by_slot():
    fields = {"slots": {"body": slot(version=2), "an-image": slot(asset="other")}}

    drawn = compared(step("welcome", **fields))

    assert remarks(drawn, "content") == [("add", "Other", ""), ("edit", "Welcome", "Welcome v1")]


def test_who_works_behind_a_stage_is_compared():
    drawn = compared(step("welcome", support_teams=[]))

    cell = lane(drawn, "teams").cells[0]
    assert cell.marked_words == [("E-mail team", ""), ("Legal", "remove")]


def test_what_differs_is_never_folded_away():
    before = sound()
    for one in before["steps"]:
        one["mindset"] = "Same"

    drawn = compared(step("exit", mindset="Other"), before=complete(before))

    cell = lane(drawn, "mindset").cells[0]
    assert [remark.text for remark in cell.shown] == ["Other"]
    assert len(cell.folded) == 4


@settings(max_examples=60, deadline=None)
@given(DOCUMENTS, DOCUMENTS)
def test_any_two_versions_share_a_map(before, after):
    drawn = overlay_map(before, after, {})
    marks = marks_between(before, after)
    keys = {one["key"] for one in before["steps"] + after["steps"]}
    assert set(cards(drawn)) == keys
    assert {key: card.mark for key, card in cards(drawn).items()} == {
        key: marks.get(("steps", key), "") for key in keys
    }
    said = {lane.key: len(lane.cells) for lane in drawn.lanes}
    assert set(said.values()) <= {len(drawn.columns)}


@settings(max_examples=30, deadline=None)
@given(DOCUMENTS)
def test_a_version_laid_over_itself_is_its_map_without_a_mark(document):
    drawn = overlay_map(document, document, {})
    plain = stage_map(document)
    assert drawn.columns == plain.columns
    assert not [r for one in drawn.lanes for cell in one.cells for r in cell.remarks if r.mark]


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("format_", "path"),
    [
        ("salesforce", "journeys/salesforce/multistep.definition.json"),
        ("salesforce", "journeys/salesforce/multistep.version1.api.json"),
        ("dittofeed", "journeys/dittofeed/onboarding.yaml"),
    ],
)
def test_a_real_journey_without_half_of_its_steps(format_, path):
    before = read(format_, real_data(path)).document
    gone = {one["key"] for one in before["steps"][::2]}
    after = before | {
        "steps": [one for one in before["steps"] if one["key"] not in gone],
        "transitions": [
            one for one in before["transitions"] if not {one["source"], one["target"]} & gone
        ],
    }

    drawn = overlay_map(before, complete(after), {})

    assert {key for key, card in cards(drawn).items() if card.mark == "remove"} == gone
    assert len(cards(drawn)) == len(before["steps"])
