"""Pictures of assets: who uploads them, who sees them, and how they are kept and served."""

import io
import re
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import content.services
from cjops.core.errors import Conflict, Forbidden, Invalid
from cjops.core.models import AuditEntry
from content.media import services, storage
from content.media.naming import cleaned
from content.models import Asset, MediaFile, Picture
from people import granting
from people.models import Role, Team, User
from tests.bad_input import pictures
from tests.cast import Cast, email_document

PNG = pictures.saved("PNG")


def upload(asset: Asset, actor: User, data: bytes = PNG, name: str = "logo.png") -> Picture:
    return services.upload_picture(asset=asset, file=io.BytesIO(data), name=name, actor=actor)[0]


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def hidden(cast: Cast) -> Asset:
    """A restricted asset of a team in which of the cast only Zoe is."""
    return content.services.create_asset(
        key="secret-offer",
        name="Secret offer",
        kind="email",
        team=Team.objects.get(key="web"),
        document=email_document(),
        actor=cast.zoe,
        is_restricted=True,
    ).subject


def address(picture: Picture) -> str:
    return reverse("asset-picture", args=[picture.asset.key, picture.file.sha256])


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


# --- uploading --------------------------------------------------------------------------------


def test_the_file_is_stored_under_its_hash_for_its_owner_alone(
    cast: Cast, media_root: Path
) -> None:
    picture = upload(cast.asset, cast.mei)

    (path,) = files_in(media_root)
    assert path.name == picture.file.sha256 == sha256(path.read_bytes()).hexdigest()
    assert (picture.file.size, picture.file.width, picture.file.height) == (
        path.stat().st_size, 12, 8,
    )  # fmt: skip
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_nobody_outside_the_team_uploads(cast: Cast, media_root: Path) -> None:
    with pytest.raises(Forbidden):
        upload(cast.asset, cast.zoe)

    assert files_in(media_root) == []
    assert not Picture.objects.exists()


def test_who_was_granted_to_propose_uploads(cast: Cast, media_root: Path) -> None:
    granting.give(
        on=granting.on(cast.asset),
        role=Role.objects.get(key="contributor"),
        user=cast.zoe,
        actor=None,
    )

    assert upload(cast.asset, User.objects.get(pk=cast.zoe.pk)).uploaded_by == cast.zoe


def test_an_upload_is_in_the_ledger_without_its_name(cast: Cast, media_root: Path) -> None:
    picture = upload(cast.asset, cast.mei, name="Mei Lee at home.png")

    entry = AuditEntry.objects.get(action="picture.uploaded")
    assert (entry.about, entry.about_id, entry.actor_id) == (
        "content.picture", picture.pk, cast.mei.pk,
    )  # fmt: skip
    assert entry.data["sha256"] == picture.file.sha256
    assert "Lee" not in entry.body


def test_the_same_again_is_the_same_picture(cast: Cast, media_root: Path) -> None:
    first = upload(cast.asset, cast.mei)
    again, is_new = services.upload_picture(
        asset=cast.asset, file=io.BytesIO(PNG), name="other.png", actor=cast.tom
    )

    assert (again, is_new) == (first, False)
    assert AuditEntry.objects.filter(action="picture.uploaded").count() == 1


def test_the_same_for_two_assets_is_stored_once_and_told_to_nobody(
    cast: Cast, hidden: Asset, media_root: Path
) -> None:
    one = upload(hidden, cast.zoe)
    other, is_new = services.upload_picture(
        asset=cast.asset, file=io.BytesIO(PNG), name="mine.png", actor=cast.mei
    )

    assert is_new
    assert one.file == other.file
    assert MediaFile.objects.count() == len(files_in(media_root)) == 1
    assert (other.name, other.uploaded_by) == ("mine.png", cast.mei)


def test_a_spoilt_file_is_whole_again_when_it_is_uploaded_once_more(
    cast: Cast, media_root: Path
) -> None:
    picture = upload(cast.asset, cast.mei)
    (path,) = files_in(media_root)
    path.write_bytes(b"spoilt")
    upload(cast.asset, cast.mei)

    assert sha256(path.read_bytes()).hexdigest() == picture.file.sha256


def test_an_asset_has_no_more_than_it_may(cast: Cast, media_root: Path, settings: Any) -> None:
    settings.CJOPS = {**settings.CJOPS, "PICTURES_OF_ASSET": 1}
    upload(cast.asset, cast.mei)
    with pytest.raises(Conflict):
        upload(cast.asset, cast.mei, pictures.saved("PNG", (9, 9)))

    assert Picture.objects.count() == 1
    # The very one that is there is no further one.
    upload(cast.asset, cast.mei)


@pytest.mark.parametrize("kind", ["GIF", "JPEG", "PNG", "WEBP"])
def test_a_name_may_not_contradict_the_content(cast: Cast, media_root: Path, kind: str) -> None:
    wrong = "logo.gif" if kind != "GIF" else "logo.png"
    with pytest.raises(Invalid) as refusal:
        upload(cast.asset, cast.mei, pictures.saved(kind), wrong)

    assert wrong[-4:] in refusal.value.errors["file"][0]
    assert files_in(media_root) == []


