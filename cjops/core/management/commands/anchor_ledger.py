"""`anchor_ledger FILE`: keep what the ledger comes to now where nobody can alter it later."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cjops.core.errors import Invalid
from cjops.core.sealing.anchors import append, newest_head, note
from cjops.core.sealing.heads import as_anchor


class Command(BaseCommand):
    """Adds a line; `verify_ledger --anchor` compares with it."""

    help = "Add the newest signed head of the ledger to FILE, or print it where no file is named."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to."""
        parser.add_argument("file", nargs="?")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 1 where there is nothing to keep yet, or the file cannot be written."""
        try:
            head = newest_head()
        except Invalid as refusal:
            raise CommandError(refusal.message) from None
        if head is None:
            raise CommandError("Nothing was recorded yet.")
        if not options["file"]:
            note(head, "printed")
            self.stdout.write(as_anchor(head))
            return
        try:
            append(head, options["file"])
        except Invalid as refusal:
            raise CommandError(refusal.message) from None
