"""`python -m bench.ledger [--entries 1000000]`: how long sealing, checking and proving take.

On a database of its own, whose entries are written and sealed by SQL: what is measured is what
comes afterwards. `make bench ARGS="--size ledger"` runs it too.
"""

import argparse
import contextlib
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import django

from bench.database import CHECKOUT, FOLDER, _created
from cjops.embedded import postgres

ENTRIES = 1_000_000
AT_ONCE = 1_000
# Aims: milliseconds, seconds, a share of a step, megabytes.
SEAL_MS, VERIFY_S, SHARE, MEMORY_MB = 200, 120, 0.1, 150

# As `cjops.core.auditing` writes them.
SEED = """
    INSERT INTO core_auditentry (body, at, action, about, about_id, data, reason, request_id, xid)
    SELECT '{"about":"people.team","action":"ledger.exported","actor":null,"at":"'
            || to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
            || '","data":{"n":' || n || '},"id":' || n || ',"reason":"","request":"","v":1}',
        at, 'ledger.exported', 'people.team', n, jsonb_build_object('n', n), '', '',
        pg_current_xact_id()::text::bigint
    FROM (SELECT n, '2026-01-01'::timestamptz + n * interval '1 second' AS at
          FROM generate_series(%(first)s, %(last)s) n) AS seeded
    ORDER BY n
"""
SEALED = """
    INSERT INTO core_leaf (position, source, row, hash)
    SELECT %(at)s + row_number() OVER (ORDER BY e.id) - 1, 'portal', e.id,
        sha256('\\x00'::bytea || convert_to(e.body, 'UTF8'))
    FROM core_auditentry e
    WHERE NOT EXISTS (SELECT 1 FROM core_leaf l WHERE l.source = 'portal' AND l.row = e.id)
"""


def main(arguments: list[str] | None = None) -> int:
    """Seed what is missing, measure, print a line for each figure."""
    parser = argparse.ArgumentParser(prog="bench.ledger", description=__doc__)
    parser.add_argument("--entries", type=int, default=ENTRIES)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.inside:
        return _measured(options.entries)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        server = os.environ.get("DATABASE_URL") or stack.enter_context(postgres.lease(FOLDER))
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        environment = os.environ | {
            "DATABASE_URL": _created(server, f"bench_ledger_{options.entries}"),
            "DEBUG": "1",
            "LOG_FORMAT": "json",
            "LEDGER_KEY_FILE": str(Path(folder) / "ledger.pem"),
            "DJANGO_SETTINGS_MODULE": "cjops.settings",
        }
        for command in (("migrate", "-v", "0"), ("make_ledger_key", "-v", "0")):
            subprocess.run([sys.executable, "manage.py", *command], cwd=CHECKOUT, env=environment,
                           check=True)  # fmt: skip
        again = [sys.executable, "-m", "bench.ledger", "--inside"]
        done = subprocess.run([*again, "--entries", str(options.entries)], cwd=CHECKOUT,
                              env=environment, check=False)  # fmt: skip
    return done.returncode


def _measured(entries: int) -> int:
    django.setup()
    from django.conf import settings  # noqa: PLC0415

    settings.DEBUG = False
    cores = len(os.sched_getaffinity(0))
    print(f"\nledger: Python {platform.python_version()}, {cores} cores")
    _seed(entries)
    print("\n".join([*_sealing(), *_proving(), *_checking()]))
    return 0


def _seed(entries: int) -> None:
    """Entries, leaves, inner nodes and one head; nothing where they are there already."""
    from django.db import connection, transaction  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from cjops.core.models import AuditEntry, Leaf, Node, TreeHead  # noqa: PLC0415
    from cjops.core.sealing import keys  # noqa: PLC0415
    from cjops.core.sealing.log import head_values  # noqa: PLC0415
    from cjops.core.sealing.merkle import Frontier  # noqa: PLC0415

    if Leaf.objects.exists():
        # Signed by the key of another day.
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("TRUNCATE core_auditentry, core_leaf, core_node, core_treehead")
            cursor.execute("SET session_replication_role = origin")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SEED, {"first": 1, "last": entries})
        cursor.execute(SEALED, {"at": 0})
        frontier = Frontier()
        hashes = Leaf.objects.order_by("position").values_list("hash", flat=True)
        frontier.extend(bytes(one) for one in hashes.iterator(chunk_size=10_000))
        Node.objects.bulk_create(
            Node(level=level, index=at, hash=it) for level, at, it in frontier.completed
        )
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        ((now,),) = cursor.fetchall()
        TreeHead.objects.create(**head_values(frontier, now, keys.signer(), timezone.now()))
    with connection.cursor() as cursor:
        for model in (AuditEntry, Leaf, Node):
            cursor.execute(f"VACUUM ANALYZE {model._meta.db_table}")


def _timed(run: Callable[[], object]) -> float:
    begin = time.perf_counter()
    run()
    return time.perf_counter() - begin


def _line(name: str, figure: str, holds: bool, aim: str) -> str:
    return f"{name:<34}{figure:>24}   aim {aim:<12}{'ok' if holds else 'MISSED'}"


def _sealing() -> Iterator[str]:
    from django.db import connection, transaction  # noqa: PLC0415

    from cjops.core.models import AuditEntry  # noqa: PLC0415
    from cjops.core.sealing.log import seal  # noqa: PLC0415

    took = []
    for _run in range(9):
        with transaction.atomic(), connection.cursor() as cursor:
            last = AuditEntry.objects.latest("pk").pk
            values = {"first": last + 1, "last": last + AT_ONCE}
            cursor.execute(SEED, values)
        took.append(_timed(seal) * 1_000)
    median = statistics.median(took)
    yield _line(f"seal {AT_ONCE:,}", f"{median:.0f} ms", median < SEAL_MS, f"{SEAL_MS} ms")


def _proving() -> Iterator[str]:
    from cjops.core.models import TreeHead  # noqa: PLC0415
    from cjops.core.sealing.proofs import Tree  # noqa: PLC0415

    size = TreeHead.objects.latest("size").size
    places = [size * part // 10 for part in range(10)]
    one = statistics.median(_timed(lambda at=at: Tree().inclusion([at], size)) for at in places)
    from_there = statistics.median(
        _timed(lambda at=at: Tree().consistency(at, size)) for at in places[1:]
    )
    yield _line("prove an entry", f"{one * 1_000:.1f} ms", one < 0.1, "100 ms")
    yield _line("prove that a head goes on", f"{from_there * 1_000:.1f} ms", from_there < 0.1,
                "100 ms")  # fmt: skip


def _checking() -> Iterator[str]:
    from cjops.core.models import TreeHead  # noqa: PLC0415
    from cjops.core.sealing import keys  # noqa: PLC0415
    from cjops.core.sealing.checking import check  # noqa: PLC0415

    signer = keys.signer()
    assert signer is not None
    size = TreeHead.objects.latest("size").size
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begin = time.perf_counter()
    found = list(check(signer.public))
    took = time.perf_counter() - begin
    assert not found, found[:3]
    more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1_024
    figure = f"{took:.1f} s ({size / took:,.0f}/s)"
    yield _line(f"verify {size:,}", figure, took < VERIFY_S * size / ENTRIES, f"{VERIFY_S} s/M")
    yield _line("memory that it takes", f"{more:.0f} MB", more < MEMORY_MB, f"{MEMORY_MB} MB")


if __name__ == "__main__":
    sys.exit(main())
