"""Journey documents for tests: one that holds, and ways to spoil it."""

import copy
from typing import Any

from hypothesis import strategies as st

from journeys.definition import COLLECTIONS, STEP_KINDS, complete
from journeys.validation import Known
from tests.real import real_path

DIGEST = "0" * 64
KNOWN = Known(
    channels={"email", "sms", "branch"},
    channels_with_content={"email", "sms"},
    teams={"email-team", "legal"},
    journeys={"win-back"},
    concepts={"products:account"},
    assets={"welcome": {1: DIGEST, 2: "1" * 64}},
)


def slot(**fields: Any) -> dict[str, Any]:
    return {"purpose": "", "asset": "welcome", "version": 1, "digest": DIGEST, **fields}


def sound() -> dict[str, Any]:
    """Applied -> welcome e-mail -> wait -> checked? -> exit, or back to the wait by SMS."""
    raw = {
        "name": "Account opening",
        "goal": {"statement": "More completed applications"},
        "tags": ["products:account"],
        "entries": [{"key": "applied", "name": "Applied", "kind": "event", "step": "welcome"}],
        "exits": [{"key": "lapsed", "name": "Lapsed", "outcome": "switch", "journey": "win-back"}],
        "stages": [{"key": "use", "name": "Use"}],
        "steps": [
            {
                "key": "welcome",
                "kind": "message",
                "name": "Welcome e-mail",
                "channel": "email",
                "team": "email-team",
                "support_teams": ["legal"],
                "tags": ["products:account"],
                "slots": {"body": slot()},
            },
            {"key": "wait", "kind": "wait", "name": "Wait before the check", "wait": "P5D"},
            {"key": "check", "kind": "decision", "name": "Identity checked?"},
            {
                "key": "reminder",
                "kind": "message",
                "name": "Reminder SMS",
                "channel": "sms",
                "team": "email-team",
                "slots": {"body": slot(version=2, digest="1" * 64)},
            },
            {"key": "exit", "kind": "exit", "name": "Exit"},
        ],
        "transitions": [
            {"key": "a", "source": "welcome", "target": "wait"},
            {"key": "b", "source": "wait", "target": "check"},
            {"key": "c", "source": "check", "target": "exit", "condition": "yes", "share": 0.6},
            {"key": "d", "source": "check", "target": "reminder", "share": 0.4, "delay": "P1D"},
            {"key": "e", "source": "reminder", "target": "wait"},
        ],
    }
    for step in raw["steps"]:
        step["stage"] = "use"
    return complete(raw)


def changed(*edits: tuple[str, Any]) -> dict[str, Any]:
    """The sound journey with values set at paths such as `steps/wait/wait`, by key."""
    document = copy.deepcopy(sound())
    for path, value in edits:
        place: Any = document
        *way, last = path.split("/")
        for token in way:
            place = member(place, token)
        place[last] = value
    return document


def without(collection: str, *keys: str) -> dict[str, Any]:
    """The sound journey without some elements."""
    document = sound()
    document[collection] = [one for one in document[collection] if one["key"] not in keys]
    return document


def with_also(collection: str, **fields: Any) -> dict[str, Any]:
    """The sound journey with one more element."""
    document = sound()
    document[collection] = [*document[collection], fields]
    return complete(document)


def member(place: Any, token: str) -> Any:
    if isinstance(place, list):
        return next(one for one in place if one["key"] == token)
    return place[token]


def real_data(path: str) -> bytes:
    """What a file of the real data holds."""
    return real_path(path).read_bytes()


def real_sibling(folder: str):
    """The files beside a real journey, by name."""

    def sibling(name: str) -> bytes | None:
        try:
            return real_data(f"{folder}/{name}")
        except FileNotFoundError:
            return None

    return sibling


# Few keys, so that elements meet; values that are right, odd, and empty.
_KEYS = st.sampled_from(["a", "b", "c", "d-1", "e"])
_TEXTS = st.sampled_from(["", "Welcome", "开户", "<b>x</b>", "100 % %s %(x)s", "é"])
_DURATIONS = st.sampled_from([None, "P1D", "PT0S", "P", "soon", "P1Y2M", "PT1.5H"])
_SLOTS = st.dictionaries(
    _KEYS,
    st.fixed_dictionaries(
        {},
        optional={
            "asset": st.none() | _KEYS,
            "version": st.none() | st.integers(1, 3),
            "digest": st.sampled_from([None, "0" * 64]),
        },
    ),
    max_size=2,
)
_STEPS = st.fixed_dictionaries(
    {"key": _KEYS, "kind": st.sampled_from(STEP_KINDS)},
    optional={
        "name": _TEXTS,
        "stage": _KEYS,
        "channel": st.none() | _KEYS,
        "team": st.none() | _KEYS,
        "wait": _DURATIONS,
        "journey": st.none() | _KEYS,
        "emotion": st.none() | st.integers(-2, 2),
        "slots": _SLOTS,
        "tags": st.just(["a:b", "a:b"]),
        "kpi": st.none() | st.fixed_dictionaries({"metric": _TEXTS}),
        "purpose": _TEXTS,
    },
)
_TRANSITIONS = st.fixed_dictionaries(
    {"key": _KEYS, "source": _KEYS, "target": _KEYS},
    optional={
        "condition": _TEXTS,
        "delay": _DURATIONS,
        "share": st.none() | st.sampled_from([0, 0.25, 0.5, 1]),
    },
)


def _distinct(elements: st.SearchStrategy[Any], size: int) -> st.SearchStrategy[Any]:
    return st.lists(elements, max_size=size, unique_by=lambda element: element["key"])


RAW = st.fixed_dictionaries(
    {},
    optional={
        "name": _TEXTS,
        "lifecycle": st.sampled_from(
            [{}, {"start": "2026-01-01"}, {"start": "2026-02-01", "end": "2026-01-01"}]
        ),
        "reentry": st.fixed_dictionaries({"rule": st.just("always"), "wait": _DURATIONS}),
        "tags": st.just(["a:b"]),
        "entries": _distinct(
            st.fixed_dictionaries({"key": _KEYS}, optional={"step": _KEYS, "name": _TEXTS}), 3
        ),
        "exits": _distinct(
            st.fixed_dictionaries(
                {"key": _KEYS}, optional={"outcome": st.sampled_from(["end", "switch"])}
            ),
            2,
        ),
        "stages": _distinct(st.fixed_dictionaries({"key": _KEYS}), 3),
        "steps": _distinct(_STEPS, 5),
        "transitions": st.lists(_TRANSITIONS, max_size=8).map(
            lambda many: [{**one, "key": f"t{number}"} for number, one in enumerate(many)]
        ),
    },
)
DOCUMENTS = RAW.map(complete)

assert set(sound()) >= set(COLLECTIONS)
