"""The drawing: everything in it, nothing on top of anything else, the same each time."""

import re
import time
import xml.etree.ElementTree as ET
from itertools import combinations, pairwise

import pytest
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st

from cjops.documents import edit
from journeys.definition import blank, complete
from journeys.emotion import emotion_curve
from journeys.flow import layout
from journeys.flow.text import shorten, text_width, wrap
from tests.journeys.documents import DOCUMENTS, sound

DIRECTIONS = st.sampled_from(["auto", "down", "right"])
_PIECE = re.compile(r"([MLQC])([^MLQCZ]*)")


def line_journey(count, extra=()):
    """A journey of `count` steps in a line, with further ways as pairs of numbers."""
    ways = [(number, number + 1) for number in range(count - 1)] + list(extra)
    return complete(
        {
            "name": "Line",
            "stages": [{"key": "use"}],
            "entries": [{"key": "e", "name": "In", "step": "s0"}],
            "steps": [
                {
                    "key": f"s{number}",
                    "kind": "exit" if number == count - 1 else "message",
                    "name": f"Step {number}",
                    "stage": "use",
                    "channel": "email",
                }
                for number in range(count)
            ],
            "transitions": [
                {"key": f"t{n}", "source": f"s{way[0]}", "target": f"s{way[1]}", "condition": "if"}
                for n, way in enumerate(ways)
            ],
        }
    )


def boxes_overlap(one, other):
    return (
        one.left < other.left + other.width
        and other.left < one.left + one.width
        and one.top < other.top + other.height
        and other.top < one.top + one.height
    )


def legs(edge):
    """The straight pieces of a line: is it upright, where, from, to."""
    at = None
    for letter, numbers in _PIECE.findall(edge.d):
        values = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", numbers)]
        to = (values[-2], values[-1])
        if letter == "L" and at is not None and at != to:
            axis = 0 if at[0] == to[0] else 1
            low, high = sorted((at[1 - axis], to[1 - axis]))
            yield axis, at[axis], low, high
        at = to


def run_together(flow):
    """Lines that run on one another although they share neither start nor end."""
    for one, other in combinations(flow.edges, 2):
        if one.source == other.source or one.target == other.target:
            continue
        for axis, place, low, high in legs(one):
            for axis_, place_, low_, high_ in legs(other):
                if (axis, place) == (axis_, place_) and min(high, high_) - max(low, low_) > 3:
                    yield one.key, other.key


def rendered(flow, **context):
    html = render_to_string("journeys/_flow.html", {"flow": flow, **context})
    return html, ET.fromstring(re.search(r"<svg.*</svg>", html, re.DOTALL).group())


def test_everything_is_drawn():
    flow = layout(sound())
    assert {node.key for node in flow.nodes if node.element == "steps"} == {
        "welcome",
        "wait",
        "check",
        "reminder",
        "exit",
    }
    assert {node.name for node in flow.nodes if node.element == "entries"} == {"Applied"}
    assert {edge.key for edge in flow.edges} == {"applied", "a", "b", "c", "d", "e"}
    assert flow.title == "Account opening"


def test_what_leads_back_is_known_as_such():
    assert {edge.key for edge in layout(sound()).edges if edge.is_back} == {"e"}


@pytest.mark.parametrize("direction", ["down", "right"])
def test_journeys_run_one_way(direction):
    flow = layout(line_journey(6), direction=direction)
    places = {node.key: (node.x, node.y) for node in flow.nodes}
    along = 1 if direction == "down" else 0
    order = [places["e"], *(places[f"s{number}"] for number in range(6))]
    assert all(one[along] < other[along] for one, other in pairwise(order))
    assert len({place[1 - along] for place in order}) == 1


def test_the_direction_follows_from_the_length():
    assert layout(line_journey(4)).direction == "right"
    assert layout(line_journey(30)).direction == "down"
    assert layout(line_journey(30)).width < 400


def test_the_main_path_runs_straight():
    document = line_journey(8, [(1, 4), (2, 6), (5, 3), (0, 7)])
    flow = layout(document, direction="down")
    assert len({node.x for node in flow.nodes}) == 1
    on_main = {(edge.source, edge.target) for edge in flow.edges if edge.is_main}
    assert ("s3", "s4") in on_main
    assert ("s1", "s4") not in on_main


