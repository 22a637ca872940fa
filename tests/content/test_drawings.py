"""Smaller pictures and pages of posters: asked for with the upload, made in the worker, once."""

import io
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.core.files.storage import InMemoryStorage, storages
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import content.services
from cjops.core.models import AuditEntry
from content import schedules, tasks
from content.media import making, storage, tidying, usage
from content.media.services import upload_picture
from content.models import Asset, Drawing, DrawingState, MediaFile, Picture, SampleProfile
from tests.bad_input.papers import paper
from tests.bad_input.pictures import saved
from tests.cast import Cast
from tests.factories import AssetFactory, UserFactory

PNG = saved("PNG", size=(900, 600))
pytestmark = pytest.mark.usefixtures("media_root")


def upload(asset: Asset, actor: Any, data: bytes = PNG, name: str = "logo.png") -> Picture:
    return upload_picture(asset=asset, file=io.BytesIO(data), name=name, actor=actor)[0]


def poster(cast: Cast) -> tuple[Asset, Picture]:
    asset = AssetFactory(
        kind="poster", team=cast.asset.team, document={"name": "P", "kind": "poster"}, key="poster"
    )
    return asset, upload(asset, cast.mei, paper(2), "poster.pdf")


def test_an_upload_asks_for_drawings_and_the_worker_makes_them(cast: Cast) -> None:
    picture = upload(cast.asset, cast.mei)
    waiting = Drawing.objects.filter(file=picture.file, state=DrawingState.WAITING)
    assert waiting.count() == 3

    tasks.draw(file=picture.file.pk)

    sizes = {(one.size, one.width, one.height) for one in Drawing.objects.all()}
    assert sizes == {("thumb", 320, 213), ("thumb-2x", 640, 427), ("page", 900, 600)}
    for one in Drawing.objects.all():
        with storage.stored(one.sha256) as file:
            assert len(file.read()) == one.bytes


def test_drawing_twice_draws_nothing_new(cast: Cast) -> None:
    picture = upload(cast.asset, cast.mei)
    assert making.draw_all(file_id=picture.file.pk) == 3
    assert making.draw_all(file_id=picture.file.pk) == 0


def test_a_poster_has_a_picture_of_each_page(cast: Cast) -> None:
    _asset, picture = poster(cast)
    tasks.draw(file=picture.file.pk)
    pages = Drawing.objects.filter(size="page").order_by("page")
    assert [(one.page, one.height) for one in pages] == [(1, 1400), (2, 1400)]


def test_a_pdf_is_no_picture_of_an_email(cast: Cast) -> None:
    answer = send(browser(cast.mei), cast.asset.key, paper(), "poster.pdf")
    assert "This is no PNG, JPEG, GIF or WebP picture" in answer.content.decode()


def test_what_cannot_be_drawn_fails_after_some_tries(cast: Cast) -> None:
    picture = upload(cast.asset, cast.mei)
    storage.media().delete(storage.place_of(picture.file.sha256))
    for _try in range(making.MOST_ATTEMPTS):
        making.draw_all(file_id=picture.file.pk)
    assert set(Drawing.objects.values_list("state", flat=True)) == {DrawingState.FAILED}


