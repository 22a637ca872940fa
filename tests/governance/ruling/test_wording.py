"""Policies in words: every question of every fact has its sentence, in every language."""

import ast
import inspect

import pytest
from django.utils import translation
from hypothesis import given

from governance.ruling import checking, definitions, needs, nested, parsing, texts
from governance.ruling.complaints import SENTENCES
from governance.ruling.definitions import complete, load
from governance.ruling.facts import FACTS, FactType
from governance.ruling.nodes import OPS, Leaf
from governance.ruling.phrases import ANY_OF, OP_LABELS, TRUTHS, TYPE_LABELS
from governance.ruling.predicates import parse
from governance.ruling.wording import (
    explained_sentences,
    leaf_sentence,
    matched_sentences,
    need_sentences,
    sentences,
)

from .strategies import envs, predicates
from .test_definitions import with_need
from .test_predicates import env, leaf

VALUES = {"empty": True, "is": True, "at_least": 3, "at_most": 3}


@pytest.mark.parametrize("fact", FACTS.values(), ids=lambda fact: fact.name)
@pytest.mark.parametrize("held", [True, False])
def test_every_question_has_a_sentence(fact, held):
    seen = set()
    for op in OPS[fact.type]:
        for of in ("", "sms") if fact.type is FactType.COUNTS else ("",):
            question = Leaf(fact.name, op, VALUES.get(op, ("a", "b")), of)
            sentence = leaf_sentence(question, held=held)
            assert sentence.endswith(".")
            assert "%(" not in sentence
            seen.add(sentence)
    assert len(seen) == len(OPS[fact.type]) * (2 if fact.type is FactType.COUNTS else 1)


def test_tables_name_facts_and_questions_that_exist():
    assert set(ANY_OF) == {name for name, fact in FACTS.items() if fact.type is FactType.TEXTS}
    assert set(TRUTHS) == {name for name, fact in FACTS.items() if fact.type is FactType.TRUTH}
    assert {kind: tuple(labels) for kind, labels in OP_LABELS.items()} == OPS
    assert set(TYPE_LABELS) == set(FactType)


def test_every_code_has_a_sentence():
    """What the readers refuse with is in the table, and nothing else is."""
    codes = set()
    for module in (parsing, checking, needs, definitions, nested, texts):
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", "") or getattr(node.func, "id", "")
                if name in ("refuse", "Problem", "Stopped", "_problem"):
                    codes |= {
                        part.value
                        for argument in node.args
                        for part in ast.walk(argument)
                        if isinstance(part, ast.Constant) and isinstance(part.value, str)
                        and ((part.value.isidentifier() and "_" in part.value)
                             or part.value == "repeated")
                    }  # fmt: skip
    for what in ("value", "role", "team", "team_kind", "person"):
        codes.add(f"no_such_{what}")
    codes -= {"second_admin", "remind_after", "no_such_"}
    assert codes == {code.removesuffix(" nearest") for code in SENTENCES}


def labels(choices, key):
    return {"sms": "SMS", "email": "E-mail", "ada@x.org": "Ada"}.get(key, key)


def test_a_condition_in_words():
    said = sentences(
        parse(
            {
                "all": [
                    leaf("channels", "any_of", ["sms", "email"]),
                    {"any": [leaf("channels", "none_of", ["sms"]), leaf("hunks", "at_least", 3)]},
                    {"not": leaf("roll_back", "is", True)},
                    leaf("messages_added", "at_least", 1, of="sms"),
                ]
            }
        ),
        labels,
    )
    assert said.text == "All of these hold:"
    first, second, third, fourth = said.parts
    assert first.text == "It touches the channel SMS, E-mail."
    assert [part.text for part in second.parts] == [
        "“Channels” includes none of these: SMS.",
        "“Parts” is at least 3.",
    ]
    assert (third.kind, third.parts[0].text) == ("not", "It is a plain roll-back.")
    assert fourth.text == "“Messages added” for SMS is at least 1."
    assert sentences(parse({"all": []})).text == "It applies to every change."


def test_an_explanation_in_words():
    predicate = parse({"any": [leaf("channels", "any_of", ["sms"]), leaf("weekend", "is", True)]})
    told = predicate.explain(env(channels=["sms", "email"], weekend=False))
    said = explained_sentences(told, labels)
    assert [(part.holds, part.found) for part in said.parts] == [
        (True, "E-mail, SMS"),
        (False, "no"),
    ]
    assert said.holds


def test_a_reason_names_only_what_was_found():
    predicate = parse(
        {
            "all": [
                leaf("channels", "any_of", ["sms", "email", "push"]),
                {"not": leaf("kinds", "none_of", ["content", "tags"])},
                {"not": leaf("hunks", "at_least", 3)},
                leaf("emergency", "is", False),
            ]
        }
    )
    known = env(channels=["sms"], kinds=["tags"], hunks=1, emergency=False)
    assert matched_sentences(predicate.matched(known), labels) == [
        "It touches the channel SMS.",
        "It changes tags.",
        "“Parts” is below 3.",
        "It is no emergency.",
    ]


@given(predicates, envs())
def test_whatever_is_asked_can_be_told(predicate, known):
    assert sentences(predicate).text
    assert explained_sentences(predicate.explain(known)).text
    assert all(matched_sentences(predicate.matched(known)))


def need(**members):
    return load(complete(with_need(**members))).require[0]


def test_a_requirement_in_words():
    assert need_sentences(need(), labels) == [
        "One of these decides: leads of the teams that steward a touched channel.",
        "The decision is on the whole change.",
        "It is due within 72 hours.",
    ]
    told = need_sentences(
        need(
            reviewers=[
                {"owner": True},
                {"role": "manager"},
                {"team": "crm"},
                {"team": "legal", "who": "members"},
                {"team_kind": "data"},
                {"people": ["ada@x.org"]},
            ],
            otherwise=[{"owner": True}],
            quorum=1,
            scope="parts",
            round=2,
            distinct="pair",
            hours=1,
            remind_after=None,
            escalate={"after": 0, "to": [{"team": "ops"}]},
            leavers="fall",
        ),
        labels,
    )
    assert told == [
        "One of these decides: whoever answers for it, whoever has the role “manager” on it, "
        "leads of the team “crm”, members of the team “legal”, leads of any team of the kind "
        "“data”, Ada.",
        "Where none of them may decide: whoever answers for it.",
        "The decision is on the parts that meet the condition.",
        "It is due within 1 hour.",
        "It is asked for once all earlier rounds are done; its round is 2.",
        "Whoever decides here decides for nothing else in the group “pair”.",
        "As soon as it is overdue, these are asked as well: leads of the team “ops”.",
        "An approval no longer counts once whoever gave it has left.",
    ]
    more = need_sentences(
        need(quorum=2, remind_after=5, escalate={"after": 4, "to": [{"owner": True}]})
    )
    assert more[0].startswith("2 of these decide: ")
    assert more[3:] == [
        "A reminder goes out after 5 hours.",
        "4 hours after it was due, these are asked as well: whoever answers for it.",
    ]


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant"])
def test_other_languages_fill_in_the_same(language):
    with translation.override(language):
        for fact in FACTS.values():
            for op in OPS[fact.type]:
                assert leaf_sentence(Leaf(fact.name, op, VALUES.get(op, ("a", "b"))))
        assert len(need_sentences(need(remind_after=3))) == 4
