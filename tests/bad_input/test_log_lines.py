"""No request writes a line of the log that it was not given, nor steers a terminal."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
import structlog
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cjops.core import logs
from tests.bad_input import pictures
from tests.cast import Cast

FORGED = "2026-11-22 info forged_event user_id=1"
# What ends a line, or shows another one, in one program or another.
BREAKS = {
    "lf": "\n", "cr": "\r", "crlf": "\r\n", "vt": "\v", "ff": "\f", "nel": "\x85",
    "fs": "\x1c", "gs": "\x1d", "rs": "\x1e", "line": "\u2028", "paragraph": "\u2029",
    "nul": "\x00", "backspace": "\b" * 40, "delete": "\x7f",
    "ansi": "\x1b[2K\x1b[1G", "ansi-title": "\x1b]0;x\x07", "csi": "\x9b2K",
    "rtl": "\u202e", "isolate": "\u2066",
}  # fmt: skip
HARM = frozenset(one for one in "".join(BREAKS.values()) if not one.isprintable())


@pytest.fixture(params=["console", "json"])
def lines(request: pytest.FixtureRequest) -> Iterator[Callable[[], list[str]]]:
    """The lines of all loggers, formatted as the portal does."""
    lines_of = logs.configuration(request.param)["formatters"]["lines"]
    formatter = structlog.stdlib.ProcessorFormatter(
        processors=lines_of["processors"], foreign_pre_chain=lines_of["foreign_pre_chain"]
    )
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)

    def read() -> list[str]:
        text = stream.getvalue()
        assert text.endswith("\n") or not text
        # As the strictest reader would part them.
        found = text.splitlines()
        assert len(found) == text.count("\n")
        assert not HARM & set("".join(found))
        for line in found if request.param == "json" else ():
            json.loads(line)
        return found

    yield read
    root.removeHandler(handler)
    root.setLevel(before)


def begins_with_it(found: list[str]) -> bool:
    """Whether the forged text looks like an event of its own."""
    return any(line.lstrip().startswith((FORGED, "forged_event")) for line in found)


def send_everywhere(client: Client, text: str) -> None:
    """The text in paths, queries, headers, bodies and names."""
    address = quote(text, safe="")
    headers = {
        header: text.encode().decode("latin-1")
        for header in ("User-Agent", "Referer", "X-Request-ID", "X-Correlation-ID", "Accept",
                       "X-Forwarded-For", "If-None-Match", "Accept-Language")
    }  # fmt: skip
    client.get(f"/{address}", headers=headers)
    client.get(f"/content/?q={address}&{address}=1", headers=headers)
    client.get(f"/content/{address}/pictures/{address}/", headers=headers)
    client.post("/preferences/", {"name": text, "locale": "en", "time_zone": "UTC"})
    client.post(f"/api/v1/{address}/", text, content_type="application/json", headers=headers)
    report = json.dumps({"csp-report": {"blocked-uri": text, "document-uri": text}})
    client.post("/security/reports/", report, content_type="application/json")
    sent = SimpleUploadedFile(text + ".png", pictures.SVG, content_type="image/png")
    client.post("/content/onboarding-welcome/pictures/", {"file": sent})


def test_no_request_forges_a_line(
    cast: Cast, lines: Callable[[], list[str]], media_root: Any
) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(cast.mei)
    for broken in BREAKS.values():
        send_everywhere(client, f"x{broken}{FORGED}")
    client.logout()
    for broken in BREAKS.values():
        text = f"x{broken}{FORGED}"
        client.post("/accounts/login/", {"login": f"{text}@bank.example", "password": text})

    found = lines()
    assert len(found) > len(BREAKS)
    assert not begins_with_it(found)


def test_a_name_of_a_person_forges_no_line(cast: Cast, lines: Callable[[], list[str]]) -> None:
    everything = "".join(BREAKS.values())
    structlog.get_logger("tests.logs").warning("left", who=f"Mei{everything}{FORGED}")
    logging.getLogger("tests.logs").warning("left %s", f"Mei{everything}{FORGED}")

    found = lines()
    assert len(found) == 2
    assert not begins_with_it(found)
    assert all("forged_event" in line for line in found)


def test_an_exception_forges_no_line(lines: Callable[[], list[str]]) -> None:
    try:
        raise ValueError("".join(BREAKS.values()) + FORGED)
    except ValueError:
        structlog.get_logger("tests.logs").exception("failed")

    assert not begins_with_it(lines())
