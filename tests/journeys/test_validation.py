"""Every finding, once on a journey that deserves it and once on one that does not."""

import time
from dataclasses import replace

import pytest
from django.utils import translation
from hypothesis import given

from journeys.definition import blank, complete
from journeys.validation import Known, validate
from tests.journeys.documents import (
    DIGEST,
    DOCUMENTS,
    KNOWN,
    changed,
    slot,
    sound,
    with_also,
    without,
)

CYCLE = {"kind": "action", "stage": "use"}


def found(document, known=KNOWN):
    return {(finding.code, finding.pointer) for finding in validate(document, known)}


def codes(document, known=KNOWN):
    return {finding.code for finding in validate(document, known)}


def step(key, kind="action", **fields):
    return {"key": key, "kind": kind, "name": key.title(), "stage": "use", **fields}


def journey(steps, ways, **header):
    """A journey that starts at the first step, with ways as pairs."""
    return complete(
        {
            "name": "Test",
            "goal": {"statement": "Test"},
            "stages": [{"key": "use"}],
            "entries": [{"key": "e", "step": steps[0]["key"]}],
            "steps": steps,
            "transitions": [
                {"key": f"t{number}", "source": way[0], "target": way[1], **(way[2:] or [{}])[0]}
                for number, way in enumerate(ways)
            ],
            **header,
        }
    )


def test_a_sound_journey_has_no_findings():
    assert validate(sound(), KNOWN) == []


def test_nothing_outside_is_checked_where_nothing_is_known():
    document = changed(
        ("steps/welcome/channel", "pigeon"),
        ("steps/welcome/team", "nobody"),
        ("steps/welcome/slots", {"body": slot(asset="ghost", version=9)}),
        ("tags", ["no:such"]),
    )
    assert validate(document) == []
    assert len(validate(document, KNOWN)) == 4


