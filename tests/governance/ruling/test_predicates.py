"""Conditions: each question, each refusal, and the laws that explanations keep."""

import copy
import json
import math
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.ruling.explaining import Explained
from governance.ruling.facts import CHOICES, FACTS, FactType
from governance.ruling.predicates import parse
from governance.ruling.problems import Malformed

from .strategies import envs, predicates


def leaf(fact, op, value, **more):
    return {"fact": fact, "op": op, "value": value, **more}


def env(**known):
    return {
        name: frozenset(value) if isinstance(value, list | set) else value
        for name, value in known.items()
    }


def problems(raw):
    with pytest.raises(Malformed) as refused:
        parse(raw)
    return [(one.pointer, one.code) for one in refused.value.problems]


@pytest.mark.parametrize(
    ("raw", "known", "holds"),
    [
        (leaf("channels", "any_of", ["sms", "push"]), env(channels=["sms", "email"]), True),
        (leaf("channels", "any_of", ["push"]), env(channels=["sms"]), False),
        (leaf("channels", "any_of", ["push"]), env(channels=[]), False),
        (leaf("channels", "all_of", ["sms", "push"]), env(channels=["sms", "push", "x"]), True),
        (leaf("channels", "all_of", ["sms", "push"]), env(channels=["sms"]), False),
        (leaf("channels", "none_of", ["sms"]), env(channels=["push"]), True),
        (leaf("channels", "none_of", ["sms"]), env(channels=[]), True),
        (leaf("channels", "none_of", ["sms"]), env(channels=["sms"]), False),
        (leaf("kinds", "only", ["tags"]), env(kinds=["tags"]), True),
        (leaf("kinds", "only", ["tags", "timing"]), env(kinds=["tags"]), True),
        (leaf("kinds", "only", ["tags"]), env(kinds=["tags", "timing"]), False),
        (leaf("kinds", "only", ["tags"]), env(kinds=[]), False),
        (leaf("teams", "empty", True), env(teams=[]), True),
        (leaf("teams", "empty", True), env(teams=["a"]), False),
        (leaf("teams", "empty", False), env(teams=["a"]), True),
        (leaf("teams", "empty", False), env(teams=[]), False),
        (leaf("step_count", "at_least", 3), env(step_count=3), True),
        (leaf("step_count", "at_least", 3), env(step_count=2), False),
        (leaf("step_share", "at_most", 12.5), env(step_share=12.5), True),
        (leaf("step_share", "at_most", 12.5), env(step_share=13), False),
        (leaf("messages_added", "at_least", 3), env(messages_added={"sms": 1, "push": 2}), True),
        (leaf("messages_added", "at_least", 3), env(messages_added={"sms": 1}), False),
        (leaf("messages_added", "at_least", 1), env(messages_added={}), False),
        (leaf("messages_added", "at_least", 1, of="sms"), env(messages_added={"push": 5}), False),
        (leaf("messages_added", "at_least", 1, of="sms"), env(messages_added={"sms": 1}), True),
        (leaf("messages_added", "at_most", 0, of="sms"), env(messages_added={}), True),
        (leaf("emergency", "is", True), env(emergency=True), True),
        (leaf("emergency", "is", True), env(emergency=False), False),
        (leaf("emergency", "is", False), env(emergency=False), True),
        ({"all": []}, {}, True),
        ({"not": {"all": []}}, {}, False),
        (
            {"any": [leaf("weekend", "is", True), leaf("hunks", "at_least", 2)]},
            env(weekend=False, hunks=2),
            True,
        ),
        (
            {"all": [leaf("weekend", "is", True), leaf("hunks", "at_least", 2)]},
            env(weekend=False, hunks=2),
            False,
        ),
        ({"not": leaf("weekend", "is", True)}, env(weekend=False), True),
    ],
)
def test_each_question(raw, known, holds):
    predicate = parse(raw)
    assert predicate.holds(known) is holds
    assert predicate.known(known) is holds
    told = predicate.explain(known)
    assert told.holds is told.read_back() is holds
    assert predicate.to_json() == raw
    assert bool(predicate.matched(known)) is (holds and bool(predicate.leaves()))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (None, [("/when", "not_a_condition")]),
        ([], [("/when", "not_a_condition")]),
        ("all", [("/when", "not_a_condition")]),
        ({}, [("/when", "missing_member")] * 3),
        ({"any": []}, [("/when/any", "empty_any")]),
        ({"all": {}}, [("/when/all", "not_a_list")]),
        ({"not": []}, [("/when/not", "not_a_condition")]),
        ({"all": [], "any": []}, [("/when", "mixed_condition")]),
        ({"all": [], "fact": "hunks"}, [("/when", "mixed_condition")]),
        (leaf("chanels", "any_of", ["x"]), [("/when/fact", "unknown_fact")]),
        (leaf(["channels"], "any_of", ["x"]), [("/when/fact", "unknown_fact")]),
        (leaf("channels", "matches", ["x"]), [("/when/op", "unknown_op")]),
        (leaf("channels", "at_least", 1), [("/when/op", "unknown_op")]),
        (leaf("weekend", "any_of", ["x"]), [("/when/op", "unknown_op")]),
        (leaf("channels", "any_of", "sms"), [("/when/value", "not_a_list")]),
        (leaf("channels", "any_of", []), [("/when/value", "how_many")]),
        (leaf("channels", "any_of", ["x"] * 201), [("/when/value", "how_many")]),
        (leaf("channels", "any_of", [""]), [("/when/value/0", "not_one_line")]),
        (leaf("channels", "any_of", ["x" * 201]), [("/when/value/0", "not_one_line")]),
        (leaf("channels", "any_of", ["a\nb"]), [("/when/value/0", "not_one_line")]),
        (leaf("channels", "any_of", ["x", 1]), [("/when/value/1", "not_text")]),
        (leaf("channels", "any_of", ["a", "b", "a"]), [("/when/value/2", "repeated")]),
        (leaf("channels", "any_of", ["a\u202eb"]), [("/when/value/0", "bad_character")]),
        (leaf("channels", "any_of", ["a\x00b"]), [("/when/value/0", "bad_character")]),
        (leaf("channels", "any_of", ["a\tb"]), [("/when/value/0", "bad_character")]),
        (leaf("channels", "any_of", ["\ud800"]), [("/when/value/0", "bad_character")]),
        (leaf("channels", "empty", 1), [("/when/value", "not_true_or_false")]),
        (leaf("emergency", "is", "true"), [("/when/value", "not_true_or_false")]),
        (leaf("hunks", "at_least", True), [("/when/value", "not_a_number")]),
        (leaf("hunks", "at_least", "3"), [("/when/value", "not_a_number")]),
        (leaf("hunks", "at_least", math.nan), [("/when/value", "not_a_number")]),
        (leaf("hunks", "at_least", math.inf), [("/when/value", "not_a_number")]),
        (leaf("hunks", "at_least", 10**400), [("/when/value", "not_a_number")]),
        (leaf("hunks", "at_least", None), [("/when/value", "not_a_number")]),
        (leaf("hunks", "at_least", 3, of="sms"), [("/when/of", "of_needs_counts")]),
        (leaf("messages_added", "at_least", 3, of=3), [("/when/of", "not_text")]),
        (leaf("messages_added", "at_least", 3, of=""), [("/when/of", "not_one_line")]),
        (leaf("hunks", "at_least", 3, vlaue=3), [("/when/vlaue", "unknown_member")]),
        ({"fact": "hunks", "op": "at_least"}, [("/when", "missing_member")]),
        ({**leaf("hunks", "at_least", 3), 7: 3}, [("/when/7", "unknown_member")]),
        (
            {"all": [leaf("nope", "is", 1), {"any": []}, {"not": leaf("hunks", "is", 1)}]},
            [
                ("/when/all/0/fact", "unknown_fact"),
                ("/when/all/1/any", "empty_any"),
                ("/when/all/2/not/op", "unknown_op"),
            ],
        ),
        ({"al~l/x": 1}, [("/when/al~0l~1x", "unknown_member")] + [("/when", "missing_member")] * 3),
    ],
)
def test_each_refusal(raw, expected):
    assert problems(raw) == expected


