"""Policies as YAML: what is written is read as the same, and no text does harm."""

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.ruling.definitions import complete
from governance.ruling.nested import plain_value
from governance.ruling.problems import Problem
from governance.ruling.texts import MalformedText, dump, parse, parse_policies, placed
from governance.ruling.wording import placed_sentence

from .strategies import definitions
from .test_definitions import SHORT


def refused(text, read=parse):
    with pytest.raises(MalformedText) as found:
        read(text)
    for one in found.value.problems:
        sentence = placed_sentence(one.line, one.column, one.problem)
        assert "%(" not in sentence
    return [(one.line, one.column, one.problem.code) for one in found.value.problems]


@settings(max_examples=60)
@given(st.lists(definitions(), max_size=3, unique_by=lambda one: one["key"]))
def test_what_is_written_is_read_as_the_same(several):
    text = dump(several)
    assert parse(text) == several
    assert parse_policies(text) == several
    assert dump(parse(text)) == text
    # Other readers of YAML, of either version, read the same.
    assert yaml.safe_load(text) == {"schema": "policies/1", "policies": several}


TRICKY = [
    "yes", "no", "on", "off", "y", "N", "true", "null", "~", "012", "0o17", "0x1f", "1_000", "1e3",
    "12:30:45", "2026-11-22", "<<", "=", ".inf", ".nan", "- a", "a: b", "a #b", "#b", "'", '"',
    "&a", "*a", "!a", "%a", "@a", "`a", "{a", "[a", "a,", "?", "|", ">", "---", "...", "\\n",
    "发布", "é", "🎉", "a" * 200,
]  # fmt: skip


@pytest.mark.parametrize("text", TRICKY)
def test_tricky_text_stays_text(text):
    definition = complete(
        {
            **SHORT,
            "name": {"en": text, "zh-hans": text},
            "description": f"{text}\n\n  {text}\n{text}",
            "when": {"fact": "market", "op": "any_of", "value": [text]},
        }
    )
    assert parse_policies(dump([definition])) == [definition]
    assert yaml.safe_load(dump([definition]))["policies"] == [definition]


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("Off", "Off"),
        ("NO", "NO"),
        ("12", 12),
        ("-3", -3),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("1.0e+20", 1e20),
        (".5", 0.5),
        ("012", "012"),
        ("0o17", "0o17"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("2026-11-22", "2026-11-22"),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("1e999", "1e999"),
        ("e5", "e5"),
        (".", "."),
        ("-", "-"),
        ("+", "+"),
        ("9" * 400, "9" * 400),
    ],
)
def test_plain_words_mean_what_they_say(word, value):
    found = plain_value(word)
    assert found == value
    assert type(found) is type(value)


@given(st.text(alphabet="0123456789.eE+-_:~trufalsnxo", max_size=12))
def test_any_plain_word_has_a_meaning(word):
    plain_value(word)


HEAD = "schema: policies/1\npolicies:\n"
LAUGHS = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b, *b]\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", (1, 1, "yaml_empty")),
        ("# nothing\n", (1, 1, "yaml_empty")),
        ("a: [1, 2\n", (2, 1, "not_yaml")),
        (HEAD + "  - key: 'a\n", (4, 1, "not_yaml")),
        (HEAD + "- a: 1\n b: 2\n", (4, 2, "not_yaml")),
        (LAUGHS, (1, 4, "yaml_anchor")),
        (HEAD + "- &x {key: a}\n", (3, 3, "yaml_anchor")),
        (HEAD + "- *x\n", (3, 3, "yaml_alias")),
        (HEAD + "- !!python/object/apply:os.system [ls]\n", (3, 3, "yaml_tag")),
        (HEAD + "- !!str a\n", (3, 3, "yaml_tag")),
        (HEAD + "- ! a\n", (3, 3, "yaml_tag")),
        (HEAD + "- {<<: {a: 1}}\n", (3, 4, "yaml_merge")),
        (HEAD + "- {a: 1, b: 2, a: 3}\n", (3, 16, "yaml_repeated")),
        (HEAD + "- {[a]: 1}\n", (3, 4, "yaml_name")),
        (HEAD + "---\n", (3, 1, "yaml_documents")),
        ("--- \n--- \n", (2, 1, "yaml_documents")),
        (HEAD + "-\tkey: a\n", (3, 2, "yaml_tab")),
        (HEAD + "- key: a\x00\n", (3, 9, "bad_character")),
        (HEAD + "- key: \ud800\n", (3, 8, "bad_character")),
        (HEAD.replace("\n", "\r\n") + "- key: a\u202e\n", (3, 9, "bad_character")),
        ("x" * 1_000_001, (1, 1, "yaml_long")),
        ("发" * 400_000, (1, 1, "yaml_long")),
        ("[" * 10_000, (1, 21, "yaml_deep")),
        ("{a: " * 10_000, (1, 81, "yaml_deep")),
        ("[" + "1," * 20_001 + "]", (1, 40_000, "yaml_nodes")),
        ("7", (1, 1, "not_an_object")),
        ("schema: policies/2\npolicies: []\n", (1, 9, "unknown_schema")),
        ("policies: []\n", (1, 1, "missing_member")),
        ("schema: policies/1\npolicies: {}\n", (2, 11, "not_a_list")),
        (HEAD + "- 7\n- a: 1\n", (3, 3, "not_an_object")),
        (HEAD + "- a: 1\nmroe: 2\n", (4, 1, "unknown_member")),
    ],
)
def test_each_refusal(text, expected):
    found = refused(text)
    if expected[2] == "not_an_object" and text == "7":
        found = found[:1]
    assert found == [expected]


def test_a_byte_order_mark_and_windows_lines_are_nothing_special():
    text = "\ufeff" + dump([complete(SHORT)]).replace("\n", "\r\n")
    assert parse_policies(text) == [complete(SHORT)]


SAMPLE = """\
# What we agreed on
schema: policies/1
policies:
  - key: sms
    name: SMS
    when:
      any:
        - {fact: chanels, op: any_of, value: [sms]}
        - fact: hunks
          op: at_least
          value: yes
    require:
      - key: lead
        reviewers: [{stewards: true}]
        horus: 3
  - key: sms
    name: {zh-hans: 短信, zh-hant: 簡訊}
    when: {all: []}
    require:
      - key: lead
        quorum: 0
        reviewers: [{owner: true}]
"""


def test_every_problem_of_every_policy_has_its_line():
    assert refused(SAMPLE, parse_policies) == [
        (8, 18, "unknown_fact"),
        (11, 18, "not_a_number"),
        (15, 9, "unknown_member"),
        (16, 10, "repeated_key"),
        (17, 11, "missing_member"),
        (21, 17, "not_a_whole_number"),
    ]


def test_problems_found_later_are_placed_too():
    problems = [Problem("/policies/1/name", "x"), Problem("/policies/0/when/any/1/value", "y")]
    assert [(one.line, one.column) for one in placed(problems, SAMPLE)] == [(11, 18), (17, 11)]
    far = [Problem("/policies/0/when/nowhere/at/all", "x"), Problem("", "y")]
    assert [one.line for one in placed(far, SAMPLE)] == [2, 7]


@settings(max_examples=200)
@given(st.text(alphabet="ab:-[]{}&*!|>'\"#%@,? \n~<1.0发", max_size=60))
def test_any_text_is_read_or_refused(text):
    problems = ()
    try:
        parse_policies(text)
    except MalformedText as error:
        problems = error.problems
    assert all(one.line >= 1 and one.column >= 1 for one in problems)
