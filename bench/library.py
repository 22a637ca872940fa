"""`python -m bench.library [--assets 100000]`: searching, counting facets, and finding what is alike.

On a database of its own with made-up assets in two languages, 200 teams, and one asset in ten
restricted. One in ten is made up word by word; the others are copies of it in the database, under
other names, of other teams, and not alike. Each question is asked by the portal and by hand, in turn: search by ILIKE over the same
texts, facets by a GROUP BY for each, likeness by comparing with every text. `page` is the whole page
through Django.
"""

import argparse
import contextlib
import os
import platform
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import django

from bench.database import CHECKOUT, FOLDER, _created
from cjops.embedded import postgres

ASSETS, TEAMS, RUNS = 100_000, 200, 15
# So many assets have the texts of one.
COPIES = 10
# Aims in milliseconds.
PAGE_MS, ALIKE_MS = 150, 1_000
SYLLABLES = [
    "ba",
    "be",
    "bo",
    "ca",
    "co",
    "cu",
    "da",
    "de",
    "di",
    "do",
    "fa",
    "fi",
    "ga",
    "go",
    "ha",
    "he",
    "ka",
    "la",
    "le",
    "li",
    "lo",
    "ma",
    "me",
    "mi",
    "mo",
    "na",
    "ne",
    "no",
    "pa",
    "pe",
    "po",
    "ra",
    "re",
    "ri",
    "ro",
    "sa",
    "se",
    "si",
    "so",
    "ta",
    "te",
    "ti",
    "to",
    "va",
    "ve",
    "vi",
]
KNOWN = [
    "account",
    "card",
    "savings",
    "mortgage",
    "welcome",
    "payment",
    "travel",
    "insurance",
    "student",
    "salary",
    "branch",
    "app",
    "offer",
    "rate",
    "customer",
    "security",
    "activate",
    "transfer",
    "loan",
    "interest",
]
HAN = "信用卡账户储蓄贷款欢迎支付旅行保险学生工资网点应用优惠利率客户安全激活转账利息您好请查看最新进展我们的服务银行帮助今天开始使用手机完成"
KINDS = ("email", "email", "email", "sms", "push")


def main(arguments: list[str] | None = None) -> int:
    """Seed what is missing, measure, print a line for each question."""
    parser = argparse.ArgumentParser(prog="bench.library", description=__doc__)
    parser.add_argument("--assets", type=int, default=ASSETS)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--explain", action="store_true", help="show each statement with its time")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.inside:
        return _measured(options)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        server = os.environ.get("DATABASE_URL") or stack.enter_context(postgres.lease(FOLDER))
        environment = os.environ | {
            "DATABASE_URL": _created(server, f"bench_library_{options.assets}"),
            "DEBUG": "1",
            "LOG_FORMAT": "json",
            "DJANGO_SETTINGS_MODULE": "cjops.settings",
        }
        for command in (
            ("migrate", "-v", "0"),
            ("createcachetable", "-v", "0"),
            ("bootstrap_roles", "-v", "0"),
        ):
            subprocess.run([sys.executable, "manage.py", *command], cwd=CHECKOUT, env=environment,
                           check=True)  # fmt: skip
        again = [sys.executable, "-m", "bench.library", "--inside", "--assets", str(options.assets)]
        again += ["--runs", str(options.runs)] + (["--explain"] if options.explain else [])
        return subprocess.run(again, cwd=CHECKOUT, env=environment, check=False).returncode


def _measured(options: argparse.Namespace) -> int:
    import logging  # noqa: PLC0415
    import warnings  # noqa: PLC0415

    django.setup()
    from django.conf import settings  # noqa: PLC0415

    settings.DEBUG = False
    settings.ALLOWED_HOSTS = ["*"]
    warnings.filterwarnings("ignore", "No directory at", UserWarning)
    logging.disable(logging.WARNING)
    _seed(options.assets)
    cores = len(os.sched_getaffinity(0))
    print(
        f"\nlibrary: {options.assets:,} assets; Python {platform.python_version()}, {cores} cores"
    )
    print(f"\n{'':<44}{'portal':>12}{'by hand':>12}{'ratio':>9}   aim")
    for line in _questions(options.runs, options.explain):
        print(line, flush=True)
    return 0


