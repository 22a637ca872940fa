"""How the words of an e-mail are seen: their colour, their ground, their size.

Style sheets are put onto the tags by css-inline, which is given them without at-rules: what is
measured is what a mailbox shows that knows no media queries. Then one walk inherits what is
inherited. Words over a picture are left out, since what is behind them is not known.
"""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import css_inline

from content.colours import WHITE, Colour, read
from content.markup import (
    MAX_DEPTH,
    MAX_TAGS,
    RAW,
    SIBLINGS,
    VOID,
    Attributes,
    Rewriter,
    Token,
    attributes,
    quoted,
    tokens,
)
from content.validation.mail import Mail

# More would take too long: inlining tries each rule on each tag.
MAX_STYLES, MAX_RULES_TIMES_TAGS, MAX_MARKUP = 200_000, 2_000_000, 1_200_000
# What browsers and mailboxes give a link that has no colour of its own.
LINK_COLOUR = Colour(0, 0, 238)
SIZES = {"h1": 32.0, "h2": 24.0, "h3": 18.72, "h4": 16.0, "h5": 13.28, "h6": 10.72}
SMALLER = {"small": 0.83, "sub": 0.83, "sup": 0.83}
BOLD = frozenset({"b", "strong", "th", "h1", "h2", "h3", "h4", "h5", "h6"})
_SIZE_WORDS = {"small": 13.0, "medium": 16.0, "large": 18.0, "x-large": 24.0, "xx-large": 32.0,
               "x-small": 10.0, "xx-small": 9.0}  # fmt: skip
_LENGTH = re.compile(r"([0-9]{0,5}\.?[0-9]{1,5})(px|pt|em|rem|%)?")
_COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|(?:rgb|hsl)a?\([^()]{1,60}\)|[a-z]{3,20}", re.IGNORECASE)
_BODY = re.compile(r"(?<![\w.#-])body(?![\w-])")
# A rule whose properties count here.
_SEEN = re.compile(
    r"\{[^{}]*(?:color|background|font|display\s*:\s*none|visibility|opacity|max-height|mso-hide)",
    re.I,
)
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)

_inliner = css_inline.CSSInliner(
    load_remote_stylesheets=False, keep_style_tags=False, keep_link_tags=False
)


@dataclass(frozen=True, slots=True)
class Look:
    """What a tag hands down. `colour` and `ground` are None until somebody says which."""

    colour: Colour | None = None
    ground: Colour | None = None
    size: float = 16.0
    is_bold: bool = False
    is_hidden: bool = False
    is_over_picture: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """Words that are seen, or a picture ("" as words) with its source."""

    words: str
    look: Look
    picture: str = ""


def runs(mail: Mail) -> list[Run]:
    """The words and pictures of the message in their order; none of one that is not compiled."""
    css = seen_rules(plain_rules(mail.css))
    if not css.strip() or len(css) > MAX_STYLES:
        return list(_walk(mail.html_tokens[: MAX_TAGS * 2]))
    rewriter, body = mail.rewritten
    if not body or len(body) > MAX_MARKUP or css.count("{") * rewriter.tags > MAX_RULES_TIMES_TAGS:
        return []
    return list(_walk(tokens(_styled(rewriter, body, css))))


def _styled(rewriter: Rewriter, body: str, css: str) -> str:
    around = "".join(
        f' {name}="{quoted(rewriter.body[name])}"'
        for name in ("style", "bgcolor", "class", "id")
        if name in rewriter.body
    )
    message = f'<div id="message-body"><div{around}>{body}</div></div>'
    # What is said of the page is said of what stands for it.
    css = _BODY.sub("#message-body", css)
    try:
        return str(_inliner.inline_fragment(message, css))
    except css_inline.InlineError:
        return message


def seen_rules(css: str) -> str:
    """Those of the rules that say anything of colours, grounds, sizes, or what is hidden."""
    return "}".join(rule for rule in css.split("}") if _SEEN.search(rule)) + "}"


def plain_rules(css: str) -> str:
    """The rules that are in no at-rule; linear in its length."""
    css = _COMMENT.sub(" ", css).replace("<!--", " ").replace("-->", " ").replace("!--", " ")
    if "@" not in css:
        return css
    parts: list[str] = []
    position = 0
    while (start := css.find("@", position)) >= 0:
        parts.append(css[position:start])
        position = _after_at_rule(css, start)
    parts.append(css[position:])
    return "".join(parts)


def _after_at_rule(css: str, start: int) -> int:
    depth = 0
    for position in range(start, len(css)):
        sign = css[position]
        if sign == ";" and not depth:
            return position + 1
        if sign == "{":
            depth += 1
        elif sign == "}":
            depth -= 1
            if depth <= 0:
                return position + 1
    return len(css)


