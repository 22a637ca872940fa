"""`import_journey FILE --format F [--key K] --as USER`: a change with a definition from a file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from cjops.core.errors import DomainError
from governance.services.importing import ImportedJourney, import_journey
from journeys import importers
from people.models import User


class Command(BaseCommand):
    help = (
        "Open a change with the journey in a file, and say what could not be carried over. Nothing "
        "goes live by it; importing the same file again opens nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the file; what it refers to lies beside it")
        parser.add_argument("--format", required=True, choices=importers.FORMATS)
        parser.add_argument("--key", default="", help="key of the journey; default: from the file")
        parser.add_argument(
            "--as", required=True, dest="user", metavar="USER", help="e-mail address of the author"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        actor = self._actor(options["user"])
        path: Path = options["file"]
        try:
            imported = importers.read(
                options["format"], self._bytes(path), sibling=lambda name: _beside(path, name)
            )
            outcome = import_journey(
                imported=imported,
                key=options["key"],
                actor=actor,
                source=f"{path.name} ({options['format']})",
            )
        except DomainError as error:
            raise CommandError(_one_line(error)) from error
        self._report(outcome, imported.notes)

    def _actor(self, email: str) -> User:
        actor = User.objects.filter(email=email.strip().lower(), is_active=True).first()
        if actor is None:
            raise CommandError(f"Nobody signs in with {email}.")
        return actor

    def _bytes(self, path: Path) -> bytes:
        try:
            data = _read(path)
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror or error}.") from error
        if data is None:
            raise CommandError(f"{path} is larger than {importers.MAX_BYTES // 1_000_000} MB.")
        return data

    def _report(self, outcome: ImportedJourney, notes: tuple[str, ...]) -> None:
        if outcome.change is None:
            self.stdout.write(f"The live version of {outcome.key} says just this: nothing to do.")
            return
        number = outcome.change.number
        address = f"{settings.SITE_URL}{reverse('change-detail', args=[number])}"
        if outcome.is_new:
            self.stdout.write(f"Opened change {number} of {outcome.key}: {address}")
        else:
            self.stdout.write(f"Change {number} of {outcome.key} proposes this already: {address}")
        if outcome.assets:
            self.stdout.write(f"Content created: {', '.join(outcome.assets)}")
        if notes:
            self.stdout.write("Not carried over:")
        for note in notes:
            self.stdout.write(f"- {note}")


def _read(path: Path) -> bytes | None:
    """The bytes of a file; None for one that is larger than any journey."""
    with path.open("rb") as file:
        data = file.read(importers.MAX_BYTES + 1)
    return data if len(data) <= importers.MAX_BYTES else None


def _beside(path: Path, name: str) -> bytes | None:
    """The file of that bare name in the same folder; nothing outside it, whatever `path` says."""
    if not name or Path(name).name != name:
        return None
    sibling = path.parent / name
    try:
        return _read(sibling) if sibling.is_file() and not sibling.is_symlink() else None
    except OSError:
        return None


def _one_line(error: DomainError) -> str:
    details = " ".join(message for messages in error.errors.values() for message in messages)
    return " ".join(f"{error.message} {details}".split())