# --- made-up assets -------------------------------------------------------------------------------


def _seed(count: int) -> None:
    from django.contrib.auth.models import Group  # noqa: PLC0415
    from django.db import connection, transaction  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from cjops.demo.mass.copying import Copier  # noqa: PLC0415
    from content.finding import correcting  # noqa: PLC0415
    from content.models import Asset  # noqa: PLC0415
    from people.models import Team, User  # noqa: PLC0415

    if Asset.objects.count() >= count:
        return
    rng = random.Random(7)
    vocabulary = [
        *KNOWN,
        *("".join(rng.choices(SYLLABLES, k=rng.randint(2, 5))) for _n in range(8_000)),
    ]
    weights = [1 / (place + 5) for place in range(len(vocabulary))]
    with transaction.atomic():
        for number in range(TEAMS):
            group = Group.objects.create(name=f"team:bench-{number}")
            Team.objects.create(
                key=f"bench-{number}", name=f"Bench {number}", kind="channel", group=group
            )
        author = User.objects.create(email="bench@bench.example", name="Bench", password="!")
        teams = list(
            Team.objects.filter(key__startswith="bench-")
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        copier, words = Copier(), set()
        with copier.unchecked():
            texts: list[tuple[str, str]] = []
            for number in range(count // COPIES):
                if texts and number % 50 == 0:
                    one = rng.choice(texts)
                    text = (one[0].replace(" account ", " deposit ", 2), one[1])
                else:
                    text = (
                        " ".join(rng.choices(vocabulary, weights, k=rng.randint(25, 110))),
                        "".join(rng.choices(HAN, k=rng.randint(30, 140))),
                    )
                texts.append(text)
                words |= _asset(copier, number, text, author.pk, rng.choice(teams), rng)
                if number % 2_000 == 0:
                    copier.flush()
            copier.finish()
        correcting.learn(words)
    with transaction.atomic(), connection.cursor() as cursor:
        # Made anew in the end they take a tenth of the time.
        cursor.execute(_INDEXES)
        indexes = cursor.fetchall()
        for name, _made_by in indexes:
            cursor.execute(f"DROP INDEX {name}")
        for copy in range(1, COPIES):
            cursor.execute(_COPY, {"copy": copy, "made_up": count // COPIES, "teams": teams})
        # No index is made while keys are still to be checked at the end.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for _name, made_by in indexes:
            cursor.execute(made_by)
    with connection.cursor() as cursor:
        for table in (
            "content_asset",
            "content_assetversion",
            "content_searchrow",
            "content_searchword",
        ):
            cursor.execute(f"VACUUM ANALYZE {table}")
    print(f"seeded {count:,} assets, {timezone.now():%H:%M}")


_INDEXES = """
    SELECT indexname, indexdef FROM pg_indexes
    WHERE tablename = 'content_searchrow' AND indexdef LIKE '%USING gin%'
"""
# Numbers are spread so that kinds and teams of copies differ from those of what they copy.
_COPY = """
    WITH made AS (
        SELECT *, row_number() OVER (ORDER BY id) AS place FROM content_asset
        ORDER BY id LIMIT %(made_up)s
    ), version AS (
        INSERT INTO content_assetversion
            (subject_id, number, document, digest, parent_digest, created_at, created_by_id, summary)
        SELECT made.id + %(copy)s * %(made_up)s, 1, v.document, v.digest, '', v.created_at,
            v.created_by_id, '[]'
        FROM made JOIN content_assetversion v ON v.subject_id = made.id
        RETURNING id, subject_id
    ), asset AS (
        INSERT INTO content_asset
            (id, key, name, is_restricted, readers, created_at, updated_at, kind, channel_id, team_id,
            purpose, languages, status, live_version_id)
        SELECT version.subject_id, made.key || '-' || %(copy)s, made.name || ' ' || %(copy)s,
            (made.place + %(copy)s) %% 10 = 0, '{}', made.created_at, made.updated_at, made.kind,
            made.channel_id, (%(teams)s::bigint[])[1 + (made.place * 7 + %(copy)s * 31) %% 200],
            made.purpose, made.languages, made.status,
            CASE WHEN (made.place + %(copy)s) %% 7 > 0 THEN version.id END
        FROM made JOIN version ON version.subject_id = made.id + %(copy)s * %(made_up)s
        RETURNING id
    )
    INSERT INTO content_searchrow (asset_id, stamp, words, heading, text, tags, ends_on, bands)
    SELECT asset.id, stamp, words, heading, text, tags, ends_on,
        ARRAY(SELECT band # (%(copy)s * 7919) FROM unnest(bands) AS band)
    FROM asset JOIN content_searchrow ON asset_id = asset.id - %(copy)s * %(made_up)s
"""


def _asset(
    copier: Any, number: int, text: tuple[str, str], author: int, team: int, rng: Any
) -> set[str]:
    from cjops.demo.mass.copying import json  # noqa: PLC0415
    from cjops.demo.mass.finding import add_search_row  # noqa: PLC0415
    from cjops.documents import digest  # noqa: PLC0415
    from content.models import Asset, AssetVersion  # noqa: PLC0415
    from people.models import Channel  # noqa: PLC0415

    channels = _channels.get("all") or {one.key: one.pk for one in Channel.objects.all()}
    _channels["all"] = channels
    from django.utils import timezone  # noqa: PLC0415

    kind, key = KINDS[number % 5], f"bench-{number:06d}"
    body = (
        {"body": f"<p>{text[0]}</p>", "subject": text[0][:40]}
        if kind == "email"
        else {"text": text[0]}
    )
    chinese = {"body": f"<p>{text[1]}</p>"} if kind == "email" else {"text": text[1]}
    tags = [f"theme:t{number % 40}"] if number % 3 else []
    document = {
        "schema": "asset/1", "name": f"{text[0][:36].title()} {number}", "kind": kind, "purpose": text[0][40:100],
        "tags": tags,
        "renditions": [
            {"key": "en", "language": "en", **_nothing, **body},
            {"key": "zh-hans", "language": "zh-Hans", **_nothing, **chinese},
        ][: 1 if number % 4 == 0 else 2],
    }  # fmt: skip
    if number % 20 == 0:
        document["rights"] = {"source": "", "licence": "", "valid_from": None, "territories": [],
                              "valid_until": f"2027-{number % 12 + 1:02d}-15"}  # fmt: skip
    now = timezone.now()
    asset = copier.table(Asset).next
    version = copier.table(AssetVersion).next
    copier.add(AssetVersion, {
        "subject_id": asset, "number": 1, "document": json(document), "digest": digest(document),
        "parent_digest": "", "created_at": now, "created_by_id": author, "summary": "[]",
    })  # fmt: skip
    copier.add(Asset, {
        "key": key, "name": document["name"], "is_restricted": number % 10 == 0, "readers": "{}",
        "created_at": now, "updated_at": now, "kind": kind, "channel_id": channels[kind],
        "team_id": team, "purpose": document["purpose"],
        "languages": json([one["language"] for one in document["renditions"]]),
        "status": "retired" if number % 25 == 0 else "active",
        "live_version_id": None if number % 7 == 0 else version,
    })  # fmt: skip
    return add_search_row(copier, asset, key, document)


_channels: dict[str, dict[str, int]] = {}
_nothing = {"subject": "", "preheader": "", "format": "html", "body": "", "text": "", "sender": "",
            "title": "", "link": "", "rank": "a"}  # fmt: skip


# --- questions ------------------------------------------------------------------------------------


def _median(runs: int, *works: Callable[[], object]) -> list[float]:
    took: list[list[float]] = [[] for _work in works]
    warm_up = 2 if runs > 1 else 0
    for run in range(runs + warm_up):
        for place, work in enumerate(works):
            begin = time.perf_counter()
            work()
            if run >= warm_up:
                took[place].append((time.perf_counter() - begin) * 1_000)
    return [statistics.median(one) for one in took]


def _questions(runs: int, explains: bool) -> Iterator[str]:
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from content import queries  # noqa: PLC0415
    from content.models import Asset  # noqa: PLC0415
    from people.models import User  # noqa: PLC0415

    reader = User.objects.get(email="bench@bench.example")
    client = Client()
    client.force_login(reader)

    def page(query: str) -> None:
        answer = client.get(f"/content/?{query}")
        assert answer.status_code == 200, answer.status_code

    def by_hand(word: str) -> None:
        like = f"%{word}%"
        with connection.cursor() as cursor:
            where = (
                "NOT a.is_restricted AND (a.name ILIKE %s OR a.purpose ILIKE %s OR r.text ILIKE %s)"
            )
            base = (
                f"FROM content_asset a JOIN content_searchrow r ON r.asset_id = a.id WHERE {where}"
            )
            cursor.execute(f"SELECT a.id, a.name {base} ORDER BY a.name, a.id LIMIT 50", [like] * 3)
            for column in (
                "kind",
                "channel_id",
                "team_id",
                "languages",
                "status",
                "live_version_id IS NULL",
            ):
                cursor.execute(f"SELECT {column}, count(*) {base} GROUP BY 1", [like] * 3)

    def facets_by_hand(_word: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, name FROM content_asset WHERE NOT is_restricted ORDER BY name, id LIMIT 50"
            )
            for column in (
                "kind",
                "channel_id",
                "team_id",
                "languages",
                "status",
                "live_version_id IS NULL",
            ):
                cursor.execute(
                    f"SELECT {column}, count(*) FROM content_asset WHERE NOT is_restricted GROUP BY 1"
                )

    for name, query, hand, word in (
        ("page, nothing typed", "", facets_by_hand, ""),
        ("page, two facets", "kind=email&language=en", facets_by_hand, ""),
        ("page, a common word", "q=account", by_hand, "account"),
        ("page, a rare word", "q=interest+loan", by_hand, "interest"),
        ("page, Chinese", "q=信用卡", by_hand, "信用卡"),
        ("page, a phrase", "q=%22card+savings%22", by_hand, "card savings"),
        ("page, a typo", "q=mortgaeg", by_hand, "mortgaeg"),
    ):
        if explains:
            _explain(name, lambda query=query: page(query))
        portal, other = _median(runs, lambda query=query: page(query),
                                lambda hand=hand, word=word: hand(word))  # fmt: skip
        yield _line(name, portal, other, PAGE_MS)
    asset = Asset.objects.filter(key="bench-000050").select_related("live_version").get()
    if explains:
        _explain("alike", lambda: queries.resembling(reader, asset))
    (portal,) = _median(runs, lambda: queries.resembling(reader, asset))
    (other,) = _median(1, lambda: _each_by_hand(asset))
    yield _line("alike, one of them has a twin", portal, other, ALIKE_MS)


def _each_by_hand(asset: Any) -> list[int]:
    """Compares with every text, as nothing but the texts would have it."""
    from content.finding.shingles import comparable, likeness, shingles  # noqa: PLC0415
    from content.models import SearchRow  # noqa: PLC0415

    own = shingles(comparable(asset.search_row.text))
    rows = SearchRow.objects.exclude(pk=asset.pk).values_list("pk", "text").iterator()
    return [pk for pk, text in rows if likeness(own, shingles(comparable(text))) >= 0.8]


def _explain(name: str, work: Callable[[], object]) -> None:
    from bench import figures  # noqa: PLC0415

    work()
    with figures.statements() as seen:
        work()
    print(f"\n--- {name}: {len(seen)} statements, {sum(t for t, _s in seen):.1f} ms")
    for took, statement in seen:
        print(f"{took:7.2f}  {statement[:1_500]}")


def _line(name: str, portal: float, other: float, aim: int) -> str:
    holds = "ok" if portal < aim else "MISSED"
    return (
        f"{name:<44}{portal:>9.1f} ms{other:>9.0f} ms{portal / other:>7.2f} x   {aim} ms  {holds}"
    )


if __name__ == "__main__":
    sys.exit(main())
