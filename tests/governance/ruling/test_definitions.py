"""The policy as a document: what may be left out, what is refused, what does not exist."""

import json

import pytest
from hypothesis import given

from cjops.documents import canonical
from governance.ruling.definitions import (
    Escalation,
    Known,
    Reviewers,
    check_known,
    complete,
    digest,
    label,
    load,
)
from governance.ruling.problems import Malformed
from governance.ruling.wording import problem_sentence

from .strategies import definitions
from .test_predicates import JSONISH, leaf

SHORT = {
    "key": "sms",
    "name": "SMS",
    "when": {"all": []},
    "require": [{"key": "lead", "reviewers": [{"stewards": True}]}],
}


def refused(raw):
    with pytest.raises(Malformed) as found:
        complete(raw)
    for problem in found.value.problems:
        sentence = problem_sentence(problem)
        assert sentence
        assert "%(" not in sentence
    return [(one.pointer, one.code) for one in found.value.problems]


def with_need(**members):
    return {**SHORT, "require": [{**SHORT["require"][0], **members}]}


def test_what_is_left_out_has_its_default():
    assert complete(SHORT) == {
        "schema": "policy/1",
        "key": "sms",
        "name": {"en": "SMS"},
        "description": {},
        "when": {"all": []},
        "second_admin": False,
        "require": [
            {
                "key": "lead",
                "name": {},
                "reviewers": [{"stewards": True}],
                "otherwise": [],
                "quorum": 1,
                "scope": "change",
                "round": 1,
                "distinct": "",
                "hours": 72,
                "remind_after": None,
                "escalate": None,
                "leavers": "stand",
            }
        ],
    }


def test_members_stand_in_one_order():
    mixed = dict(reversed(list(complete(with_need(hours=5)).items())))
    assert list(complete(mixed)) == list(complete(SHORT))
    assert digest(complete(mixed)) == digest(complete(with_need(hours=5)))