def test_spoiled_journeys_say_where_and_what():
    cases = [
        ("name-missing", "/name", changed(("name", ""))),
        ("goal-missing", "/goal/statement", changed(("goal/statement", ""))),
        (
            "lifecycle-reversed",
            "/lifecycle/end",
            changed(("lifecycle", {"start": "2026-02-01", "end": "2026-01-31"})),
        ),
        ("duration-malformed", "/reentry/wait", changed(("reentry/wait", "monthly"))),
        ("concept-unknown", "/tags/0", changed(("tags", ["no:such"]))),
        ("entry-missing", "/entries", without("entries", "applied")),
        ("entry-without-step", "/entries/0/step", changed(("entries/applied/step", ""))),
        ("step-unknown", "/entries/0/step", changed(("entries/applied/step", "ghost"))),
        ("journey-missing", "/exits/0/journey", changed(("exits/lapsed/journey", None))),
        ("journey-unknown", "/exits/0/journey", changed(("exits/lapsed/journey", "ghost"))),
        ("name-missing", "/steps/1/name", changed(("steps/wait/name", ""))),
        ("stage-unknown", "/steps/1/stage", changed(("steps/wait/stage", "ghost"))),
        ("stage-missing", "/steps/1/stage", changed(("steps/wait/stage", ""))),
        ("channel-unknown", "/steps/0/channel", changed(("steps/welcome/channel", "pigeon"))),
        ("team-unknown", "/steps/0/team", changed(("steps/welcome/team", "ghost"))),
        (
            "team-unknown",
            "/steps/0/support_teams/0",
            changed(("steps/welcome/support_teams", ["ghost"])),
        ),
        ("wait-missing", "/steps/1/wait", changed(("steps/wait/wait", None))),
        ("wait-missing", "/steps/1/wait", changed(("steps/wait/wait", "PT0S"))),
        ("duration-malformed", "/steps/1/wait", changed(("steps/wait/wait", "5 days"))),
        (
            "journey-missing",
            "/steps/5/journey",
            with_also("steps", key="z", kind="hand_off", rank="z"),
        ),
        ("journey-unknown", "/steps/4/journey", changed(("steps/exit/journey", "ghost"))),
        ("concept-unknown", "/steps/0/tags/0", changed(("steps/welcome/tags", ["no:such"]))),
        ("channel-missing", "/steps/0/channel", changed(("steps/welcome/channel", None))),
        ("team-missing", "/steps/0/team", changed(("steps/welcome/team", None))),
        ("slot-missing", "/steps/0/slots", changed(("steps/welcome/slots", {}))),
        (
            "content-missing",
            "/steps/0/slots/body/asset",
            changed(("steps/welcome/slots/body", slot(asset=None, version=None, digest=None))),
        ),
        (
            "content-missing",
            "/steps/0/slots/body/version",
            changed(("steps/welcome/slots/body/version", None)),
        ),
        (
            "asset-unknown",
            "/steps/0/slots/body/asset",
            changed(("steps/welcome/slots/body/asset", "ghost")),
        ),
        (
            "version-unknown",
            "/steps/0/slots/body/version",
            changed(("steps/welcome/slots/body/version", 3)),
        ),
        (
            "digest-missing",
            "/steps/0/slots/body/digest",
            changed(("steps/welcome/slots/body/digest", None)),
        ),
        (
            "digest-mismatch",
            "/steps/0/slots/body/digest",
            changed(("steps/welcome/slots/body/digest", "2" * 64)),
        ),
        ("step-unknown", "/transitions/0/source", changed(("transitions/a/source", "ghost"))),
        ("step-unknown", "/transitions/0/target", changed(("transitions/a/target", "ghost"))),
        ("duration-malformed", "/transitions/3/delay", changed(("transitions/d/delay", "P-1D"))),
        ("steps-missing", "/steps", blank("New")),
        ("unreachable", "/steps/3", without("transitions", "d")),
        ("dead-end", "/steps/3", without("transitions", "e")),
        ("exit-missing", "/steps", changed(("steps/exit/kind", "action"))),
        ("exit-continues", "/steps/1", changed(("steps/wait/kind", "exit"))),
        ("no-way-out", "/steps/1", without("transitions", "c")),
        ("share-sum", "/steps/2", changed(("transitions/c/share", 0.5))),
        ("share-mixed", "/steps/2", changed(("transitions/c/share", None))),
        (
            "share-missing",
            "/steps/2",
            changed(("transitions/c/share", None), ("transitions/d/share", None)),
        ),
    ]
    for code, pointer, document in cases:
        assert (code, pointer) in found(document), (code, pointer, found(document))


def test_every_finding_names_its_element_and_ends_as_a_sentence():
    document = changed(("steps/welcome/slots", {}), ("steps/wait/wait", "x"), ("name", ""))
    findings = validate(document, KNOWN)
    assert {(one.element, one.key) for one in findings} == {
        ("steps", "welcome"),
        ("steps", "wait"),
        ("", ""),
    }
    assert all(one.message.endswith(".") for one in findings)
    assert any("“Welcome e-mail”" in one.message for one in findings)


def test_errors_come_before_warnings():
    document = changed(("name", ""), ("steps/wait/wait", None), ("steps/welcome/team", None))
    severities = [finding.severity for finding in validate(document, KNOWN)]
    assert severities == sorted(severities)
    assert set(severities) == {"error", "warning"}


@pytest.mark.parametrize(
    ("code", "severity"),
    [
        ("goal-missing", "warning"),
        ("team-missing", "warning"),
        ("share-missing", "warning"),
        ("unreachable", "error"),
        ("content-missing", "error"),
        ("loop-without-wait", "error"),
    ],
)
def test_what_describes_warns_and_what_routes_blocks(code, severity):
    documents = [
        changed(("goal/statement", "")),
        changed(("steps/welcome/team", None)),
        changed(("transitions/c/share", None), ("transitions/d/share", None)),
        without("transitions", "d"),
        changed(("steps/welcome/slots/body/asset", None)),
        journey([step("a"), step("x", "exit")], [("a", "a"), ("a", "x")]),
    ]
    severities = {
        finding.severity
        for document in documents
        for finding in validate(document, KNOWN)
        if finding.code == code
    }
    assert severities == {severity}


