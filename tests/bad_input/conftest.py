"""The cast, with browsers that are signed in; what a test writes is rolled back."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from content.models import Asset, AssetVersion
from governance.models import Change, ChangeRevision, LedgerEntry, Notification, Review
from journeys.models import Journey, JourneyVersion
from people.models import User
from tests.api.conftest import Bank, _built, _fresh_rates, as_outermost, bank

__all__ = ["_built", "_fresh_rates", "bank"]

WRITTEN = (
    *(Change, ChangeRevision, LedgerEntry, Notification, Review),
    *(Asset, AssetVersion, Journey, JourneyVersion, User),
)


def written() -> dict[str, int]:
    """How much there is of everything a request could leave behind."""
    return {model.__name__: model._default_manager.count() for model in WRITTEN}


class Browser(Client):
    """A browser of one person; a bug is an answer of 500, as it would be for them."""

    def __init__(self, user: User | None = None) -> None:
        super().__init__(raise_request_exception=False)
        if user is not None:
            self.force_login(user)
        self.kept = self.cookies.copy()

    def request(self, **request: Any) -> Any:
        with as_outermost():
            return super().request(**request)

    def post(self, path: str, data: Any = None, *args: Any, **options: Any) -> Any:
        """Send a form; about a change with the digest that its page holds, unless told another."""
        about = re.match(r"/changes/(\d{1,9})/(take|edit)/", path)
        if about and isinstance(data or {}, dict) and "digest" not in (data or {}):
            change = Change.objects.filter(pk=int(about[1])).first()
            data = {**(data or {}), "digest": change.digest if change else "0" * 64}
        return super().post(path, data, *args, **options)

    def forget(self) -> None:
        """Be again as just after signing in."""
        self.cookies = self.kept.copy()


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens in the block leaves nothing behind."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def browse(bank: Bank) -> Callable[[str], Browser]:
    """Opens the browser of one of the cast."""
    return lambda name: Browser(bank.user(name))


def words_of(answer: Any) -> str:
    """What the page says, without its frame, for the message of a test that fails."""
    page = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())[:2_000]


def is_refused(answer: Any, status: int | tuple[int, ...], *words: str) -> str:
    """Check that the answer is a page of the portal with that status; its text."""
    text: str = answer.content.decode()
    wanted = status if isinstance(status, tuple) else (status,)
    assert answer.status_code in wanted, (answer.status_code, words_of(answer))
    assert answer["Content-Type"].startswith("text/html")
    # Of the portal, not Django's bare page.
    assert "/static/cjops/" in text
    for word in words:
        assert word in text
    return text
