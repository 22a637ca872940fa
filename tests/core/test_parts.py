"""The small parts of the screens: what they show, and that they escape what people wrote."""

from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.utils import translation

from cjops.core.templatetags import parts


def rendered(source: str, **context: object) -> str:
    """What a template with the tags of `parts` comes to."""
    return Template("{% load parts %}" + source).render(Context(context))


def test_an_icon_is_decoration_unless_it_has_words():
    assert 'aria-hidden="true"' in rendered("{% icon 'inbox' %}")

    spoken = rendered("{% icon 'inbox' label='Inbox' %}")

    assert 'role="img" aria-label="Inbox"' in spoken
    assert "aria-hidden" not in spoken


@pytest.mark.parametrize("state", sorted(parts.STATE_ICONS))
def test_every_state_has_an_icon_and_words(state):
    pill = rendered("{% state_pill state %}", state=state)

    assert f'class="pill {state}"' in pill
    assert f"#{parts.STATE_ICONS[state]}" in pill
    assert parts.state_words(state) != state


def test_state_words_follow_the_language():
    with translation.override("en"):
        assert parts.state_words("in_review") == "In review"


@pytest.mark.parametrize(
    ("version", "paused", "words"),
    [(7, False, "Live v7"), (7, True, "Paused at v7"), (0, False, "Not live yet")],
)
def test_the_live_pill_says_what_is_live(version, paused, words):
    assert words in rendered("{% live_pill version paused %}", version=version, paused=paused)


def test_a_channel_without_an_icon_still_has_one():
    channel = SimpleNamespace(key="kiosk", label="Kiosk", icon="")

    assert "#broadcast" in rendered("{% chan channel %}", channel=channel)
    assert rendered("{% chan channel %}", channel=None) == ""


def test_a_face_beside_a_name_is_not_read_twice():
    user = SimpleNamespace(pk=21, initials="AK")

    assert 'aria-hidden="true"' in rendered("{% face user %}", user=user)
    assert 'role="img"' in rendered("{% face user named=True %}", user=user)
    assert 'class="face f1 ' in rendered("{% face user %}", user=user)


def test_the_system_has_a_face():
    assert "#robot" in rendered("{% face None %}")


@pytest.mark.parametrize(
    ("kind", "word"),
    [("add", "added"), ("remove", "removed"), ("move", "moved"), ("edit", "edited")],
)
def test_a_mark_is_never_colour_alone(kind, word):
    assert f'<span class="visually-hidden">{word}</span>' in rendered("{% op kind %}", kind=kind)


def test_what_people_wrote_is_escaped():
    evil = '"><script>alert(1)</script>'

    class Person:
        pk = 1
        initials = evil

        def __str__(self) -> str:
            return evil

    channel = SimpleNamespace(key=evil, label=evil, icon=evil)
    source = "{% face user named=True %}{% chan channel %}{% state_pill evil %}{% icon evil %}"

    assert "<script" not in rendered(source, user=Person(), channel=channel, evil=evil)
