"""`rebuild_projection [--check]`: rows from the live versions, or whether they are equal."""

from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import models, transaction

import content.projection
import journeys.projection
import tags.projection
from cjops.core.projection import Difference
from content.models import Asset
from journeys.models import Journey
from people.deriving import lock_narrow
from tags.models import Taxonomy

# In this order: journeys point at concepts and assets.
CHECKS: tuple[tuple[type[models.Model], Callable[[Any], list[Difference]]], ...] = (
    (Taxonomy, tags.projection.differences),
    (Asset, content.projection.differences),
    (Journey, journeys.projection.differences),
)
# What projects each kind, and what removes the rows of one that is not live.
WRITERS: dict[Any, tuple[Callable[..., None], Callable[..., None] | None]] = {
    Taxonomy: (tags.projection.project, tags.projection.clear),
    Asset: (content.projection.project, None),
    Journey: (journeys.projection.rebuild, journeys.projection.clear),
}
SHOWN = 50


class Command(BaseCommand):
    help = (
        "Make the rows of taxonomies, assets and journeys those of their live versions. With "
        "--check nothing is written; exit code 1 and the differences say that they are not."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="compare only")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            self.check_rows()
        else:
            self.rebuild()

    def check_rows(self) -> None:
        """Print what differs and fail where anything does."""
        count = 0
        for model, differences in CHECKS:
            for subject in subjects(model):
                for difference in differences(subject):
                    count += 1
                    if count <= SHOWN:
                        self.stdout.write(f"{model._meta.model_name} {subject.key}: {difference}")
        if count:
            raise CommandError(f"{count} rows or columns differ from the live versions.")
        self.stdout.write("All rows are those of the live versions.")

    def rebuild(self) -> None:
        """Write what differs, one subject a transaction."""
        written = 0
        for model, differences in CHECKS:
            for subject in subjects(model):
                if differences(subject):
                    rebuild_one(model, subject.pk)
                    written += 1
        self.stdout.write(f"Subjects whose rows were rebuilt: {written}.")


def subjects(model: Any) -> Iterator[Any]:
    """Every subject with its live version, a few in memory at a time."""
    rows = model.objects.select_related("live_version").order_by("pk")
    return iter(rows.iterator(chunk_size=200))


@transaction.atomic(durable=True)
def rebuild_one(model: Any, pk: int) -> None:
    """Project one subject anew; whoever publishes meanwhile waits."""
    lock_narrow()
    subject = model.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
    project, clear = WRITERS[model]
    name = model._meta.model_name
    if subject.live_version is not None:
        project(**{name: subject}, document=subject.live_version.get_document(), actor=None)
    elif clear is not None:
        clear(**{name: subject}, actor=None)