def test_a_greater_share_makes_the_main_path():
    document = complete(
        {
            "entries": [{"key": "e", "step": "a"}],
            "steps": [{"key": key, "kind": "action"} for key in "abcd"],
            "transitions": [
                {"key": "1", "source": "a", "target": "b", "share": 0.2},
                {"key": "2", "source": "b", "target": "c"},
                {"key": "3", "source": "a", "target": "d", "share": 0.8},
            ],
        }
    )
    assert {edge.key for edge in layout(document).edges if edge.is_main} == {"e", "3"}


def test_words_stand_beside_stations_and_lines():
    flow = layout(sound(), names={"channels": {"email": "E-mail", "sms": "SMS"}}, direction="down")
    lines = {node.key: [line.text for line in node.lines] for node in flow.nodes}
    assert lines["welcome"] == ["Welcome e-mail", "E-mail"]
    assert lines["wait"] == ["Wait before the check", "5 days"]
    labels = {edge.key: edge.label for edge in flow.edges}
    assert labels["c"] == "yes · 60 %"
    assert labels["d"] == "40 % · after 1 day"
    assert labels["a"] == ""


# Marks


@pytest.fixture
def compared():
    before = sound()
    after = edit(
        before,
        [
            {"op": "update", "element": "steps", "key": "wait", "fields": {"wait": "P3D"}},
            {"op": "remove", "element": "steps", "key": "reminder"},
            {"op": "remove", "element": "transitions", "key": "d"},
            {"op": "remove", "element": "transitions", "key": "e"},
            {"op": "update", "element": "transitions", "key": "c", "fields": {"share": None}},
            {
                "op": "add",
                "element": "steps",
                "key": "call",
                "fields": {"kind": "touchpoint", "name": "Call", "stage": "use"},
                "after": "check",
            },
            {
                "op": "add",
                "element": "transitions",
                "key": "n",
                "fields": {"source": "check", "target": "call"},
            },
            {
                "op": "add",
                "element": "transitions",
                "key": "m",
                "fields": {"source": "call", "target": "exit"},
            },
            {"op": "move", "element": "steps", "key": "exit", "after": None},
        ],
    )
    return layout(complete(after), before=before, url=lambda key: f"/steps/{key}/")


def test_stations_are_marked(compared):
    marks = {node.key: node.mark for node in compared.nodes}
    assert marks == {
        "applied": "",
        "welcome": "",
        "wait": "edit",
        "check": "",
        "reminder": "remove",
        "call": "add",
        "exit": "move",
    }
    assert compared.marks == ("add", "edit", "move", "remove")


def test_lines_are_marked(compared):
    marks = {edge.key: edge.mark for edge in compared.edges}
    assert marks == {
        "applied": "",
        "a": "",
        "b": "",
        "c": "edit",
        "d": "remove",
        "e": "remove",
        "n": "add",
        "m": "add",
    }


def test_marks_are_text_as_well_as_colour(compared):
    first = {node.key: node.lines[0].text for node in compared.nodes}
    assert first["wait"].startswith("~ ")
    assert first["call"].startswith("+ ")
    assert first["reminder"].startswith("− ")
    assert first["exit"].startswith("↕ ")
    assert first["check"] == "Identity checked?"
    wait = next(node for node in compared.nodes if node.key == "wait")
    assert "was 5 days" in [line.text for line in wait.lines]
    assert "changed" in wait.description
    assert "was 5 days" in wait.description
    labels = {edge.key: edge.label for edge in compared.edges}
    assert labels["n"] == "+"
    assert labels["c"] == "~ yes"


def test_what_was_removed_leads_nowhere(compared):
    urls = {node.key: node.url for node in compared.nodes}
    assert urls["reminder"] == ""
    assert urls["call"] == "/steps/call/"
    assert urls["applied"] == ""


def test_a_path_that_ends_elsewhere_is_drawn_twice():
    before = sound()
    after = edit(
        before,
        [{"op": "update", "element": "transitions", "key": "e", "fields": {"target": "check"}}],
    )
    marks = {
        (edge.target, edge.mark) for edge in layout(after, before=before).edges if edge.key == "e"
    }
    assert marks == {("check", "rewire"), ("wait", "remove")}


