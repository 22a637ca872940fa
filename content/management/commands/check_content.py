"""`check_content [FILE...] [--asset KEY...] [--all] [--language en]`: findings as a table."""

import re
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.html import strip_tags

from cjops.core.errors import DocumentInvalid
from cjops.core.findings import Finding
from cjops.documents import Document
from content.definition import complete
from content.models import Asset
from content.rulebook import rules_for
from content.validation import validate

HEADER = ("", "severity", "code", "line", "message")
_TITLE = re.compile(r"<title[^>]*>(.{0,500}?)</title>", re.IGNORECASE | re.DOTALL)
# What stands beside the body in an asset, and in no file: nothing is said of it.
BESIDE = ("/renditions/0/body", "/renditions/0/format")

Row = tuple[str, str, str, str, str]


class Command(BaseCommand):
    """Says what the checks say of files or assets, under the rules of this portal."""

    help = (
        "Check HTML and MJML files as the body of an e-mail, or assets as they are live or were "
        "written last, and print what is found as a table. Exit code 1 where there are errors."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Files, assets by their keys, or all assets that are live."""
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
        parser.add_argument("--asset", action="append", default=[], metavar="KEY")
        parser.add_argument("--all", action="store_true", help="every asset that is live")
        parser.add_argument("--language", default="en", help="that the files are in (en)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 1 where anything keeps content from being sent."""
        if not (options["files"] or options["asset"] or options["all"]):
            raise CommandError("Name files, or assets with --asset KEY, or say --all.")
        rows = [
            *_of_files(options["files"], options["language"]),
            *_of_assets(options["asset"], options["all"]),
        ]
        for line in table([HEADER, *rows]):
            self.stdout.write(line)
        errors = sum(severity == "error" for _name, severity, *_rest in rows)
        warnings = len(rows) - errors
        self.stdout.write(f"\n{errors} errors, {warnings} warnings.")
        if errors:
            raise CommandError("There are errors.", returncode=1)


def _of_files(files: Iterable[Path], language: str) -> Iterator[Row]:
    for path in files:
        try:
            source = path.read_text(encoding="utf-8")
            document = document_of(source, path.stem, language)
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{path} cannot be read: {error}") from error
        except DocumentInvalid as error:
            found = error.extra.get("findings", ())
            yield from (_row(path.name, finding) for finding in found)
            continue
        for finding in validate(document, rules_for(document)):
            if finding.pointer in BESIDE:
                yield _row(f"{path.parent.name}/{path.name}", finding)


def document_of(source: str, name: str, language: str) -> Document:
    """An e-mail whose body is `source`; what a file has not is filled in."""
    titles = _TITLE.search(source)
    title = " ".join(strip_tags(titles.group(1)).split())[:200] if titles else ""
    rendition = {
        "key": language.lower(),
        "subject": title or name[:200],
        "format": "mjml" if source.lstrip()[:6].lower().startswith("<mjml") else "html",
        "body": source,
    }
    return complete({"name": name[:200], "kind": "email", "renditions": [rendition]})


def _of_assets(keys: list[str], is_all: bool) -> Iterator[Row]:
    assets = Asset.objects.select_related("live_version").order_by("key")
    if is_all:
        chosen = list(assets.filter(live_version__isnull=False))
    else:
        chosen = list(assets.filter(key__in=keys))
    missing = set(keys) - {asset.key for asset in chosen}
    if missing:
        raise CommandError(f"There is no asset “{min(missing)}”.")
    for asset in chosen:
        version = asset.live_version or asset.versions.first()
        if version is not None:
            document = version.get_document()
            for finding in validate(document, rules_for(document)):
                yield _row(asset.key, finding)


def _row(name: str, finding: Finding) -> Row:
    line = str(finding.line) if finding.line else ""
    return (name, finding.severity, finding.code, line, finding.message)


def table(rows: list[Row]) -> Iterator[str]:
    """The rows in columns as wide as what stands in them; the last as it is."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADER) - 1)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        yield "  ".join([*cells, row[-1]]).rstrip()
