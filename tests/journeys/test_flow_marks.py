"""Two versions laid over each other: what was added, removed, changed, and how it is shown."""

import re
import xml.etree.ElementTree as ET

import pytest
from django.template.loader import render_to_string

from cjops.documents import edit
from journeys.definition import complete
from journeys.flow import layout
from tests.journeys.documents import sound


def rendered(flow, **context):
    html = render_to_string("journeys/_flow.html", {"flow": flow, **context})
    return html, ET.fromstring(re.search(r"<svg.*</svg>", html, re.DOTALL).group())


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
