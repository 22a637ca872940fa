"""`python -m bench.visible [--journeys 10000,100000]`: what `visible_to` costs beside hand-written SQL.

On databases of its own, of 200 teams and 1,000 people. At 10,000 journeys what grants give is derived
by the portal; at 100,000 all are restricted, and people see nearly all of them or nearly none. Each
question is asked by the portal and in several ways by hand, in turn; the fastest by hand is the floor.
The ratio is that of the portal's statements alone to it; `with Django` is what the call takes in all,
putting the statement together included.
"""

import argparse
import contextlib
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import django

from bench.database import CHECKOUT, FOLDER, _created
from cjops.embedded import postgres

TEAMS, PEOPLE, RUNS, WARM_UP, AIM = 200, 1_000, 60, 8, 2.0
LARGE = 50_000
PAGE = 50
OPEN = "('draft', 'in_review', 'changes_requested', 'approved', 'scheduled')"

STAFF = """
    INSERT INTO people_user (password, is_superuser, email, name, locale, time_zone, uses_keys, mails,
        is_staff, is_active, date_joined)
    SELECT '!', false, 'p' || n || '@bench.example', 'Person ' || n, 'en', 'UTC', true, 'each', false,
        true, now() FROM generate_series(1, %(people)s) n;
    INSERT INTO auth_group (name) SELECT 'bench-' || n FROM generate_series(1, %(teams)s) n;
    INSERT INTO people_team (name, name_zh_hans, name_zh_hant, key, kind, group_id)
    SELECT name, '', '', name, 'channel', id FROM auth_group WHERE name LIKE 'bench-%%';
    INSERT INTO people_membership (team_id, user_id, role, joined_at)
    SELECT DISTINCT t.id, u.id, 'contributor', now() FROM people_team t
    CROSS JOIN generate_series(0, 9) i
    JOIN people_user u ON u.email = 'p' || ((t.group_id * 5 + i) %% %(people)s + 1) || '@bench.example'
    WHERE t.key LIKE 'bench-%%';
    INSERT INTO people_user_groups (user_id, group_id)
    SELECT m.user_id, t.group_id FROM people_membership m JOIN people_team t ON t.id = m.team_id
"""
SUBJECTS = """
    INSERT INTO journeys_journey (key, name, is_restricted, readers, created_at, updated_at, purpose,
        market, product_line, importance, personas, channels, step_count)
    SELECT 'bench-' || n, 'Journey ' || md5(n::text), n %% 10 < %(share)s, '{}', now(), now(), '',
        'Market ' || n %% 20, 'Line ' || n %% 13, 'normal', '{}', '{}', 20
    FROM generate_series(1, %(journeys)s) n;
    UPDATE journeys_journey j SET parent_id = p.id FROM journeys_journey p
    WHERE %(share)s < 10 AND p.key = 'bench-' || (substr(j.key, 7)::int / 10 * 10)
        AND j.key <> p.key AND substr(j.key, 7)::int %% 40 BETWEEN 11 AND 19;
    INSERT INTO content_asset (key, name, is_restricted, readers, created_at, updated_at, kind,
        channel_id, team_id, purpose, languages, status)
    SELECT 'bench-' || n, 'Asset ' || md5(n::text), n %% 10 < %(share)s, '{}', now(), now(), 'email',
        (SELECT id FROM people_channel WHERE key = 'email'), t.id, '', '[]', 'active'
    FROM generate_series(1, %(journeys)s) n JOIN people_team t ON t.key = 'bench-' || (n %% %(teams)s + 1);
    INSERT INTO governance_change (kind, journey_id, title, rationale, hypothesis, state, author_id,
        base_number, base_digest, revision, digest, channels, hunk_count, created_at, updated_at,
        is_emergency, policy_stamp, conflict_count)
    SELECT 'journey', j.id, 'Change ' || n, '', '',
        CASE WHEN n %% 4 = 0 THEN 'in_review' ELSE 'published' END,
        (SELECT min(id) FROM people_user) + n %% %(people)s, 0, '', 1, md5(n::text), '{}', 3, now(),
        now(), false, '', 0
    FROM journeys_journey j CROSS JOIN generate_series(1, 3) i
    CROSS JOIN LATERAL (SELECT j.id * 3 + i AS n) numbered ORDER BY md5(n::text)
"""
# A team on a market, on thirty journeys and on some assets; people on a few, on one with its parts.
GRANTS = """
    INSERT INTO people_grant (role_id, user_id, team_id, scope, place, step, journey_id, asset_id,
        is_over, granted_at)
    SELECT (SELECT id FROM people_role WHERE key = 'contributor'), NULL::bigint, t.id, 'market',
        'Market ' || t.id %% 20, '', NULL::bigint, NULL::bigint, false, now()
    FROM people_team t WHERE t.key LIKE 'bench-%%'
    UNION ALL
    SELECT (SELECT id FROM people_role WHERE key = 'contributor'), NULL::bigint, t.id, 'journey', '', '', j.id,
        NULL::bigint, false, now()
    FROM people_team t CROSS JOIN generate_series(1, 30) i
    JOIN journeys_journey j ON j.key = 'bench-' || ((t.id * 97 + i * 331) %% %(journeys)s + 1)
    WHERE t.key LIKE 'bench-%%'
    UNION ALL
    SELECT (SELECT id FROM people_role WHERE key = 'contributor'), NULL::bigint, t.id, 'asset', '', '', NULL::bigint,
        a.id, false, now()
    FROM people_team t CROSS JOIN generate_series(1, 10) i
    JOIN content_asset a ON a.key = 'bench-' || ((t.id * 53 + i * 277) %% %(journeys)s + 1)
    WHERE t.key LIKE 'bench-%%'
    UNION ALL
    SELECT (SELECT id FROM people_role WHERE key = 'journey-manager'), u.id, NULL::bigint,
        CASE WHEN i = 3 THEN 'family' ELSE 'journey' END, '', '', j.id, NULL::bigint, false, now()
    FROM people_user u CROSS JOIN generate_series(1, 3) i
    JOIN journeys_journey j ON j.key = 'bench-' || ((u.id * 41 + i * 1009) %% %(journeys)s / 10 * 10 + 10)
    UNION ALL
    SELECT (SELECT id FROM people_role WHERE key = 'journey-manager'), u.id, NULL::bigint, 'product_line',
        'Line 3', '', NULL::bigint, NULL::bigint, false, now()
    FROM people_user u WHERE u.email = 'p7@bench.example'
    ON CONFLICT DO NOTHING
"""
# At 100,000: person 1 reads 99.9 % by a team, person 2 reads twenty.
READERS = """
    UPDATE {table} s SET readers = ARRAY(
        SELECT DISTINCT v FROM unnest(ARRAY[
            -(SELECT min(id) FROM auth_group WHERE name LIKE 'bench-%%') - s.id %% 190 - 9,
            CASE WHEN s.id %% 1000 > 0 THEN -%(all)s END,
            CASE WHEN s.id %% 5000 = 7 THEN %(none)s END]::bigint[]) v
        WHERE v IS NOT NULL)
"""