def test_the_nearest_fact_is_suggested():
    with pytest.raises(Malformed) as refused:
        parse(leaf("chanels", "any_of", ["x"]))
    assert refused.value.problems[0].params == {"fact": "chanels", "nearest": "channels"}


ONE = leaf("weekend", "is", True)


def wrapped(times):
    raw = ONE
    for _time in range(times):
        raw = {"not": raw}
    return raw


def test_depth_is_bounded():
    assert parse(wrapped(4)).holds({"weekend": True})
    assert problems(wrapped(5)) == [("/when" + "/not" * 5, "too_deep")]


@pytest.mark.parametrize("wrap", [lambda raw: {"not": raw}, lambda raw: {"all": [raw]}])
def test_a_bottomless_tree_is_an_error_like_any_other(wrap):
    raw = ONE
    for _time in range(10_000):
        raw = wrap(raw)
    assert [code for _at, code in problems(raw)] == ["too_deep"]


def test_a_value_as_deep_as_a_well_is_not_looked_into():
    deep = []
    for _time in range(10_000):
        deep = [deep]
    assert problems(leaf("channels", "any_of", deep)) == [("/when/value/0", "not_text")]
    assert problems(leaf(deep, "any_of", ["x"])) == [("/when/fact", "unknown_fact")]


def test_size_is_bounded():
    assert len(parse({"all": [ONE] * 49}).leaves()) == 49
    assert problems({"all": [ONE] * 50}) == [("/when/all/49", "too_many_nodes")]
    assert problems({"all": [ONE] * 1_000_000}) == [("/when/all/49", "too_many_nodes")]


