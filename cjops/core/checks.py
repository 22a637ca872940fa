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


def ledger_anchors(app_configs: Any = None, **_: Any) -> list[checks.CheckMessage]:
    """Without heads kept elsewhere whoever has the key and the database could do so unnoticed."""
    if settings.LEDGER_ANCHOR_FILE or settings.LEDGER_ANCHOR_MAILS:
        return []
    return [
        checks.Warning(
            "Neither LEDGER_ANCHOR_FILE nor LEDGER_ANCHOR_MAILS is set: no head of the ledger is "
            "kept elsewhere.",
            hint="Name a file that is only added to, or the addresses of auditors.",
            id="cjops.W002",
        )
    ]