def test_spelling_is_made_one():
    team = {"team": "crm"}
    people = {"people": ["Ada@Example.org"]}
    told = complete(
        {
            **with_need(reviewers=[team, people], hours=3.0),
            "name": {"zh-hans": "短信", "en": " a  b"},
        }
    )
    assert told["name"] == {"en": "a b", "zh-hans": "短信"}
    assert list(told["name"]) == ["en", "zh-hans"]
    need = told["require"][0]
    assert need["reviewers"] == [
        {"team": "crm", "who": "leads"},
        {"people": ["ada@example.org"]},
    ]
    assert type(need["hours"]) is int


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (None, [("", "not_an_object")]),
        ([], [("", "not_an_object")]),
        ({}, [("", "missing_member")] * 4),
        ({**SHORT, "schema": "policy/2"}, [("/schema", "unknown_schema")]),
        ({**SHORT, "schema": []}, [("/schema", "unknown_schema")]),
        ({**SHORT, "wehn": 1}, [("/wehn", "unknown_member")]),
        ({**SHORT, "key": "SMS"}, [("/key", "not_a_slug")]),
        ({**SHORT, "key": "a--b"}, [("/key", "not_a_slug")]),
        ({**SHORT, "key": "a\n"}, [("/key", "not_a_slug")]),
        ({**SHORT, "key": "a" * 61}, [("/key", "not_a_slug")]),
        ({**SHORT, "key": 7}, [("/key", "not_a_slug")]),
        ({**SHORT, "name": 7}, [("/name", "not_names")]),
        ({**SHORT, "name": "  "}, [("/name", "empty_text")]),
        ({**SHORT, "name": "x" * 201}, [("/name", "too_long")]),
        ({**SHORT, "name": {"zh-hans": "短信"}}, [("/name", "missing_member")]),
        ({**SHORT, "name": {"en": "a", "fr": "b"}}, [("/name/fr", "unknown_member")]),
        ({**SHORT, "name": {"en": "a\u202eb"}}, [("/name/en", "bad_character")]),
        ({**SHORT, "description": "x" * 2001}, [("/description", "too_long")]),
        ({**SHORT, "second_admin": 1}, [("/second_admin", "not_true_or_false")]),
        ({**SHORT, "when": {"any": []}}, [("/when/any", "empty_any")]),
        ({**SHORT, "require": []}, [("/require", "how_many")]),
        ({**SHORT, "require": {}}, [("/require", "not_a_list")]),
        (
            {**SHORT, "require": [7]},
            [("/require/0", "not_an_object")],
        ),
        ({**SHORT, "require": SHORT["require"] * 21}, [("/require", "how_many")]),
        ({**SHORT, "require": SHORT["require"] * 2}, [("/require/1/key", "repeated_key")]),
        (with_need(key="Lead"), [("/require/0/key", "not_a_slug")]),
        (with_need(key="a" * 41), [("/require/0/key", "not_a_slug")]),
        (with_need(name=""), []),
        (with_need(name={"zh-hans": "x"}), [("/require/0/name", "missing_member")]),
        (with_need(reviewers=[]), [("/require/0/reviewers", "how_many")]),
        (with_need(reviewers=[{"owner": True}] * 21), [("/require/0/reviewers", "how_many")]),
        (with_need(reviewers=[{}]), [("/require/0/reviewers/0", "one_source")]),
        (with_need(reviewers=["owner"]), [("/require/0/reviewers/0", "not_an_object")]),
        (
            with_need(reviewers=[{"owner": True, "role": "x"}]),
            [("/require/0/reviewers/0", "one_source")],
        ),
        (with_need(reviewers=[{"owner": False}]), [("/require/0/reviewers/0/owner", "only_true")]),
        (with_need(reviewers=[{"owner": 1}]), [("/require/0/reviewers/0/owner", "only_true")]),
        (with_need(reviewers=[{"role": ""}]), [("/require/0/reviewers/0/role", "not_a_key")]),
        (with_need(reviewers=[{"role": "a b"}]), [("/require/0/reviewers/0/role", "not_a_key")]),
        (
            with_need(reviewers=[{"role": "a", "who": "leads"}]),
            [("/require/0/reviewers/0/who", "who_needs_team")],
        ),
        (
            with_need(reviewers=[{"team": "a", "who": "lead"}]),
            [("/require/0/reviewers/0/who", "unknown_word")],
        ),
        (with_need(reviewers=[{"people": []}]), [("/require/0/reviewers/0/people", "how_many")]),
        (
            with_need(reviewers=[{"people": ["ada", "a b@x.org", 7, "<a@x.org>"]}]),
            [(f"/require/0/reviewers/0/people/{place}", "not_an_email") for place in range(4)],
        ),
        (
            with_need(reviewers=[{"people": ["a@x.org", "A@X.org"]}]),
            [("/require/0/reviewers/0/people/1", "repeated_person")],
        ),
        (
            with_need(reviewers=[{"people": ["a@x.org"]}, {"people": ["a@x.org"]}]),
            [("/require/0/reviewers/1/people/0", "repeated_person")],
        ),
        (
            with_need(reviewers=[{"team": "a"}, {"team": "a", "who": "leads"}]),
            [("/require/0/reviewers/1", "repeated_reviewer")],
        ),
        (with_need(otherwise=7), [("/require/0/otherwise", "not_a_list")]),
        (with_need(otherwise=[{}]), [("/require/0/otherwise/0", "one_source")]),
        (with_need(quorum=0), [("/require/0/quorum", "not_a_whole_number")]),
        (with_need(quorum=21), [("/require/0/quorum", "not_a_whole_number")]),
        (with_need(quorum=True), [("/require/0/quorum", "not_a_whole_number")]),
        (with_need(quorum=1.5), [("/require/0/quorum", "not_a_whole_number")]),
        (with_need(quorum=float("nan")), [("/require/0/quorum", "not_a_whole_number")]),
        (with_need(quorum="1"), [("/require/0/quorum", "not_a_whole_number")]),
        (with_need(scope="part"), [("/require/0/scope", "unknown_word")]),
        (with_need(scope=[]), [("/require/0/scope", "unknown_word")]),
        (with_need(round=10), [("/require/0/round", "not_a_whole_number")]),
        (with_need(distinct="A"), [("/require/0/distinct", "not_a_slug")]),
        (with_need(distinct=None), [("/require/0/distinct", "not_a_slug")]),
        (with_need(hours=2001), [("/require/0/hours", "not_a_whole_number")]),
        (with_need(hours=None), [("/require/0/hours", "not_a_whole_number")]),
        (with_need(remind_after=72), [("/require/0/remind_after", "remind_too_late")]),
        (with_need(remind_after=0), [("/require/0/remind_after", "not_a_whole_number")]),
        (with_need(leavers="go"), [("/require/0/leavers", "unknown_word")]),
        (with_need(escalate={}), [("/require/0/escalate", "missing_member")]),
        (
            with_need(escalate=[]),
            [("/require/0/escalate", "not_an_object")],
        ),
        (
            with_need(escalate={"after": -1, "to": [{"owner": True}]}),
            [("/require/0/escalate/after", "not_a_whole_number")],
        ),
        (
            with_need(escalate={"to": [{"stewards": True}]}),
            [("/require/0/escalate/to", "escalates_in_a_circle")],
        ),
        (
            with_need(
                reviewers=[{"people": ["a@x.org", "b@x.org"]}, {"owner": True}],
                escalate={"to": [{"people": ["B@x.org"]}, {"owner": True}]},
            ),
            [("/require/0/escalate/to", "escalates_in_a_circle")],
        ),
        (
            with_need(reviewers=[{"people": ["a@x.org"]}], quorum=2),
            [("/require/0/quorum", "quorum_too_high")],
        ),
        (
            with_need(otherwise=[{"people": ["a@x.org"]}], quorum=2),
            [("/require/0/otherwise", "quorum_too_high")],
        ),
        (
            {"key": "A", "name": {}, "when": 3, "require": [{}], "more": 1},
            [
                ("/more", "unknown_member"),
                ("/key", "not_a_slug"),
                ("/name", "missing_member"),
                ("/when", "not_a_condition"),
                ("/require/0", "missing_member"),
                ("/require/0", "missing_member"),
            ],
        ),
    ],
)
def test_each_refusal(raw, expected):
    if expected:
        assert refused(raw) == expected
    else:
        complete(raw)


