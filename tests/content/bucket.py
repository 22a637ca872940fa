"""A bucket at the edge of the machine: a server on 127.0.0.1 that speaks as much S3 as is needed.

It is strict where a real one is: requests are signed, the body is what its hash says, and no ACL
comes along, which buckets made since 2023 refuse. Lists come in pages of a few.
"""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

KEY, NAME, PAGE = "PORTAL-KEY", "cjops-media", 2


@dataclass
class Bucket:
    """What is in it by name, when each was written, and what was asked of it."""

    held: dict[str, bytes] = field(default_factory=dict)
    written: dict[str, datetime] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    endpoint: str = ""
    is_out_of_order: bool = False


@contextmanager
def served() -> Iterator[Bucket]:
    """A bucket as long as the block lasts."""
    bucket = Bucket()

    class Handler(_Handler):
        of = bucket

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    bucket.endpoint = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield bucket
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    of: Bucket
    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        if not self._is_allowed():
            return
        if self.headers.get("x-amz-acl"):
            self._refuse(400, "AccessControlListNotSupported")
        elif self.headers["x-amz-content-sha256"] != hashlib.sha256(data).hexdigest():
            self._refuse(400, "XAmzContentSHA256Mismatch")
        else:
            self.of.held[self._key()] = data
            self.of.written[self._key()] = datetime.now(UTC)
            self._answer(200, headers={"ETag": _tag(data)})

    def do_GET(self) -> None:
        if self._is_allowed():
            if self._key():
                self._object()
            else:
                self._list()

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_DELETE(self) -> None:
        if self._is_allowed():
            self.of.held.pop(self._key(), None)
            self._answer(204)

    def _object(self) -> None:
        data = self.of.held.get(self._key())
        if data is None:
            self._refuse(404, "NoSuchKey")
            return
        changed = format_datetime(self.of.written[self._key()], usegmt=True)
        headers = {"ETag": _tag(data), "Last-Modified": changed}
        if asked := self.headers.get("Range", ""):
            first, _dash, last = asked.removeprefix("bytes=").partition("-")
            end = int(last) + 1 if last else len(data)
            headers["Content-Range"] = f"bytes {first}-{end - 1}/{len(data)}"
            self._answer(206, data[int(first) : end], headers)
        else:
            self._answer(200, data, headers)

    def _list(self) -> None:
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        prefix, after = query.get("prefix", ""), query.get("marker", "")
        parts = {}
        for name in sorted(self.of.held):
            if name.startswith(prefix):
                rest, slash, _below = name[len(prefix) :].partition("/")
                parts[f"{prefix}{rest}{slash}"] = bool(slash)
        waiting = [name for name in parts if name > after]
        shown = waiting[:PAGE]
        entries = "".join(
            f"<CommonPrefixes><Prefix>{escape(name)}</Prefix></CommonPrefixes>"
            if parts[name]
            else f"<Contents><Key>{escape(name)}</Key><Size>1</Size></Contents>"
            for name in shown
        )
        is_cut = len(waiting) > len(shown)
        marker = f"<NextMarker>{escape(shown[-1])}</NextMarker>" if is_cut else ""
        self._answer(
            200,
            f"<ListBucketResult><Name>{NAME}</Name><Prefix>{escape(prefix)}</Prefix>"
            f"<IsTruncated>{str(is_cut).lower()}</IsTruncated>{marker}{entries}"
            "</ListBucketResult>".encode(),
            {"Content-Type": "application/xml"},
        )

    def _is_allowed(self) -> bool:
        self.of.asked.append(f"{self.command} {self._key()}")
        signed = self.headers.get("Authorization", "")
        if self.of.is_out_of_order:
            self._refuse(403, "AccessDenied")
        elif not signed.startswith(f"AWS4-HMAC-SHA256 Credential={KEY}/"):
            self._refuse(403, "InvalidAccessKeyId")
        elif unquote(urlsplit(self.path).path).split("/")[1] != NAME:
            self._refuse(404, "NoSuchBucket")
        else:
            return True
        return False

    def _key(self) -> str:
        return unquote(urlsplit(self.path).path).lstrip("/").partition("/")[2]

    def _refuse(self, status: int, code: str) -> None:
        data = f"<Error><Code>{code}</Code><Message>{code}</Message></Error>".encode()
        self._answer(status, data, {"Content-Type": "application/xml"})

    def _answer(
        self, status: int, data: bytes = b"", headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def _tag(data: bytes) -> str:
    return f'"{hashlib.sha256(data).hexdigest()[:32]}"'
