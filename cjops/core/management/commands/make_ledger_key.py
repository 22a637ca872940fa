"""`make_ledger_key [FILE]`: the key that signs what the ledger comes to."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cjops.core.errors import Invalid
from cjops.core.sealing import keys


class Command(BaseCommand):
    """Makes the key once; never overwrites one."""

    help = (
        "Write a new Ed25519 key into FILE (default: LEDGER_KEY_FILE) and print its public half, "
        "which auditors need to check signatures."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and whether one that is there will do."""
        parser.add_argument("file", nargs="?", default=settings.LEDGER_KEY_FILE)
        parser.add_argument(
            "--unless-there", action="store_true", help="do nothing where the file is there"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 1 where no file is named, or one is there."""
        file = options["file"]
        if not file:
            raise CommandError("Name a file, or set LEDGER_KEY_FILE.")
        if options["unless_there"] and Path(file).exists():
            return
        try:
            made = keys.make(file)
        except Invalid as refusal:
            raise CommandError(refusal.message) from None
        if options["verbosity"]:
            self.stdout.write(made.public.pem, ending="")
