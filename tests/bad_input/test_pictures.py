"""Files that are no pictures, more than pictures, or far too much of one."""

import io
import subprocess
import threading
import tracemalloc
from typing import Any

import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import EpsImagePlugin, Image

from cjops.core.errors import Invalid, TooLarge
from content.media import drawing
from content.media.drawing import Busy, Drawn, redrawn
from tests.bad_input import pictures

BYTES, PIXELS = 10 * 1024 * 1024, settings.CJOPS["PICTURE_PIXELS"]


def draw(data: bytes) -> Drawn:
    return redrawn(io.BytesIO(data), most_bytes=BYTES, most_pixels=PIXELS)


def opened(drawn: Drawn) -> Image.Image:
    return Image.open(io.BytesIO(drawn.data))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_picture_stays_what_it_shows(kind: str) -> None:
    drawn = draw(pictures.saved(kind, (40, 20)))

    picture = opened(drawn).convert("RGB")
    assert (drawn.media_type, drawn.width, drawn.height) == (f"image/{kind.lower()}", 40, 20)
    assert picture.size == (40, 20)
    left, right = picture.getpixel((4, 10)), picture.getpixel((36, 10))
    assert left[0] > 230 > 40 > left[2]  # type: ignore[index]
    assert right[2] > 230 > 40 > right[0]  # type: ignore[index]


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_what_moves_goes_on_moving(kind: str) -> None:
    drawn = draw(pictures.animated(kind, 5, (20, 10)))

    assert drawn.frames == opened(drawn).n_frames == 5  # type: ignore[attr-defined]


def test_what_is_seen_through_stays_so() -> None:
    target = io.BytesIO()
    Image.new("RGBA", (5, 5), (10, 20, 30, 0)).save(target, "PNG")

    assert opened(draw(target.getvalue())).getpixel((2, 2)) == (10, 20, 30, 0)


@pytest.mark.parametrize("name", pictures.POLYGLOTS)
def test_nothing_but_the_picture_comes_along(name: str) -> None:
    drawn = draw(pictures.POLYGLOTS[name])

    assert [harm for harm in pictures.HARM if harm.lower() in drawn.data.lower()] == []
    assert not opened(drawn).getexif()
    assert set(opened(drawn).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density",
        "version", "background", "transparency", "loop", "duration", "timestamp",
        "extension"}  # fmt: skip


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_was_held_upright_is_shown_upright(kind: str) -> None:
    drawn = draw(pictures.with_exif(kind, orientation=6))

    picture = opened(drawn).convert("RGB")
    # Turned by a quarter: what was left is above.
    assert picture.size == (8, 12)
    assert picture.getpixel((4, 1))[0] > 200  # type: ignore[index]
    assert picture.getpixel((4, 10))[2] > 200  # type: ignore[index]


@pytest.mark.parametrize("name", pictures.no_pictures())
def test_what_is_no_picture_is_refused(name: str, monkeypatch: Any) -> None:
    def started(*_: Any, **__: Any) -> None:
        raise AssertionError("a program was started")

    monkeypatch.setattr(subprocess, "Popen", started)
    monkeypatch.setattr(EpsImagePlugin, "Ghostscript", started)
    with pytest.raises(Invalid) as refusal:
        draw(pictures.no_pictures()[name])

    assert len(refusal.value.errors["file"]) == 1


@pytest.mark.parametrize("name", pictures.damaged())
def test_what_is_not_whole_is_refused(name: str) -> None:
    with pytest.raises(Invalid):
        draw(pictures.damaged()[name])


@pytest.mark.parametrize("name", pictures.bombs())
def test_no_bomb_goes_off(name: str) -> None:
    data = pictures.bombs()[name]
    assert len(data) < 300_000
    tracemalloc.start()
    try:
        with pytest.raises((Invalid, TooLarge)):
            draw(data)
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 40_000_000


def test_more_bytes_than_may_be_are_refused() -> None:
    data = pictures.saved("PNG") + bytes(BYTES)
    with pytest.raises(TooLarge, match="10 MB"):
        draw(data)


def test_one_picture_is_read_at_a_time(monkeypatch: Any) -> None:
    monkeypatch.setattr(drawing, "MOST_WAIT", 0.05)
    turn = threading.BoundedSemaphore(1)
    monkeypatch.setattr(drawing, "_TURN", turn)
    turn.acquire()
    with pytest.raises(Busy):
        draw(pictures.saved("PNG"))
    turn.release()

    assert draw(pictures.saved("PNG")).frames == 1


def test_a_refusal_lets_the_next_one_in(monkeypatch: Any) -> None:
    monkeypatch.setattr(drawing, "MOST_WAIT", 0.05)
    for data in pictures.damaged().values():
        with pytest.raises(Invalid):
            draw(data)

    assert draw(pictures.saved("PNG")).frames == 1


@given(
    kind=st.sampled_from(["PNG", "JPEG", "GIF", "WEBP"]),
    changes=st.lists(st.tuples(st.integers(0, 2_000), st.integers(0, 255)), max_size=8),
    end=st.integers(0, 2_000),
)
@hypothesis_settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
def test_a_spoilt_picture_is_a_picture_or_a_refusal(
    kind: str, changes: list[tuple[int, int]], end: int
) -> None:
    data = bytearray(pictures.with_exif(kind) if kind != "GIF" else pictures.animated("GIF", 3))
    for at, value in changes:
        data[at % len(data)] = value
    try:
        drawn = draw(bytes(data[: end or len(data)]))
    except (Invalid, TooLarge):
        return
    assert opened(drawn).size == (drawn.width, drawn.height)
