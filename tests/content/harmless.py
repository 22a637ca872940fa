"""Is markup harmless? Told by Python's own parser and rules of its own, none of the portal's."""

import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from urllib.parse import unquote

# Text, tables and pictures. Whatever else there is, a message does not need to be looked at.
TAGS = frozenset(
    {"a", "abbr", "b", "blockquote", "br", "caption", "center", "cite", "code", "col", "colgroup"}
    | {"dd", "del", "div", "dl", "dt", "em", "font", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i"}
    | {"img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "samp", "small", "span"}
    | {"strike", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt"}
    | {"u", "ul", "var", "wbr"}
)
ADDRESSES = {
    "action", "archive", "background", "cite", "classid", "code", "codebase", "data", "datasrc",
    "dynsrc", "form", "formaction", "href", "icon", "longdesc", "lowsrc", "manifest", "ping",
    "poster", "profile", "srcdoc", "srcset", "target", "usemap", "xlink:href", "xml:base", "xmlns",
}  # fmt: skip
EMBEDDED = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*")
DRAWN = "data:image/svg+xml;charset=utf-8,"
# Functions of style sheets that only compute; all others might fetch.
COMPUTING = {"rgb", "rgba", "hsl", "hsla", "calc", "min", "max", "clamp", "linear-gradient"}
SVG = "{http://www.w3.org/2000/svg}"


class Reader(HTMLParser):
    """The tags of a page as it is read by somebody else than a browser."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.odd: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, attrs))

    def handle_comment(self, data):
        self.odd.append(f"comment {data}")

    def handle_decl(self, decl):
        self.odd.append(f"declaration {decl}")

    def handle_pi(self, data):
        self.odd.append(f"instruction {data}")

    def unknown_decl(self, data):
        self.odd.append(f"declaration {data}")


def faults(markup: str) -> list[str]:
    """What in it could run, be fetched, lead away or lie over something else."""
    reader = Reader()
    reader.feed(markup)
    reader.close()
    found = list(reader.odd)
    if reader.rawdata.strip():
        found.append(f"an unfinished tag: {reader.rawdata[:40]!r}")
    for tag, attributes in reader.seen:
        if tag not in TAGS:
            found.append(f"the tag {tag}")
        for name, value in attributes:
            found += _attribute(tag, name.lower(), value or "")
    return found


def _attribute(tag: str, name: str, value: str):
    if name.startswith("on") or not re.fullmatch(r"[a-z][a-z-]*", name):
        yield f"the attribute {name}"
    if name in ADDRESSES:
        yield f"an address in {name}: {value[:60]!r}"
    if name == "src" and not (tag == "img" and _is_picture(value)):
        yield f"the source {value[:80]!r}"
    if name == "style":
        yield from _style(value)


def _is_picture(value: str) -> bool:
    if EMBEDDED.fullmatch(value):
        return True
    if not value.startswith(DRAWN):
        return False
    drawing = ET.fromstring(unquote(value.removeprefix(DRAWN)))
    return all(
        one.tag in (f"{SVG}svg", f"{SVG}rect", f"{SVG}text")
        and not any(name.startswith("on") or "href" in name for name in one.attrib)
        for one in drawing.iter()
    )


def _style(value: str):
    lowered = value.lower()
    if any(sign in lowered for sign in ("\\", "/*", "@", "<", ">", "{", "}")):
        yield f"a style that hides something: {value[:80]!r}"
    for function in re.findall(r"([^\s:;,()]*)\s*\(", lowered):
        if function not in COMPUTING:
            yield f"the function {function} in a style"
    bare = re.sub(r"\"[^\"]*\"|'[^']*'", "", lowered)
    for declaration in bare.split(";"):
        name = declaration.partition(":")[0].strip()
        if name in ("position", "z-index", "behavior", "-moz-binding", "src", "content", "cursor"):
            yield f"the property {name}"
        if "expression" in declaration or "javascript" in declaration:
            yield f"code in a style: {declaration[:60]!r}"
