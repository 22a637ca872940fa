"""Media queries answered on the server, as a browser of that width answers them."""

import pytest

from content.preview.look import PHONE
from content.stylesheets import DESKTOP, Screen, applied, knows_dark, matches

DARK = Screen(1024, 768, is_dark=True)


@pytest.mark.parametrize(
    ("query", "phone", "desktop"),
    [
        ("", True, True),
        ("all", True, True),
        ("screen", True, True),
        ("print", False, False),
        ("not print", True, True),
        ("only screen and (max-width: 600px)", True, False),
        ("screen and (min-width:480px)", False, True),
        ("(max-width: 37.5em)", True, False),
        ("(min-device-width: 375px) and (max-device-width: 413px)", True, False),
        ("print, (max-width: 600px)", True, False),
        ("not screen and (max-width: 600px)", False, True),
        ("(orientation: portrait)", True, False),
        ("(-webkit-min-device-pixel-ratio: 2)", True, False),
        ("(prefers-color-scheme: dark)", False, False),
        ("(prefers-color-scheme: light)", True, True),
        ("(width)", False, False),
        ("(max-width: calc(600px))", False, False),
        ("(something: new)", False, False),
        ("not all and (something: new)", False, False),
        ("(max-width: 600px", False, False),
    ],
)
def test_a_query_is_answered_for_each_screen(query, phone, desktop):
    assert (matches(query, PHONE), matches(query, DESKTOP)) == (phone, desktop)


def test_dark_rules_are_taken_in_when_it_is_dark():
    css = "p{color:black} @media (prefers-color-scheme: dark){ p{color:white} }"
    assert "white" not in applied(css, DESKTOP)
    assert "white" in applied(css, DARK)
    assert knows_dark(css)
    assert not knows_dark("p{color:black}")


def test_rules_keep_their_order_and_at_rules_go():
    css = (
        "@import url(//evil.example/a.css); @charset 'x'; a{b:c}"
        "@media (max-width:600px){ a{b:d} @media (min-width:300px){ a{b:e} } }"
        "@font-face{font-family:f;src:url(f)} @supports (a:b){ a{b:f} } g{h:i}"
    )
    assert applied(css, PHONE).split() == ["a{b:c}", "a{b:d}", "a{b:e}", "g{h:i}"]


@pytest.mark.parametrize(
    "css",
    [
        "/* } */ p{color:red}",
        "p{content:'}'} p{color:red}",
        'p{content:"{"} p{color:red}',
        "<!-- p{color:red} -->",
        "} p{color:red}",
        ";; p{color:red}",
    ],
)
def test_braces_that_mean_nothing_lead_nobody_astray(css):
    assert "p{color:red}" in applied(css.replace("<", " "), DESKTOP)


@pytest.mark.parametrize(
    "css", ["@media (max-width:600px){" * 50_000, "{" * 200_000, "/*" * 90_000]
)
def test_rules_that_never_end_are_read_once(css):
    assert applied(css, PHONE) == ""
