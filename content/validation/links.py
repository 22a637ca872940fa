"""Where content leads: addresses that are broken, unsafe, left from a draft, or not counted."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, urlsplit

from django.utils.translation import gettext as _

from content.validation.checked import Checked, Place, Text
from content.validation.spoken import FILLED, without_liquid

DANGEROUS = frozenset({"javascript", "vbscript", "data", "file", "blob", "about", "view-source"})
# Kept for documentation by RFC 2606, or for the machine that reads it by RFC 6761; the top-level
# domain .example is left alone, since whole organisations are made up in it.
NOWHERE = re.compile(
    r"(?:.*\.)?(?:example\.(?:com|net|org)|placehold\.(?:it|co)|localhost|"
    r"(?:your|my)-?(?:domain|site|company|website)\.\w+|domain\.com)"
)
LEFT_OVER = re.compile(r"\b(?:todo|tbd|fixme|insert|placeholder|lorem|xxx+)\b|\[[^\]\[:]*+\]", re.I)
# What counts clicks; the rest of a query is the page's own.
TRACKING = re.compile(r"utm_[a-z_]+|mtm_[a-z]+|pk_[a-z]+", re.I)
EXPECTED = ("utm_source", "utm_medium", "utm_campaign")
LEAVING = re.compile(
    r"unsubscri|opt.?out|preference|abmelden|désabonn|退订|退訂|取消订阅|取消訂閱|停止接收", re.I
)
BARE = re.compile(r"(?:https?://|www\.)[^\s<>\"'“”‘’（）()，。；！？、]+", re.I)

# Browsers and mailboxes refuse longer ones, at different lengths from here on.
MAX_ADDRESS = 2_000

_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
_HOST = re.compile(
    rf"(?:[\w{FILLED}](?:[\w{FILLED}-]{{0,62}})\.)*[\w{FILLED}][\w{FILLED}-]{{0,62}}\.?(?::[0-9]{{1,5}})?"
)
_NUMBER_HOST = re.compile(r"\[?[0-9a-f:.]+\]?(?::[0-9]{1,5})?", re.I)
_NEAR = re.compile(r"(?:h?t?tps?|htp|htps|http|hhtp)[:;/]", re.I)
_HIDDEN = re.compile("[\x00-\x20\xad\u200b-\u200f\u2060\ufeff]")
_PHONE = re.compile(rf"[+*#()\s.\-;=a-z]*+[0-9{FILLED}][+0-9*#()\s.\-{FILLED};=a-z]*+", re.I)
_MAIL = re.compile(r"[^@\s]++@[^@\s][^@\s.]*+\.[^@\s]++")


@dataclass(frozen=True, slots=True)
class Address:
    """An address where it stands. `words` are what people read there."""

    written: str
    field: str
    line: int
    words: str = ""

    @property
    def bare(self) -> str:
        """It with a sign for what is filled in, and without what cannot be seen."""
        return _HIDDEN.sub("", without_liquid(self.written.strip()))

    @property
    def is_filled(self) -> bool:
        """Whether all of it, or where it leads, comes from a variable."""
        return self.bare.startswith(FILLED)

    @property
    def is_leaving(self) -> bool:
        """Whether it is there to end the messages."""
        return bool(LEAVING.search(self.written) or LEAVING.search(self.words))


def addresses(text: Text) -> tuple[Address, ...]:
    """Where all of a rendition's links lead; read once."""
    if "addresses" not in text.kept:
        text.kept["addresses"] = tuple(_addresses(text))
    found: tuple[Address, ...] = text.kept["addresses"]
    return found


def _addresses(text: Text) -> Iterator[Address]:
    for name in text.names:
        written = text.kind.field(name).input
        if written == "markup":
            for link in text.mail.links:
                yield Address(link.address, name, link.line, link.words)
        elif written == "prose":
            yield from _in_prose(text, name)
        elif written == "link":
            yield Address(text[name], name, 0)
        elif written in ("text", "line"):
            yield from _in_text(text, name)


def _in_text(text: Text, name: str) -> Iterator[Address]:
    for number, line in enumerate(text[name].split("\n"), 1):
        for found in BARE.finditer(line):
            yield Address(found.group().rstrip(".,:;!?*_"), name, number)


def _in_prose(text: Text, name: str) -> Iterator[Address]:
    for block in text.prose:
        line = block.map[0] + 1 if block.map else 1
        for piece in block.children or ():
            if piece.type == "link_open":
                yield Address(str(piece.attrGet("href") or ""), name, line)
            elif piece.type in ("softbreak", "hardbreak"):
                line += 1


def check(checked: Checked, text: Text) -> None:
    """The addresses of one rendition."""
    found = list(addresses(text))
    for name in dict.fromkeys(one.field for one in found):
        here = [one for one in found if one.field == name]
        by_code: dict[str, list[Place]] = {}
        for one in here:
            code = fault_of(one)
            if code:
                by_code.setdefault(code, []).append((one.line, one.written or _("empty")))
        for code, message in sentences().items():
            checked.found_at(code, message, name, text, by_code.get(code, []))
        check_tracking(checked, text, name, here)


