"""Pages that stay right while rows are added: they start where the last one ended."""

import base64
import binascii
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

import orjson
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.utils.urls import remove_query_param, replace_query_param

from cjops.core.errors import Invalid

PAGE_SIZE, MAX_PAGE_SIZE = 50, 200
MAX_CURSOR = 1_000
MAX_INTEGER = 2**63 - 1

R = TypeVar("R")


class CursorPages:
    """Pages of 50 (`?limit=` up to 200) of model instances, or of dicts from `.values()`.

    `order` names one or two fields with their Python types, the last of them unique; each row must
    hold them. The same fields, in that order, need an index.
    """

    def __init__(
        self, order: Mapping[str, type] | None = None, *, descending: bool = False
    ) -> None:
        self.order = dict(order or {"pk": int})
        self.descending = descending
        self.backward = False
        self.has_next = self.has_previous = False
        self.rows: list[Any] = []
        self.address = ""

    def rows_of(self, queryset: QuerySet[Any, R], request: Request) -> list[R]:
        """The rows of the page that the request asks for; raises `Invalid` for a bad cursor."""
        self.address = request.build_absolute_uri()
        size = page_size(request)
        cursor = request.query_params.get("cursor")
        position = None if cursor is None else self._read(cursor)
        # Towards larger values: forward in an ascending list, or backward in a descending one.
        rising = self.descending == self.backward
        if position is not None:
            queryset = queryset.filter(self._beyond(position, "gt" if rising else "lt"))
        queryset = queryset.order_by(*(name if rising else f"-{name}" for name in self.order))
        # One more than asked for tells whether there is more.
        found = list(queryset[: size + 1])
        more = len(found) > size
        rows = found[:size]
        if self.backward:
            rows.reverse()
        self.rows = rows
        self.has_next = bool(self.rows) and (more or self.backward)
        self.has_previous = bool(self.rows) and (more if self.backward else position is not None)
        return rows

    def body(self, results: Iterable[Any]) -> dict[str, Any]:
        """The answer: addresses of the pages around this one, and the results."""
        return {
            "next": self._link(self.rows[-1], backward=False) if self.has_next else None,
            "previous": self._link(self.rows[0], backward=True) if self.has_previous else None,
            "results": list(results),
        }

    def _beyond(self, position: list[Any], than: str) -> Q:
        (first, *rest), (at, *rest_at) = list(self.order), position
        if not rest:
            return Q(**{f"{first}__{than}": at})
        # The first half alone lets an index on both fields start where the page starts.
        return Q(**{f"{first}__{than}e": at}) & (
            Q(**{f"{first}__{than}": at}) | Q(**{f"{rest[0]}__{than}": rest_at[0]})
        )

    def _link(self, row: Any, *, backward: bool) -> str:
        position = ["p" if backward else "n", *(_at(row, name) for name in self.order)]
        cursor = base64.urlsafe_b64encode(orjson.dumps(position)).rstrip(b"=").decode()
        return replace_query_param(remove_query_param(self.address, "cursor"), "cursor", cursor)

    def _read(self, cursor: str) -> list[Any]:
        """The position a cursor of ours stands for; raises `Invalid` for any other text."""
        try:
            if len(cursor) > MAX_CURSOR:
                raise ValueError(cursor)
            padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
            way, *values = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
            self.backward = {"p": True, "n": False}[way]
            return [
                _value(value, kind) for value, kind in zip(values, self.order.values(), strict=True)
            ]
        except (ValueError, TypeError, KeyError, binascii.Error):
            raise Invalid(
                _("Some values are not right."),
                errors={"cursor": [_("Use the address in “next” or “previous” as it is.")]},
            ) from None


def _at(row: Any, name: str) -> Any:
    return row[name] if isinstance(row, dict) else getattr(row, name)


def _value(value: object, kind: type) -> object:
    if kind is datetime and isinstance(value, str):
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is not None and 1900 < moment.year < 9000:
            return moment
    if type(value) is kind and _is_storable(value):
        return value
    raise ValueError(value)


def _is_storable(value: object) -> bool:
    """Whether PostgreSQL can be asked about it."""
    if isinstance(value, str):
        return "\x00" not in value
    return isinstance(value, int) and abs(value) <= MAX_INTEGER


def page_size(request: Request) -> int:
    """What `?limit=` asks for; raises `Invalid` where that is not 1 to 200."""
    wanted = request.query_params.get("limit", str(PAGE_SIZE))
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 4:
        size = int(wanted)
        if 1 <= size <= MAX_PAGE_SIZE:
            return size
    raise Invalid(
        _("Some values are not right."),
        errors={
            "limit": [_("Use a number from 1 to %(limit)s.") % {"limit": MAX_PAGE_SIZE}],
        },
    )