@pytest.mark.parametrize("declared", ["image/gif", "text/html", "image/svg+xml", "x"])
def test_the_sender_may_not_call_it_something_else(
    cast: Cast, media_root: Path, declared: str
) -> None:
    with pytest.raises(Invalid):
        services.upload_picture(
            asset=cast.asset, file=io.BytesIO(PNG), name="a", declared=declared, actor=cast.mei
        )

    assert files_in(media_root) == []


@pytest.mark.parametrize(
    ("name", "declared"),
    [("a", ""), ("a.png", "image/png"), ("A.PNG", "IMAGE/PNG; x=y"), ("a.png", "image/x-png"),
     ("", "application/octet-stream")],
)  # fmt: skip
def test_who_says_nothing_wrong_is_believed(
    cast: Cast, media_root: Path, name: str, declared: str
) -> None:
    picture, is_new = services.upload_picture(
        asset=cast.asset, file=io.BytesIO(PNG), name=name, declared=declared, actor=cast.mei
    )

    assert is_new
    assert picture.name.endswith(".png")


NAMES = {
    "../../etc/passwd.png": "passwd.png",
    "..\\..\\windows\\x.png": "x.png",
    "/etc/passwd": "passwd.png",
    "C:\\a\\b.png": "b.png",
    "a\x00b.png": "ab.png",
    "a\r\nSet-Cookie: x=y.png": "a Set-Cookie_ x=y.png",
    "gnp\u202egnp.exe.png": "gnp gnp.exe.png",
    "a\u2028b\u200b.png": "a b.png",
    "\ud800.png": "picture.png",
    "x" * 300 + ".png": "x" * 100 + ".png",
    '"><script>.png': "____script_.png"[1:],
    "....png": "picture.png",
    ".htaccess": "htaccess.png",
    "": "picture.png",
    " ": "picture.png",
    "logo.png.exe": "logo.png.png",
    "logo.php.png": "logo.php.png",
    "标志 2026.png": "标志 2026.png",
    "e\u0301.png": "é.png",
}


@pytest.mark.parametrize(
    ("name", "wanted"), NAMES.items(), ids=[ascii(name)[:30] for name in NAMES]
)
def test_a_name_is_a_short_line_without_folders(name: str, wanted: str) -> None:
    assert cleaned(name, "image/png") == wanted


def test_a_broken_storage_leaves_no_row(cast: Cast, media_root: Path, monkeypatch: Any) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        upload(cast.asset, cast.mei)

    assert not Picture.objects.exists()
    assert files_in(media_root) == []


def test_what_breaks_before_the_row_leaves_bytes_that_are_tidied(
    cast: Cast, media_root: Path, monkeypatch: Any, capsys: Any
) -> None:
    kept = upload(cast.asset, cast.mei)

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(services, "record", broken)
        with pytest.raises(RuntimeError):
            upload(cast.asset, cast.mei, pictures.saved("GIF"), "a.gif")
    assert len(files_in(media_root)) == 2
    # Another upload may be between the two just now.
    call_command("tidy_media")
    assert len(files_in(media_root)) == 2
    later = timezone.now() + timedelta(days=2)
    monkeypatch.setattr("content.media.tidying.timezone.now", lambda: later)
    call_command("tidy_media", check=True)
    assert len(files_in(media_root)) == 2
    call_command("tidy_media")

    assert [path.name for path in files_in(media_root)] == [kept.file.sha256]


def test_a_lost_file_is_told(cast: Cast, media_root: Path, capsys: Any) -> None:
    picture = upload(cast.asset, cast.mei)
    (path,) = files_in(media_root)
    path.unlink()
    with pytest.raises(CommandError, match="1 files"):
        call_command("tidy_media")

    assert picture.file.sha256 in capsys.readouterr().out
    assert browser(cast.mei).get(address(picture)).status_code == 404


# --- serving ----------------------------------------------------------------------------------


def test_a_picture_is_served_locked_up(cast: Cast, media_root: Path) -> None:
    picture = upload(cast.asset, cast.mei, name="标志 1.png")
    answer = browser(cast.mei).get(address(picture))

    assert answer.status_code == 200
    assert sha256(answer.getvalue()).hexdigest() == picture.file.sha256
    assert answer["Content-Type"] == "image/png"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("default-src 'none'; sandbox")
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Cache-Control"] == "private, no-cache"


def test_a_browser_that_has_it_is_asked_each_time_and_sent_nothing(
    cast: Cast, media_root: Path
) -> None:
    picture = upload(cast.asset, cast.mei)
    client = browser(cast.mei)
    tag = client.get(address(picture))["ETag"]
    again = client.get(address(picture), headers={"If-None-Match": tag})

    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == tag
    other = client.get(address(picture), headers={"If-None-Match": '"other"'})
    assert other.status_code == 200