def main(arguments: list[str] | None = None) -> int:
    """Seed what is missing, measure, print a line for each question."""
    parser = argparse.ArgumentParser(prog="bench.visible", description=__doc__)
    parser.add_argument("--journeys", default="10000,100000")
    parser.add_argument("--only", default="", help="only questions whose name holds this")
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--explain", action="store_true", help="show the portal's plans")
    parser.add_argument("--inside", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.inside:
        return _measured(options)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for journeys in options.journeys.split(","):
        with contextlib.ExitStack() as stack:
            server = os.environ.get("DATABASE_URL") or stack.enter_context(postgres.lease(FOLDER))
            environment = os.environ | {
                "DATABASE_URL": _created(server, f"bench_visible_{journeys}"),
                "DEBUG": "1",
                "LOG_FORMAT": "json",
                "DJANGO_SETTINGS_MODULE": "cjops.settings",
            }
            for command in (("migrate", "-v", "0"), ("bootstrap_roles", "-v", "0")):
                subprocess.run([sys.executable, "manage.py", *command], cwd=CHECKOUT,
                               env=environment, check=True)  # fmt: skip
            again = [sys.executable, "-m", "bench.visible", "--inside", journeys]
            again += ["--only", options.only, "--runs", str(options.runs)]
            again += ["--explain"] if options.explain else []
            done = subprocess.run(again, cwd=CHECKOUT, env=environment, check=False)
        if done.returncode:
            return done.returncode
    return 0


def _measured(options: argparse.Namespace) -> int:
    journeys = options.inside
    django.setup()
    from django.conf import settings  # noqa: PLC0415

    settings.DEBUG = False
    begin = time.perf_counter()
    if _seed(journeys):
        print(f"seeded in {time.perf_counter() - begin:.0f} s")
    cores = len(os.sched_getaffinity(0))
    print(f"\nvisible_to, {journeys:,} journeys: Python {platform.python_version()}, {cores} cores")
    for line in _lines(options):
        print(line, flush=True)
    return 0


# --- what is there --------------------------------------------------------------------------------


def _seed(journeys: int) -> bool:
    """People, subjects, changes and grants; False where they are there already."""
    from django.db import connection, transaction  # noqa: PLC0415

    from journeys.models import Journey  # noqa: PLC0415
    from people import granting  # noqa: PLC0415

    if Journey.objects.exists():
        return False
    values = {
        "people": PEOPLE,
        "teams": TEAMS,
        "journeys": journeys,
        "share": 10 if journeys >= LARGE else 4,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        for script in (STAFF, SUBJECTS, *(() if journeys >= LARGE else (GRANTS,))):
            for statement in script.split(";"):
                cursor.execute(statement, values)
        if journeys >= LARGE:
            cursor.execute("SELECT min(id) FROM auth_group WHERE name LIKE 'bench-%'")
            ((group,),) = cursor.fetchall()
            everywhere, nowhere = _person("p1"), _person("p900")
            cursor.execute("DELETE FROM people_user_groups WHERE user_id = ANY(%s)",
                           [[everywhere, nowhere]])  # fmt: skip
            cursor.execute("INSERT INTO people_user_groups (user_id, group_id) VALUES (%s, %s)",
                           [everywhere, group])  # fmt: skip
            for table in ("journeys_journey", "content_asset"):
                cursor.execute(READERS.format(table=table), {"all": group, "none": nowhere})
        else:
            granting.renew_all()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return True


def _person(name: str) -> int:
    from people.models import User  # noqa: PLC0415

    return int(User.objects.get(email=f"{name}@bench.example").pk)


def _people(journeys: int) -> dict[str, int]:
    """Who asks, by what they are."""
    from django.contrib.auth.models import Permission  # noqa: PLC0415

    if journeys >= LARGE:
        return {"sees nearly all": _person("p1"), "sees nearly none": _person("p900")}
    auditor = _person("p500")
    Permission.objects.get(codename="see_everything").user_set.add(auditor)
    return {"contributor": _person("p42"), "manager": _person("p7"), "auditor": auditor}


# --- what is asked --------------------------------------------------------------------------------

Asked = Callable[[], Any]


def _of_portal(user: Any) -> dict[str, Callable[[], Any]]:
    """By name the querysets, as lists start from them; made anew, as by a new request."""
    from content.models import Asset  # noqa: PLC0415
    from governance.models import Change  # noqa: PLC0415
    from governance.transitions import OPEN_STATES  # noqa: PLC0415
    from journeys.models import Journey  # noqa: PLC0415

    def changes() -> Any:
        # What was found out for the request before.
        user.__dict__.pop("_among_few", None)
        found = Change.objects.listed_for(user).filter(state__in=OPEN_STATES)
        return found.order_by("-number").values_list("number", "title", "state")

    return {
        "journeys": lambda: Journey.objects.visible_to(user).order_by("name", "pk").values_list(
            "pk", "key", "name"),
        "changes": changes,
        "assets": lambda: Asset.objects.visible_to(user).order_by("name", "pk").values_list(
            "pk", "key", "name"),
    }  # fmt: skip


def _by_hand(what: str, *, sees_all: bool) -> dict[str, list[str]]:
    """Several ways to write the page and the count; `me` is the array of a person's numbers."""
    mine = "readers && %(me)s::bigint[]"
    if what == "changes":
        return _changes_by_hand(mine, sees_all=sees_all)
    table = {"journeys": "journeys_journey", "assets": "content_asset"}[what]
    if sees_all:
        wheres = ["true"]
    else:
        wheres = [f"(NOT is_restricted OR {mine})", f"(is_restricted = false OR {mine})"]
    rows = f"SELECT id, key, name FROM {table} WHERE"
    tail = f"ORDER BY name, id LIMIT {PAGE}"
    pages = [f"{rows} {where} {tail}" for where in wheres]
    counts = [f"SELECT count(*) FROM {table} WHERE {where}" for where in wheres]
    if not sees_all:
        # Each half by its own index.
        pages.append(
            f"SELECT * FROM (({rows} NOT is_restricted {tail}) UNION ALL "
            f"({rows} is_restricted AND {mine} {tail})) AS halves {tail}"
        )
        counts.append(
            f"SELECT (SELECT count(*) FROM {table} WHERE NOT is_restricted) + "
            f"(SELECT count(*) FROM {table} WHERE is_restricted AND {mine})"
        )
    return {"first page": pages, "count": counts}


def _changes_by_hand(mine: str, *, sees_all: bool) -> dict[str, list[str]]:
    wheres = ["true"]
    if not sees_all:
        seen = f"(NOT x.is_restricted OR x.{mine})"
        each = (("journey", "journeys_journey"), ("asset", "content_asset"),
                ("taxonomy", "tags_taxonomy"))  # fmt: skip
        wheres = [
            " OR ".join(
                f"EXISTS (SELECT FROM {table} x WHERE x.id = c.{kind}_id AND {seen})"
                for kind, table in each
            ),
            " OR ".join(
                f"c.{kind}_id IN (SELECT id FROM {table} x WHERE {seen})" for kind, table in each
            ),
        ]
    rows = "SELECT c.number, c.title, c.state FROM governance_change c"
    pages = [f"{rows} WHERE c.state IN {OPEN} AND ({where})" for where in wheres]
    counts = [
        f"SELECT count(*) FROM governance_change c WHERE c.state IN {OPEN} AND ({where})"
        for where in wheres
    ]
    if not sees_all:
        joins = " ".join(
            f"LEFT JOIN {table} {kind} ON {kind}.id = c.{kind}_id" for kind, table in each
        )
        where = " OR ".join(f"NOT {kind}.is_restricted OR {kind}.{mine}" for kind, _table in each)
        pages.append(f"{rows} {joins} WHERE c.state IN {OPEN} AND ({where})")
        counts.append(
            f"SELECT count(*) FROM governance_change c {joins} WHERE c.state IN {OPEN} "
            f"AND ({where})"
        )
    order = f"ORDER BY c.number DESC LIMIT {PAGE}"
    return {"first page": [f"{page} {order}" for page in pages], "count": counts}


def _lines(options: argparse.Namespace) -> Iterator[str]:
    from bench.scenarios import own_connection  # noqa: PLC0415
    from people.backends import AccountBackend  # noqa: PLC0415

    columns = f"{'with Django':>14}{'statement':>12}{'by hand':>11}{'ratio':>8}"
    yield f"{'':<40}{'rows':>7}{columns}"
    with own_connection() as own:
        for name, pk in _people(options.inside).items():
            user = AccountBackend().get_user(pk)
            assert user is not None
            me = [user.pk, *(-group for group in user.group_ids)]  # type: ignore[attr-defined]
            sees_all = user.has_perm("people.see_everything")
            for what, rows in _of_portal(user).items():
                ways = _by_hand(what, sees_all=sees_all)
                for question, ask in (
                    ("first page", lambda rows=rows: list(rows()[:PAGE])),
                    ("count", lambda rows=rows: rows().count()),
                ):
                    named = f"{what}, {question}, {name}"
                    if options.only not in named:
                        continue
                    if options.explain and question == "first page":
                        yield str(rows()[:PAGE].explain(analyze=True))
                    hand = [_asked_by(own, way, me) for way in ways[question]]
                    sent = _sent_by(own, ask)
                    yield _line(named, ask, sent, hand, options.runs)


def _asked_by(connection: Any, statement: str, me: list[int]) -> Asked:
    return lambda: connection.execute(statement, {"me": me}).fetchall()


def _sent_by(own: Any, ask: Asked) -> Asked:
    """The very statements that the portal sends, as something to run like those by hand; the last
    one answers."""
    from django.db import connection  # noqa: PLC0415

    seen: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        ask()
    return lambda: [own.execute(*one).fetchall() for one in seen][-1]


def _line(name: str, ask: Asked, sent: Asked, hand: list[Asked], runs: int) -> str:
    """One question, asked in turn; the answers have to be the same."""
    ways = (ask, sent, *hand)
    answers = [_plain(one()) for one in ways]
    assert all(answer == answers[0] for answer in answers), name
    took: list[list[float]] = [[] for _way in ways]
    for run in range(WARM_UP + runs):
        for place, one in enumerate(ways):
            begin = time.perf_counter()
            one()
            if run >= WARM_UP:
                took[place].append((time.perf_counter() - begin) * 1_000)
    # The fastest run: what is left when nothing else uses the machine.
    in_all, statement, *others = [min(times) for times in took]
    floor = min(others)
    rows = len(answers[0]) if isinstance(answers[0], list) else answers[0]
    ratio = statement / floor
    held = "ok" if ratio <= AIM else f"MISSED (way {others.index(floor) + 1})"
    figures = f"{in_all:>11.2f} ms{statement:>9.2f} ms{floor:>8.2f} ms{ratio:>6.1f} x"
    return f"{name:<40}{rows:>7}{figures}  {held}"


def _plain(answer: Any) -> Any:
    """A count as a number, rows as tuples."""
    if isinstance(answer, int):
        return answer
    rows = [tuple(row) for row in answer]
    return rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else rows


if __name__ == "__main__":
    sys.exit(main())
