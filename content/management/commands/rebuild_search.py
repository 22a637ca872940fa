"""`rebuild_search [--check]`: what search reads from the versions, or whether it is equal."""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from content.finding import indexing
from content.models import Asset, AssetVersion, SearchWord

SHOWN = 50


class Command(BaseCommand):
    """One asset a transaction, so that nobody who writes waits for long."""

    help = (
        "Make the rows that search reads those of the live versions, else of the newest. With "
        "--check nothing is written; exit code 1 and the keys say that they are not."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to write."""
        parser.add_argument("--check", action="store_true", help="compare only")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 1 where `--check` finds a difference."""
        count = 0
        for asset in assets():
            version = shown_version(asset)
            if version is None or not indexing.differs(asset, version.get_document()):
                continue
            count += 1
            if not options["check"]:
                rebuild_one(asset.pk)
            elif count <= SHOWN:
                self.stdout.write(f"{asset.key}: the search row is not that of {version}.")
        if options["check"] and count:
            raise CommandError(f"{count} assets are not found by what they say.")
        if options["check"]:
            self.stdout.write("All assets are found by what they say.")
            return
        forget_repeated()
        self.stdout.write(f"Assets that were indexed anew: {count}.")


def assets() -> Iterator[Asset]:
    """All of them, a few in memory at a time."""
    rows = Asset.objects.select_related("live_version").order_by("pk")
    return iter(rows.iterator(chunk_size=200))


def shown_version(asset: Asset) -> AssetVersion | None:
    """The version that search reads."""
    return asset.live_version or asset.versions.first()


@transaction.atomic(durable=True)
def rebuild_one(pk: int) -> None:
    """Index one asset anew; whoever publishes it meanwhile waits."""
    asset = Asset.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
    version = shown_version(asset)
    if version is not None:
        indexing.index([(asset, version.get_document())])


def forget_repeated() -> None:
    """Words that two transactions learnt at the same time stand here once again."""
    seen: set[str] = set()
    repeated = []
    for pk, word in SearchWord.objects.order_by("pk").values_list("pk", "word").iterator():
        if word in seen:
            repeated.append(pk)
        seen.add(word)
    SearchWord.objects.filter(pk__in=repeated).delete()
