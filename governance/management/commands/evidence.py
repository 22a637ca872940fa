"""`evidence --change N --out FILE`: all that is known of a change or a version, with its proof."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cjops.core.errors import DomainError
from governance.evidence import Bundle, evidence_of_change, evidence_of_version
from governance.models import SubjectKind
from people.models import User


class Command(BaseCommand):
    """The same file as by the button; it is written down who took it along."""

    help = (
        "Write the evidence bundle of a change, or of a version of a journey, an asset or a "
        "taxonomy, to FILE, as the person named by --as sees it. verify.py in it checks it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Of what, for whom, and where to."""
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--change", type=int, help="the number of the change")
        for kind in SubjectKind.values:
            what.add_argument(f"--{kind}", help=f"the key of the {kind}; with --number")
        parser.add_argument("--number", type=int, help="the number of the version")
        parser.add_argument("--as", dest="reader", required=True, help="address of who reads it")
        parser.add_argument("--out", required=True, help="the file to write")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 1 where there is no such thing, or the file cannot be written."""
        reader = User.objects.filter(email=options["reader"].lower(), is_active=True).first()
        if reader is None:
            raise CommandError(f"Nobody signs in as {options['reader']}.")
        try:
            made = self._made(reader, options)
        except DomainError as refusal:
            raise CommandError(refusal.message) from None
        try:
            Path(options["out"]).write_bytes(made.data)
        except OSError as error:
            raise CommandError(f"Cannot write {options['out']}: {error.strerror}.") from None
        self.stdout.write(f"{options['out']}: {len(made.data)} bytes.")

    def _made(self, reader: User, options: dict[str, Any]) -> Bundle:
        if options["change"] is not None:
            return evidence_of_change(number=options["change"], reader=reader)
        if options["number"] is None:
            raise CommandError("Name the version with --number.")
        kind = next(kind for kind in SubjectKind.values if options[kind])
        return evidence_of_version(
            kind=kind, key=options[kind], number=options["number"], reader=reader
        )