def test_what_leads_elsewhere_now_is_rewired():
    before = sound()
    path = {"op": "update", "element": "transitions", "key": "e", "fields": {"source": "check"}}

    flow = layout(edit(before, [path]), before=before)

    assert flow.marks == ("rewire", "remove")
    rewired = next(edge for edge in flow.edges if edge.mark == "rewire")
    assert (rewired.source, rewired.target) == ("check", "wait")
    assert rewired.label.startswith("⤳")
    assert "rewired" in rewired.description


def test_an_entry_that_starts_elsewhere_is_rewired_and_shows_both_ways():
    before = sound()
    entry = {"op": "update", "element": "entries", "key": "applied", "fields": {"step": "check"}}

    flow = layout(edit(before, [entry]), before=before)

    assert {(edge.target, edge.mark) for edge in flow.edges if edge.key == "applied"} == {
        ("check", "rewire"),
        ("welcome", "remove"),
    }
    assert next(node for node in flow.nodes if node.key == "applied").mark == "rewire"


def test_a_step_in_another_stage_has_moved():
    before = sound()
    edits = [
        {"op": "add", "element": "stages", "key": "later", "fields": {"name": "Later"}},
        {"op": "update", "element": "steps", "key": "exit", "fields": {"stage": "later"}},
    ]

    flow = layout(complete(edit(before, edits)), before=before)

    assert next(node for node in flow.nodes if node.key == "exit").mark == "move"


@pytest.mark.parametrize(
    ("side", "gone", "marks"),
    [("before", "reminder", ("edit", "remove")), ("after", "call", ("add", "edit"))],
)
def test_one_side_shows_its_own_steps_with_their_marks(side, gone, marks):
    before = sound()
    after = complete(
        edit(
            before,
            [
                {"op": "update", "element": "steps", "key": "wait", "fields": {"wait": "P3D"}},
                {"op": "remove", "element": "steps", "key": "reminder"},
                {"op": "remove", "element": "transitions", "key": "d"},
                {"op": "remove", "element": "transitions", "key": "e"},
                {
                    "op": "add",
                    "element": "steps",
                    "key": "call",
                    "fields": {"kind": "touchpoint", "name": "Call", "stage": "use"},
                },
            ],
        )
    )

    flow = layout(after, before=before, side=side)

    shown = {"before": before, "after": after}[side]
    keys = {node.key for node in flow.nodes if node.element == "steps"}
    assert keys == {step["key"] for step in shown["steps"]}
    assert gone in keys
    assert flow.marks == marks


def test_two_equal_versions_have_no_marks():
    flow = layout(sound(), before=sound())
    assert flow.marks == ()
    assert flow == layout(sound())


# The picture holds together


@settings(max_examples=60)
@given(DOCUMENTS, DIRECTIONS)
def test_nothing_lies_on_anything_else_or_outside(document, direction):
    flow = layout(document, direction=direction)
    assert flow == layout(document, direction=direction)
    for node in flow.nodes:
        assert node.left >= 0
        assert node.top >= 0
        assert node.left + node.width <= flow.width
        assert node.top + node.height <= flow.height
    for one, other in combinations(flow.nodes, 2):
        assert not boxes_overlap(one, other), (one.key, other.key)
    for edge in flow.edges:
        for axis, place, low, high in legs(edge):
            size = (flow.width, flow.height)
            assert 0 <= place <= size[axis]
            assert 0 <= low <= high <= size[1 - axis]
    assert not list(run_together(flow))


@settings(max_examples=30)
@given(
    st.integers(2, 40).flatmap(
        lambda count: st.tuples(
            st.just(count),
            st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=25),
        )
    )
)
def test_tangled_journeys_stay_readable(tangle):
    flow = layout(line_journey(*tangle), direction="down")
    for one, other in combinations(flow.nodes, 2):
        assert not boxes_overlap(one, other)
    assert not list(run_together(flow))


@settings(max_examples=30)
@given(DOCUMENTS, DOCUMENTS)
def test_any_two_versions_can_be_laid_over_each_other(before, after):
    flow = layout(after, before=before)
    keys = {node.key for node in flow.nodes if node.element == "steps"}
    assert keys == {step["key"] for step in before["steps"] + after["steps"]}


def test_a_journey_without_steps_is_empty():
    flow = layout(blank("New"))
    assert flow.nodes == ()
    html = render_to_string("journeys/_flow.html", {"flow": flow})
    assert "<svg" not in html
    assert "no steps" in html


