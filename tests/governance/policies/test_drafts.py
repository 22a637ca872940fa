"""A form shows every definition without loss, keeps what is typed, and says what is wrong where."""

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from governance.drafting import Choices, Draft
from governance.ruling.defaults import DEFAULTS
from governance.ruling.definitions import Known, check_known, complete, load
from governance.ruling.facts import FACTS, FactType
from governance.ruling.nodes import OPS
from governance.ruling.problems import Malformed
from tests.governance.policies.writing import definition

texts = st.lists(
    st.sampled_from(["email", "sms", "a b", "x:y"]), min_size=1, max_size=3, unique=True
)


@st.composite
def leaves(draw):
    fact = draw(st.sampled_from(list(FACTS.values())))
    op = draw(st.sampled_from(OPS[fact.type]))
    leaf = {"fact": fact.name, "op": op}
    if fact.type is FactType.TRUTH or op == "empty":
        leaf["value"] = draw(st.booleans())
    elif fact.type is FactType.TEXTS:
        leaf["value"] = draw(texts)
    else:
        leaf["value"] = draw(st.integers(-5, 10**6) | st.sampled_from([0.5, 12.25]))
        if fact.type is FactType.COUNTS and draw(st.booleans()):
            leaf["of"] = "email"
    return leaf


nodes = st.recursive(
    leaves(),
    lambda inner: st.one_of(
        st.fixed_dictionaries({"all": st.lists(inner, max_size=3)}),
        st.fixed_dictionaries({"any": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"not": inner}),
    ),
    max_leaves=8,
)


def deep(node):
    if "fact" in node:
        return 1
    (inner,) = node.values()
    inner = inner if isinstance(inner, list) else [inner]
    return 1 + max((deep(one) for one in inner), default=0)


def posted(draft):
    """The draft as a browser would send it back."""
    draft.show(FakeChoices())
    data = QueryDict(mutable=True)
    put_group(data, draft.when)
    for control in draft.controls.values():
        put(data, control)
    data["second_admin"] = "true" if draft.second_admin else ""
    data["need.size"] = str(len(draft.needs))
    for need in draft.needs:
        for control in need.all_controls():
            put(data, control)
        for name, rows in need.people.items():
            data[f"{need.name}.{name}.size"] = str(len(rows))
    return data


def put(data, control):
    if control.kind in ("boxes", "many"):
        data.setlist(control.name, list(control.value))
    else:
        data[control.name] = str(control.value)


def put_group(data, group):
    put(data, group.control)
    data[f"{group.name}.size"] = str(len(group.parts))
    data[f"{group.name}.bare"] = "1" if group.is_bare else ""
    for part in group.parts:
        data[f"{part.name}.type"] = "group" if part.is_group else "row"
        if part.is_group:
            put_group(data, part)
            continue
        data[f"{part.name}.was"] = part.fact
        for control in part.controls.values():
            put(data, control)


class FakeChoices(Choices):
    """Choices without rows."""

    def __init__(self):
        super().__init__(None)

    def _read(self, choices):
        return {"channels": [("email", "E-mail")], "teams": [(str(n), n) for n in range(20)]}.get(
            choices
        )


@given(nodes.filter(lambda node: deep(node) <= 5))
def test_a_form_brings_every_condition_back(node):
    whole = complete(definition(when=node))
    sent = posted(Draft.from_definition(whole))
    assert complete(Draft.from_form(sent).definition()) == whole


FULL = {
    "key": "full",
    "name": {"en": "Full", "zh-hans": "全"},
    "description": "Two\nlines",
    "second_admin": True,
    "when": {"all": []},
    "require": [
        {
            "key": "first",
            "name": {"en": "First", "zh-hant": "第一"},
            "reviewers": [
                {"stewards": True}, {"owner": True}, {"role": "journey-manager"},
                {"team": "legal", "who": "members"}, {"team": "sms"}, {"team_kind": "legal"},
                {"people": ["a@bank.example", "b@bank.example"]},
            ],
            "otherwise": [{"team_kind": "data"}],
            "quorum": 2, "scope": "parts", "round": 2, "distinct": "four-eyes", "hours": 48,
            "remind_after": 24, "escalate": {"after": 4, "to": [{"team": "data"}]},
            "leavers": "fall",
        }
    ],
}  # fmt: skip


@pytest.mark.parametrize("raw", [FULL, *DEFAULTS, definition()], ids=lambda raw: raw["key"])
def test_a_form_brings_every_policy_back(raw):
    whole = complete(raw)
    assert complete(Draft.from_form(posted(Draft.from_definition(whole))).definition()) == whole


