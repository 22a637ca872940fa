"""Asserting a refusal and going on to assert that nothing was written."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction

from cjops.core.errors import DomainError


@contextmanager
def refused(error: type[DomainError]) -> Iterator[Any]:
    """Expect the refusal; in a transaction of its own, as a request would have."""
    with pytest.raises(error) as refusal, transaction.atomic():
        yield refusal
