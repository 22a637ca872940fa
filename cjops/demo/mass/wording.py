"""Documents of made-up journeys and assets, whole as `load` would return them."""

import random
from dataclasses import dataclass
from functools import cache
from typing import Any

from cjops.demo.reading import made_up
from cjops.documents import Change, Document, spread

TOPICS, MOMENTS = made_up("topics"), made_up("moments")
REASONS, AIMS = made_up("reasons"), made_up("aims")
STAGES = ("Awareness", "Consideration", "Purchase", "Use")
WAITS = ("PT4H", "P1D", "P2D", "P3D", "P5D", "P7D", "P14D")
# A journey goes round this list; its last step is the exit.
PATTERN: tuple[tuple[str, str | None], ...] = (
    ("action", None),
    ("message", "email"),
    ("wait", None),
    ("decision", None),
    ("message", "sms"),
    ("touchpoint", "web"),
    ("wait", None),
    ("message", "push"),
    ("decision", None),
    ("touchpoint", "call-centre"),
    ("message", "email"),
    ("wait", None),
    ("touchpoint", "branch"),
    ("decision", None),
    ("message", "in-app"),
    ("action", None),
)
CARRYING = ("email", "sms", "push")


@dataclass(frozen=True, slots=True)
class Pinned:
    """An asset version that slots can show."""

    asset: str
    asset_pk: int
    digest: str


ranks = cache(spread)


def asset_document(number: int, kind: str) -> Document:
    """A short asset in two languages; no two say the same in either."""
    topic, moment = TOPICS[number % len(TOPICS)], MOMENTS[number % len(MOMENTS)]
    name = f"{topic} {moment} {number}"
    aim = AIMS[number % len(AIMS)]
    return {
        "schema": "asset/1",
        "name": name,
        "kind": kind,
        "purpose": aim,
        "tags": [],
        "renditions": [
            _rendition(
                kind,
                "en",
                rank,
                f"{topic}: {moment}",
                f"Hello {{{{ first_name }}}}. {aim}. ({number})",
            )
            if language == "en"
            else _rendition(
                kind,
                language,
                rank,
                f"{topic}通知",
                f"您好{{{{ first_name }}}}，请查看最新进展。({number})",
            )
            for language, rank in zip(("en", "zh-hans"), ranks(2), strict=True)
        ],
    }


def _rendition(kind: str, language: str, rank: str, title: str, text: str) -> dict[str, Any]:
    is_email = kind == "email"
    return {
        "key": language,
        "rank": rank,
        "language": {"zh-hans": "zh-Hans"}.get(language, language),
        "subject": title if is_email else "",
        "preheader": text[:80] if is_email else "",
        "format": "html",
        "body": f"<h1>{title}</h1><p>{text}</p><p>Larkfield Bank</p>" if is_email else "",
        "text": text,
        "sender": "Larkfield Bank" if is_email else "",
        "title": title if kind == "push" else "",
        "link": "https://bank.example/app" if kind == "push" else "",
    }


@dataclass(frozen=True, slots=True)
class Parts:
    """What a journey's steps refer to: owner teams by channel, content by channel, concepts."""

    teams: dict[str, str]
    content: dict[str, list[Pinned]]
    concepts: list[str]


def journey_document(rng: random.Random, number: int, length: int, parts: Parts) -> Document:
    """A journey of so many steps that passes every check."""
    topic, moment = rng.choice(TOPICS), rng.choice(MOMENTS)
    steps = [_step(rng, at, length, rank, parts) for at, rank in enumerate(ranks(length))]
    return {
        "schema": "journey/1",
        "name": f"{topic} {moment} {number}",
        "purpose": rng.choice(AIMS),
        "scenario": "",
        "goal": {"statement": rng.choice(AIMS), "metric": "Completed", "target": "60 %"},
        "lifecycle": {"start": "2024-01-01", "end": None},
        "market": rng.choice(("Retail", "Private", "Business")),
        "product_line": topic,
        "importance": rng.choice(("low", "normal", "normal", "high", "critical")),
        "personas": ["First job", "Family"][: rng.randrange(3)],
        "reentry": {"rule": "never", "wait": None},
        "tags": rng.sample(parts.concepts, min(2, len(parts.concepts))),
        "entries": [
            {
                "key": "entry",
                "rank": ranks(1)[0],
                "name": "Application received",
                "kind": "event",
                "rule": "A customer asked for it",
                "where": "",
                "step": steps[0]["key"],
            }
        ],
        "exits": [],
        "stages": [
            {"key": name.lower(), "rank": rank, "name": name, "description": ""}
            for name, rank in zip(STAGES, ranks(len(STAGES)), strict=True)
        ],
        "steps": steps,
        "transitions": _transitions(steps),
    }