def _walk(pieces: Iterable[Token]) -> Iterator[Run]:
    stack: list[tuple[str, Look]] = [("", Look())]
    inherited = _Inherited()
    for token in pieces:
        name, look = token.name, stack[-1][1]
        if token.kind == "text":
            words = "" if token.value.isspace() else " ".join(html.unescape(token.value).split())
            if words and not look.is_hidden:
                yield Run(words, look)
        elif token.kind == "close":
            _close(stack, name)
        elif token.kind == "open" and name == "img" and not look.is_hidden:
            yield Run("", inherited.of(look, token), attributes(token.value).get("src", ""))
        elif token.kind == "open" and name not in VOID and name not in RAW:
            if name in SIBLINGS and stack[-1][0] == name:
                stack.pop()
            stack.append((name, inherited.of(stack[-1][1], token)))


class _Inherited:
    """What tags hand down. The same tag in the same place does the same, and messages repeat."""

    def __init__(self) -> None:
        self.known: dict[tuple[int, str, str], Look] = {}
        # Held on to, so that none of them is taken for another.
        self.looks: list[Look] = []

    def of(self, look: Look, token: Token) -> Look:
        """The look within `token`, which stands in `look`."""
        key = (id(look), token.name, token.value)
        found = self.known.get(key)
        if found is None:
            made = _inherited(look, token.name, attributes(token.value))
            found = look if made == look else made
            self.looks += (look, found)
            self.known[key] = found
        return found


def _close(stack: list[tuple[str, Look]], name: str) -> None:
    # As deep as a message is nested, and no deeper than can be looked through each time.
    for depth in range(len(stack) - 1, max(0, len(stack) - MAX_DEPTH), -1):
        if stack[depth][0] == name:
            del stack[depth:]
            return


def _inherited(look: Look, tag: str, given: Attributes) -> Look:
    """What the tag hands down, being in something that looks like `look`."""
    said = declarations(given.get("style", ""))
    return replace(
        look,
        colour=_colour(look, tag, given, said),
        ground=_ground(look, given, said),
        size=_size(look, tag, said),
        is_bold=_is_bold(look, tag, said),
        is_hidden=look.is_hidden or _is_hidden(given, said),
        is_over_picture=_is_over_picture(look, given, said),
    )


def declarations(style: str) -> dict[str, str]:
    """Properties with their values; what is !important stays."""
    found: dict[str, str] = {}
    important: set[str] = set()
    for part in style.split(";"):
        name, _colon, value = part.partition(":")
        name, value = name.strip().lower(), value.strip()
        is_important = value.lower().endswith("!important")
        if not value or (name in important and not is_important):
            continue
        if is_important:
            value = value[: -len("!important")].strip()
            important.add(name)
        found[name] = value
    return found


def _colour(look: Look, tag: str, given: Attributes, said: dict[str, str]) -> Colour | None:
    written = said.get("color", given.get("color", "") if tag == "font" else "")
    if written and written.lower() not in ("inherit", "currentcolor", "initial"):
        return read(written) or look.colour
    if tag == "a" and "href" in given and written.lower() != "inherit":
        return LINK_COLOUR
    return look.colour


def _ground(look: Look, given: Attributes, said: dict[str, str]) -> Colour | None:
    found = read(given["bgcolor"]) if "bgcolor" in given else None
    written = said.get("background-color") or said.get("background", "")
    for part in _COLOUR.findall(written):
        found = read(part) or found
    if found is None or not found.alpha:
        return look.ground
    return found.over(look.ground or WHITE)


def _size(look: Look, tag: str, said: dict[str, str]) -> float:
    size = SIZES.get(tag, look.size * SMALLER.get(tag, 1.0))
    written = said.get("font-size", "").lower()
    if written in _SIZE_WORDS:
        return _SIZE_WORDS[written]
    length = _LENGTH.fullmatch(written)
    if length is None:
        return size
    number, unit = float(length.group(1)), length.group(2) or "px"
    factors = {"px": 1.0, "pt": 4 / 3, "em": look.size, "rem": 16.0, "%": look.size / 100}
    return number * factors[unit]


def _is_bold(look: Look, tag: str, said: dict[str, str]) -> bool:
    weight = said.get("font-weight", "").lower()
    if weight in ("bold", "bolder") or weight in ("700", "800", "900"):
        return True
    if weight in ("normal", "lighter") or weight.isdigit():
        return False
    return look.is_bold or tag in BOLD


def _is_hidden(given: Attributes, said: dict[str, str]) -> bool:
    if "hidden" in given or said.get("display", "").lower() == "none":
        return True
    if said.get("visibility", "").lower() == "hidden" or said.get("mso-hide", "") == "all":
        return True
    shut = ("0", "0px", "0.0")
    return said.get("opacity") in shut or said.get("max-height") in shut


def _is_over_picture(look: Look, given: Attributes, said: dict[str, str]) -> bool:
    written = f"{said.get('background', '')} {said.get('background-image', '')}".lower()
    if "url(" in written or "gradient(" in written or given.get("background"):
        return True
    if said.get("background-color") or given.get("bgcolor"):
        return False
    return look.is_over_picture and not said.get("background")
