"""`prepare_demo`: everything between an empty database and the seeded portal."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

STEPS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("migrate", {"verbosity": 0, "interactive": False}),
    ("createcachetable", {"verbosity": 0}),
    ("bootstrap_roles", {"verbosity": 0}),
    ("make_ledger_key", {"unless_there": True, "verbosity": 0}),
    ("compile_messages_po", {"verbosity": 0}),
    ("seed_demo", {}),
)


class Command(BaseCommand):
    """Run the steps in one process: each would spend a second on starting up."""

    help = "Bring the database of the demo up to date; does nothing the second time."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run every step; each does nothing where its work is done."""
        for name, arguments in STEPS:
            call_command(name, **arguments, stdout=self.stdout, stderr=self.stderr)
