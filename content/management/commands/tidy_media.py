"""`tidy_media [--check]`: remove uploaded bytes that nothing shows; say which files are lost."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from content.media import tidying


class Command(BaseCommand):
    """Removes files that no row names; never a picture."""

    help = (
        "Remove stored files that no picture names, older than a day: what uploads left behind "
        "that broke off. Exit code 1 says that files of pictures are lost, and which."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """A look alone."""
        parser.add_argument("--check", action="store_true", help="remove nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 1 where a picture has no file."""
        keeps: bool = options["check"]
        found = tidying.tidy(keeps=keeps)
        for name in found:
            self.stdout.write(name)
        self.stdout.write(f"{len(found)} {'to remove' if keeps else 'removed'}.")
        lost = list(tidying.lost())
        for sha256 in lost:
            self.stdout.write(f"lost: {sha256}")
        if lost:
            raise CommandError(f"{len(lost)} files of pictures are lost: restore them.")