def test_text_has_one_spelling_and_lists_keep_their_order():
    predicate = parse(leaf("tags", "any_of", [" e\u0301 ", "b", "a"]))
    assert predicate.to_json()["value"] == ["\u00e9", "b", "a"]


def test_a_fact_nobody_gathered_is_a_bug_and_not_an_answer():
    with pytest.raises(KeyError):
        parse(ONE).holds({})


def test_it_is_a_value():
    left, right = parse({"all": [ONE]}), parse({"all": [ONE]})
    left.holds({"weekend": True})
    assert left == right
    assert hash(left) == hash(right)
    assert pickle.loads(pickle.dumps(left)) == copy.deepcopy(left) == left
    assert left.facts == {"weekend"}


def test_what_matched_is_what_made_it_true():
    predicate = parse(
        {
            "any": [
                leaf("channels", "any_of", ["sms", "push"]),
                leaf("hunks", "at_least", 100),
                {"not": leaf("kinds", "only", ["tags"])},
            ]
        }
    )
    known = env(channels=["email", "sms"], hunks=1, kinds=["tags", "content"])
    assert predicate.matched(known) == (
        {**leaf("channels", "any_of", ["sms", "push"]), "holds": True, "found": ["sms"], "more": 0},
        {
            **leaf("kinds", "only", ["tags"]),
            "holds": False,
            "found": ["content", "tags"],
            "more": 0,
        },
    )
    assert predicate.matched(env(channels=[], hunks=1, kinds=["tags"])) == ()


def test_of_many_values_few_are_kept_and_the_answer_stays():
    steps = frozenset(f"step-{place:05}" for place in range(5000))
    for op, holds in (("any_of", True), ("all_of", True), ("none_of", False), ("only", False)):
        predicate = parse(leaf("steps", op, ["step-04999", "step-04998"]))
        told = predicate.explain({"steps": steps})
        assert told.holds is told.read_back() is holds
        assert len(told.found) == 22
        assert told.more == 5000 - 22


@given(predicates, envs())
def test_an_explanation_read_back_is_the_answer(predicate, known):
    told = predicate.explain(known)
    assert told.holds == told.read_back() == predicate.holds(known)
    again = Explained.from_json(json.loads(json.dumps(told.to_json())))
    assert again.read_back() == told.holds
    assert again == told
    assert bool(predicate.matched(known)) <= told.holds
    json.dumps(predicate.matched(known), allow_nan=False)


@given(predicates)
def test_what_is_written_is_read_as_the_same(predicate):
    assert parse(json.loads(json.dumps(predicate.to_json()))) == predicate


@given(predicates, envs(), st.data())
def test_what_is_certain_stays_so_whatever_turns_up(predicate, known, data):
    assert predicate.known(known) is predicate.holds(known)
    kept = data.draw(st.sets(st.sampled_from(sorted(FACTS))))
    partial = {name: known[name] for name in kept}
    assert predicate.known(partial) in (None, predicate.holds(known))


JSONISH = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["all", "any", "not", "fact", "op", "value", "of"])
            | st.text(max_size=4),
            inner,
            max_size=4,
        )
    ),
    max_leaves=30,
)


@given(JSONISH)
def test_whatever_is_given_is_a_predicate_or_malformed(raw):
    problems = ()
    try:
        again = parse(raw).to_json()
        assert parse(again).to_json() == again
    except Malformed as error:
        problems = error.problems
        again = None
    assert bool(problems) is (again is None)
    assert all(one.pointer.startswith("/when") for one in problems)


def test_every_fact_has_its_words_and_known_choices():
    for name, fact in FACTS.items():
        assert fact.name == name
        assert fact.label
        assert fact.help
        assert fact.group
        assert not (fact.of_parts and fact.type is not FactType.TEXTS), name
    assert set(CHOICES) <= {fact.choices for fact in FACTS.values()}
