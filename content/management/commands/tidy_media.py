"""`tidy_media [--check] [--report]`: remove uploaded bytes that no row names; say which files are
lost, and with `--report` which pictures nothing shows."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from content.media import tidying, usage


class Command(BaseCommand):
    """Removes files that no row names; never a picture."""

    help = (
        "Remove stored files that no picture names, older than a day: what uploads left behind "
        "that broke off. Exit code 1 says that files of pictures are lost, and which."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """A look alone."""
        parser.add_argument("--check", action="store_true", help="remove nothing")
        parser.add_argument(
            "--report",
            action="store_true",
            help="list the pictures and PDFs that no version and no open change shows",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 1 where a picture has no file."""
        if options["report"]:
            self.report()
            return
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

    def report(self) -> None:
        """A line for each that nothing shows: asset, hash, bytes, since when, name."""
        count = total = 0
        for picture in usage.unused().iterator():
            count += 1
            total += picture.file.size
            day = picture.uploaded_at.date().isoformat()
            fields = (picture.asset.key, picture.file.sha256, picture.file.size, day, picture.name)
            self.stdout.write("\t".join(map(str, fields)))
        self.stdout.write(f"{count} not shown, {total} bytes; nothing was removed.")