def test_no_address_leads_to_the_folder(cast: Cast, media_root: Path) -> None:
    picture = upload(cast.asset, cast.mei)
    (path,) = files_in(media_root)
    place = path.relative_to(media_root)
    client = browser(cast.mei)

    for wanted in (f"/{place}", f"/media/{place}", f"/static/{place}", f"/static/../{place}",
                   f"/{path}", f"/media/{picture.file.sha256}/"):  # fmt: skip
        assert client.get(wanted).status_code == 404


def test_only_who_sees_the_asset_sees_its_pictures(
    cast: Cast, hidden: Asset, media_root: Path
) -> None:
    picture = upload(hidden, cast.zoe)
    there_is_none = reverse("asset-picture", args=[hidden.key, "0" * 64])
    client = browser(cast.mei)

    assert browser(cast.zoe).get(address(picture)).status_code == 200
    seen = client.get(address(picture))
    missing = client.get(there_is_none)
    assert seen.status_code == missing.status_code == 404
    own = re.compile(rb"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{64}|[\w]{64}")
    assert own.sub(b"", seen.content) == own.sub(b"", missing.content)
    assert Client().get(address(picture)).status_code == 302


def test_the_same_bytes_are_seen_through_the_own_asset_alone(
    cast: Cast, hidden: Asset, media_root: Path
) -> None:
    secret = upload(hidden, cast.zoe, name="secret.png")
    mine = upload(cast.asset, cast.mei, name="mine.png")
    client = browser(cast.mei)

    answer = client.get(address(mine))
    assert answer.status_code == 200
    assert "mine.png" in answer["Content-Disposition"]
    assert client.get(address(secret)).status_code == 404
    page = client.get(reverse("asset-pictures", args=[cast.asset.key])).content.decode()
    assert "mine.png" in page
    assert "secret" not in page


def test_sight_that_ended_ends_for_pictures(cast: Cast, hidden: Asset, media_root: Path) -> None:
    picture = upload(hidden, cast.zoe)
    role = Role.objects.get(key="contributor")
    given = granting.give(on=granting.on(hidden), role=role, user=cast.mei, actor=None)
    client = browser(cast.mei)
    tag = client.get(address(picture))["ETag"]
    granting.take_back(grant=given, actor=None)

    assert client.get(address(picture), headers={"If-None-Match": tag}).status_code == 404


# --- the pages --------------------------------------------------------------------------------


def send(client: Client, key: str, data: bytes, name: str, kind: str = "image/png") -> Any:
    sent = {"file": SimpleUploadedFile(name, data, content_type=kind)}
    return client.post(reverse("asset-pictures", args=[key]), sent)


def test_a_picture_is_uploaded_by_form_and_shown(cast: Cast, media_root: Path) -> None:
    client = browser(cast.mei)
    answer = send(client, cast.asset.key, PNG, "logo.png")
    page = client.get(answer["Location"].partition("#")[0]).content.decode()

    picture = Picture.objects.get()
    assert answer.status_code == 302
    assert f'<img src="{address(picture)}" width="12" height="8"' in page
    assert f'data-copy="{address(picture)}"' in page
    assert "is uploaded" in page


def test_a_refused_file_says_why_beside_its_field(cast: Cast, media_root: Path) -> None:
    answer = send(browser(cast.mei), cast.asset.key, pictures.SVG, "logo.png")
    page = answer.content.decode()

    assert answer.status_code == 422
    assert 'id="id_file_error"' in page
    assert "This is no PNG, JPEG, GIF or WebP picture" in page
    assert 'aria-invalid="true"' in page
    assert files_in(media_root) == []


def test_a_form_without_a_file_says_so(cast: Cast, media_root: Path) -> None:
    answer = browser(cast.mei).post(reverse("asset-pictures", args=[cast.asset.key]), {"file": "x"})

    assert answer.status_code == 422
    assert "Choose a file first" in answer.content.decode()


def test_an_empty_file_says_so(cast: Cast, media_root: Path) -> None:
    answer = send(browser(cast.mei), cast.asset.key, b"", "logo.png")

    assert answer.status_code == 422
    assert "The file is empty" in answer.content.decode()


def test_whoever_may_not_upload_has_no_form(cast: Cast, media_root: Path) -> None:
    upload(cast.asset, cast.mei)
    client = browser(cast.zoe)
    page = client.get(reverse("asset-pictures", args=[cast.asset.key])).content.decode()

    assert "logo.png" in page
    assert 'type="file"' not in page
    assert send(client, cast.asset.key, PNG, "logo.png").status_code == 403


def test_a_name_does_nothing_in_the_page(cast: Cast, media_root: Path) -> None:
    client = browser(cast.mei)
    send(client, cast.asset.key, PNG, '"><img src=x onerror=alert(1)>.png')
    page = client.get(reverse("asset-pictures", args=[cast.asset.key])).content.decode()

    assert "<img src=x" not in page


def test_storage_opens_what_it_stored(media_root: Path) -> None:
    storage.store("ab" * 32, b"bytes")
    with storage.stored("ab" * 32) as file:
        assert file.read() == b"bytes"
