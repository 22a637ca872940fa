"""`anchor_ledger FILE`: keep what the ledger comes to now where nobody can alter it later."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cjops.core.models import TreeHead
from cjops.core.sealing.checking import as_anchor
from cjops.core.sealing.log import seal


class Command(BaseCommand):
    """Adds a line; `verify_ledger --anchor` compares with it."""

    help = "Add the newest signed head of the ledger to FILE, or print it where no file is named."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to."""
        parser.add_argument("file", nargs="?")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 1 where there is nothing to keep yet, or the file cannot be written."""
        while seal() is not None:
            pass
        head = TreeHead.objects.order_by("-size").first()
        if head is None:
            raise CommandError("Nothing was recorded yet.")
        line = as_anchor(head)
        if not options["file"]:
            self.stdout.write(line)
            return
        try:
            with Path(options["file"]).open("a", encoding="utf-8") as target:
                target.write(line + "\n")
        except OSError as error:
            raise CommandError(f"Cannot write {options['file']}: {error.strerror}.") from None
