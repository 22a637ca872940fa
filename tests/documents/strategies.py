"""Documents for property tests: such as journeys are, and any JSON that is one."""

from typing import Any

from hypothesis import strategies as st

from cjops.documents import Document

RANKS = st.text("0Vaz", min_size=1, max_size=3).filter(lambda rank: not rank.endswith("0"))
# A few keys only, so that two documents meet in many of them.
KEYS = st.sampled_from(["welcome", "reminder", "call", "offer", "wait", "survey"])
TEXTS = st.sampled_from(["", "open an account", "开户", "true", "a/b", "<b>"])
DURATIONS = st.sampled_from([None, "P1D", "PT2H"])

SLOTS = st.dictionaries(
    st.sampled_from(["body", "hero", "footer"]),
    st.fixed_dictionaries(
        {
            "purpose": TEXTS,
            "asset": st.sampled_from([None, "welcome-mail"]),
            "version": st.none() | st.integers(1, 3),
        }
    ),
)
STEP_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "name": TEXTS,
    "stage": KEYS,
    "emotion": st.none() | st.integers(-2, 2),
    "support_teams": st.lists(st.sampled_from(["legal", "branch"]), max_size=2),
    "slots": SLOTS,
    "kpi": st.none() | st.fixed_dictionaries({"metric": TEXTS, "target": TEXTS}),
}
TRANSITION_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "source": KEYS,
    "target": KEYS,
    "delay": DURATIONS,
    "share": st.none() | st.sampled_from([0, 0.25, 0.5, 1, 1.0]),
}
HEADER_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "schema": st.just("journey/1"),
    "name": TEXTS,
    "goal": st.fixed_dictionaries({"statement": TEXTS, "metric": TEXTS}),
    "lifecycle": st.fixed_dictionaries({"start": DURATIONS, "end": DURATIONS}),
    "personas": st.lists(TEXTS, max_size=2),
    "tags": st.lists(KEYS, max_size=2),
}


def elements(fields: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[list[dict[str, Any]]]:
    """A collection of up to four elements, listed in any order, some sharing a rank."""
    one = st.fixed_dictionaries({"key": KEYS, "rank": RANKS, **fields})
    return st.lists(one, max_size=4, unique_by=lambda element: element["key"])


def journeys() -> st.SearchStrategy[Document]:
    return st.fixed_dictionaries(
        {
            **HEADER_FIELDS,
            "stages": elements({"name": TEXTS}),
            "steps": elements(STEP_FIELDS),
            "transitions": elements(TRANSITION_FIELDS),
        }
    )


@st.composite
def revised_journeys(draw: st.DrawFn) -> tuple[Document, Document]:
    """A journey and what somebody made of it: most of it stays as it was."""
    base = draw(journeys())
    drawn = draw(journeys())
    other = {name: draw(st.sampled_from([base, base, drawn]))[name] for name in base}
    for name in ("stages", "steps", "transitions"):
        # As in a request: equal to what was there before, without being the same objects.
        result = {element["key"]: dict(element) for element in base[name]}
        for element in drawn[name]:
            key = element["key"]
            match draw(st.sampled_from(["keep", "remove", "replace", "move", "some fields"])):
                case "remove":
                    result.pop(key, None)
                case "replace":
                    result[key] = element
                case "move" if key in result:
                    result[key]["rank"] = element["rank"]
                case "some fields" if key in result:
                    names = draw(st.sets(st.sampled_from(sorted(element)), max_size=3))
                    result[key] |= {field: element[field] for field in names}
        other[name] = draw(st.permutations(list(result.values())))
    return base, other


NUMBERS = st.sampled_from([0, 1, -1, 0.0, 1.0, 0.5, 1e21, 2**53 - 1]) | st.floats(
    allow_nan=False, allow_infinity=False
)
SCALARS = st.none() | st.booleans() | NUMBERS | st.text(max_size=3)
NAMES = st.sampled_from(["a", "b", "key", "rank", "x/y", "", "é", "\U0001f600", "\ufb33"])
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


@st.composite
def any_elements(draw: st.DrawFn) -> list[dict[str, Any]]:
    found = draw(
        st.lists(
            st.tuples(
                st.dictionaries(NAMES, JSON, max_size=3),
                st.text("ab", max_size=2),
                st.text(max_size=2),
            ),
            max_size=4,
            unique_by=lambda parts: parts[1],
        )
    )
    return [{**members, "key": key, "rank": rank} for members, key, rank in found]


def documents() -> st.SearchStrategy[Document]:
    """Any JSON object; now and then a member is a collection, with any members and any rank."""
    return st.dictionaries(NAMES, JSON | any_elements(), max_size=4)


def pairs() -> st.SearchStrategy[tuple[Document, Document]]:
    """Two documents of either kind."""
    return (
        revised_journeys() | st.tuples(journeys(), journeys()) | st.tuples(documents(), documents())
    )