def test_repeated_keys_are_found():
    document = sound()
    document["steps"] = [*document["steps"], document["steps"][1]]
    assert "key-repeated" in codes(document)


def test_a_message_on_a_channel_without_content_needs_none():
    call = [("steps/welcome/channel", "branch"), ("steps/welcome/slots", {})]
    assert codes(changed(*call)) == set()
    assert codes(changed(*call), Known()) == {"slot-missing"}


def test_empty_slots_of_other_steps_only_warn():
    document = changed(("steps/check/slots", {"hint": slot(asset=None, version=None, digest=None)}))
    assert [(one.code, one.severity) for one in validate(document, KNOWN)] == [
        ("content-missing", "warning")
    ]


# Loops


def test_a_loop_without_a_wait_is_found_once_and_names_its_steps():
    document = journey(
        [step("a"), step("b"), step("x", "exit")],
        [("a", "b"), ("b", "a", {"condition": "again"}), ("b", "x", {"condition": "done"})],
    )
    findings = [one for one in validate(document) if one.code == "loop-without-wait"]
    assert len(findings) == 1
    assert "“A”, “B”" in findings[0].message


@pytest.mark.parametrize(
    "document",
    [
        journey(
            [step("a", wait=None), step("x", "exit")], [("a", "a", {"delay": "P1D"}), ("a", "x")]
        ),
        journey(
            [step("a"), step("w", "wait", wait="PT5M"), step("x", "exit")],
            [("a", "w"), ("w", "a"), ("a", "x")],
        ),
        journey([step("a", wait="P1D"), step("x", "exit")], [("a", "a"), ("a", "x")]),
    ],
)
def test_a_loop_that_waits_is_fine(document):
    assert "loop-without-wait" not in codes(document)


@pytest.mark.parametrize("delay", ["PT0S", "P0D"])
def test_a_delay_of_nothing_is_no_wait(delay):
    document = journey([step("a"), step("x", "exit")], [("a", "a", {"delay": delay}), ("a", "x")])
    assert "loop-without-wait" in codes(document)


# Ends


def test_a_hand_off_is_an_end():
    document = journey([step("a"), step("h", "hand_off", journey="win-back")], [("a", "h")])
    assert codes(document) == set()


def test_a_loop_nobody_can_leave_is_found_once():
    document = journey(
        [step("a"), step("b", "wait", wait="P1D"), step("c"), step("x", "exit")],
        [("a", "b"), ("b", "c"), ("c", "b"), ("a", "x", {"condition": "else"})],
    )
    found_ = [finding for finding in validate(document) if finding.code == "no-way-out"]
    assert [finding.key for finding in found_] == ["b"]


def test_what_leads_to_a_dead_end_is_not_blamed_for_it():
    document = journey([step("a"), step("b"), step("x", "exit")], [("a", "b"), ("a", "x")])
    assert [one.key for one in validate(document) if one.severity == "error"] == ["b"]


# Branches


@pytest.mark.parametrize(
    ("shares", "sound_"),
    [
        ((0.5, 0.5), True),
        ((0.333, 0.333, 0.333), True),
        ((0.3333, 0.3333, 0.3334), True),
        ((0.995,), True),
        ((0.99,), False),
        ((0.5, 0.6), False),
        ((1, 0), True),
        ((0.7, 0.2, 0.1), True),
    ],
)
def test_shares_add_up_within_half_a_percent(shares, sound_):
    ends = [step(f"x{number}", "exit") for number in range(len(shares))]
    ways = [("a", end["key"], {"share": share}) for end, share in zip(ends, shares, strict=True)]
    assert ("share-sum" not in codes(journey([step("a"), *ends], ways))) == sound_


def test_two_bare_paths_are_ambiguous_and_one_is_the_rest():
    ends = [step("x", "exit"), step("y", "exit")]
    bare = journey([step("a"), *ends], [("a", "x"), ("a", "y")])
    rest = journey([step("a"), *ends], [("a", "x", {"condition": "yes"}), ("a", "y")])
    assert codes(bare) == {"branch-ambiguous"}
    assert codes(rest) == set()


