"""Uploads over real connections: cut off in the middle, far too large, two at once."""

import io
import socket
import threading
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import close_old_connections, connection
from django.test import Client

import content.services
from cjops.core.models import AuditEntry
from content.media import services
from content.models import MediaFile, Picture
from tests.bad_input import pictures
from tests.cast import Cast, email_document

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("media_root")]
ADDRESS = "/content/onboarding-welcome/pictures/"
BOUNDARY = "------------------------a1b2c3"


@pytest.fixture
def temporary(settings: Any, tmp_path: Path) -> Path:
    """Where files lie that are on their way in; each of them, however small."""
    folder = tmp_path / "incoming"
    folder.mkdir()
    settings.FILE_UPLOAD_TEMP_DIR = str(folder)
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    return folder


def form(data: bytes, token: str, *, token_first: bool = True) -> bytes:
    """The body of a form with a file, as browsers send it."""
    said = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n'
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="logo.png"\r\n'
        "Content-Type: image/png\r\n\r\n"
    )
    parts = [f"{said}{token}\r\n".encode(), head.encode() + data + b"\r\n"]
    return b"".join(parts if token_first else parts[::-1]) + f"--{BOUNDARY}--\r\n".encode()


class Sender:
    """Mei's browser, as far as the bytes it sends."""

    def __init__(self, url: str, user: Any) -> None:
        client = Client()
        client.force_login(user)
        self.session = client.cookies["sessionid"].value
        self.token = "a" * 32
        self.host, self.port = str(urlsplit(url).hostname), urlsplit(url).port

    def send(self, body: bytes, *, length: int | None = None, cut: int | None = None) -> bytes:
        """The answer to a form; with `cut` the connection ends after that many bytes."""
        head = (
            f"POST {ADDRESS} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\n"
            f"Cookie: sessionid={self.session}; csrftoken={self.token}\r\n"
            f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n"
            f"Content-Length: {len(body) if length is None else length}\r\n"
            "Connection: close\r\n\r\n"
        ).encode()
        with socket.create_connection((self.host, self.port), timeout=30) as line:
            line.sendall(head + (body if cut is None else body[:cut]))
            if cut is not None:
                line.shutdown(socket.SHUT_WR)
            answer = b""
            while part := line.recv(65_536):
                answer += part
        return answer


@pytest.fixture
def sender(cast: Cast, live_server: Any) -> Sender:
    return Sender(live_server.url, cast.mei)


def kept(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def nothing_is_left(media_root: Path, temporary: Path) -> bool:
    return not (
        kept(media_root)
        or kept(temporary)
        or Picture.objects.exists()
        or MediaFile.objects.exists()
        or AuditEntry.objects.filter(action="picture.uploaded").exists()
    )


def test_a_whole_one_arrives(sender: Sender, media_root: Path, temporary: Path) -> None:
    answer = sender.send(form(pictures.saved("PNG"), sender.token))

    assert answer.startswith(b"HTTP/1.1 302")
    assert Picture.objects.count() == len(kept(media_root)) == 1
    assert kept(temporary) == []


@pytest.mark.parametrize("token_first", [True, False])
@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_one_that_is_cut_off_leaves_nothing(
    sender: Sender, media_root: Path, temporary: Path, share: float, token_first: bool
) -> None:
    noise = pictures.noise("PNG", 300)
    body = form(noise, sender.token, token_first=token_first)
    assert len(noise) > 150_000
    answer = sender.send(body, cut=int(len(body) * share))

    assert not answer.startswith((b"HTTP/1.1 2", b"HTTP/1.1 3", b"HTTP/1.1 5"))
    assert nothing_is_left(media_root, temporary)


def test_one_that_says_it_is_too_large_is_refused_before_it_is_sent(
    sender: Sender, media_root: Path, temporary: Path
) -> None:
    answer = sender.send(b"", length=10**12, cut=0)

    assert answer.startswith(b"HTTP/1.1 413")
    assert b"larger than 10" in answer
    assert nothing_is_left(media_root, temporary)


def test_one_that_is_too_large_is_refused(
    sender: Sender, media_root: Path, temporary: Path, settings: Any
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 200_000
    answer = sender.send(form(bytes(2_000_000), sender.token))

    assert answer.startswith(b"HTTP/1.1 413")
    assert nothing_is_left(media_root, temporary)


def test_strangers_leave_nothing_either(sender: Sender, media_root: Path, temporary: Path) -> None:
    sender.session = "nobody"
    answer = sender.send(form(pictures.saved("PNG"), sender.token))

    assert answer.startswith(b"HTTP/1.1 302")
    assert b"/accounts/login/" in answer
    assert nothing_is_left(media_root, temporary)


def test_a_form_without_its_token_leaves_nothing(
    sender: Sender, media_root: Path, temporary: Path
) -> None:
    answer = sender.send(form(pictures.saved("PNG"), "b" * 32))

    assert answer.startswith(b"HTTP/1.1 403")
    assert nothing_is_left(media_root, temporary)


def test_two_people_upload_the_same_at_once(cast: Cast, media_root: Path) -> None:
    start = threading.Barrier(6)
    wrong: list[BaseException] = []
    data = pictures.saved("PNG")

    def upload(actor: Any) -> None:
        try:
            start.wait(20)
            services.upload_picture(
                asset=cast.asset, file=io.BytesIO(data), name="logo.png", actor=actor
            )
        except BaseException as error:  # noqa: BLE001 - told to the test
            wrong.append(error)
        finally:
            connection.close()
            close_old_connections()

    threads = [threading.Thread(target=upload, args=[who]) for who in (cast.mei, cast.tom) * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert wrong == []
    assert Picture.objects.count() == MediaFile.objects.count() == len(kept(media_root)) == 1
    assert AuditEntry.objects.filter(action="picture.uploaded").count() == 1


def test_the_same_for_two_assets_at_once(cast: Cast, media_root: Path) -> None:
    other = content.services.create_asset(
        key="second", name="Second", kind="email", team=cast.asset.team,
        document=email_document("Second"), actor=cast.mei,
    ).subject  # fmt: skip
    start = threading.Barrier(2)
    wrong: list[BaseException] = []
    data = pictures.saved("GIF")

    def upload(asset: Any) -> None:
        try:
            start.wait(20)
            services.upload_picture(
                asset=asset, file=io.BytesIO(data), name="logo.gif", actor=cast.mei
            )
        except BaseException as error:  # noqa: BLE001 - told to the test
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=upload, args=[asset]) for asset in (cast.asset, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert wrong == []
    assert (Picture.objects.count(), MediaFile.objects.count(), len(kept(media_root))) == (2, 1, 1)