def _step(rng: random.Random, at: int, length: int, rank: str, parts: Parts) -> dict[str, Any]:
    kind, channel = ("exit", None) if at == length - 1 else PATTERN[at % len(PATTERN)]
    slots = {}
    if kind == "message" and channel in CARRYING:
        pinned = rng.choice(parts.content[channel])
        slots["body"] = {
            "purpose": "",
            "asset": pinned.asset,
            "version": 1,
            "digest": pinned.digest,
        }
    return {
        "key": f"{kind}-{at + 1}".replace("_", "-"),
        "rank": rank,
        "stage": STAGES[at * len(STAGES) // length].lower(),
        "name": f"{(channel or kind).capitalize()}: {rng.choice(MOMENTS)}",
        "kind": kind,
        "channel": channel,
        "team": parts.teams[channel] if channel else None,
        "touchpoint": "",
        "purpose": rng.choice(AIMS),
        "customer_action": "",
        "mindset": "",
        "emotion": rng.randrange(-2, 3),
        "pain_points": "",
        "support_teams": [],
        "slots": slots,
        "tags": [rng.choice(parts.concepts)] if parts.concepts and channel else [],
        "frequency_class": "service" if kind == "message" else "none",
        "kpi": None,
        "wait": rng.choice(WAITS) if kind == "wait" else None,
        "journey": None,
    }


def _transitions(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each step leads to the next; a decision also past it."""
    ways: list[tuple[str, str, str, float | None]] = []
    for at, step in enumerate(steps[:-1]):
        target = steps[at + 1]["key"]
        if step["kind"] == "decision" and at + 2 < len(steps):
            ways.append((step["key"], target, "Has not answered", 0.4))
            ways.append((step["key"], steps[at + 2]["key"], "Has answered", 0.6))
        else:
            ways.append((step["key"], target, "", None))
    return [
        {
            "key": f"{source}-to-{target}",
            "rank": rank,
            "source": source,
            "target": target,
            "condition": condition,
            "delay": None,
            "share": share,
        }
        for (source, target, condition, share), rank in zip(ways, ranks(len(ways)), strict=True)
    ]


def revised(
    rng: random.Random, document: Document, parts: Parts
) -> tuple[Document, list[Change], str]:
    """The document with one to three steps edited, the edits, and what they do in a title."""
    steps = list(document["steps"])
    edits = []
    for at in sorted(rng.sample(range(len(steps) - 1), rng.choice((1, 1, 1, 2, 3)))):
        step = steps[at]
        path, before, after = _edit(rng, step, parts)
        if path == ("slots", "body"):
            edits += [
                Change("edit", "steps", step["key"], (*path, name), before[name], after[name])
                for name in ("asset", "digest")
            ]
            steps[at] = {**step, "slots": {"body": after}}
        else:
            edits.append(Change("edit", "steps", step["key"], path, before, after))
            steps[at] = {**step, path[0]: after}
    title = f"{edits[0].key.replace('-', ' ').capitalize()}: {rng.choice(AIMS).lower()}"
    return {**document, "steps": steps}, edits, title


def _edit(
    rng: random.Random, step: dict[str, Any], parts: Parts
) -> tuple[tuple[str, ...], Any, Any]:
    """One field of a step, with what it was and something else."""
    if step["slots"] and rng.random() < 0.5:
        slot = step["slots"]["body"]
        others = [one for one in parts.content[step["channel"]] if one.asset != slot["asset"]]
        if others:
            pinned = rng.choice(others)
            return ("slots", "body"), slot, {**slot, "asset": pinned.asset, "digest": pinned.digest}
    if step["kind"] == "wait" and rng.random() < 0.7:
        return ("wait",), step["wait"], _other(rng, WAITS, step["wait"])
    return ("purpose",), step["purpose"], _other(rng, AIMS, step["purpose"])


def _other(rng: random.Random, choices: tuple[str, ...] | list[str], now: str) -> str:
    return rng.choice([choice for choice in choices if choice != now])
