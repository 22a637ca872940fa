"""Files for spreadsheets, in which nothing is taken for a formula."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import StreamingHttpResponse

# A program that opens the file could take these for the beginning of a formula.
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, value: str) -> str:
        return value


def as_csv(rows: Iterable[list[Any]], name: str) -> StreamingHttpResponse:
    """Rows as a file for spreadsheets; nothing in it is taken for a formula."""
    writer = csv.writer(_Echo())
    lines = (writer.writerow([safe_cell(cell) for cell in row]) for row in rows)
    return StreamingHttpResponse(
        _with_mark(lines),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _with_mark(lines: Iterable[str]) -> Iterator[str]:
    # Without it a spreadsheet guesses the encoding, and Chinese is lost.
    yield "\ufeff"
    yield from lines


def safe_cell(value: Any) -> Any:
    """The value, told apart from a formula."""
    # Spreadsheets take no notice of what is blank before it.
    if isinstance(value, str) and (
        value.startswith(FORMULAS) or value.strip().startswith(FORMULAS)
    ):
        return f"'{value}"
    return value
