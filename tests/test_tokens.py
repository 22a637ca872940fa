"""The colours: every pair that carries text or an edge is legible in light and in dark."""

import re
from pathlib import Path

import pytest

OWN = Path(__file__).resolve().parent.parent / "static" / "cjops"
CHANNELS = [
    "email",
    "sms",
    "push",
    "web",
    "in-app",
    "social",
    "display",
    "call-centre",
    "branch",
    "generic",
]
TEXT, EDGE = 4.5, 3.0


def tokens(name: str) -> dict[str, str]:
    """The custom properties of one file that hold a plain colour."""
    return dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9a-f]{6})\b", (OWN / name).read_text()))


LIGHT = tokens("tokens.css")
DARK = LIGHT | tokens("tokens-dark.css")


def luminance(colour: str) -> float:
    """Relative luminance as WCAG defines it."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def pairs() -> list[tuple[str, str, float]]:
    """Foreground, background and the least contrast between them."""
    grounds = ("surface", "canvas", "raise", "brand-soft")
    found = [
        (ink, ground, TEXT)
        for ink in ("ink", "ink-2", "ink-3", "brand", "del", "call")
        for ground in (*grounds, "line-2")
    ]
    found += [(f"ch-{name}", ground, TEXT) for name in CHANNELS for ground in grounds]
    for tone in ("add", "del", "edit", "move", "call", "brand", "info"):
        found += [(ink, f"{tone}-soft", TEXT) for ink in (tone, "ink", "ink-2")]
        found += [(tone, "surface", TEXT), (tone, "canvas", TEXT)]
    found += [("brand-ink", "brand", TEXT), ("brand-ink", "brand-hover", TEXT)]
    found += [("call-ink", "call", TEXT)]
    found += [("line-strong", ground, EDGE) for ground in ("surface", "canvas", "raise")]
    return found


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_colours_are_legible(theme):
    too_weak = {
        f"{ink} on {ground}": round(contrast(theme[ink], theme[ground]), 2)
        for ink, ground, least in pairs()
        if contrast(theme[ink], theme[ground]) < least
    }

    assert too_weak == {}


def test_dark_names_no_token_that_light_does_not_have():
    names = {
        name: set(re.findall(r"^\s+--([a-z0-9-]+):", (OWN / name).read_text(), re.MULTILINE))
        for name in ("tokens.css", "tokens-dark.css")
    }

    assert names["tokens-dark.css"] - names["tokens.css"] == set()
