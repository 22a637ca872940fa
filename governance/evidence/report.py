"""The bundle as a document to read: in the reader's language, with a font that has Chinese."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache, partial
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from cjops.core.models import Leaf
from governance.entries import SOURCE
from governance.evidence.collecting import Collected
from governance.presenting import Row

FONT = "NotoSansSC"
INK, MUTED, LINE = HexColor("#1c1c1e"), HexColor("#5c6470"), HexColor("#d5d9df")
GONE, NEW = "#9b1c1c", "#14632f"
MARGIN = 20 * mm
# Of a longer text the report shows the beginning; the documents hold all of it.
LONGEST = 3_000


@cache
def _styles() -> Mapping[str, ParagraphStyle]:
    registerFont(TTFont(FONT, str(Path(__file__).parent / "fonts" / "NotoSansSC-Regular.ttf")))
    text = ParagraphStyle("text", fontName=FONT, fontSize=9.5, leading=14, textColor=INK)
    style = partial(ParagraphStyle, parent=text)
    return {
        "text": text,
        "title": style("title", fontSize=18, leading=24, spaceAfter=4),
        "head": style("head", fontSize=13, leading=18, spaceBefore=14, spaceAfter=4),
        "part": style("part", fontSize=10.5, leading=15, spaceBefore=8),
        "small": style("small", fontSize=8, leading=11, textColor=MUTED),
        "cell": style("cell", fontSize=8, leading=11),
        "field": style("field", leftIndent=4 * mm, spaceBefore=1),
    }


def report(found: Collected, at: datetime) -> bytes:
    """The PDF; the same bytes for the same input."""
    target = BytesIO()
    document = SimpleDocTemplate(
        target,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
        title=_title(found),
        author="CJOps",
        invariant=1,
    )
    parts = [*_beginning(found, at), *_changes(found), *_decisions(found), *_story(found)]
    document.build([*parts, *_ledger(found)], onFirstPage=_foot, onLaterPages=_foot)
    return target.getvalue()


def _foot(canvas: Any, document: Any) -> None:
    canvas.saveState()
    canvas.setFont(FONT, 8)
    canvas.setFillColor(MUTED)
    canvas.drawString(MARGIN, MARGIN / 2, document.title[:70])
    canvas.drawRightString(A4[0] - MARGIN, MARGIN / 2, str(canvas.getPageNumber()))
    canvas.restoreState()


def _title(found: Collected) -> str:
    if found.change is not None:
        return f"CR-{found.change.number} {found.change.title}"
    words = {"name": found.subject.name, "number": found.about.get("version", "")}
    return _("%(name)s, version %(number)s") % words


def _text(text: object, style: str = "text") -> Paragraph:
    """A paragraph of plain text."""
    return _markup(escape(_cut(str(text))).replace("\n", "<br/>"), style)


def _markup(text: str, style: str = "text") -> Paragraph:
    its = _styles()[style]
    if any(ord(one) > 0x2E7F for one in text):
        # Chinese is written without spaces: it may be broken anywhere.
        its = ParagraphStyle(f"{style}-cjk", parent=its, wordWrap="CJK")
    return Paragraph(text, its)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"


def _when(at: datetime | None) -> str:
    return date_format(localtime(at), "DATETIME_FORMAT") if at else "–"


def _grid(rows: list[list[Flowable]], widths: list[float], heading: bool = False) -> Table:
    lines: list[Any] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
        ("LEFTPADDING", (0, 0), (-1, -1), 2),
        ("RIGHTPADDING", (0, 0), (-1, -1), 6),
        ("TOPPADDING", (0, 0), (-1, -1), 3),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]
    return Table(rows, widths, style=TableStyle(lines), repeatRows=int(heading), hAlign="LEFT")


# --- the parts ------------------------------------------------------------------------------------


def _beginning(found: Collected, at: datetime) -> Iterator[Flowable]:
    yield _text(_title(found), "title")
    yield _text(_("Evidence, made by CJOps on %(day)s.") % {"day": _when(at)}, "small")
    yield Spacer(1, 3 * mm)
    change, version = found.change, found.version
    facts = [(_("What it is about"), f"{found.subject.name} ({found.subject.key})")]
    if change is not None:
        facts += [
            (_("State"), change.get_state_display()),
            (_("Author"), change.author.name),
            (_("Opened"), _when(change.created_at)),
            (_("Published"), _when(change.published_at)),
        ]
    if version is not None:
        facts += [(_("Version"), str(version.number)), (_("Digest"), version.digest)]
    elif change is not None:
        facts.append((_("Digest"), change.digest))
    rows: list[list[Flowable]] = [[_text(name, "small"), _text(said)] for name, said in facts]
    yield _grid(rows, [35 * mm, 135 * mm])
    # Not in the table: a row has to fit on a page.
    for title, said in _reasons(found):
        yield _text(title, "part")
        yield _text(said)


def _reasons(found: Collected) -> list[tuple[str, str]]:
    change = found.change
    if change is None:
        return []
    told = [(_("Why"), change.rationale), (_("What we expect"), change.hypothesis)]
    return [(title, said) for title, said in told if said]


def _changes(found: Collected) -> Iterator[Flowable]:
    yield _text(_("What changes"), "head")
    for line in found.words:
        yield _text(f"• {line}")
    for title, rows in found.parts:
        yield _text(title, "part")
        for row in rows:
            yield _markup(_field(row), "field")


def _field(row: Row) -> str:
    label = f'<font color="#5c6470">{escape(row.label)}:</font> '
    if row.pieces:
        return label + "".join(_piece(kind, text) for kind, text in row.pieces)
    sides = [_piece("delete", row.before) if row.before else ""]
    sides.append(_piece("insert", row.after) if row.after else "")
    return label + " ".join(side for side in sides if side) + escape(row.note)


def _piece(kind: str, text: str) -> str:
    said = escape(_cut(text)).replace("\n", "<br/>")
    if kind == "delete":
        return f'<font color="{GONE}"><strike>{said}</strike></font>'
    return f'<font color="{NEW}"><u>{said}</u></font>' if kind == "insert" else said


def _decisions(found: Collected) -> Iterator[Flowable]:
    if not found.requirements:
        return
    yield _text(_("Who had to decide, and why"), "head")
    for need in found.requirements:
        yield _text(_("%(name)s (revision %(number)s)") % {
            "name": need["name"], "number": need["revision"]}, "part")  # fmt: skip
        yield _text(need["why"], "field")
        yield _text(_("Asked: %(who)s") % {"who": ", ".join(need["asked"])}, "field")
        if need["policy"]:
            words = {"key": need["policy"], "number": need["policy_version"]}
            yield _text(_("Policy %(key)s, version %(number)s") % words, "field")
        met = datetime.fromisoformat(need["met_at"]) if need["met_at"] else None
        said = _("Met: %(day)s") % {"day": _when(met)} if met else _("Not met.")
        yield _text(said, "field")


def _story(found: Collected) -> Iterator[Flowable]:
    if not found.story:
        return
    yield _text(_("What happened"), "head")
    for one in found.story:
        who = one.actor.name if one.actor else "CJOps"
        yield _text(f"{who} {one.did}", "part")
        yield _text(_when(one.at), "small")
        for said in filter(None, (one.said, one.outdated)):
            yield _text(said, "field")


def _ledger(found: Collected) -> Iterator[Flowable]:
    yield _text(_("What the ledger holds of it"), "head")
    leaves = Leaf.objects.filter(source=SOURCE.name, row__in=[one.pk for one in found.entries])
    places = dict(leaves.values_list("row", "position"))
    titles = (_("Position"), _("When"), _("Who"), _("Action"), _("Digest"))
    rows: list[list[Flowable]] = [[_text(title, "small") for title in titles]]
    for entry in found.entries:
        cells = (
            places.get(entry.pk, "–"),
            entry.at.isoformat(timespec="seconds"),
            entry.actor.name if entry.actor else "CJOps",
            entry.get_action_display(),
            entry.digest[:16],
        )
        rows.append([_text(cell, "cell") for cell in cells])
    yield _grid(rows, [20 * mm, 42 * mm, 38 * mm, 40 * mm, 30 * mm], heading=True)
    yield Spacer(1, 3 * mm)
    yield _text(
        _(
            "This page is for reading. What proves it are the files beside it: check them with "
            "verify.py, with a public key and tree heads that somebody else gave you."
        ),
        "small",
    )
