"""The floor: the same data read, and the same rows written, by hand in as few statements as go.

No ORM, no templates, no checks, no rights but the filter of what a person sees. Each function
returns how many statements it took.
"""

from collections.abc import Callable
from typing import Any

import orjson
import psycopg
from psycopg.rows import dict_row

VISIBLE = """
    (NOT j.is_restricted OR j.readers && array_append(
        ARRAY(SELECT -group_id FROM people_user_groups WHERE user_id = %(user)s), %(user)s::bigint))
"""
SEEN = f"(c.journey_id IS NULL OR {VISIBLE})"
OPEN = "('draft', 'in_review', 'changes_requested', 'approved', 'scheduled')"
CHANGE = """
    SELECT c.number, c.title, c.state, c.channels, c.due_at, c.updated_at, c.scheduled_for,
           u.name AS author, coalesce(j.name, a.name, t.name) AS subject
    FROM governance_change c JOIN people_user u ON u.id = c.author_id
    LEFT JOIN journeys_journey j ON j.id = c.journey_id
    LEFT JOIN content_asset a ON a.id = c.asset_id
    LEFT JOIN tags_taxonomy t ON t.id = c.taxonomy_id
"""
LED = "SELECT team_id FROM people_membership WHERE user_id = %(user)s AND role = 'lead'"
CHANNELS = f"SELECT channel_id FROM people_team_channels WHERE team_id IN ({LED})"
GRANTED = """
    (g.user_id = %(user)s
     OR g.team_id IN (SELECT team_id FROM people_membership WHERE user_id = %(user)s))
"""
# Changes under review first: they are few, and their own rows rule most of them out.
WAITING = f"""
    WITH near AS MATERIALIZED (
        SELECT c.number, c.revision, c.journey_id FROM governance_change c
        WHERE c.state = 'in_review' AND c.author_id <> %(user)s AND (
            c.channels && ARRAY(
                SELECT key FROM people_channel WHERE id IN ({CHANNELS}))::varchar[]
            OR c.journey_id IN (
                SELECT journey_id FROM journeys_journeyrole g WHERE g.user_id = %(user)s)
            OR c.journey_id IN (
                SELECT journey_id FROM journeys_journeyrole g WHERE g.team_id IN (
                    SELECT team_id FROM people_membership WHERE user_id = %(user)s))
            OR c.number IN (
                SELECT r.change_id FROM governance_requirementsource s
                JOIN governance_requirement r ON r.id = s.requirement_id
                WHERE s.team_id IN ({LED})))
    ), mine AS MATERIALIZED (
        SELECT DISTINCT n.number FROM near n JOIN governance_requirement r
        ON r.change_id = n.number AND r.revision = n.revision AND r.met_at IS NULL
        JOIN governance_requirementsource s ON s.requirement_id = r.id
        WHERE s.team_id IN ({LED}) OR s.channel_id IN ({CHANNELS})
           OR EXISTS (SELECT FROM journeys_journeyrole g WHERE g.journey_id = n.journey_id
                      AND g.role_id = s.role_id AND {GRANTED})
    )
"""


