"""E-mails made elsewhere, as documents: HTML and MJML files, and zips that hold them."""

import codecs
import html
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

import orjson
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cjops.core.schema.text import without_refused
from cjops.documents import Document
from content.definition import BODY_LENGTH, complete
from content.exchange.addressing import addresses_of, digest_in, readdressed
from content.exchange.archives import is_zip, refused, unpacked
from content.markup import attributes, tokens
from content.reading import INLINE, words_of

PAGES = (".html", ".htm", ".mjml")
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp")
MANIFEST = "manifest.json"
FORMAT = "cjops-asset/1"
# More sentences than these nobody reads.
MOST_NOTES = 20

_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{1,40})""")
_ENCODINGS = re.compile(
    r"ascii|utf-8|utf-8-sig|utf-16|utf-16-[bl]e|iso8859-\d+|cp\d+|mac-roman|koi8-[ru]"
    r"|gb2312|gbk|gb18030|hz|big5|big5hkscs|shift_jis\w*|euc_\w+|iso2022_\w+"
)
# "welcome.zh-Hans.html", "zh-hans/index.html", "de.html"
_LANGUAGE = re.compile(r"(?:^|[./_-])((?:en|de|fr|es|it|ja|ko|pt|zh)(?:-[A-Za-z]{2,4})?)(?=[./]|$)")


@dataclass(frozen=True, slots=True)
class Brought:
    """What a file holds: an asset document, its files, and what could not be carried over, in
    sentences.

    Files are named by what the document calls them: an address in bodies, such as
    `zip:img/logo.png`, or the hash under which the portal that wrote the zip had stored them.
    `names` says what they are called.
    """

    document: Document
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)


def read(name: str, data: bytes, *, language: str = "en") -> Brought:
    """The e-mail in a file. `language` is what it is in where it does not say so itself.

    Raises `Invalid` for a file that holds none, `DocumentInvalid` for a manifest that is no asset.
    """
    if not data:
        raise refused(_("The file is empty."))
    if is_zip(data):
        return _from_zip(name, unpacked(data), language)
    if not name.lower().endswith(PAGES):
        raise refused(_("Bring an HTML or MJML file, or a zip with one and its pictures."))
    page = _rendition(name, data, language)
    title, notes = _title(page, name), _missing(page, {})
    return Brought(_document(title, [page]), notes=notes)


def _from_zip(name: str, files: Mapping[str, bytes], language: str) -> Brought:
    if MANIFEST in files:
        return _from_manifest(files)
    pages = sorted(path for path in files if path.lower().endswith(PAGES))
    if not pages:
        raise refused(_("The zip holds no HTML and no MJML file."))
    renditions: dict[str, dict[str, Any]] = {}
    pictures: dict[str, bytes] = {}
    notes: list[str] = []
    for path in pages:
        page = _rendition(path, files[path], language)
        if page["key"] in renditions:
            words = _("“%(path)s” was left out: there is a page in this language already.")
            notes.append(words % {"path": path[:100]})
            continue
        found = _pictures(page["body"], posixpath.dirname(path), files)
        # Two pages may call different files by one address: each gets one of its own.
        page["body"] = readdressed(page["body"], {one: f"zip:{at}" for one, at in found.items()})
        pictures |= {f"zip:{at}": files[at] for at in found.values()}
        notes += _missing(page, found)
        renditions[page["key"]] = page
    title = _title(next(iter(renditions.values())), name)
    return Brought(_document(title, list(renditions.values())), pictures, tuple(notes))


def _from_manifest(files: Mapping[str, bytes]) -> Brought:
    """What `packing` wrote: the document is in the manifest, its pictures lie beside it."""
    try:
        manifest = orjson.loads(files[MANIFEST])
    except orjson.JSONDecodeError:
        raise refused(_("The manifest of the zip cannot be read.")) from None
    is_right = isinstance(manifest, dict) and manifest.get("format") == FORMAT
    named = manifest.get("pictures", {}) if is_right else None
    if not isinstance(named, dict) or not all(isinstance(path, str) for path in named.values()):
        raise refused(_("The manifest of the zip is not one that the portal wrote."))
    pictures, names = {}, {}
    for given, path in named.items():
        # Earlier zips name files by the address that bodies have.
        name = digest_in(given)
        if name and path in files:
            pictures[name], names[name] = files[path], posixpath.basename(path)
    gone = [path for path in named.values() if path not in files][:MOST_NOTES]
    notes = [_("The picture “%(path)s” is not in the zip.") % {"path": path[:100]} for path in gone]
    before = manifest.get("missing")
    if isinstance(before, list) and before:
        words = ngettext(
            "%(count)s file was missing already when the zip was made.",
            "%(count)s files were missing already when the zip was made.",
            len(before),
        )
        notes.append(words % {"count": len(before)})
    return Brought(complete(manifest.get("document")), pictures, tuple(notes), names)


def _document(title: str, renditions: list[dict[str, Any]]) -> Document:
    cleaned = [
        {name: value for name, value in one.items() if name != "title"} for one in renditions
    ]
    return complete({"name": title, "kind": "email", "renditions": cleaned})


def _rendition(path: str, data: bytes, language: str) -> dict[str, Any]:
    """A page as a rendition, with its title beside it."""
    body = decoded(data)
    if len(body) > BODY_LENGTH:
        raise refused(_("“%(path)s” is larger than 2 MB.") % {"path": path[:100]})
    is_mjml = path.lower().endswith(".mjml") or body.lstrip()[:6].lower() == "<mjml>"
    title, said, preheader = _head(body)
    found = _LANGUAGE.findall(path.rpartition(".")[0] + "/")
    tag = said or (found[-1] if found else "") or language
    return {
        "key": tag.lower(),
        "language": tag,
        "subject": title[:200],
        "preheader": preheader[:200],
        "format": "mjml" if is_mjml else "html",
        "body": body,
        "text": text_of(body),
        "title": title,
    }


def decoded(data: bytes) -> str:
    """Bytes as text, by what they say of themselves; characters that documents refuse left out."""
    declared = _CHARSET.search(data[:2_000])
    said = _encoding(declared.group(1).decode("ascii")) if declared else ""
    for encoding in ("utf-8-sig", "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "", said):
        try:
            if encoding:
                return without_refused(data.decode(encoding).replace("\r\n", "\n"))
        except UnicodeError:
            continue
    return without_refused(data.decode("cp1252", errors="replace").replace("\r\n", "\n"))


def _encoding(said: str) -> str:
    """The encoding of that name; "" for one that is none of texts: some would rewrite the page."""
    try:
        name = codecs.lookup(said).name
    except LookupError:
        return ""
    return name if _ENCODINGS.fullmatch(name) else ""


def _head(body: str) -> tuple[str, str, str]:
    """Title, language and preheader of a page, as far as it says them."""
    title = language = preheader = hidden = ""
    for token in tokens(body):
        if token.kind == "raw" and token.name == "title":
            title = title or " ".join(html.unescape(token.value).split())
        elif token.kind == "open":
            given = attributes(token.value)
            if token.name in ("html", "mjml"):
                tag = given.get("lang", "")
                language = tag if re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}", tag) else ""
            if not preheader and not hidden and _is_preheader(given):
                hidden = token.name
        elif token.kind == "close" and token.name == hidden:
            hidden = ""
        elif token.kind == "text" and hidden and not preheader:
            preheader = " ".join(html.unescape(token.value).replace("\xa0", " ").split())
    return title, language, preheader


def _is_preheader(given: Mapping[str, str]) -> bool:
    """What senders hide at the beginning so that inboxes show it."""
    style = given.get("style", "").replace(" ", "").lower()
    return "preheader" in given.get("class", "").lower() or "display:none" in style


def text_of(body: str) -> str:
    """The part for readers without HTML: the words, and behind each link where it leads."""
    parts: list[str] = []
    leads = ""
    for token in tokens(body):
        if token.kind == "open" and token.name in ("a", "mj-button"):
            leads = attributes(token.value).get("href", "").strip()
        elif token.kind == "close" and token.name in ("a", "mj-button"):
            parts.append(f" ({html.escape(leads)})" if leads.startswith("http") else "")
            leads = ""
        elif token.kind == "text":
            parts.append(token.value)
        elif token.kind == "open" and token.name in ("img", "mj-image"):
            parts.append(html.escape(attributes(token.value).get("alt", "")))
        if token.kind in ("open", "close") and token.name not in INLINE:
            parts.append("<br>")
    return words_of("".join(parts))[:100_000]


def _pictures(body: str, folder: str, files: Mapping[str, bytes]) -> dict[str, str]:
    """Which addresses of the body are pictures of the zip, and which files these are."""
    lower = {path.casefold(): path for path in files if path.lower().endswith(PICTURES)}
    found = {}
    for address in addresses_of(body):
        parts = urlsplit(address)
        if parts.scheme or parts.netloc or not parts.path:
            continue
        path = posixpath.normpath(posixpath.join(folder, unquote(parts.path).lstrip("/")))
        if path.casefold() in lower:
            found[address] = lower[path.casefold()]
    return found


def _missing(page: Mapping[str, Any], found: Mapping[str, str]) -> tuple[str, ...]:
    """A sentence about pictures that did not come along."""
    lost = [
        one
        for one in addresses_of(page["body"])
        if one not in found and not one.startswith(("zip:", "{{"))
    ]
    if not lost:
        return ()
    words = ngettext(
        "%(count)s picture is elsewhere and did not come along: “%(address)s”.",
        "%(count)s pictures are elsewhere and did not come along, such as “%(address)s”.",
        len(lost),
    )
    return (words % {"count": len(lost), "address": lost[0][:100]},)


def _title(page: Mapping[str, Any], path: str) -> str:
    stem = posixpath.basename(path.replace("\\", "/")).rpartition(".")[0]
    return str(page["title"] or stem or _("E-mail"))[:200]
