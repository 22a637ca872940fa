"""Uploads far over the limit meet a web process whose memory stays as it was."""

import re
import socket
from pathlib import Path

import pytest

from tests.plugins.servers import portal_of_its_own

pytestmark = pytest.mark.servers
BOUNDARY = "------------------------a1b2c3"
SENT = 200 * 1024 * 1024
# What a process may have grown by at most, in kB; measured: nothing at all.
MOST_GROWTH = 8 * 1024
TOKEN = "a" * 32


@pytest.fixture(scope="module")
def portal():
    """Web, worker and beat with an empty database."""
    with portal_of_its_own(is_seeded=False) as made:
        made.start()
        made.wait_until_ready(300)
        yield made


def highest(portal) -> int:
    """The most memory that any process of the portal ever held, in kB."""
    found = []
    for pid in portal.processes():
        try:
            said = Path(f"/proc/{pid}/status").read_text()
        except OSError:
            continue
        found += [int(kb) for kb in re.findall(r"VmHWM:\s+(\d+) kB", said)]
    return max(found)


def head_of(portal, *, length: int | None) -> bytes:
    how = f"Content-Length: {length}" if length else "Transfer-Encoding: chunked"
    return (
        f"POST /content/any/pictures/ HTTP/1.1\r\nHost: 127.0.0.1:{portal.port}\r\n"
        f"Cookie: csrftoken={TOKEN}\r\nContent-Type: multipart/form-data; boundary={BOUNDARY}\r\n"
        f"{how}\r\nConnection: close\r\n\r\n"
    ).encode()


def form() -> bytes:
    """How the form begins; the token comes after the file."""
    return (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n'
        "Content-Type: image/png\r\n\r\n"
    ).encode()


def sent(portal, *, chunked: bool) -> tuple[bytes, int]:
    """The answer to a file of 200 MB, and how much of it could be sent until it came."""
    piece, taken = b"\x89PNG" * 16_384, 0
    with socket.create_connection(("127.0.0.1", portal.port), timeout=60) as line:
        line.sendall(head_of(portal, length=None if chunked else SENT))
        try:
            for number in range(SENT // len(piece)):
                data = (form() if number == 0 else b"") + piece
                line.sendall(b"%x\r\n%s\r\n" % (len(data), data) if chunked else data)
                taken += len(data)
        except OSError:
            # Nobody listens any more: the answer is there.
            pass
        answer = b""
        try:
            while part := line.recv(65_536):
                answer += part
        except OSError:
            pass
    return answer, taken


@pytest.mark.parametrize(
    ("chunked", "status"),
    # Without its length a body counts as empty, so that there is no token in it either.
    [(False, b"HTTP/1.1 413"), (True, b"HTTP/1.1 403")],
    ids=["with its length", "in chunks"],
)
def test_a_file_of_200_mb_is_refused_and_memory_stays(portal, chunked, status):
    sent(portal, chunked=chunked)
    before = highest(portal)

    answer, taken = sent(portal, chunked=chunked)

    assert answer.startswith(status)
    assert taken < SENT
    assert highest(portal) - before < MOST_GROWTH
    assert portal.ready()[0] == 200
