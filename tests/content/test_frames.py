"""Every kind of content in its frame, as a sample customer meets it."""

import re

import pytest

from content import definition, preview
from content.kinds import KINDS
from content.preview import Look, email
from content.preview.events import when
from content.preview.frames import GATHERED, size_of
from content.preview.sms import sent
from content.preview.truncating import columns, cut
from content.segments import segments
from tests.content.frames import VALUES, document, shown
from tests.content.test_preview import tags_of

SHA = "ab" * 32
PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA="
AS_MAYA = Look(values=VALUES)


def test_every_kind_has_a_frame():
    assert set(GATHERED) | {"email"} == set(KINDS)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("banner", "poster")])
def test_where_nothing_is_written_a_sentence_says_so(kind):
    assert "The message is empty." in shown(kind)


# --- values -----------------------------------------------------------------------------------


def test_a_value_is_the_profiles_then_the_sample_then_the_fallback_then_marked():
    text = "{{ first_name }}|{{ a }}|{{ b }}|{{ c }}"
    variables = {"a": {"sample": "A", "fallback": "x"}, "b": {"fallback": "B"}}
    html = shown("sms", AS_MAYA, text=text, variables=variables)
    assert "Maya|A|B|" in html
    marked = shown("in-app", AS_MAYA, title="Hi {{ c }}", body="x")
    assert '<mark class="unknown">c</mark>' in marked


def test_values_are_in_the_language_of_the_rendition():
    text = [{"key": "zh-hans", "text": "{{ first_name }}"}]
    html = preview.page(
        definition.complete({"kind": "sms", "renditions": text}), "zh-hans", AS_MAYA
    )
    assert "雨晴" in re.sub("<[^>]*>", "", html)


def test_a_value_cannot_bring_markup_along():
    evil = Look(values={"en": {"first_name": "<img src=x onerror=alert(1)>"}})
    for kind, field in (("email", "body"), ("in-app", "body"), ("push", "text")):
        html = shown(kind, evil, **{"title": "T", field: "Hi {{ first_name }}"} | _subject(kind))
        assert "&lt;img" in html
        assert "<img" not in html


def _subject(kind):
    return {"subject": "S"} if kind == "email" else {}


def test_liquid_that_cannot_be_read_names_its_line():
    html = shown("email", body="<p>1</p>\n<p>{% foo %}2</p>", subject="S")
    assert "The values cannot be filled in. Line 2: " in html
    assert "The values cannot be filled in. “endif” is missing" in shown("sms", text="{% if x %}")


def test_liquid_in_mjml_is_filled_in_after_it_is_compiled():
    mjml = (
        "<mjml><mj-body><mj-section><mj-column><mj-text>"
        '{% if amount > 1 and first_name == "Maya" %}Yes, {{ first_name }}{% endif %}'
        "</mj-text></mj-column></mj-section></mj-body></mjml>"
    )
    values = Look(values={"en": {"first_name": "Maya", "amount": 5}})
    assert "Yes, Maya" in shown("email", values, body=mjml, format="mjml")


def test_a_marked_name_in_an_attribute_stays_text():
    html = shown("email", body='<p title="{{ who }}">x</p>')
    assert 'title="⟦who⟧"' in html


# --- e-mails ----------------------------------------------------------------------------------

MEDIA = (
    "<!doctype html><html><head><style>p{color:red}"
    "@media (max-width:600px){p{color:green}}"
    "@media (prefers-color-scheme:dark){p{color:blue}}</style></head>"
    '<body class="b" bgcolor="#eeeeee"><p>x</p></body></html>'
)


@pytest.mark.parametrize(
    ("look", "colour"),
    [(Look(), "red"), (Look(width="mobile"), "green"), (Look(is_dark=True), "blue")],
)
def test_rules_of_the_screen_apply(look, colour):
    assert f'<p style="color:{colour}">' in shown("email", look, body=MEDIA).replace(": ", ":")


def test_the_body_is_the_body():
    html = shown("email", body=MEDIA.replace("p{color:red}", "body{margin:0}"))
    assert re.search(r'<body bgcolor="#eeeeee" style="margin: ?0;?">', html)


@pytest.mark.parametrize(
    ("source", "doctype"),
    [
        ("<p>x", ""),
        ("<!DOCTYPE html><p>x", "<!doctype html>"),
        ("<!-- c -->\n<!doctype HTML><p>x", "<!doctype html>"),
        (
            '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "x"><p>',
            "<!DOCTYPE html P",
        ),
    ],
)
def test_a_message_is_laid_out_by_its_own_doctype(source, doctype):
    html = shown("email", body=source)
    assert html.startswith(doctype or "<html")


def test_a_message_without_dark_rules_is_turned():
    assert "invert(" in shown("email", Look(is_dark=True), body="<p>x</p>")
    assert "invert(" not in shown("email", Look(is_dark=True), body=MEDIA)


def test_the_text_part_is_shown_as_text():
    html = shown("email", Look(part="text", values=VALUES), body="<p>", text="<b> {{ first_name }}")
    assert '<pre class="part">&lt;b&gt; Maya</pre>' in html
    assert "There is no text for readers" in shown("email", Look(part="text"), body="<p>x</p>")


def test_an_inbox_cuts_what_does_not_fit():
    rendition = document("email", subject="s" * 100, preheader="", body="<p>Begins so</p>")
    desktop, phone = email.inbox(rendition["renditions"][0], Look())
    assert len(desktop.subject.seen) == 69
    assert len(phone.subject.seen) == 37
    assert phone.subject.seen + phone.subject.hidden == "s" * 100
    assert phone.is_from_body
    assert phone.preheader.seen == "Begins so"


# --- pictures ---------------------------------------------------------------------------------