def test_two_paths_between_the_same_steps_for_the_same_customers_are_one_too_many():
    ends = [step("x", "exit"), step("y", "exit")]
    yes, no = {"condition": "Yes"}, {"condition": "no"}
    ways = [("a", "x", yes), ("a", "y", yes), ("a", "y", no)]
    assert codes(journey([step("a"), *ends], ways)) == set()

    repeated = journey([step("a"), *ends], [*ways, ("a", "x", {"condition": "yes"})])

    (found,) = validate(repeated)
    assert (found.severity, found.code, found.element) == (
        "warning",
        "path-repeated",
        "transitions",
    )
    assert found.message == "There are two paths from “A” to “X” with the same condition."


def test_a_decision_with_one_way_out_decides_nothing():
    document = journey([step("a", "decision"), step("x", "exit")], [("a", "x")])
    assert codes(document) == {"decision-without-choice"}


# All of it


@given(DOCUMENTS)
def test_validation_never_crashes_and_points_at_what_is_there(document):
    for known in (Known(), KNOWN, Known(set(), set(), set(), set(), set(), {})):
        for finding in validate(document, known):
            place = document
            for token in finding.pointer.split("/")[1:]:
                place = place[int(token)] if isinstance(place, list) else place[token]
            assert "%(" not in finding.message.replace("%(x)s", "")


@given(DOCUMENTS)
def test_validation_leaves_the_document_alone_and_gives_the_same_twice(document):
    before = repr(document)
    assert validate(document, KNOWN) == validate(document, KNOWN)
    assert repr(document) == before


def test_messages_follow_the_active_language():
    with translation.override("zh-hans"):
        assert validate(changed(("name", "")), KNOWN)[0].code == "name-missing"


USABLE_IN = replace(KNOWN, territories={DIGEST: ("Hong Kong", "Macau")})


@pytest.mark.parametrize(("market", "is_told"), [
    ("", False), ("Macau", False), ("ＨＯＮＧ  kong", False), ("China", True), ("HK", True),
])  # fmt: skip
def test_content_for_other_markets_is_told(market, is_told):
    findings = validate(changed(("market", market)), USABLE_IN)
    assert [(one.code, one.severity) for one in findings] == (
        [("content-other-market", "warning")] if is_told else []
    )
    assert not is_told or "Hong Kong, Macau" in findings[0].message


def test_content_that_names_no_place_may_be_shown_anywhere():
    assert validate(changed(("market", "China")), KNOWN) == []


def test_what_the_market_advises_against_is_told():
    known = replace(KNOWN, advised={DIGEST: ("English: “cheap” must not be said.",)})
    (finding,) = validate(changed(("market", "China")), known)
    assert (finding.code, finding.severity) == ("content-market-words", "warning")
    assert "“China”" in finding.message
    assert "cheap" in finding.message


def large(count):
    steps = [
        step(f"s{number}", "message", channel="email", team="legal", slots={"body": slot()})
        for number in range(count - 1)
    ]
    ways = [(f"s{n}", f"s{n + 1}", {"delay": "P1D"}) for n in range(count - 2)]
    ways += [(f"s{n}", f"s{n - 7}", {"condition": "again"}) for n in range(7, count - 1, 3)]
    return journey([*steps, step("x", "exit")], [*ways, (f"s{count - 2}", "x")])


def cost(document):
    """Seconds of the processor, the best of a few."""
    times = []
    for _ in range(5):
        started = time.process_time()
        assert validate(document, KNOWN) == []
        times.append(time.process_time() - started)
    return min(times)


def test_ten_times_as_many_steps_take_about_ten_times_as_long():
    assert cost(large(2_000)) < 25 * cost(large(200))


def test_a_line_of_two_thousand_steps_does_not_recurse():
    count = 2_000
    steps = [step(f"s{number}") for number in range(count)]
    ways = [(f"s{number}", f"s{number + 1}") for number in range(count - 1)]
    document = journey(steps, [*ways, (f"s{count - 1}", "s0")])
    assert {"exit-missing", "loop-without-wait"} <= codes(document)
