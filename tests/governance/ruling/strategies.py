"""Any predicate, policy and sheet, from few words so that they meet."""

from hypothesis import strategies as st

from governance.ruling.definitions import complete, load
from governance.ruling.evaluating import Rule, Sheet
from governance.ruling.facts import FACTS, FactType
from governance.ruling.predicates import parse

WORDS = ["sms", "email", "push", "legal", "欢迎"]
texts = st.sets(st.sampled_from(WORDS), max_size=4).map(frozenset)
numbers = st.integers(0, 5) | st.floats(0, 5, allow_nan=False)
counts = st.dictionaries(st.sampled_from(WORDS), st.integers(0, 4), max_size=3)
BY_TYPE = {
    FactType.TEXTS: texts,
    FactType.NUMBER: numbers,
    FactType.TRUTH: st.booleans(),
    FactType.COUNTS: counts,
}
# Some of each type: with all of them hardly two predicates would ask the same.
ASKED = [
    "channels", "kinds", "tags", "market", "owners", "step_count", "step_share", "roll_back",
    "emergency", "messages_added",
]  # fmt: skip


def envs(names=tuple(FACTS)):
    """Everything that is known of a change."""
    return st.fixed_dictionaries({name: BY_TYPE[FACTS[name].type] for name in names})


@st.composite
def leaves(draw):
    name = draw(st.sampled_from(ASKED))
    kind = FACTS[name].type
    if kind is FactType.TRUTH:
        return {"fact": name, "op": "is", "value": draw(st.booleans())}
    if kind is FactType.TEXTS:
        op = draw(st.sampled_from(["any_of", "all_of", "none_of", "only", "empty"]))
        some = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3, unique=True)
        return {"fact": name, "op": op, "value": draw(st.booleans() if op == "empty" else some)}
    op = draw(st.sampled_from(["at_least", "at_most"]))
    leaf = {"fact": name, "op": op, "value": draw(numbers)}
    if kind is FactType.COUNTS and draw(st.booleans()):
        leaf["of"] = draw(st.sampled_from(WORDS))
    return leaf


def trees(depth=5):
    """The JSON of predicates of at most this depth and few enough nodes."""
    if depth == 1:
        return leaves() | st.just({"all": []})
    below = trees(depth - 1)
    return (
        leaves()
        | st.lists(below, max_size=2).map(lambda parts: {"all": parts})
        | st.lists(below, min_size=1, max_size=2).map(lambda parts: {"any": parts})
        | below.map(lambda part: {"not": part})
    )


predicates = trees().map(parse)
PART = ["channels", "kinds", "tags"]


@st.composite
def sheets(draw):
    """A change of a few parts, not all of them different."""
    parts = draw(st.lists(envs(PART), max_size=6))
    return Sheet(draw(envs()), tuple((f"{place:064x}", env) for place, env in enumerate(parts)))


slugs = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,4})?", fullmatch=True)
lines = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z"), include_characters=" #:-'\"%"),
    min_size=1,
    max_size=30,
).filter(lambda text: text.strip())
names = lines | st.fixed_dictionaries({"en": lines}, optional={"zh-hans": lines, "zh-hant": lines})
paragraphs = st.lists(lines, min_size=1, max_size=3).map("\n".join)
emails = slugs.map("{}@example.org".format)
reviewer = (
    st.just({"stewards": True})
    | st.just({"owner": True})
    | slugs.map(lambda key: {"role": key})
    | st.tuples(slugs, st.sampled_from(["leads", "members"])).map(
        lambda pair: {"team": pair[0], "who": pair[1]}
    )
    | slugs.map(lambda key: {"team_kind": key})
)
reviewers = st.lists(reviewer, min_size=1, max_size=3, unique_by=str)


@st.composite
def needs(draw, key):
    need = {"key": key, "reviewers": draw(reviewers)}
    hours = draw(st.integers(2, 2000))
    optional = {
        "name": names,
        "otherwise": st.just([{"people": ["a@example.org", "b@example.org"]}]),
        "quorum": st.integers(1, 2),
        "scope": st.sampled_from(["change", "parts"]),
        "round": st.integers(1, 9),
        "distinct": slugs,
        "hours": st.just(hours),
        "remind_after": st.just(1),
        "escalate": st.just({"after": 3, "to": [{"people": ["c@example.org"]}]}),
        "leavers": st.sampled_from(["stand", "fall"]),
    }
    for name, values in optional.items():
        if draw(st.booleans()):
            need[name] = draw(values)
    return need


@st.composite
def definitions(draw):
    """Complete definitions."""
    keys = draw(st.lists(slugs, min_size=1, max_size=3, unique=True))
    raw = {
        "key": draw(slugs),
        "name": draw(names),
        "when": draw(trees(3)),
        "require": [draw(needs(key)) for key in keys],
        "second_admin": draw(st.booleans()),
    }
    if draw(st.booleans()):
        raw["description"] = draw(paragraphs)
    return complete(raw)


rules = definitions().map(lambda definition: Rule(load(definition), 1))
