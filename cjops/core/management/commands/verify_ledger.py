"""`verify_ledger [--anchor FILE] [--key FILE] [--bundle FILE] [--accept-restore]`: whether anything
was altered."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cjops.core.errors import Invalid
from cjops.core.models import TreeHead
from cjops.core.sealing import kept, keys, verify
from cjops.core.sealing.anchors import accept_restore
from cjops.core.sealing.checking import check
from cjops.core.sealing.heads import read_anchors

# More are only counted.
SHOWN = 100


class Command(BaseCommand):
    """Computes everything again; reads only, unless a restore is accepted."""

    help = (
        "Compute the whole ledger again and compare it with what was sealed and signed: entries, "
        "their order, the heads, the one that was signed last on this host and, with --anchor, "
        "heads that were kept elsewhere. Exit code 1 "
        "says that something does not hold, and each line says what."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Heads kept elsewhere, and the public key where the private one is not here."""
        parser.add_argument("--anchor", help="a file with tree heads, one in each line")
        parser.add_argument(
            "--accept-restore",
            action="store_true",
            help="sign on from what the database shows, though a later or another head was signed: "
            "after an old backup was restored on purpose. It is noted.",
        )
        parser.add_argument("--bundle", help="check this evidence bundle instead of the ledger")
        parser.add_argument("--key", help="the public key, in PEM (default: of LEDGER_KEY_FILE)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 1 where something does not hold."""
        try:
            anchors = read_anchors(options["anchor"]) if options["anchor"] else []
            key = keys.verifier(options["key"]) if options["key"] else _own_key()
            last = None if options["accept_restore"] else kept.last_kept()
        except Invalid as refusal:
            raise CommandError(refusal.message) from None
        if options["bundle"]:
            self._check_bundle(options["bundle"], key, options["anchor"])
            return
        if last and key and last.key == key.id:
            anchors.append(last)
        count = 0
        for finding in check(key, anchors):
            count += 1
            if count <= SHOWN:
                self.stdout.write(f"{finding.kind}: {finding.text}")
        if count:
            raise CommandError(f"The ledger does not hold: {count} findings.")
        head = TreeHead.objects.order_by("-size").first()
        size, root = (head.size, head.root) if head else (0, "")
        checked = "signatures checked" if key else "no key, signatures not checked"
        if head and options["accept_restore"]:
            accept_restore(head)
        self.stdout.write(f"The ledger holds: {size} entries, root {root or 'none'}; {checked}.")

    def _check_bundle(self, path: str, key: keys.Verifier | None, anchor: str | None) -> None:
        anchors = Path(anchor).read_text("utf-8") if anchor else ""
        try:
            pem = key.pem.encode() if key else b""
            found = list(verify.check(verify.files_of(Path(path)), pem, anchors))
        except verify.BROKEN:
            raise CommandError(f"{path} is no evidence bundle, or not whole.") from None
        for line in found:
            self.stdout.write(line)
        if found:
            raise CommandError(f"The bundle does not hold: {len(found)} findings.")
        self.stdout.write("The bundle holds.")


def _own_key() -> keys.Verifier | None:
    signer = keys.signer()
    return signer.public if signer else None
