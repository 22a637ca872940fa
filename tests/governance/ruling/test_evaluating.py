"""Who is asked: policies add up, parts are asked about by themselves, nothing is left out."""

from hypothesis import given, settings
from hypothesis import strategies as st

from governance.ruling.definitions import complete, load
from governance.ruling.evaluating import PolicySet, Rule, Sheet, covers, evaluate, trace

from .strategies import PART, rules, sheets
from .test_predicates import leaf

NOTHING = {
    "channels": frozenset(),
    "kinds": frozenset(),
    "teams": frozenset(),
    "roll_back": False,
    "emergency": False,
    "hunks": 2,
    "key": frozenset({"welcome"}),
    "messages_added": {"sms": 2},
}


def rule(key, when, *scopes):
    require = [
        {"key": f"{scope}-{place}", "reviewers": [{"owner": True}], "scope": scope}
        for place, scope in enumerate(scopes or ["change"])
    ]
    return Rule(load(complete({"key": key, "name": key, "when": when, "require": require})), 3)


def sheet(*parts, **change):
    own = [{name: frozenset(value) for name, value in part.items()} for part in parts]
    union = {
        name: frozenset().union(*(part.get(name, ()) for part in own))
        for name in ("channels", "kinds", "teams")
    }
    digests = [f"d{place}" for place in range(len(own))]
    empty = {name: frozenset() for name in union}
    return Sheet(
        {**NOTHING, **union, **change},
        tuple((digest, {**empty, **part}) for digest, part in zip(digests, own, strict=True)),
    )


def names(outcome):
    return [(*one.name, one.hunks) for one in outcome.asked]


SMS = leaf("channels", "any_of", ["sms"])
TWO = sheet({"channels": ["sms"]}, {"channels": ["email"]})


def test_a_requirement_on_the_change_is_over_all_its_parts():
    outcome = evaluate([rule("sms", SMS)], TWO)
    assert names(outcome) == [("sms", "change-0", ("d0", "d1"))]
    assert outcome.asked[0].version == 3
    assert outcome.is_covered


def test_a_requirement_on_parts_is_over_those_that_match():
    outcome = evaluate([rule("sms", SMS, "parts")], TWO)
    assert names(outcome) == [("sms", "parts-0", ("d0",))]
    assert outcome.uncovered == {"d1"}
    assert not outcome.is_covered


def test_the_whole_may_match_where_no_part_does():
    both = leaf("channels", "all_of", ["sms", "email"])
    outcome = evaluate([rule("both", both, "parts", "change")], TWO)
    assert names(outcome) == [("both", "change-1", ("d0", "d1"))]


def test_a_part_may_match_where_the_whole_does_not():
    only = leaf("channels", "only", ["sms"])
    outcome = evaluate([rule("only", only, "parts", "change")], TWO)
    assert names(outcome) == [("only", "parts-0", ("d0",))]


def test_facts_of_the_change_hold_for_each_part():
    when = {"all": [SMS, leaf("hunks", "at_least", 2), leaf("messages_added", "at_least", 2)]}
    assert names(evaluate([rule("sms", when, "parts")], TWO)) == [("sms", "parts-0", ("d0",))]


def test_policies_add_up():
    outcome = evaluate([rule("a", SMS, "parts"), rule("b", {"all": []}), rule("c", SMS)], TWO)
    assert [one.policy.key for one in outcome.asked] == ["a", "b", "c"]
    assert outcome.is_covered


def test_what_nobody_is_asked_about_is_said():
    outcome = evaluate([rule("a", leaf("emergency", "is", True))], TWO)
    assert outcome.asked == ()
    assert outcome.uncovered == {"d0", "d1"}
    assert not evaluate([], sheet()).is_covered


def test_the_reason_names_what_was_found():
    push = leaf("channels", "any_of", ["sms", "email", "push"])
    outcome = evaluate([rule("a", push, "parts")], TWO)
    assert outcome.asked[0].matched == (
        {**push, "holds": True, "found": ["email", "sms"], "more": 0},
    )


