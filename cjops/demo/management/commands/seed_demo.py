"""`seed_demo [--size demo|large] [--reset]`: the demo organisation, or one of realistic size."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from cjops.core.errors import DomainError
from cjops.demo import mass, seeding
from content.models import Asset
from governance.models import Change
from journeys.models import Journey
from people.models import User


class Command(BaseCommand):
    help = (
        "Create the demo organisation with its history; everybody's password is “demo”. Does "
        "nothing where it is there already. Refused while DEBUG is off."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--size", choices=("demo", "large"), default="demo", help="large: 10,000 journeys"
        )
        parser.add_argument(
            "--reset", action="store_true", help="delete everything in the portal first"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError(
                "The demo's passwords are public, so it is only seeded where DEBUG is on."
            )
        begin = time.monotonic()
        is_large = options["size"] == "large"
        is_reset = options["reset"]
        if not is_reset and seeding.is_seeded() and (not is_large or mass.is_there()):
            self.stdout.write("The demo organisation is already there; nothing was changed.")
            return
        try:
            seed(is_large=is_large, is_reset=is_reset)
        except DomainError as error:
            raise CommandError(
                f"The demo does not fit beside what is in this database ({error.message}) "
                "Nothing was changed; --reset starts over."
            ) from error
        if is_large:
            mass.analyze()
        seconds = time.monotonic() - begin
        self.stdout.write(
            f"Seeded {Journey.objects.count()} journeys, {Asset.objects.count()} assets, "
            f"{Change.objects.count()} changes and {User.objects.count()} people "
            f"in {seconds:.0f} s."
        )


@transaction.atomic(durable=True)
def seed(*, is_large: bool, is_reset: bool) -> None:
    """All of it in one transaction: a run that is ended half-way leaves nothing behind."""
    if is_reset:
        seeding.empty()
    if not seeding.is_seeded():
        seeding.seed()
    if is_large:
        mass.generate()
