"""What is found in e-mails, and what is not."""

import pytest

from content.rules import Rules
from content.validation import validate
from content.validation.email import CLIPPED
from tests.content.checking import GOOD, HEAD, RULES, TODAY, asset, body, codes, found
from tests.factories import LEAVING

MJML = (
    "<mjml>\n<mj-body>\n<mj-section>\n<mj-column>\n{}\n</mj-column>\n</mj-section>\n</mj-body>\n"
    "</mjml>"
)


@pytest.mark.parametrize("kind", GOOD)
def test_what_is_well_made_has_no_findings_of_its_own(kind):
    needed = {"file-missing"} if kind in ("banner", "poster") else set()
    assert set(codes(asset(kind))) == needed


@pytest.mark.parametrize(
    ("inner", "code", "line"),
    [
        ("<img src='https://bank.example/a.jpg' width=9 height=9>", "image-without-alt", 3),
        (
            "<a href='https://bank.example/a'><img src='https://bank.example/a.jpg' alt='' width=9 "
            "height=9></a>",
            "image-without-alt",
            3,
        ),
        ("\n<img src='https://bank.example/a.jpg' alt=A>", "image-without-size", 4),
        (
            "<img src='https://bank.example/a.jpg' alt=A width=600>",
            "image-without-size",
            3,
        ),
        ("<img src='data:image/gif;base64,R0=' alt=A width=9 height=9>", "image-embedded", 3),
        ("<img src='http://bank.example/a.jpg' alt=A width=9 height=9>", "image-insecure", 3),
        ("<script>x</script>", "html-active", 3),
        ("<p onclick=x>a</p>", "html-active", 3),
        ("<form><input></form>", "html-active", 3),
        ("\n\n<p style='color:#aaa'>Pale words</p>", "contrast-low", 5),
        ("<p style='color:#222'>Dark words</p>", "dark-colours", 3),
        ("<img src='https://bank.example/logo.png' alt=A width=9 height=9>", "dark-picture", 3),
        ("{{ name", "liquid-broken", 3),
    ],
)
def test_what_is_wrong_in_the_body_is_found_in_its_line(inner, code, line):
    finding = found(body(inner))[code]
    assert (finding.line, finding.pointer) == (line, "/renditions/0/body")
    assert finding.message.endswith((".", "…", "”"))


@pytest.mark.parametrize(
    "inner",
    [
        "<img src='https://bank.example/a.jpg' alt='' width=9 height=9>",
        "<img src='https://bank.example/a.jpg' alt=A width=600 style='height:auto'>",
        "<p style='background-color:#fff;color:#222'>Dark on white</p>",
        "<p style='background:#0b5d5e;color:#fff'>White on dark</p>",
        "<div style='background-color:#fff'><img src='https://bank.example/l.png' alt=A width=9 "
        "height=9></div>",
        "<p style='background:url(https://bank.example/a.jpg);color:#aaa'>Over a picture</p>",
        "<div style='display:none;color:#fff;background-color:#fff'>Hidden</div>",
        "<div style='font-size:1px;color:#fff;background-color:#fff'>Tiny</div>",
        "<h1 style='background-color:#fff;color:#767676'>Large</h1>",
        "<style>@media (prefers-color-scheme: dark){p{color:#eee}}</style>",
    ],
)
def test_what_is_well_made_in_the_body_is_not_found(inner):
    assert codes(body(inner)) == []


def test_style_sheets_count_for_contrast():
    sheet = "<style>.pale{color:#ccc;background-color:#fff} p .pale b{color:#111}</style>"
    pale = found(body(f"{sheet}<p class=pale>Pale words</p>"))["contrast-low"]
    assert "#cccccc on #ffffff, 1.6 to 1" in pale.message
    inner = f"{sheet}<p><span class=pale><b>Strong words</b></span></p>"
    assert "contrast-low" not in codes(body(inner))


def test_large_letters_need_less_contrast():
    grey = "background-color:#ffffff;color:#888888"
    assert "contrast-low" in codes(body(f"<p style='{grey};font-size:16px'>Words</p>"))
    assert "contrast-low" not in codes(body(f"<p style='{grey};font-size:24px'>Words</p>"))
    bold = f"{grey};font-size:19px;font-weight:bold"
    assert "contrast-low" not in codes(body(f"<p style='{bold}'>Words</p>"))


def test_colours_without_a_word_on_dark_mode_are_found():
    coloured = '<p style="background-color:#ffffff;color:#222222">Words</p>'
    link = f'<p><a href="{LEAVING}">Unsubscribe</a></p>'
    assert codes(asset(body=coloured + link)) == ["dark-scheme"]
    assert codes(asset(body=HEAD + coloured + link)) == []


