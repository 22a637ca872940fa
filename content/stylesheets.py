"""Style sheets of messages: the rules that apply on a given screen, its media queries answered.

Inlining knows no media queries. What applies at the width of a phone, or in the dark, is picked out
here first, as a browser of that width would.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

# At-rules within at-rules; browsers take more, messages do not have them.
MAX_DEPTH = 4

# A text that is not closed ends with its line, as in CSS itself.
_MARK = re.compile(r'"(?:[^"\\\n]|\\.)*+"?+|\'(?:[^\'\\\n]|\\.)*+\'?+|[{};]', re.DOTALL)
_FEATURE = re.compile(r"\(\s*+([a-z-]++)\s*+(?::([^()]*+))?\)")
_HEAD = re.compile(r"(?:(not|only)\s+)?([a-z]+)")
_LENGTH = re.compile(r"((?:[0-9]*+\.)?+[0-9]++)(px|em|rem)?")
_RATIO = re.compile(r"((?:[0-9]*+\.)?+[0-9]++)(?:dppx|x|dpi)?")
_DARK = re.compile(r"prefers-color-scheme\s*:\s*dark")
EM = 16


@dataclass(frozen=True, slots=True)
class Screen:
    """What media queries ask about; lengths in CSS pixels."""

    width: int
    height: int
    is_dark: bool = False
    scale: float = 1
    is_touched: bool = False


DESKTOP = Screen(width=1024, height=768)


def knows_dark(css: str) -> bool:
    """Whether anything in it is meant for the dark."""
    return bool(_DARK.search(css.lower()))


def applied(css: str, screen: Screen) -> str:
    """The rules that apply on that screen, without any at-rule; linear in its length."""
    css = _without_comments(css).replace("-->", " ").replace("!--", " ")
    return "\n".join(_rules(css, screen, MAX_DEPTH))


def _without_comments(css: str) -> str:
    parts, position = [], 0
    while (start := css.find("/*", position)) >= 0:
        parts.append(css[position:start])
        end = css.find("*/", start + 2)
        position = len(css) if end < 0 else end + 2
    parts.append(css[position:])
    return " ".join(parts)


def _rules(css: str, screen: Screen, depth: int) -> list[str]:
    found: list[str] = []
    begun = opened = level = 0
    for mark in _MARK.finditer(css):
        sign = mark.group()
        if sign == "{":
            if level == 0:
                opened = mark.start()
            level += 1
        elif sign == "}":
            level = max(level - 1, 0)
            if level == 0:
                if opened >= begun:
                    found += _block(
                        css[begun:opened].strip(), css[opened + 1 : mark.start()], screen, depth
                    )
                begun = mark.end()
                opened = begun - 1
        elif sign == ";" and level == 0:
            # An @import, a @charset.
            begun = mark.end()
            opened = begun - 1
    return found


def _block(prelude: str, body: str, screen: Screen, depth: int) -> list[str]:
    if not prelude.startswith("@"):
        return [f"{prelude}{{{body}}}"] if prelude else []
    name, _blank, query = prelude[1:].partition(" ") if " " in prelude else (prelude[1:], "", "")
    if name.lower().startswith("media("):
        name, query = "media", prelude[6:]
    if name.lower() != "media" or depth == 0 or not matches(query, screen):
        return []
    return _rules(body, screen, depth - 1)


def matches(query: str, screen: Screen) -> bool:
    """Whether a media query is true there; what is not known never is."""
    return any(_is_true(one.strip(), screen) for one in query.lower().split(","))


def _is_true(query: str, screen: Screen) -> bool:
    if not query:
        return True
    head, *rest = [one.strip() for one in re.split(r"\band\b", query)]
    negated = False
    if not head.startswith("("):
        read = _HEAD.fullmatch(head)
        if read is None:
            return False
        negated = read.group(1) == "not"
        if read.group(2) not in ("all", "screen"):
            return negated
    else:
        rest = [head, *rest]
    answers = [_feature(one, screen) for one in rest]
    if None in answers:
        return False
    return all(answers) != negated


def _feature(written: str, screen: Screen) -> bool | None:
    """What a feature in brackets answers; None where it is not known."""
    read = _FEATURE.fullmatch(written)
    if read is None:
        return None
    name, value = read.group(1), (read.group(2) or "").strip()
    plain = name.replace("-webkit-", "").replace("-device", "").replace("device-", "")
    if plain in _WORDS:
        return not value or _WORDS[plain](screen) == value
    bound, _dash, measure = plain.rpartition("-") if plain[:4] in _BOUNDS else ("", "", plain)
    if plain.endswith("pixel-ratio") or plain.endswith("resolution"):
        return _compared(plain[:3], _number(_RATIO, value), screen.scale)
    sizes = {"width": screen.width, "height": screen.height}
    if measure not in sizes:
        return None
    return _compared(bound, _number(_LENGTH, value), sizes[measure])


_BOUNDS = ("min-", "max-")
_WORDS: Mapping[str, Callable[[Screen], str]] = {
    "prefers-color-scheme": lambda screen: "dark" if screen.is_dark else "light",
    "orientation": lambda screen: "portrait" if screen.height >= screen.width else "landscape",
    "hover": lambda screen: "none" if screen.is_touched else "hover",
    "pointer": lambda screen: "coarse" if screen.is_touched else "fine",
    "prefers-reduced-motion": lambda screen: "no-preference",
}


def _number(pattern: re.Pattern[str], value: str) -> float | None:
    read = pattern.fullmatch(value)
    if read is None:
        return None
    unit = read.group(2) if pattern.groups > 1 else ""
    if value.endswith("dpi"):
        return float(read.group(1)) / 96
    return float(read.group(1)) * (EM if unit in ("em", "rem") else 1)


def _compared(bound: str, wanted: float | None, found: float) -> bool | None:
    if wanted is None:
        return None
    if bound.startswith("min"):
        return found >= wanted
    if bound.startswith("max"):
        return found <= wanted
    return found == wanted
