#!/usr/bin/env python3
"""The door for commands. Starts the embedded PostgreSQL around those that need a database."""

import contextlib
import importlib
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from cjops.embedded import postgres

# These never ask the database; starting one for them would only cost time.
WITHOUT_DATABASE = {
    "help", "version", "--version", "check", "collectstatic", "compile_messages_po", "diffsettings",
    "findstatic", "makemessages", "spectacular", "startapp",
}  # fmt: skip


def main(arguments: list[str]) -> None:
    try:
        # Reads the settings; and what commands queue would else look for a broker of its own.
        importlib.import_module("cjops.celery")
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    with contextlib.ExitStack() as stack:
        if needs_database(arguments) and settings.EMBEDDED_DATABASE:
            try:
                stack.enter_context(postgres.lease())
            except postgres.EmbeddedError as error:
                sys.exit(str(error))
        try:
            execute_from_command_line(arguments)
        except KeyboardInterrupt:
            sys.exit("Interrupted.")


def needs_database(arguments: list[str]) -> bool:
    words = arguments[1:]
    asks_for_help = {"--help", "-h"} & set(words)
    return bool(words) and not asks_for_help and words[0] not in WITHOUT_DATABASE


if __name__ == "__main__":
    main(sys.argv)
