"""The translations are whole, and nothing people read goes round them."""

import ast
import gettext
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import polib
import pytest
from django.core.management import call_command
from django.template.base import Lexer, TokenType
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
APPS = ("cjops", "people", "tags", "content", "journeys", "governance")
LOCALES = ("zh_Hans", "zh_Hant")
CATALOGUES = {
    name: polib.pofile(str(ROOT / "locale" / name / "LC_MESSAGES" / "django.po"))
    for name in LOCALES
}
TEMPLATES = sorted(
    path for kind in ("*.html", "*.txt") for path in (ROOT / "templates").rglob(kind)
)
SOURCES = sorted(path for app in APPS for path in (ROOT / app).rglob("*.py"))

Identity = tuple[str | None, str]


def short(path: Path) -> str:
    """A path as messages show it."""
    return str(path.relative_to(ROOT))


# --- the catalogues -----------------------------------------------------------------------------


def texts(entry: polib.POEntry) -> list[str]:
    """What an entry is translated to: one text, Chinese having one form for all numbers."""
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def placeholders(text: str) -> list[str]:
    """What is filled in at run time."""
    return sorted(re.findall(r"%\(\w+\)[a-z]|%%|\{\w+\}", text))


def tags(text: str) -> list[str]:
    """The HTML tags with their attributes."""
    return sorted(re.findall(r"</?[a-z][^>]*>", text))


@pytest.mark.parametrize("locale", LOCALES)
def test_every_text_is_translated(locale):
    catalogue = CATALOGUES[locale]
    assert not [e.msgid for e in catalogue if not all(texts(e)) or len(texts(e)) != 1]
    assert not [e.msgid for e in catalogue.fuzzy_entries()]
    assert not catalogue.obsolete_entries()
    assert catalogue.metadata["Plural-Forms"] == "nplurals=1; plural=0;"


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("part", [placeholders, tags])
def test_nothing_is_lost_in_translation(locale, part):
    """Placeholders and markup are those of the original, of its plural where it has one."""
    assert not [
        entry.msgid
        for entry in CATALOGUES[locale]
        for text in texts(entry)
        if part(text) != part(entry.msgid_plural or entry.msgid)
    ]


@pytest.mark.parametrize("locale", LOCALES)
def test_catalogues_name_no_places(locale):
    """Line numbers would change the file with every edit of the source."""
    assert not [entry.msgid for entry in CATALOGUES[locale] if entry.occurrences]


@pytest.mark.parametrize("locale", LOCALES)
def test_quotation_marks_are_those_of_the_language(locale):
    wrong = "「」" if locale == "zh_Hans" else "“”"
    assert not [e.msgid for e in CATALOGUES[locale] for text in texts(e) if set(text) & set(wrong)]


def test_traditional_has_no_simplified_characters():
    """A few that only Simplified Chinese has, from words that stand on every screen."""
    simplified = set("发变这过们时间进审评开关团队阶骤触标签户内测应实")
    assert not [
        e.msgid for e in CATALOGUES["zh_Hant"] for text in texts(e) if set(text) & simplified
    ]


def test_compiling(tmp_path, settings):
    for name in LOCALES:
        folder = tmp_path / name / "LC_MESSAGES"
        folder.mkdir(parents=True)
        CATALOGUES[name].save(str(folder / "django.po"))
    settings.LOCALE_PATHS = [tmp_path]
    call_command("compile_messages_po", verbosity=0)
    for name, wanted in (("zh_Hans", "旅程"), ("zh_Hant", "旅程")):
        with (tmp_path / name / "LC_MESSAGES" / "django.mo").open("rb") as compiled:
            catalogue = gettext.GNUTranslations(compiled)
        assert catalogue.gettext("Journey") == wanted
        assert catalogue.ngettext("%(count)s day", "%(count)s days", 2) == "%(count)s天"


# --- everything marked is in the catalogues -----------------------------------------------------