def refused(draft):
    """The errors of a draft by the name of their control."""
    try:
        found = check_known(load(complete(draft.definition())), Known())
    except Malformed as error:
        found = error.problems
    draft.refuse(found)
    draft.show(FakeChoices())
    return draft.errors


def test_a_blank_form_says_what_is_missing_at_each_control():
    draft = Draft.blank()
    draft.do("add-row:when")
    draft.do("add-group:when")
    errors = refused(draft)
    assert set(errors) == {
        "key", "name.en", "when.0.fact", "when.1.0.fact", "need.0.reviewers.0.who",
    }  # fmt: skip
    ids = {complaint.id for complaint in draft.complaints}
    assert "id_when-1-0-fact" in ids


@pytest.mark.parametrize(
    ("name", "value", "at"),
    [
        ("need.0.quorum", "two", "need.0.quorum"),
        ("need.0.quorum", "", "need.0.quorum"),
        ("need.0.hours", "1.5", "need.0.hours"),
        ("need.0.hours", "999999", "need.0.hours"),
        ("need.0.remind_after", "72", "need.0.remind_after"),
        ("need.0.key", "Not a key", "need.0.key"),
        ("need.0.distinct", "!", "need.0.distinct"),
        ("need.0.scope", "somewhere", "need.0.scope"),
        ("need.0.reviewers.0.people", "nobody", "need.0.reviewers.0.people"),
        ("need.0.reviewers.0.who", "role:none", "need.0.reviewers.0.who"),
        ("need.0.reviewers.size", "0", "need.0.reviewers"),
        ("need.0.name.zh-hans", "名", "need.0.name.en"),
        ("need.size", "0", "need"),
        ("when.0.number", "many", "when.0.number"),
        ("when.0.number", "", "when.0.number"),
        ("when.1.value", "", "when.1.value"),
        ("name.en", "", "name.en"),
        ("key", "x" * 61, "key"),
    ],
)
def test_what_is_wrong_is_shown_at_its_control_and_kept(name, value, at):
    raw = definition(
        when={
            "all": [
                {"fact": "step_count", "op": "at_least", "value": 3},
                {"fact": "tags", "op": "any_of", "value": ["a:b"]},
            ]
        }
    )
    sent = posted(Draft.from_definition(complete(raw)))
    sent[name] = value
    draft = Draft.from_form(sent)
    assert set(refused(draft)) == {at}
    if not name.endswith("size"):
        assert posted(draft)[name] == value


def test_buttons_add_and_remove():
    draft = Draft.blank()
    draft.do("add-group:when")
    draft.do("add-row:when.0")
    assert draft.focus == "when.0.1.fact"
    draft.do("remove:when.0.0")
    assert draft.focus == "when.0.add"
    draft.do("add-need:")
    draft.do("add-who:need.1.otherwise")
    assert draft.focus == "need.1.otherwise.0.who"
    draft.do("remove-need:0")
    draft.do("remove-who:need.0.reviewers.0")
    assert [len(rows) for rows in draft.needs[0].people.values()] == [0, 1, 0]


@pytest.mark.parametrize(
    "order", ["", ":", "remove:when", "remove:when.9", "remove:", "add-row:x", "add-who:need.7.x",
              "remove-need:x", "remove-need:99", "remove-who:need.0.reviewers.x", "drop:table",
              "remove:when.²", "remove-need:²"],
)  # fmt: skip
def test_a_button_that_is_not_there_does_nothing(order):
    draft = Draft.blank()
    before = draft.definition()
    draft.do(order)
    assert draft.definition() == before


@pytest.mark.parametrize("size", ["-1", "1e9", "99999999999", "²", "", "999"])
def test_a_form_that_claims_to_be_endless_ends(size):
    data = QueryDict(mutable=True)
    for name in ("when", "when.0", "when.0.0", "need", "need.0.reviewers"):
        data[f"{name}.size"] = size
        data[f"{name}.type"] = "group"
    draft = Draft.from_form(data)
    assert len(list(draft.when.groups())) <= 60
    assert len(draft.needs) <= 25


def test_another_fact_begins_anew():
    data = QueryDict(mutable=True)
    data.update({"when.size": "1", "when.0.type": "row", "when.0.fact": "kinds"})
    data.update({"when.0.was": "channels", "when.0.op": "only", "when.0.value": "email"})
    (row,) = Draft.from_form(data).when.parts
    assert (row.fact, row.op, row.values) == ("kinds", "", [])
