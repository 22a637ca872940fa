"""Whatever a document holds, its checks say something about it and never fail."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cjops.core.errors import DocumentInvalid
from content import definition
from content.kinds import KINDS
from content.rules import Known, Phrase, Rules, Stored
from content.validation import validate
from content.validation.catalogue import CATALOGUE
from tests.content import vectors
from tests.content.checking import GOOD, asset, codes
from tests.content.test_liquid_bounds import BOMBS

DIGEST = "a" * 64
ODD = st.sampled_from(
    [
        "",
        "{{ a }}",
        "{{",
        "{% if a %}",
        "https://[",
        "https://bank.example/?utm_source=a",
        "http:",
        "#",
        "<mjml>",
        "<mj-include path=a>",
        "<p style='color:#777'>x</p>",
        "<img src=a>",
        "<a href=x>b</a>",
        "\u200b",
        "a\u200bb",
        "&#8238;",
        "12月31日",
        "32/13",
        "99999999999999999999",
        "1,2,3",
        "%",
        "百分之",
        "%(language)s",
        "%s %d %%",
        "{0} {name}",
        "٣",
        "²",
        "½",
        "𝟙",
        "千万",
        "零零",
        "9点99分",
        "]]>",
        "\ufffc",
        "![x](y)",
        "[a](b)",
        "> > >",
        "|a|b|\n|-|-|",
        "```",
        "\t",
        "\n\n",
        "STOP",
        "risk-free",
        "\\",
        "é́",
    ]
)
ANY = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)
TEXTS = st.lists(st.one_of(ODD, ANY), max_size=8).map(" ".join)
LINES = TEXTS.map(lambda text: " ".join(text.split())[:200])
DATES = st.one_of(st.none(), st.dates().map(dt.date.isoformat))
NAMES = st.sampled_from(["a", "first_name", "card.last4"])


def rendition(kind):
    """The fields of one, of that kind and of others."""
    return st.fixed_dictionaries(
        {},
        optional={
            **dict.fromkeys(("subject", "preheader", "sender", "title", "action", "place"), LINES),
            "body": TEXTS,
            "text": TEXTS,
            "link": LINES,
            "format": st.sampled_from(["html", "mjml"]),
            "timezone": LINES,
            "starts": st.sampled_from(["", "2027-01-01T10:00", "0001-01-01T00:00"]),
            "ends": st.sampled_from(["", "2026-01-01T10:00", "9999-12-31T23:59"]),
            "files": st.dictionaries(
                st.sampled_from(["picture", "poster", "300x250", "1x1", "other"]),
                st.fixed_dictionaries(
                    {"file": st.sampled_from([None, DIGEST, "b" * 64]), "alt": LINES}
                ),
                max_size=3,
            ),
            "variables": st.dictionaries(
                NAMES, st.fixed_dictionaries({"sample": LINES, "fallback": LINES}), max_size=2
            ),
            "claims": st.dictionaries(
                st.sampled_from(["a", "b"]),
                st.fixed_dictionaries({"text": LINES, "reference": LINES, "valid_until": DATES}),
                max_size=2,
            ),
        },
    )


@st.composite
def documents(draw):
    kind = draw(st.sampled_from(sorted(KINDS)))
    keys = draw(
        st.lists(st.sampled_from(["en", "zh-hans", "zh-hant", "de"]), unique=True, max_size=3)
    )
    return {
        "name": draw(LINES),
        "kind": kind,
        "tags": draw(st.sampled_from([[], ["topic:marketing"], ["topic:service"]])),
        "rights": {
            "valid_from": draw(DATES),
            "valid_until": draw(DATES),
            "territories": draw(st.sampled_from([[], ["DE"]])),
        },
        "renditions": [{"key": key, **draw(rendition(kind))} for key in keys],
    }


RULES = Rules(
    severities={"subject-long": "off", "hard-to-read": "error"},
    phrases=(
        Phrase("risk-free", "forbidden", instead="100 %", reason="%s %(x)s"),
        Phrase("%(language)s", "required", "warning"),
        Phrase("\u200b", "forbidden"),
        Phrase("(", "forbidden", market="DE"),
    ),
    variables={"first_name": Known("first_name", samples={"en": "%(a)s"})},
    today=dt.date(2026, 11, 23),
    files={DIGEST: Stored("image/png", 300, 250, 10**9)},
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(documents())
def test_no_document_makes_the_checks_fail(raw):
    try:
        document = definition.complete(raw)
    except DocumentInvalid:
        return
    for rules in (RULES, Rules()):
        for finding in validate(document, rules):
            assert finding.code in CATALOGUE
            assert finding.message.strip()
            assert finding.pointer.startswith("/")
            assert finding.line >= 0
            assert "%(" not in finding.message.replace("%(language)s", "").replace("%(a)s", "") or (
                "%(x)s" in finding.message
            )


@pytest.mark.parametrize("field", ["subject", "text", "body"])
def test_no_attack_makes_the_checks_fail(field):
    for attack in vectors.EVERY:
        source = attack.replace("\x00", "").replace("\u202e", "").replace("\ufeff", "")
        try:
            document = asset(**{field: source})
            validate(document, RULES)
            validate(asset("call-script", body=source), RULES)
        except DocumentInvalid:
            continue


def test_no_bomb_makes_the_checks_of_an_email_fail():
    for bomb in BOMBS.values():
        validate(asset(body=f"<p>{bomb}</p>"), RULES)


MARKUP = {
    "tags": "<b>",
    "unclosed tags": "<p style='color:#777'>x",
    "links": "<a href='https://bank.example/a'>x</a>",
    "pictures": "<img src=a>",
    "quotes": "<p title='",
    "comments": "<!--",
    "references": "&amp;&#8238;",
    "brackets": "[](<",
    "stars": "*_`~",
    "quotations": "> ",
    "numbers": "12月3日 9:30 3.4 % 32万 ",
    "letters": "Aa好 ",
    "addresses": "https://a.example/?utm_source=b ",
    "signs at": "a@",
    "zero width": "a\u200bb",
    "colons": ":/",
    "braces": "{} ",
    "lines": "\n",
    "capitals": "risk-",
}


@pytest.mark.parametrize("kind", ["email", "sms", "call-script"])
@pytest.mark.parametrize("name", MARKUP)
def test_no_long_text_holds_the_checks_up(kind, name):
    """How long each takes, `bench.content` says; whatever is not linear would not end here."""
    field = "text" if kind == "sms" else "body"
    size = 99_000 if kind == "sms" else 190_000
    assert isinstance(
        validate(asset(kind, **{field: MARKUP[name] * (size // len(MARKUP[name]))})), list
    )


def test_an_asset_of_ten_thousand_variants_is_refused_clearly():
    variants = {f"v{number}": {"name": "x"} for number in range(10_000)}
    renditions = [
        {"key": f"en-v{number}", "language": "en", "variant": f"v{number}"}
        for number in range(10_000)
    ]
    raw = {"name": "A", "kind": "sms", "variants": variants, "renditions": renditions}
    with pytest.raises(DocumentInvalid) as refusal:
        definition.complete(raw)
    messages = [finding.message for finding in refusal.value.extra["findings"]]
    assert any("100" in message for message in messages)
    assert any("20" in message for message in messages)
    assert len(messages) < 50


def test_every_check_says_of_itself_what_it_is():
    for code, check in CATALOGUE.items():
        assert len(code) <= 40
        assert str(check.label)
    assert set(GOOD) == set(KINDS)
    assert codes(asset()) == []
