"""Expressions on search vectors."""

from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Func, TextField, Value


class Lexemes(SearchQuery):
    """A query whose lexemes are given as they are: no configuration takes them apart again."""

    function = None
    template = "%(expressions)s::tsquery"

    def __init__(self, query: str) -> None:
        Func.__init__(self, Value(query, TextField()), output_field=self.output_field)
        self.config: Any = None
        self.invert = False
