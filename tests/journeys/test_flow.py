"""The drawing: everything in it, nothing on top of anything else, the same each time."""

import re
import time
from itertools import combinations, pairwise

import pytest
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st

from journeys.definition import blank, complete
from journeys.flow import layout
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
    flow = layout(line_journey(count, extra))
    assert not flow.has_lines
    assert flow.edges == ()
    assert len(flow.nodes) == count + 1
    assert sum(len(node.ways) for node in flow.nodes) == 3 * (count - 1) + 1
    html = render_to_string("journeys/_flow.html", {"flow": layout(line_journey(3))})
    assert "more paths than" not in html


def crossed_journey(count):
    """A journey whose steps are also joined forwards and back."""
    extra = [(n, n + 5) for n in range(0, count - 6, 4)] + [(n, n - 3) for n in range(9, count, 7)]
    return line_journey(count, [way for way in extra if way[0] != count - 1])


def cost(document):
    """Seconds of the processor, the best of a few."""
    times = []
    for _ in range(3):
        started = time.process_time()
        layout(document)
        times.append(time.process_time() - started)
    return min(times)


def test_a_drawing_of_eight_times_as_many_steps_takes_not_many_times_as_long():
    assert len(layout(crossed_journey(480)).nodes) == 481
    assert cost(crossed_journey(480)) < 40 * cost(crossed_journey(60))