def sentences() -> dict[str, str]:
    """What to say of each fault."""
    return {
        "link-dangerous": _(
            "%(language)s: these links run something or open a file instead of a page: "
            "%(names)s. Use addresses that begin with https://."
        ),
        "link-broken": _(
            "%(language)s: these links cannot work as they are written: %(names)s. Write the "
            "whole address, such as https://bank.example/page."
        ),
        "link-placeholder": _(
            "%(language)s: these links lead nowhere yet: %(names)s. Put in where they are to lead."
        ),
        "link-insecure": _(
            "%(language)s: these links are not encrypted: %(names)s. Begin them with https:// "
            "instead of http://."
        ),
        "link-tracking-doubled": _(
            "%(language)s: these links say the same tracking parameter twice, or have two "
            "question marks: %(names)s. Leave one."
        ),
    }


def fault_of(address: Address) -> str:
    """The code of what is wrong with an address; "" where nothing is."""
    if len(address.written) > MAX_ADDRESS:
        return "link-broken"
    bare = address.bare
    lowered = bare.lower()
    if bare in ("", "#", "?", "/") or lowered in ("javascript:void(0)", "javascript:;"):
        return "link-placeholder"
    if address.is_filled:
        return ""
    scheme = _SCHEME.match(bare)
    name = scheme.group(1).lower() if scheme else ""
    if name in DANGEROUS:
        return "link-dangerous"
    if LEFT_OVER.search(bare.replace(FILLED, "")):
        return "link-placeholder"
    if name in ("http", "https"):
        return _web(bare, name)
    if name in ("mailto", "tel", "sms"):
        return _personal(bare, name)
    return _other(bare, name)


def _other(bare: str, name: str) -> str:
    """An address that is none of the web's: an app's own is none of our business."""
    if bare.startswith("//"):
        return _web(f"https:{bare}", "https")
    if bare.startswith("#"):
        return ""
    is_app = bool(name) and "://" in bare and "." not in name and not _NEAR.match(bare)
    return "" if is_app else "link-broken"


def _web(bare: str, scheme: str) -> str:
    parts = split(bare)
    # Spaces within were taken out for looking: as they are written they break the address.
    if parts is None or not parts.netloc or "\\" in bare:
        return "link-broken"
    host = parts.netloc.rpartition("@")[2].lower()
    named = _HOST.fullmatch(host)
    if NOWHERE.fullmatch(host.partition(":")[0].rstrip(".")):
        return "link-placeholder"
    is_known = named is not None and ("." in host.strip(".") or FILLED in host)
    if ".." in host or not (is_known or _NUMBER_HOST.fullmatch(host)):
        return "link-broken"
    if _is_doubled(bare, parts):
        return "link-tracking-doubled"
    return "link-insecure" if scheme == "http" else ""


def _personal(bare: str, scheme: str) -> str:
    to = bare.partition(":")[2].partition("?")[0]
    if scheme == "mailto":
        return "" if FILLED in to or _MAIL.fullmatch(to) else "link-broken"
    return "" if _PHONE.fullmatch(to) else "link-broken"


def split(address: str) -> SplitResult | None:
    """The address in its parts; None where it cannot be taken apart."""
    try:
        return urlsplit(address)
    except ValueError:
        return None


def _is_doubled(bare: str, parts: SplitResult) -> bool:
    names = [name.lower() for name, _value in tracking(parts)]
    return len(names) != len(set(names)) or (bare.count("?") > 1 and "utm_" in parts.query.lower())


def tracking(parts: SplitResult) -> list[tuple[str, str]]:
    """The tracking parameters of an address."""
    query = parts.query.replace("&amp;", "&").replace("?", "&")
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=100)
    except ValueError:
        return []
    return [pair for pair in pairs if TRACKING.fullmatch(pair[0])]


def check_tracking(checked: Checked, text: Text, name: str, found: Sequence[Address]) -> None:
    """Links of one site of which some are counted and some are not."""
    by_host: dict[str, list[tuple[Address, set[str]]]] = {}
    for one in found:
        parts = split(one.bare)
        if parts is None or parts.scheme not in ("http", "https") or one.is_leaving:
            continue
        names = {key.lower() for key, _value in tracking(parts)}
        by_host.setdefault(parts.netloc.lower(), []).append((one, names))
    for links in by_host.values():
        counted = set().union(*(names for _one, names in links)) & set(EXPECTED)
        lacking = [(one.line, one.written) for one, names in links if counted - names]
        if counted and lacking:
            message = _(
                "%(language)s: other links have the tracking parameters %(parameters)s, and these "
                "do not have all of them: %(names)s. Add them, so that all clicks are counted."
            )
            checked.found_at(
                "link-untracked", message, name, text, lacking,
                parameters=", ".join(sorted(counted)),
            )  # fmt: skip