def test_the_beat_draws_what_was_left(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = upload(cast.asset, cast.mei)
    Drawing.objects.all().delete()
    monkeypatch.setattr(schedules, "PATIENCE", -schedules.PATIENCE)
    schedules.mind_drawings()
    assert picture.file.drawings.filter(state=DrawingState.DRAWN).count() == 3


def browser(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def send(client: Client, key: str, data: bytes, name: str) -> Any:
    file = io.BytesIO(data)
    file.name = name
    return client.post(reverse("asset-pictures", args=[key]), {"file": file})


def test_a_page_waits_until_it_is_drawn(cast: Cast) -> None:
    asset, picture = poster(cast)
    client = browser(cast.mei)
    address = reverse("asset-drawing", args=[asset.key, picture.file.sha256])
    assert "Being drawn" in client.get(f"/content/{asset.key}/pictures/").content.decode()
    assert client.get(address).status_code == 204

    tasks.draw(file=picture.file.pk)

    assert client.get(address)["HX-Refresh"] == "true"
    page = client.get(f"/content/{asset.key}/pictures/").content.decode()
    assert "?size=thumb" in page
    assert "PDF of 2 pages" in page


def test_a_drawing_is_served_like_the_file_itself(cast: Cast) -> None:
    picture = upload(cast.asset, cast.mei)
    tasks.draw(file=picture.file.pk)
    address = reverse("asset-picture", args=[cast.asset.key, picture.file.sha256])
    answer = browser(cast.mei).get(f"{address}?size=thumb")
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert browser(cast.mei).get(f"{address}?size=nonsense")["Content-Type"] == "image/png"


def test_whoever_does_not_see_the_asset_sees_no_drawing(cast: Cast) -> None:
    hidden = AssetFactory(is_restricted=True)
    member = UserFactory(is_superuser=True)
    picture = upload(hidden, member)
    tasks.draw(file=picture.file.pk)
    outsider = browser(UserFactory())
    for name, query in (("asset-picture", "?size=thumb"), ("asset-drawing", "")):
        address = reverse(name, args=[hidden.key, picture.file.sha256])
        assert outsider.get(address + query).status_code == 404


# --- what nothing shows -----------------------------------------------------------------------


def test_unused_pictures_are_reported_and_stay(cast: Cast, capsys: Any) -> None:
    picture = upload(cast.asset, cast.mei)
    call_command("tidy_media", "--report")
    said = capsys.readouterr().out
    assert picture.file.sha256 in said
    assert "1 not shown" in said
    assert Picture.objects.count() == 1


@pytest.mark.parametrize("place", ["body", "files", "open change"])
def test_what_a_version_or_a_change_shows_is_used(
    cast: Cast, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = upload(cast.asset, cast.mei)
    sha256 = picture.file.sha256
    body = f'<img src="/content/x/pictures/{sha256}/">'
    if place == "open change":
        document = {"renditions": [{"key": "en", "body": body}]}
        monkeypatch.setattr(usage, "DOCUMENTS", [*usage.DOCUMENTS, lambda: [document]])
    else:
        shown = {"body": body} if place == "body" else {"files": {"picture": {"file": sha256}}}
        rendition = {"key": "en", "title": "T", "text": "x", **shown}
        kind = "email" if place == "body" else "push"
        AssetFactory(kind=kind, document={"name": "A", "kind": kind, "renditions": [rendition]})
    assert not usage.unused().exists()


def test_removed_bytes_leave_a_trace_and_drawings_stay(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = upload(cast.asset, cast.mei)
    tasks.draw(file=picture.file.pk)
    storage.store("ab" * 32, b"left over")
    monkeypatch.setattr(tidying, "AGE", -tidying.AGE)
    assert tidying.tidy() == [storage.place_of("ab" * 32)]
    entry = AuditEntry.objects.get(action="media.removed")
    assert entry.data == {"sha256": "ab" * 32}
    assert list(tidying.lost()) == []


# --- other storages ---------------------------------------------------------------------------


def test_a_storage_that_is_no_folder_does_as_well(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = InMemoryStorage()
    monkeypatch.setitem(storages._storages, "media", memory)
    picture = upload(cast.asset, cast.mei)
    again = upload(cast.asset, cast.mei)
    tasks.draw(file=picture.file.pk)

    assert again == picture
    _folders, files = memory.listdir(f"sha256/{picture.file.sha256[:2]}")
    assert picture.file.sha256 in files
    assert all("_" not in name for name in files)
    answer = browser(cast.mei).get(
        reverse("asset-picture", args=[cast.asset.key, picture.file.sha256])
    )
    assert b"".join(answer.streaming_content)[:4] == b"\x89PNG"
    assert MediaFile.objects.count() == 1


def test_the_folder_is_where_it_was(cast: Cast, media_root: Path) -> None:
    picture = upload(cast.asset, cast.mei)
    assert (media_root / storage.place_of(picture.file.sha256)).is_file()


# --- in previews ------------------------------------------------------------------------------


def test_a_preview_shows_pictures_of_assets_that_its_reader_sees(cast: Cast) -> None:
    hidden = AssetFactory(key="hidden", is_restricted=True)
    owner = UserFactory(is_superuser=True)
    picture = upload(hidden, owner)
    body = f'<p>x</p><img src="/content/hidden/pictures/{picture.file.sha256}/">'
    rendition = {"key": "en", "subject": "S", "body": body}
    AssetFactory(key="open", document={"name": "O", "kind": "email", "renditions": [rendition]})
    address = reverse("asset-preview", args=["open", 1])
    assert "data:image/png;base64" in browser(owner).get(address).content.decode()
    theirs = browser(UserFactory()).get(address).content.decode()
    assert "data:image/png;base64" not in theirs
    assert "data:image/svg+xml" in theirs


def test_a_preview_of_a_poster_shows_its_pages_once_they_are_drawn(cast: Cast) -> None:
    asset, picture = poster(cast)
    files = {"poster": {"file": picture.file.sha256, "alt": "P"}}
    document = {"name": "P", "kind": "poster", "renditions": [{"key": "en", "files": files}]}
    content.services.add_version(asset=asset, document=document, actor=cast.mei)
    client = browser(cast.mei)
    page = reverse("asset-preview", args=[asset.key, 2])
    shown = f"{reverse('asset-detail', args=[asset.key])}?version=2"
    assert "being drawn" in client.get(page).content.decode()
    assert 'hx-trigger="every 2s"' in client.get(shown).content.decode()

    tasks.draw(file=picture.file.pk)

    assert client.get(page).content.decode().count("data:image/jpeg;base64") == 2


def test_a_lost_file_is_a_grey_box_and_no_error(cast: Cast) -> None:
    picture = upload(cast.asset, cast.mei)
    body = f'<img src="/content/x/pictures/{picture.file.sha256}/">'
    rendition = {"key": "en", "subject": "S", "body": body}
    AssetFactory(key="lost", document={"name": "O", "kind": "email", "renditions": [rendition]})
    storage.media().delete(storage.place_of(picture.file.sha256))
    answer = browser(cast.mei).get(reverse("asset-preview", args=["lost", 1]))
    assert answer.status_code == 200
    assert "data:image/svg+xml" in answer.content.decode()


def test_the_switches_keep_each_others_choice(cast: Cast) -> None:
    for key in ("maya", "ruth"):
        SampleProfile.objects.create(key=key, name=key.title(), values={})
    address = reverse("asset-detail", args=[cast.asset.key])
    page = browser(cast.mei).get(f"{address}?dark=1&width=mobile&profile=ruth").content.decode()
    page = page.replace("&amp;", "&")
    links = re.findall(r'<a href="\?([^"#]*)#preview"', page)
    chosen = [dict(parse_qsl(one)) for one in links]
    asked = {"dark": "1", "width": "mobile", "profile": "ruth"}
    assert asked | {"width": "desktop"} in chosen
    assert {name: asked[name] for name in ("width", "profile")} in chosen
    frame = f"{reverse('asset-preview', args=[cast.asset.key, 1])}?rendition=en"
    assert f'src="{frame}&profile=ruth&dark=1&width=mobile" sandbox=""' in page


@pytest.mark.parametrize("query", ["profile=\x00", "profile=" + "x" * 9_000, "width=7", "part=%ff"])
def test_choices_that_are_none_are_the_usual(cast: Cast, query: str) -> None:
    address = reverse("asset-preview", args=[cast.asset.key, 1])
    assert browser(cast.mei).get(f"{address}?{query}").status_code == 200


def test_storage_that_breaks_is_counted_and_keeps_no_other_file_back(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, whole = upload(cast.asset, cast.mei), upload(cast.asset, cast.mei, saved("PNG"))
    real = storage.stored

    def stored(digest: str) -> Any:
        if digest == broken.file.sha256:
            raise RuntimeError("of the bucket")
        return real(digest)

    monkeypatch.setattr(storage, "stored", stored)
    Drawing.objects.update(asked_at=timezone.now() - 2 * schedules.PATIENCE)
    schedules.mind_drawings()
    assert set(Drawing.objects.filter(file=whole.file).values_list("state", flat=True)) == {"drawn"}
    waiting = Drawing.objects.filter(file=broken.file)
    assert set(waiting.values_list("state", "attempts")) == {("waiting", 1)}
    waiting.update(attempts=making.MOST_UNEXPECTED - 1)
    schedules.mind_drawings()
    assert set(waiting.values_list("state", flat=True)) == {DrawingState.FAILED}
