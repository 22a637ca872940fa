"""Asking for an address as somebody, and what of the answer must not be there."""

import re
from html import escape
from typing import Any
from urllib.parse import quote

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.leaks.addresses import MISSING_NUMBER
from tests.leaks.scene import FIRST_NUMBER, KEY, MISSING_KEY, NUMBERS, WORD

# What differs from one answer to the next: the request's id, and what signs forms.
OWN = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|name=\"csrfmiddlewaretoken\" value=\"\w+\"|csrftoken=\w+|expires=[^;]+"
    r"|\"X-CSRFToken\":\s*\"\w+\"|name=\"form_token\" value=\"[^\"]+\""
    r"|\b\d{7}\b|X-CSRFToken\S{0,12}\w{64}"
)
SHOWN = 160


class Looker:
    """One person's browser, or their program with a token."""

    def __init__(self, user: Any = None, token: str = "") -> None:
        self.client = Client(raise_request_exception=True)
        if user is not None:
            self.client.force_login(user)
        self.token = token
        self.wrong: list[str] = []
        self.seen = 0
        self.missing: dict[str, str] = {}

    def ask(self, address: str, **headers: str) -> Any:
        if self.token and address.startswith("/api/"):
            headers["Authorization"] = f"Token {self.token}"
        self.client.cookies.pop("messages", None)
        return self.client.get(address, headers=headers)

    def look(self, address: str, absent: str, digests: set[str], **headers: str) -> None:
        """Note what the answer tells; that of a hidden thing has to be that of a missing one."""
        self.seen += 1
        answer = self.ask(address, **headers)
        text = whole(answer, address)
        if address == absent:
            self._search(address, answer, text, digests)
            return
        if absent not in self.missing:
            self.missing[absent] = whole(self.ask(absent, **headers), absent)
        other = self.missing[absent]
        if normal(text) != normal(other):
            self.wrong.append(f"{address} {answer.status_code}: {difference(text, other)}")

    def take(self, address: str, digests: set[str]) -> str:
        """Send a form without fields and read the whole answer, such as a file; note what it
        tells."""
        self.seen += 1
        answer = self.client.post(address)
        text = whole(answer, address)
        self._search(address, answer, text, digests)
        return text

    def _search(self, address: str, answer: Any, text: str, digests: set[str]) -> None:
        if answer.status_code >= 500 and "health" not in address:
            self.wrong.append(f"{address}: {answer.status_code}")
        for found in re.finditer(f"{WORD}|{KEY}|{NUMBERS.pattern}", text, re.IGNORECASE):
            around = text[max(0, found.start() - SHOWN) : found.end() + 60]
            self.wrong.append(f"{address}: … {' '.join(around.split())}")
            break
        for digest in digests:
            if digest in text or f"{digest[:12]}" in text:
                self.wrong.append(f"{address}: digest {digest[:12]}")


def whole(answer: Any, address: str) -> str:
    """Status, headers and body of an answer as one text; its own address stands for nothing."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    headers = "\n".join(f"{name}: {value}" for name, value in sorted(answer.headers.items()))
    # Signed anew each time; what it says is on the next page.
    cookies = [name for name in answer.cookies if name != "messages"]
    return (
        f"{answer.status_code}\n{headers}\n{cookies}\n\n{body.decode(errors='replace')}".replace(
            address, "ADDRESS"
        )
        .replace(escape(address), "ADDRESS")
        .replace(quote(address), "ADDRESS")
    )


def normal(text: str) -> str:
    """The same text for what is hidden and what is missing, where nothing is told."""
    text = re.sub(r"Content-Length: \d+|Expires: .*", "", text)
    text = text.replace(MISSING_KEY, "KEY").replace(KEY, "KEY")
    text = re.sub("zqnone|zqword", "WORD", text, flags=re.IGNORECASE)
    text = NUMBERS.sub("NUMBER", text).replace(str(MISSING_NUMBER), "NUMBER")
    return OWN.sub("", text)


def difference(text: str, other: str) -> str:
    """Where the two begin to differ."""
    one, two = normal(text), normal(other)
    at = next((n for n, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), 0)
    return f"…{' '.join(one[max(0, at - 60) : at + 90].split())}… is not …{two[at : at + 60]}…"


def queries(looker: Looker, address: str) -> int:
    """How many statements the answer takes."""
    with CaptureQueriesContext(connection) as captured:
        looker.ask(address)
    return len(captured)


assert str(FIRST_NUMBER)[:5] == "77000"
