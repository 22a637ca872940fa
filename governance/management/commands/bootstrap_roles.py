"""`bootstrap_roles`: the default roles, channels and policies, where they are missing."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

import people.services
from governance.services.founding import add_default_policies


class Command(BaseCommand):
    help = (
        "Create the default roles, channels and policies that are missing. What an admin has "
        "changed since stays as it is; run it as often as you like."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic(durable=True):
            roles, channels = people.services.add_defaults()
            policies = add_default_policies()
        self.stdout.write(
            f"Roles added: {roles}. Channels added: {channels}. Policies added: {policies}."
        )