def test_a_stored_picture_is_part_of_the_page_and_a_remote_one_a_grey_box():
    look = Look(pictures={SHA: PIXEL})
    body = (
        f'<img src="/content/any/pictures/{SHA}/"><img src="https://bank.example/a/logo.png">'
        f'<img src="https://evil.example/content/any/pictures/{"cd" * 32}/">'
    )
    html = shown("email", look, body=body)
    assert html.count(PIXEL) == 1
    assert html.count("data:image/svg+xml") == 2
    assert "bank.example" not in html


def test_pictures_have_a_limit_together():
    large = "data:image/png;base64," + "A" * 4_000_000
    body = f'<img src="/content/x/pictures/{SHA}/">' * 3
    assert shown("email", Look(pictures={SHA: large}), body=body).count(large) == 1


def test_a_picture_in_its_place_is_shown_with_its_words():
    files = {"picture": {"file": SHA, "alt": "A sun"}}
    html = shown("push", Look(pictures={SHA: PIXEL}), title="T", text="X", files=files)
    assert f'src="{PIXEL}" alt="A sun"' in html


# --- the frames -------------------------------------------------------------------------------


def test_prose_is_markdown_without_markup():
    html = shown(
        "in-app", title="T", body="**bold** <script>x</script> [a](javascript:x) ![p](//e/x)"
    )
    assert "<strong>bold</strong>" in html
    assert "&lt;script&gt;" in html
    assert "javascript:x" not in html.replace("[a](javascript:x)", "")
    assert "//e/" not in html


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("請問是**{{ first_name }}**嗎？", "請問是<strong>Maya</strong>嗎？"),
        ("Hi *{{ first_name }}*", "Hi <em>Maya</em>"),
        ("`{{ first_name }}`", "<code>Maya</code>"),
    ],
    ids=ascii,
)
def test_a_value_stands_in_prose_like_a_word(body, expected):
    assert expected in shown("in-app", AS_MAYA, title="T", body=body)


def test_a_text_message_is_shown_in_the_parts_it_is_sent_in():
    for text in ("a" * 161, "你" * 71, "€" * 81, "😀" * 36):
        message = sent(text)
        assert len(message.parts) == segments(text) == 2
        joined = "".join(piece.text for part in message.parts for piece in part.pieces)
        assert joined == text
    html = shown("sms", text="Hi “you”")
    assert '<mark class="forces">“</mark>' in html
    assert "Unicode (UCS-2)" in html


def test_a_character_of_two_places_is_never_torn_apart():
    message = sent("a" * 152 + "€" + "a" * 20)
    assert [part.used for part in message.parts] == [152, 22]


def test_a_push_message_is_cut_as_each_phone_does():
    html = shown("push", title="T" * 60, text="x" * 300)
    assert "Cut off:" in html
    assert "Cut off until opened:" in html
    assert "Shown whole" in shown("push", title="Short", text="Short")


def test_chinese_takes_two_columns():
    assert columns("你a") == 3
    assert cut("你好世界", 5).seen == "你好"
    assert cut("abc", 3).hidden == ""


@pytest.mark.parametrize("layout", ["dialog", "banner", "full"])
def test_an_in_app_message_lies_as_its_layout_says(layout):
    html = shown("in-app", title="T", body="B", action="Go", layout=layout)
    assert f'class="phone app-screen {layout}"' in html
    assert ("behind" in re.sub("(?s)<style>.*</style>", "", html)) == (layout != "full")


def test_a_banner_is_shown_in_each_size_with_its_words():
    files = {"300x250": {"file": SHA, "alt": "A sun"}, "728x90": {"file": SHA}}
    html = shown("banner", Look(pictures={SHA: PIXEL}), title="T", files=files)
    assert 'width="728" height="90"' in html
    assert "A sun" in html
    assert "Nothing says in words what is on it." in html
    assert size_of("9999x1") == (4_000, 1)
    assert size_of("picture") == (300, 250)


def test_an_event_says_when_by_the_clock_of_its_place():
    said = when("2027-03-04T18:30", "2027-03-04T20:00", "Asia/Shanghai", "en")
    assert (said.weekday, said.time, said.offset) == ("Thursday", "18:30 – 20:00", "UTC+08:00")
    assert when("2027-07-01T10:00", "", "Europe/Berlin", "zh-Hans").weekday == "星期四"
    assert when("soon", "", "", "en") is None
    html = shown("event", title="T", body="B", starts="2027-03-04T18:30", timezone="Nowhere/At")
    assert "There is no link to register yet." in html


def test_a_poster_is_its_pages():
    files = {"poster": {"file": SHA, "alt": "A poster"}}
    assert PIXEL in shown("poster", Look(pages={SHA: (PIXEL,)}), title="T", files=files)
    assert "being drawn" in shown("poster", Look(waits=frozenset({SHA})), title="T", files=files)
    assert "No PDF is chosen yet." in shown("poster", title="T")


def test_a_call_script_names_who_is_on_the_line():
    look = Look(values={"en": {"first_name": "Ruth", "last_name": "Okafor"}})
    assert "Ruth Okafor" in shown("call-script", look, title="T", body="## Greeting")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "email"])
def test_frames_fetch_nothing_and_run_nothing(kind):
    evil = '"><script src=//evil.example/x></script><img src=//evil.example/p onerror=alert(1)>'
    fields = {
        one.name: evil for one in KINDS[kind].written if one.input in ("line", "text", "prose")
    }
    files = {
        "picture": {"file": "cd" * 32, "alt": evil},
        "300x250": {"file": "cd" * 32, "alt": evil},
    }
    html = shown(kind, **fields | {"files": files})
    for tag, attributes in tags_of(html):
        assert tag != "script"
        assert not set(attributes) & {"onerror", "srcset", "href"}
        assert attributes.get("src", "data:image/").startswith("data:image/")
