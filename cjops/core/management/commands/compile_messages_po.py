"""`compile_messages_po`: translations made ready without the gettext programs."""

from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Compile every `.po` under `locale/` to the `.mo` beside it, where that is older."""

    help = "Compile the translations; needs no gettext on the machine."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 1 with the file and the reason where one cannot be read."""
        compiled = 0
        for folder in settings.LOCALE_PATHS:
            for source in sorted(Path(folder).glob("*/LC_MESSAGES/*.po")):
                compiled += compile_one(source)
        if options["verbosity"] > 1:
            self.stdout.write(f"{compiled} compiled.")


def compile_one(source: Path) -> bool:
    """Write the `.mo` unless it is newer than its source; whether it was written."""
    target = source.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
        return False
    try:
        catalogue = polib.pofile(str(source))
    except (OSError, ValueError) as error:
        raise CommandError(f"{source.name} cannot be read: {error}") from error
    # Written beside and renamed, so that a process that starts now never reads half a file.
    beside = target.with_suffix(".mo.new")
    catalogue.save_as_mofile(str(beside))
    beside.replace(target)
    return True
