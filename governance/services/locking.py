"""What keeps two people from changing the policies at once, and submitting from seeing half.

A lock of its own and not one of rows: whoever asks who has to decide reads all policies, also
those that somebody adds meanwhile.
"""

from django.db import connection

POLICY_LOCK = 0x434A504C


def lock_policies() -> None:
    """Wait for everybody who reads or changes policies; both wait for us until we commit."""
    _take("pg_advisory_xact_lock")


def share_policies() -> None:
    """Let nobody change the policies until this transaction ends; others read along."""
    _take("pg_advisory_xact_lock_shared")


def _take(function: str) -> None:
    with connection.cursor() as cursor:
        # One of the two names above; nothing that anybody sends.
        cursor.execute(f"SELECT {function}(%s)", [POLICY_LOCK])
