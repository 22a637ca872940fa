"""Whole journeys of up to 60 steps, and what several people make of one.

A seed drives plain `random` inside: a journey of that size drawn field by field would take
hypothesis half a second. What hypothesis draws is the size, the seeds and the number of edits, so
that a failure still shrinks to few steps and few edits.
"""

import copy
import itertools
import random
from collections.abc import Callable
from typing import Any

import orjson
from hypothesis import strategies as st

from cjops.documents import Document, rank_between
from journeys import definition

MAX_STEPS = 60
Only = Callable[[dict[str, Any]], bool]
KINDS = ["message", "wait", "decision", "action", "touchpoint"]
TEXTS = ["", "Open an account", "开户", "Say hello", "Remind once", "Ask for the documents"]


def grown(steps: int, seed: int) -> Document:
    """A complete journey: a chain through its stages, with side ways."""
    chance = random.Random(seed)
    stages = [{"key": f"stage-{n}", "name": f"Stage {n}"} for n in range(max(1, steps // 8))]
    keys = [f"step-{n}" for n in range(steps)]
    found = [
        {
            "key": key,
            "name": chance.choice(TEXTS),
            "kind": "exit" if key == keys[-1] else chance.choice(KINDS),
            "stage": stages[number * len(stages) // steps]["key"],
            "purpose": chance.choice(TEXTS),
            "kpi": {"metric": chance.choice(TEXTS)} if chance.random() < 0.3 else None,
            "slots": {
                name: {"purpose": chance.choice(TEXTS)}
                for name in ("body", "hero")
                if chance.random() < 0.4
            },
        }
        for number, key in enumerate(keys)
    ]
    ways = [
        {"key": f"way-{n}", "source": source, "target": target}
        for n, (source, target) in enumerate(itertools.pairwise(keys))
    ]
    ways += [
        {
            "key": f"side-{n}",
            "source": ((source := chance.randrange(steps - 1)) and keys[source]) or keys[0],
            "target": chance.choice(keys[source + 1 :]),
            "condition": chance.choice(TEXTS),
        }
        for n in range(steps // 6)
        if steps > 1
    ]
    return definition.complete(
        {
            "schema": "journey/1",
            "name": "Grown",
            "goal": {"statement": "", "metric": "opened", "target": "60%"},
            "stages": stages,
            "entries": [{"key": "start", "step": keys[0], "rule": "signed up"}],
            "exits": [{"key": "left", "rule": "opted out"}],
            "steps": found,
            "transitions": ways,
        }
    )


class Editor:
    """Somebody at work on a copy of a journey; `name` makes the keys of what they add theirs."""

    def __init__(self, base: Document, seed: int, name: str = "") -> None:
        self.document = orjson.loads(orjson.dumps(base))
        self.chance = random.Random(seed)
        self.name = name

    def work(
        self, edits: int, only: Callable[[dict[str, Any]], bool] = lambda element: True
    ) -> None:
        """Make some edits, all of them to elements that `only` says are theirs."""
        for number in range(edits):
            act = self.chance.choice(
                [self.word, self.word, self.fill, self.measure, self.move, self.restage,
                 self.rewire, self.header, self.remove, self.add]
            )  # fmt: skip
            act(number, only)

    def pick(self, name: str, only: Only) -> dict[str, Any] | None:
        found = [element for element in self.document[name] if only(element)]
        return self.chance.choice(found) if found else None

    def word(self, number: int, only: Only) -> None:
        name = self.chance.choice(["stages", "entries", "exits", "steps", "steps", "transitions"])
        field = {"stages": "description", "transitions": "condition", "steps": "purpose"}
        if element := self.pick(name, only):
            element[field.get(name, "rule")] = self.chance.choice(TEXTS)

    def fill(self, number: int, only: Only) -> None:
        if step := self.pick("steps", only):
            slot = self.chance.choice(["body", "hero", "footer"])
            if self.chance.random() < 0.2:
                step["slots"].pop(slot, None)
                return
            empty = {"purpose": "", "asset": None, "version": None, "digest": None}
            version = self.chance.randint(1, 3)
            step["slots"][slot] = step["slots"].get(slot, empty) | {
                "asset": "mail", "version": version, "digest": f"{version:064d}",
            }  # fmt: skip

    def measure(self, number: int, only: Only) -> None:
        """Set what a step is measured by, reword it, or take it away."""
        if step := self.pick("steps", only):
            empty = {"metric": "", "target": "", "guardrail": ""}
            name = self.chance.choice(["metric", "target", ""])
            kpi = (step["kpi"] or empty) | {name: self.chance.choice(TEXTS)}
            step["kpi"] = kpi if name else None

    def move(self, number: int, only: Only) -> None:
        if step := self.pick("steps", only):
            ranks = sorted({other["rank"] for other in self.document["steps"]})
            place = self.chance.randrange(len(ranks))
            step["rank"] = rank_between(ranks[place - 1] if place else None, ranks[place])

    def restage(self, number: int, only: Only) -> None:
        if step := self.pick("steps", only):
            step["stage"] = self.chance.choice(self.document["stages"])["key"]

    def rewire(self, number: int, only: Only) -> None:
        if (way := self.pick("transitions", only)) and self.document["steps"]:
            end = self.chance.choice(["source", "target"])
            way[end] = self.chance.choice(self.document["steps"])["key"]

    def header(self, number: int, only: Only) -> None:
        if only(self.document):
            self.document["goal"] = self.document["goal"] | {
                self.chance.choice(["statement", "target"]): self.chance.choice(TEXTS)
            }

    def remove(self, number: int, only: Only) -> None:
        """Take a step away, and lead what led to it past it."""
        step = self.pick("steps", only)
        if step is None or len(self.document["steps"]) < 2:
            return
        ways = self.document["transitions"]
        after = [way["target"] for way in ways if way["source"] == step["key"]]
        if not all(only(way) for way in ways if step["key"] in (way["source"], way["target"])):
            return
        self.document["steps"].remove(step)
        self.document["transitions"] = kept = [w for w in ways if w["source"] != step["key"]]
        for way in list(kept):
            if way["target"] == step["key"]:
                way["target"] = after[0] if after else ""
                if not after or after[0] in (step["key"], way["source"]):
                    kept.remove(way)
        for entry in self.document["entries"]:
            if entry["step"] == step["key"]:
                entry["step"] = after[0] if after else ""

    def add(self, number: int, only: Only) -> None:
        """Put a new step behind another, with the ways to it and from it."""
        before = self.pick("steps", only)
        if before is None:
            return
        # Without a name of their own, two editors can come upon the same key.
        key = f"new{self.name}-{number}"
        if any(step["key"] == key for step in self.document["steps"]):
            return
        step = copy.deepcopy(before) | {
            "key": key,
            "rank": rank_between(before["rank"], None),
            "name": self.chance.choice(TEXTS),
            "kind": "message",
        }
        way = copy.deepcopy(self.document["transitions"][0]) if self.document["transitions"] else {}
        self.document["steps"].append(step)
        target = self.chance.choice(self.document["steps"])["key"]
        if way:
            ends = {"to": (before["key"], key), "from": (key, target)}
            self.document["transitions"] += [
                way | {"key": f"{key}-{end}", "source": ends[end][0], "target": ends[end][1]}
                for end in ends
            ]


SEEDS = st.integers(0, 2**32 - 1)


@st.composite
def triples(draw: st.DrawFn) -> tuple[Document, Document, Document]:
    """A journey and what two people made of it, without knowing of each other."""
    base = grown(draw(st.integers(1, MAX_STEPS)), draw(SEEDS))
    sides = []
    for _ in range(2):
        editor = Editor(base, draw(SEEDS))
        editor.work(draw(st.integers(0, 12)))
        sides.append(editor.document)
    return base, sides[0], sides[1]


@st.composite
def apart(draw: st.DrawFn, people: int) -> tuple[Document, list[Document]]:
    """A journey and what several people made of it, each keeping to elements of their own."""
    base = grown(draw(st.integers(1, MAX_STEPS)), draw(SEEDS))
    sides = []
    for person in range(people):
        editor = Editor(base, draw(SEEDS), f"-{person}")

        def theirs(element: dict[str, Any], person: int = person) -> bool:
            return sum(element.get("key", "").encode()) % people == person

        editor.work(draw(st.integers(1, 8)), theirs)
        sides.append(editor.document)
    return base, sides