_MARKS = {  # which arguments are context and text
    "_": (None, 0),
    "gettext": (None, 0),
    "gettext_lazy": (None, 0),
    "gettext_noop": (None, 0),
    "ngettext": (None, 0),
    "ngettext_lazy": (None, 0),
    "pgettext": (0, 1),
    "pgettext_lazy": (0, 1),
    "npgettext": (0, 1),
    "npgettext_lazy": (0, 1),
}


def called(node: ast.Call) -> str:
    """The last part of the name of what is called."""
    function = node.func
    return getattr(function, "id", "") or getattr(function, "attr", "")


def constant(node: ast.expr) -> str | None:
    """The text of a literal."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def marked_in_python(tree: ast.AST) -> Iterator[Identity]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called(node) in _MARKS:
            where, at = _MARKS[called(node)]
            text = constant(node.args[at]) if len(node.args) > at else None
            if text:
                yield (None if where is None else constant(node.args[where]), text)


def marked_in_template(text: str) -> Iterator[Identity]:
    """From the form in which Django hands templates to gettext: calls among crossed-out text."""
    literal = r"""u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
    for name, arguments in re.findall(
        rf"\b(_|n?p?gettext)\(\s*({literal}(?:\s*,\s*{literal})*)", templatize(text)
    ):
        parts = [ast.literal_eval(part) for part in re.findall(literal, arguments)]
        where, at = _MARKS[name]
        if parts[at]:
            yield (None if where is None else parts[where], parts[at])


def test_every_marked_text_is_in_the_catalogues():
    """Where this fails: `make messages`, then translate what is new."""
    known = {(entry.msgctxt, entry.msgid) for entry in CATALOGUES["zh_Hans"]}
    assert known == {(entry.msgctxt, entry.msgid) for entry in CATALOGUES["zh_Hant"]}
    missing = {
        found
        for path in SOURCES
        for found in marked_in_python(ast.parse(path.read_text(encoding="utf-8")))
        if found not in known
    }
    missing |= {
        found
        for path in TEMPLATES
        for found in marked_in_template(path.read_text(encoding="utf-8"))
        if found not in known
    }
    assert not missing


# --- everything people read is marked -----------------------------------------------------------

READ_ATTRIBUTES = {"alt", "aria-description", "aria-label", "aria-roledescription", "placeholder"}
READ_ATTRIBUTES |= {"summary", "title"}
# The product, keys, and what stands before a number of a change or a version.
NOT_WORDS = {
    *("CJOps", "CR-", "v", "j", "k", "x", "e", "h", "u", "g", "i", "Enter", "Esc"),
    # What everybody calls them; the size of a banner.
    *("iOS", "Android", "5G", "GSM", "468x60"),
}
# What a language calls itself is written the same in every language.
ENDONYMS = {"English", "简体中文", "繁體中文"}
READ_ARGUMENTS = re.compile(
    r"\b(title|text|label|action|sub|heading|hint|placeholder)=\"([^\"]*[a-z][^\"]*)\""
)