def test_a_trace_explains_what_applies_and_what_does_not():
    traced = trace([rule("a", SMS, "parts"), rule("b", leaf("emergency", "is", True))], TWO)
    first, second = traced
    assert first.change.holds
    assert [(told.holds, digests) for told, digests in first.parts] == [
        (True, ("d0",)),
        (False, ("d1",)),
    ]
    assert first.asked[0].hunks == ("d0",)
    assert not second.change.holds
    assert [digests for _told, digests in second.parts] == [("d0", "d1")]
    assert second.asked == ()


def whole(env, part):
    return {**env, **{name: part[name] for name in PART if name in part}}


@settings(max_examples=60)
@given(st.lists(rules, max_size=4), sheets())
def test_asking_in_bulk_is_asking_one_by_one(several, given_sheet):
    outcome = evaluate(several, given_sheet)
    found = [(one.policy, one.need, one.hunks) for one in outcome.asked]
    expected = []
    for one in several:
        for need in one.policy.require:
            if need.scope == "change":
                if one.policy.when.holds(given_sheet.change):
                    expected.append((one.policy, need, given_sheet.digests))
                continue
            hunks = tuple(
                digest
                for digest, part in given_sheet.parts
                if one.policy.when.holds(whole(given_sheet.change, part))
            )
            if hunks:
                expected.append((one.policy, need, hunks))
    assert found == expected
    covered = {digest for one in outcome.asked for digest in one.hunks}
    assert covered | outcome.uncovered == set(given_sheet.digests)
    assert not covered & outcome.uncovered
    for traced, one in zip(trace(several, given_sheet), several, strict=True):
        assert traced.change.read_back() == one.policy.when.holds(given_sheet.change)
        told = {digest: part.holds for part, digests in traced.parts for digest in digests}
        assert told == {
            digest: one.policy.when.holds(whole(given_sheet.change, part))
            for digest, part in given_sheet.parts
        }


@settings(max_examples=60)
@given(st.lists(rules, max_size=4), rules, st.integers(0, 4), sheets())
def test_another_policy_never_takes_a_requirement_away(several, another, place, given_sheet):
    before = evaluate(several, given_sheet)
    more = [*several[:place], another, *several[place:]]
    after = evaluate(more, given_sheet)
    for one in before.asked:
        assert one in after.asked
    assert after.uncovered <= before.uncovered
    assert PolicySet(tuple(more)).evaluate(given_sheet) == after


# --- what is certain before there is a change ---------------------------------------------------

KNOWN = {"subject": frozenset({"journey"}), "key": frozenset({"welcome"})}
ROLL_BACK = leaf("roll_back", "is", True)


def test_a_rule_for_everything_covers():
    assert covers([rule("all", {"all": []})], KNOWN)
    assert covers([rule("all", {"all": []}, "parts", "change")], KNOWN)
    assert covers([rule("key", leaf("key", "any_of", ["welcome"]))], KNOWN)


def test_what_depends_on_the_change_does_not_cover():
    assert not covers([], KNOWN)
    assert not covers([rule("sms", SMS)], KNOWN)
    assert not covers([rule("all", {"all": []}, "parts")], KNOWN)
    assert not covers([rule("other", leaf("key", "any_of", ["goodbye"]))], KNOWN)


def test_rules_that_share_the_cases_cover_together():
    both = [rule("yes", ROLL_BACK), rule("no", {"not": ROLL_BACK})]
    assert covers(both, KNOWN)
    assert not covers(both[:1], KNOWN)
    assert covers(both[:1], {**KNOWN, "roll_back": True})


def test_cases_of_several_truths():
    emergency = leaf("emergency", "is", True)
    three = [
        rule("a", {"all": [ROLL_BACK, emergency]}),
        rule("b", {"all": [ROLL_BACK, {"not": emergency}]}),
        rule("c", {"not": ROLL_BACK}),
    ]
    assert covers(three, KNOWN)
    assert not covers(three[1:], KNOWN)


def test_a_case_is_not_lost_among_other_facts():
    """A fact that is no truth and not known stays open, even where both answers are covered."""
    assert not covers([rule("a", SMS), rule("b", {"not": SMS})], KNOWN)


@settings(max_examples=40)
@given(st.lists(rules, max_size=4), sheets())
def test_what_covers_leaves_nothing_uncovered(several, given_sheet):
    known = {name: given_sheet.change[name] for name in ("market", "owners", "emergency")}
    if covers(several, known):
        assert evaluate(several, given_sheet).asked
        assert not evaluate(several, given_sheet).uncovered