def sized(size):
    filling = "<p>" + "Welcome to the bank. " * ((size - 300) // 21)
    source = f'{filling}<a href="{LEAVING}">Unsubscribe</a></p>'
    return asset(body=source + " " * (size - len(source)) + "<!-- -->")


def test_gmail_cuts_off_what_has_102_kilobytes():
    assert "email-clipped" in codes(sized(CLIPPED))
    assert "email-clipped" not in codes(sized(CLIPPED - 9))


def test_what_mjml_becomes_is_what_counts_for_its_size():
    text = "<mj-text>" + "Welcome to the bank. " * 4000 + "</mj-text>"
    columns = "".join(f"<mj-text>{number}</mj-text>" for number in range(120))
    source = MJML.format(text + columns)
    assert len(source) < CLIPPED
    assert "email-clipped" in codes(asset(format="mjml", body=source))


@pytest.mark.parametrize(
    ("inner", "code", "line"),
    [
        ("<mj-text>a</mj-text>\n<mj-frame/>", "mjml-unknown", 6),
        ("<mj-text>a</mj-text>\n\n<mj-include path='/etc/passwd'/>", "mjml-include", 7),
        ("<mj-text>\n<b>a</mj-text>", "mjml-unclosed", 6),
    ],
)
def test_mjml_that_is_refused_says_in_which_line(inner, code, line):
    finding = found(asset(format="mjml", body=MJML.format(inner)))[code]
    assert (finding.severity, finding.line) == ("error", line)


def test_mjml_that_does_not_compile_says_in_which_line():
    source = "<mjml>\n<mj-head>\n<mj-text>a</mj-text>\n</mj-head>\n<mj-body></mj-body>\n</mjml>"
    finding = found(asset(format="mjml", body=source))["mjml-broken"]
    assert finding.line == 3


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"subject": "W" * 71}, "subject-long", "subject"),
        ({"subject": "欢" * 36}, "subject-long", "subject"),
        ({"preheader": ""}, "preheader-missing", "preheader"),
        ({"preheader": "W" * 141}, "preheader-long", "preheader"),
        ({"preheader": "welcome TO the bank"}, "preheader-same", "preheader"),
        ({"sender": ""}, "sender-missing", "sender"),
        ({"sender": "The bank"}, "sender-address", "sender"),
        ({"sender": "The bank <hello@bank>"}, "sender-address", "sender"),
        ({"text": ""}, "text-missing", "text"),
        ({"text": "Welcome to the bank"}, "text-lacks-links", "text"),
        ({"body": "<p>Welcome</p>", "text": "Welcome"}, "unsubscribe-missing", "body"),
    ],
)
def test_what_inboxes_and_readers_need_is_found(fields, code, field):
    finding = found(asset(**fields))[code]
    assert finding.severity == "warning"
    assert finding.pointer == f"/renditions/0/{field}"


@pytest.mark.parametrize(
    "fields",
    [
        {"subject": "W" * 70},
        {"subject": "欢" * 35},
        {"subject": "👩‍👩‍👧‍👦" * 28},
        {"sender": "hello@bank.example"},
        {
            "sender": "{{ adviser }} <hello@bank.example>",
            "variables": {"adviser": {"fallback": "A"}},
        },
    ],
)
def test_what_fits_is_not_found(fields):
    assert codes(asset(**fields)) == []


def test_what_is_sent_whatever_people_want_needs_no_way_out():
    document = asset(header={"tags": ["topic:service"]}, body="<p>Welcome</p>", text="Welcome")
    assert codes(document) == []


def test_a_variable_may_be_the_way_out():
    source = '<p>Welcome to the bank</p><a href="{{ unsubscribe_url }}">Leave</a>'
    document = asset(body=source, text="Welcome to the bank\n{{ unsubscribe_url }}")
    assert codes(document) == ["fallback-missing"]


def test_a_text_part_that_says_something_else_is_found():
    words = " ".join(f"word{chr(97 + number)}{chr(97 + number)}" for number in range(25))
    source = f'<p>{words} 5 %</p><p><a href="{LEAVING}">Unsubscribe</a></p>'
    assert "text-differs" in codes(asset(body=source, text=f"Hello. {LEAVING}"))
    lacking = found(asset(body=source, text=f"{words} {LEAVING}"))["text-lacks-numbers"]
    assert "5 %" in lacking.message
    assert codes(asset(body=source, text=f"{words} 5% Unsubscribe: {LEAVING}")) == []


def test_an_email_over_a_megabyte_is_looked_at_no_further():
    assert "body-too-large" in codes(asset(body="<p>" * 400_000))


def test_the_message_is_in_the_language_of_the_reader(settings):
    from django.utils import translation  # noqa: PLC0415

    with translation.override("zh-hans"):
        findings = validate(asset(text=""), Rules(languages=("en",), today=TODAY))
    assert findings[0].code == "text-missing"


def test_rules_are_not_needed():
    assert validate(asset(), RULES) == []
