"""`bootstrap_roles`: the default roles and channels, where they are missing."""

from typing import Any

from django.core.management.base import BaseCommand

from people import services


class Command(BaseCommand):
    help = (
        "Create the default roles and channels that are missing. What an admin has changed since "
        "stays as it is; run it as often as you like."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        roles, channels = services.add_defaults()
        self.stdout.write(f"Roles added: {roles}. Channels added: {channels}.")