class Floor:
    """Statements on a connection, prepared as psycopg sees fit, and how many there were."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection
        self.taken = 0

    def ask(self, statement: str, **values: Any) -> list[dict[str, Any]]:
        """The rows of one statement."""
        self.taken += 1
        with self.connection.cursor(row_factory=dict_row) as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def counted(self, work: Callable[[], Any]) -> int:
        """How many statements `work` took."""
        before = self.taken
        work()
        return self.taken - before

    # --- reading ------------------------------------------------------------------------------

    def inbox(self, user: int) -> int:
        def work() -> None:
            self.ask(
                f"{WAITING} {CHANGE} JOIN mine ON mine.number = c.number WHERE {SEEN} "
                "ORDER BY c.due_at, c.submitted_at LIMIT 100",
                user=user,
            )
            self.ask(
                f"{CHANGE} WHERE c.author_id = %(user)s AND c.state IN {OPEN} "
                "ORDER BY c.updated_at DESC LIMIT 100",
                user=user,
            )
            self.ask(
                "SELECT n.kind, n.created_at, n.change_id, u.name FROM governance_notification n "
                "JOIN governance_ledgerentry e ON e.id = n.entry_id LEFT JOIN people_user u "
                "ON u.id = e.actor_id WHERE n.user_id = %(user)s AND n.read_at IS NULL "
                "ORDER BY n.id DESC LIMIT 20",
                user=user,
            )

        return self.counted(work)

    def journeys(self, user: int) -> int:
        return self.counted(
            lambda: self.ask(
                f"""
                SELECT j.key, j.name, j.purpose, j.market, j.importance, j.channels, j.step_count,
                       v.number, v.created_at,
                       (SELECT count(*) FROM governance_change c WHERE c.journey_id = j.id AND
                        c.state IN {OPEN}) AS open_changes,
                       (SELECT array_agg(u.name) FROM journeys_journeyrole g
                        JOIN people_role r ON r.id = g.role_id JOIN people_user u
                        ON u.id = g.user_id WHERE g.journey_id = j.id AND
                        r.key = 'journey-manager') AS managers
                FROM journeys_journey j LEFT JOIN journeys_journeyversion v
                ON v.id = j.live_version_id WHERE {VISIBLE} ORDER BY j.name, j.id LIMIT 50
                """,
                user=user,
            )
        )

    def journeys_as_json(self, user: int) -> int:
        def work() -> None:
            rows = self.ask(
                f"""
                SELECT j.key, j.name, j.purpose, j.market, j.product_line, j.importance,
                       j.personas, j.channels, j.step_count, j.is_restricted, j.created_at,
                       j.updated_at, v.number AS live_version, v.digest AS live_digest
                FROM journeys_journey j LEFT JOIN journeys_journeyversion v
                ON v.id = j.live_version_id WHERE {VISIBLE} ORDER BY j.id LIMIT 51
                """,
                user=user,
            )
            orjson.dumps({"results": rows[:50]})

        return self.counted(work)

    def journey(self, user: int, key: str) -> int:
        def work() -> None:
            (row,) = self.ask(
                "SELECT j.id, j.name, j.purpose, v.number, v.document::text, v.created_at "
                "FROM journeys_journey j JOIN journeys_journeyversion v "
                f"ON v.id = j.live_version_id WHERE j.key = %(key)s AND {VISIBLE}",
                key=key,
                user=user,
            )
            self.ask(
                "SELECT g.role_id, u.name, t.name AS team FROM journeys_journeyrole g "
                "LEFT JOIN people_user u ON u.id = g.user_id LEFT JOIN people_team t "
                "ON t.id = g.team_id WHERE g.journey_id = %(journey)s",
                journey=row["id"],
            )
            steps = orjson.loads(row["document"])["steps"]
            keys = {slot["asset"] for step in steps for slot in step["slots"].values()}
            self.ask(
                "SELECT key, name FROM content_asset WHERE key = ANY(%(keys)s) UNION ALL "
                "SELECT key, name FROM people_channel UNION ALL "
                "SELECT key, name FROM people_team WHERE key = ANY(%(teams)s)",
                keys=list(keys),
                teams=list({step["team"] for step in steps}),
            )
            self.ask(
                f"{CHANGE} WHERE c.journey_id = %(journey)s AND c.state IN {OPEN}",
                journey=row["id"],
            )

        return self.counted(work)

    def change(self, number: int) -> int:
        def work() -> None:
            self.ask(
                "SELECT c.*, u.name AS author, r.document::text AS proposed, v.document::text AS base "
                "FROM governance_change c JOIN people_user u ON u.id = c.author_id "
                "JOIN governance_changerevision r ON r.change_id = c.number AND "
                "r.number = c.revision LEFT JOIN journeys_journeyversion v ON "
                "v.subject_id = c.journey_id AND v.number = c.base_number WHERE c.number = %(n)s",
                n=number,
            )
            self.ask(
                "SELECT r.*, s.channel_id, s.team_id, s.role_id FROM governance_requirement r "
                "JOIN governance_requirementsource s ON s.requirement_id = r.id "
                "WHERE r.change_id = %(n)s",
                n=number,
            )
            self.ask(
                "SELECT DISTINCT u.name, t.channel_id FROM people_team_channels t JOIN "
                "people_membership m ON m.team_id = t.team_id AND m.role = 'lead' "
                "JOIN people_user u ON u.id = m.user_id WHERE t.channel_id IN (SELECT s.channel_id "
                "FROM governance_requirementsource s JOIN governance_requirement r "
                "ON r.id = s.requirement_id WHERE r.change_id = %(n)s)",
                n=number,
            )
            self.ask(
                "SELECT e.*, u.name FROM governance_ledgerentry e LEFT JOIN people_user u "
                "ON u.id = e.actor_id WHERE e.change_id = %(n)s ORDER BY e.id",
                n=number,
            )
            self.ask("SELECT * FROM governance_review WHERE change_id = %(n)s", n=number)

        return self.counted(work)

    def changes(self, user: int) -> int:
        return self.counted(
            lambda: self.ask(
                f"{CHANGE} WHERE {SEEN} AND c.state IN {OPEN} ORDER BY c.number DESC LIMIT 51",
                user=user,
            )
        )

    # --- deciding -----------------------------------------------------------------------------

    def submit(self, number: int, author: int, deciders: list[int]) -> None:
        """Two requirements with their sources, the state, the entry, the messages."""
        with self.connection.transaction():
            change = self._locked(number)
            requirements = self.ask(
                """
                INSERT INTO governance_requirement
                    (change_id, revision, key, reason, params, matched, label, hunks, quorum,
                     round, "distinct", leavers_fall, approved_by, is_asked_of_others, opened_at,
                     due_at)
                SELECT %(n)s, %(r)s, key, 'policy', '{}', '[]', '{}', ARRAY[%(d)s], 1,
                       1, '', false, '{}', false, now(), now() + interval '72 hours'
                FROM (VALUES ('steward:email'), ('owner')) AS asked (key)
                RETURNING id
                """,
                n=number,
                r=change["revision"],
                d=change["digest"],
            )
            self.ask(
                "INSERT INTO governance_requirementsource "
                "(requirement_id, kind, with_members, channel_id, role_id) "
                "VALUES (%(a)s, 'asked', false, "
                "(SELECT id FROM people_channel WHERE key = 'email'), NULL), "
                "(%(b)s, 'asked', false, NULL, "
                "(SELECT id FROM people_role WHERE key = 'journey-manager'))",
                a=requirements[0]["id"],
                b=requirements[1]["id"],
            )
            entry = self._moved(change, author, "submit", "in_review")
            self._told(number, entry, "decision_wanted", deciders)

    def approve(self, number: int, person: int, key: str, state: str, author: int) -> None:
        """A review, the requirement it meets, the state, the entry, the message at the end."""
        with self.connection.transaction():
            change = self._locked(number)
            self.ask(
                "INSERT INTO governance_review (change_id, revision, reviewer_id, verdict, "
                "comment, hunks, covers, created_at) VALUES (%(n)s, %(r)s, %(p)s, 'approve', '', "
                "ARRAY[%(d)s], ARRAY[%(k)s], now())",
                n=number,
                r=change["revision"],
                p=person,
                d=change["digest"],
                k=key,
            )
            self.ask(
                "UPDATE governance_requirement SET met_at = now() WHERE change_id = %(n)s "
                "AND key = %(k)s",
                n=number,
                k=key,
            )
            entry = self._moved(change, person, "approve", state)
            if state == "approved":
                self._told(number, entry, "approved", [author])

    def publish(self, number: int, person: int, author: int, step: str) -> None:
        """The version, the pointer, the row of the step with its history, the entry."""
        with self.connection.transaction():
            change = self._locked(number)
            (version,) = self.ask(
                """
                INSERT INTO journeys_journeyversion
                    (subject_id, number, document, digest, parent_digest, created_at, created_by_id,
                     summary)
                SELECT j.id, v.number + 1, %(document)s::jsonb, %(digest)s, v.digest, now(), %(p)s, '[]'
                FROM journeys_journey j JOIN journeys_journeyversion v ON v.id = j.live_version_id
                WHERE j.id = %(j)s FOR NO KEY UPDATE OF j
                RETURNING id, number
                """,
                j=change["journey_id"],
                p=person,
                document=change["document"],
                digest=change["digest"],
            )
            self.ask(
                "UPDATE journeys_journey SET live_version_id = %(v)s, updated_at = now() "
                "WHERE id = %(j)s",
                v=version["id"],
                j=change["journey_id"],
            )
            steps = orjson.loads(change["document"])["steps"]
            found = next(one for one in steps if one["key"] == step)
            self.ask(
                """
                WITH changed AS (
                    UPDATE journeys_step SET purpose = %(purpose)s
                    WHERE journey_id = %(j)s AND key = %(key)s RETURNING *)
                INSERT INTO journeys_historicalstep
                    (id, key, rank, journey_id, stage_id, name, kind, channel_id, team_id,
                     purpose, touchpoint, frequency_class, history_date, history_type,
                     history_user_id)
                SELECT id, key, rank, journey_id, stage_id, name, kind, channel_id, team_id,
                       purpose, touchpoint, frequency_class, now(), '~', %(p)s FROM changed
                """,
                purpose=found["purpose"],
                j=change["journey_id"],
                key=step,
                p=person,
            )
            self.ask(
                "UPDATE governance_change SET published_at = now(), published_number = %(v)s "
                "WHERE number = %(n)s",
                v=version["number"],
                n=number,
            )
            entry = self._moved(change, person, "publish", "published")
            self._told(number, entry, "published", [author])

    def _locked(self, number: int) -> dict[str, Any]:
        (change,) = self.ask(
            "SELECT c.*, r.document::text FROM governance_change c JOIN governance_changerevision r "
            "ON r.change_id = c.number AND r.number = c.revision WHERE c.number = %(n)s "
            "FOR NO KEY UPDATE OF c",
            n=number,
        )
        return change

    def _moved(self, change: dict[str, Any], actor: int, action: str, state: str) -> int:
        """The new state and its ledger entry, in one statement."""
        (entry,) = self.ask(
            """
            WITH moved AS (
                UPDATE governance_change SET state = %(state)s, updated_at = now()
                WHERE number = %(n)s)
            INSERT INTO governance_ledgerentry
                (kind, journey_id, at, actor_id, action, change_id, revision, from_state, to_state,
                 digest, reason, data, request_id, body)
            VALUES ('journey', %(j)s, now(), %(actor)s, %(action)s, %(n)s, %(r)s, %(was)s,
                    %(state)s, %(d)s, '', '{}', '', '{}')
            RETURNING id
            """,
            state=state,
            n=change["number"],
            j=change["journey_id"],
            actor=actor,
            action=action,
            r=change["revision"],
            was=change["state"],
            d=change["digest"],
        )
        return int(entry["id"])

    def _told(self, number: int, entry: int, kind: str, people: list[int]) -> None:
        self.ask(
            "INSERT INTO governance_notification (user_id, change_id, kind, entry_id, message_id, "
            "created_at, mailed_at, attempts) SELECT person, %(n)s, %(k)s, %(e)s, "
            "gen_random_uuid(), now(), now(), 0 FROM unnest(%(people)s::bigint[]) AS person",
            n=number,
            k=kind,
            e=entry,
            people=people,
        )