@pytest.mark.parametrize(
    "need",
    [
        {"reviewers": [{"people": ["a@x.org"]}, {"owner": True}], "quorum": 2},
        {"reviewers": [{"people": ["a@x.org", "b@x.org"]}], "quorum": 2},
        {"escalate": {"to": [{"stewards": True}, {"owner": True}]}},
        {"reviewers": [{"team": "a"}], "escalate": {"to": [{"team": "a", "who": "members"}]}},
        {"remind_after": 71},
    ],
)
def test_what_only_looks_odd_is_accepted(need):
    complete(with_need(**need))


def test_a_bottomless_policy_is_an_error_like_any_other():
    deep = {}
    for _time in range(10_000):
        deep = {"not": deep}
    assert refused({**SHORT, "when": deep}) == [("/when" + "/not" * 5, "too_deep")]
    assert refused({**SHORT, "name": deep})
    assert refused(with_need(escalate=deep))


@given(JSONISH)
def test_whatever_is_given_is_a_policy_or_malformed(raw):
    for given_raw in (raw, {**SHORT, "require": [raw]}, with_need(reviewers=[raw], escalate=raw)):
        problems = ()
        try:
            complete(given_raw)
        except Malformed as error:
            problems = error.problems
        assert all(map(problem_sentence, problems))


@given(definitions())
def test_completing_again_changes_nothing(definition):
    again = complete(json.loads(canonical(definition)))
    assert again == definition
    assert list(again) == list(definition)
    assert digest(again) == digest(definition)
    assert load(again) == load(definition)


def test_loading():
    policy = load(
        complete(
            with_need(
                name={"en": "Lead", "zh-hant": "主管"},
                reviewers=[{"team": "crm", "who": "members"}, {"people": ["a@x.org"]}],
                escalate={"after": 4, "to": [{"owner": True}]},
                distinct="four-eyes",
            )
        )
    )
    need = policy.require[0]
    assert need.reviewers == (
        Reviewers("team", "crm", "members"),
        Reviewers("people", people=("a@x.org",)),
    )
    assert need.escalate == Escalation(4, (Reviewers("owner"),))
    assert need.distinct == "four-eyes"
    assert label(need.name, "zh-hant") == "主管"
    assert label(need.name, "zh-hans") == "Lead"
    assert label({}, "en") == ""


def test_what_does_not_exist_is_told_with_the_nearest_that_does():
    policy = load(
        complete(
            {
                **with_need(
                    reviewers=[
                        {"role": "journey-manger"},
                        {"team": "crm"},
                        {"team_kind": "legall"},
                        {"people": ["gone@x.org", "ada@x.org"]},
                    ],
                    otherwise=[{"role": "xyz"}],
                    escalate={"to": [{"team": "cmr"}]},
                ),
                "when": {
                    "all": [
                        leaf("channels", "any_of", ["sms", "e-mail"]),
                        {"not": leaf("kinds", "only", ["contents"])},
                        leaf("messages_added", "at_least", 1, of="smms"),
                        leaf("market", "any_of", ["anything"]),
                    ]
                },
            }
        )
    )
    known = Known(
        roles=frozenset({"journey-manager"}),
        teams=frozenset({"crm"}),
        team_kinds=frozenset({"legal"}),
        people=frozenset({"ada@x.org"}),
        choices={"channels": frozenset({"sms", "email"})},
    )
    found = check_known(policy, known)
    assert [(one.pointer, one.code, one.params["nearest"]) for one in found] == [
        ("/when/all/0/value/1", "no_such_value", "email"),
        ("/when/all/1/not/value/0", "no_such_value", "content"),
        ("/when/all/2/of", "no_such_value", "sms"),
        ("/require/0/reviewers/0/role", "no_such_role", "journey-manager"),
        ("/require/0/reviewers/2/team_kind", "no_such_team_kind", "legal"),
        ("/require/0/reviewers/3/people/0", "no_such_person", found[5].params["nearest"]),
        ("/require/0/otherwise/0/role", "no_such_role", ""),
        ("/require/0/escalate/to/0/team", "no_such_team", "crm"),
    ]
    assert problem_sentence(found[0]).endswith("Is it “email”?")
    assert problem_sentence(found[6]) == "There is no role “xyz”: name one that there is."