class Reader(HTMLParser):
    """Collects what a page says outside code, styles and scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag, attributes):
        self.silent += tag in ("script", "style", "code")
        for name, value in attributes:
            read = name in READ_ATTRIBUTES
            read |= name == "value" and tag == "input" and ("type", "submit") in attributes
            if read and value:
                self.said.append(value)

    def handle_endtag(self, tag):
        self.silent -= tag in ("script", "style", "code") and self.silent > 0

    def handle_data(self, data):
        if not self.silent:
            self.said.append(data)


def bare_texts(source: str, is_html: bool) -> list[str]:
    """What a template says in English without asking the catalogue."""
    rest, found, inside = [], [], False
    for token in Lexer(source).tokenize():
        words = token.contents.split(maxsplit=1)
        if token.token_type == TokenType.BLOCK:
            inside |= words[0] in ("blocktranslate", "comment")
            inside &= words[0] not in ("endblocktranslate", "endcomment")
            if words[0] == "include":
                found += [value for _, value in READ_ARGUMENTS.findall(token.contents)]
        elif token.token_type == TokenType.TEXT and not inside:
            rest.append(token.contents)
    if is_html:
        reader = Reader()
        reader.feed("".join(rest))
        reader.close()
        found += reader.said
    else:
        found += rest
    return [
        text.strip()
        for text in found
        if any(
            re.search(r"[^\W\d_]", word) and word.strip("·:,.()|–/") not in NOT_WORDS | ENDONYMS
            for word in text.split()
        )
    ]


def test_templates_say_nothing_untranslatable():
    found = {
        short(path): bare_texts(path.read_text(encoding="utf-8"), path.suffix == ".html")
        for path in TEMPLATES
    }
    assert not {path: texts for path, texts in found.items() if texts}


SAID_BY = {"success", "error", "info", "warning", "add_message"}
READ_KEYWORDS = {"label", "help_text", "verbose_name", "verbose_name_plural", "empty_label"}


def literal_text(node: ast.expr | None) -> str:
    """A literal with letters, also one with values in it; "" for everything else."""
    if isinstance(node, ast.JoinedStr):
        return "".join(constant(part) or "" for part in node.values if constant(part)) or "{}"
    text = (constant(node) or "") if node is not None else ""
    return text if re.search(r"[^\W\d_]", text) else ""


def said_in_call(node: ast.Call, keywords: set[str]) -> Iterator[str]:
    """Literals that a call shows to people: messages, labels, and marks with values inside."""
    name = called(node)
    shown: list[ast.expr | None] = [k.value for k in node.keywords if k.arg in keywords]
    if getattr(getattr(node.func, "value", None), "id", "") == "messages" and name in SAID_BY:
        shown += node.args
    if name == "ValidationError":
        shown += node.args[:1]
    if name in _MARKS:
        shown += [arg for arg in node.args if isinstance(arg, ast.JoinedStr)]
    yield from filter(None, map(literal_text, shown))


def said_in_choices(node: ast.ClassDef) -> Iterator[str]:
    """Literal labels of a closed list of values."""
    bases = {getattr(base, "attr", getattr(base, "id", "")) for base in node.bases}
    if bases & {"TextChoices", "IntegerChoices"}:
        for line in node.body:
            if isinstance(line, ast.Assign) and isinstance(line.value, ast.Tuple):
                yield literal_text(line.value.elts[-1])


def bare_literals(tree: ast.AST, keywords: set[str] = READ_KEYWORDS) -> set[str]:
    """Texts for people that Python code holds without asking the catalogue."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            found.update(said_in_call(node, keywords))
        elif isinstance(node, ast.ClassDef):
            found.update(said_in_choices(node))
    return found - {""} - ENDONYMS


def test_python_says_nothing_untranslatable():
    found = {}
    for path in SOURCES:
        if "migrations" in path.parts:
            continue
        # The description of the API is for programmers and exists in English only.
        is_api = path.stem == "api" or path.parent.name == "api"
        keywords = READ_KEYWORDS - {"help_text"} if is_api else READ_KEYWORDS
        found[short(path)] = bare_literals(ast.parse(path.read_text(encoding="utf-8")), keywords)
    assert not {path: texts for path, texts in found.items() if texts}


def test_bare_texts_are_found():
    """The search itself: what it must find, and what it must let pass."""
    assert bare_texts("<p>Hello</p>", True) == ["Hello"]
    assert bare_texts('<a title="Hello {{ name }}">{% translate "Hi" %}</a>', True) == ["Hello"]
    assert bare_texts('{% include "x.html" with title="Some words" %}', True) == ["Some words"]
    assert bare_texts('<b>CR-{{ n }}</b> · <kbd>j</kbd> <code class="x">abc</code>', True) == []
    assert bare_texts("{% blocktranslate %}Hello{% endblocktranslate %}", True) == []
    tree = ast.parse(
        "forms.CharField(label='Name', help_text=_('x')); messages.error(r, f'{a} no')"
    )
    assert bare_literals(tree) == {" no", "Name"}
