"""What a portal in production lacks, said before it starts."""

from typing import Any

from django.conf import settings
from django.core import checks


def ledger_key(app_configs: Any = None, **_: Any) -> list[checks.CheckMessage]:
    """Without a key whoever runs the database could make the whole log anew."""
    if settings.LEDGER_KEY_FILE:
        return []
    return [
        checks.Warning(
            "LEDGER_KEY_FILE is not set: what the ledger comes to is not signed.",
            hint="Make a key with `manage.py make_ledger_key FILE`, and set LEDGER_KEY_FILE.",
            id="cjops.W001",
        )
    ]