def test_more_paths_than_anyone_could_follow_are_only_listed():
    count = 1_500
    extra = [(n, (n * 7_919) % (count - 1)) for n in range(count - 1)] * 2
    started = time.process_time()
    flow = layout(line_journey(count, extra))
    assert time.process_time() - started < 2
    assert not flow.has_lines
    assert flow.edges == ()
    assert len(flow.nodes) == count + 1
    assert sum(len(node.ways) for node in flow.nodes) == 3 * (count - 1) + 1
    html = render_to_string("journeys/_flow.html", {"flow": layout(line_journey(3))})
    assert "more paths than" not in html


@pytest.mark.parametrize(("count", "limit"), [(60, 0.1), (500, 0.8)])
def test_drawing_is_fast(count, limit):
    extra = [(n, n + 5) for n in range(0, count - 6, 4)] + [(n, n - 3) for n in range(9, count, 7)]
    document = line_journey(count, [way for way in extra if way[0] != count - 1])
    started = time.process_time()
    flow = layout(document)
    assert time.process_time() - started < limit
    assert len(flow.nodes) == count + 1


# The template


def test_the_drawing_is_well_formed_and_free_of_style_and_script(compared):
    html, svg = rendered(compared)
    assert " style=" not in html
    assert "<script" not in html
    assert not re.search(r"\son\w+=", html)
    assert svg.find("{*}title") is not None or svg.find("title") is not None
    assert len(svg.findall(".//a")) == 5
    assert all(link.get("aria-label") for link in svg.findall(".//a"))


def test_names_cannot_break_out_of_the_drawing():
    document = sound()
    document["steps"][0]["name"] = '"><script>alert(1)</script>'
    html, svg = rendered(layout(complete(document)))
    assert "<script>" not in html
    assert svg is not None


def test_the_list_says_what_the_picture_shows(compared):
    html, _svg = rendered(compared)
    listed = html[html.index("<details") :]
    for node in compared.nodes:
        assert node.name.replace("'", "&#x27;") in listed
        assert listed.count("<li") >= len(compared.nodes) + len(compared.edges)
    assert "(added)" in listed


def test_several_drawings_on_one_page_have_ids_of_their_own(compared):
    html, _svg = rendered(compared, flow_id="before")
    assert 'id="before-title"' in html
    assert 'aria-labelledby="before-title"' in html


# Text


@given(st.text(max_size=60), st.integers(30, 300), st.integers(1, 3))
def test_lines_fit(text, width, lines):
    wrapped = wrap(text, 13, width, lines)
    assert len(wrapped) <= lines
    assert all(text_width(line, 13) <= width + 0.01 for line in wrapped if len(line) > 1)


def test_chinese_characters_count_double():
    assert text_width("开户", 10) > 1.7 * text_width("ab", 10)
    assert shorten("开户开户开户开户", 10, 40).endswith("…")
    assert wrap("欢迎加入三分钟完成开户", 10, 60, 2) == ("欢迎加入三", "分钟完成…")


def test_words_are_not_broken_where_they_fit():
    assert wrap("Wait before the check", 13, 90, 2) == ("Wait before", "the check")


# The emotion curve


def test_the_emotion_curve_has_a_spot_for_each_stage_with_a_feeling():
    document = complete(
        {
            "stages": [{"key": key, "name": key.upper()} for key in ("a", "b", "c")],
            "steps": [
                {"key": "1", "kind": "action", "stage": "a", "emotion": 2},
                {"key": "2", "kind": "action", "stage": "c", "emotion": -2},
                {"key": "3", "kind": "action", "stage": "c", "emotion": -1},
                {"key": "4", "kind": "action", "stage": "b"},
            ],
        }
    )
    curve = emotion_curve(document)
    assert [(spot.stage, spot.value) for spot in curve.spots] == [("a", 2), ("c", -1.5)]
    assert curve.spots[0].y < curve.zero < curve.spots[1].y
    assert curve.spots[0].percent < 33.4
    assert curve.d.startswith("M")
    assert curve.description == "A: very happy, C: very unhappy"


@given(DOCUMENTS)
def test_any_journey_has_an_emotion_curve(document):
    curve = emotion_curve(document)
    assert all(0 <= spot.y <= curve.height and 0 <= spot.percent <= 100 for spot in curve.spots)
    assert bool(curve.d) == (len(curve.spots) > 1)
    assert render_to_string("journeys/_curve.html", {"curve": curve})
