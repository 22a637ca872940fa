"""Whether all rights are those that the grants give."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from people import granting

# So many ids make a line.
NAMED = 20


class Command(BaseCommand):
    """`manage.py check_grants [--repair]`: exits with 1 where something differs and was left."""

    help = "Compare what is derived from the grants with the grants; --repair derives it anew."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true")

    def handle(self, *_args: Any, repair: bool, **_options: Any) -> None:
        with transaction.atomic(durable=True):
            wrong = {kind: sorted(ids) for kind, ids in granting.renew_all().items() if ids}
            if not repair:
                transaction.set_rollback(True)
        for kind, ids in wrong.items():
            words = {"kind": kind, "ids": ", ".join(map(str, ids[:NAMED])), "count": len(ids)}
            self.stdout.write(
                _("%(kind)s: %(count)d whose rights are not those granted: %(ids)s") % words
            )
        if not wrong:
            self.stdout.write(_("All rights are those that the grants give."))
        elif repair:
            self.stdout.write(_("They were derived anew."))
        else:
            raise CommandError(_("Run it with --repair to derive them anew."))
