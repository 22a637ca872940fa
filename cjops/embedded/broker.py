"""The broker when none is named: queues in PostgreSQL, by kombu's `pgmq` transport.

What this adds to the transport of kombu:

* it takes any libpq address. The client library behind it builds its own from host, port, user and
  password, and loses sockets, `sslmode` and password files on the way;
* the queue functions install themselves, as plain SQL: no extension, no superuser;
* one set of connections for each process, not a pool for each connection that Celery opens;
* a message that is being worked on is renewed every few seconds, so that the work of a killed
  worker comes back within half a minute, however long other tasks may run.
"""

# kombu carries annotations here and there only.
# mypy: disallow-untyped-calls=False

import contextlib
import os
import re
import threading
import time
from collections.abc import Iterator
from functools import cached_property
from queue import Empty
from typing import Any

import kombu.connection
import kombu.transport
import pgmq.install
import psycopg
from kombu.transport import pgmq as kombu_pgmq
from kombu.transport import virtual
from kombu.utils.url import maybe_sanitize_url
from pgmq import PGMQueue

# Seconds until a message whose worker is gone is handed out again. A living worker renews thrice.
VISIBILITY_TIMEOUT = 30
# Seconds between looks into an empty queue: how long a task waits at most before it starts.
POLLING_INTERVAL = 0.2
REQUEUE_AFTER = 3
IDLE_MAX = 4
# Any number that nothing else locks.
INSTALL_LOCK = 7_036_871
# From the table: `to_regclass` answers from a cache that waiting for the lock leaves as it is.
IS_INSTALLED = "SELECT 1 FROM pg_tables WHERE schemaname = 'pgmq' AND tablename = 'meta'"

SCHEMES = ("postgres", "postgresql")
for scheme in SCHEMES:
    kombu.transport.TRANSPORT_ALIASES[scheme] = "cjops.embedded.broker:Transport"


def url(database_url: str) -> str:
    """The broker's address for queues in this database."""
    return re.sub(r"^\w+(?=:)", "postgresql", database_url)


def is_database(broker_url: str) -> bool:
    """Whether the queues live in PostgreSQL."""
    return broker_url.partition(":")[0] in SCHEMES


# Whoever queues something while the broker is away must not wait for it: the rows of the outbox
# are found later. By default somebody who presses a button would wait six seconds for each task.
AT_ONCE = {"max_retries": 1, "interval_start": 0.1, "interval_step": 0, "interval_max": 0.1}


def options(broker_url: str) -> dict[str, Any]:
    """What Celery passes on to the transport of this address."""
    if is_database(broker_url):
        return AT_ONCE | {
            "wait_time_seconds": 0,
            "visibility_timeout": VISIBILITY_TIMEOUT,
        }
    if broker_url.startswith(("redis", "valkey")):
        # By default Redis hands a killed worker's tasks out again after 99 s; so it takes 9.
        return AT_ONCE | {"unacked_restore_interval": 2, "unacked_restore_throttle": 1}
    return dict(AT_ONCE)


class Connections:
    """Idle connections of this process, for whichever thread asks next.

    No threads of its own and no waiting: after a restart of the server the next caller connects.
    """

    def __init__(self, conninfo: str) -> None:
        self.conninfo = conninfo
        self._idle: list[psycopg.Connection[Any]] = []

    @contextlib.contextmanager
    def connection(self) -> Iterator[psycopg.Connection[Any]]:
        """A connection that answers; commits at the end, or rolls back."""
        connection = self._take()
        try:
            yield connection
            connection.commit()
        except BaseException:
            with contextlib.suppress(psycopg.Error):
                connection.rollback()
            raise
        finally:
            self._give_back(connection)

    def close(self) -> None:
        """Drop the idle connections."""
        while self._idle:
            self._idle.pop().close()

    def _take(self) -> psycopg.Connection[Any]:
        # A list's pop and append are atomic: two threads never get the same connection.
        while self._idle:
            connection = self._idle.pop()
            try:
                connection.execute("")
                connection.rollback()
            except psycopg.Error:
                connection.close()
            else:
                return connection
        return psycopg.connect(
            self.conninfo,
            connect_timeout=5,
            application_name="cjops-broker",
            prepare_threshold=None,
        )

    def _give_back(self, connection: psycopg.Connection[Any]) -> None:
        if connection.closed or len(self._idle) >= IDLE_MAX:
            connection.close()
        else:
            self._idle.append(connection)


def install(connections: Connections) -> None:
    """Create the queue functions if they are not there; safe for several at once."""
    with connections.connection() as connection:
        if connection.execute(IS_INSTALLED).fetchone():
            return
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [INSTALL_LOCK])
        if not connection.execute(IS_INSTALLED).fetchone():
            connection.execute(pgmq.install.get_embedded_install_sql().encode())


def check(broker_url: str) -> None:
    """Raise an exception when the broker cannot be reached within a few seconds."""
    if is_database(broker_url):
        with _connections(broker_url).connection() as connection:
            connection.execute("SELECT queue_name FROM pgmq.meta LIMIT 1")
    else:
        with kombu.connection.Connection(broker_url, connect_timeout=3) as connection:
            connection.ensure_connection(max_retries=1, timeout=3)


class Channel(kombu_pgmq.Channel):
    """A channel that declares each queue once and keeps what it handed out invisible."""

    def _new_queue(self, queue: str, **kwargs: Any) -> None:
        # Declaring is DDL; a process that publishes declares on every new connection.
        if not self._has_queue(queue):
            super()._new_queue(queue, **kwargs)

    def basic_ack(self, delivery_tag: str, multiple: bool = False) -> None:
        """Done; a worker that had its fill may look for more."""
        super().basic_ack(delivery_tag, multiple)
        self.connection.wake.set()

    def basic_reject(self, delivery_tag: str, requeue: bool = False) -> None:
        """Hand a message out again after a pause: what made a task give it back may still last."""
        message = self.qos._delivered.get(delivery_tag)
        if requeue and message is not None:
            self._hide(message, REQUEUE_AFTER)
            self.qos.reject(delivery_tag, requeue=False)
        else:
            super().basic_reject(delivery_tag, requeue=requeue)
        self.connection.wake.set()

    def renew(self) -> None:
        """Keep what is not acknowledged yet invisible for another while."""
        for message in list(self.qos._delivered.values()):
            self._hide(message, self.visibility_timeout)

    def _hide(self, message: Any, seconds: int) -> None:
        info = message.delivery_info
        if "pgmq_msg_id" in info:
            self.pgmq.set_vt(info["pgmq_queue"], info["pgmq_msg_id"], seconds)

    def basic_consume(self, *args: Any, **kwargs: Any) -> Any:
        """Begin to consume, and to renew."""
        self._renewer.start()
        return super().basic_consume(*args, **kwargs)

    def close(self) -> None:
        """Stop consuming and renewing."""
        self._renewer.stop()
        super().close()

    @cached_property
    def _renewer(self) -> "Renewer":
        return Renewer(self)


class Renewer:
    """A thread that puts off the time at which unfinished messages are handed out again."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, unless that was done before."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="renew-messages", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End at once; what is renewed no more is handed out again."""
        self._stopped.set()

    def _run(self) -> None:
        while not self._stopped.wait(self.channel.visibility_timeout / 3):
            try:
                self.channel.renew()
            except psycopg.Error as error:
                # The worker itself notices a lost server; until then the next round tries again.
                kombu_pgmq.logger.warning("Cannot renew messages: %s", error)


class Transport(kombu_pgmq.Transport):
    """The transport behind `postgresql://` broker addresses."""

    Channel = Channel
    can_parse_url = True

    def __init__(self, client: Any, **kwargs: Any) -> None:
        super().__init__(client, **kwargs)
        self.address: str = client.hostname
        self.wake = threading.Event()

    def drain_events(  # type: ignore[override]
        self, connection: Any, timeout: float | None = None
    ) -> None:
        """Deliver the next messages, or raise TimeoutError.

        A worker that has its fill looks again as soon as one message is done, not a full pause
        later: that is the difference between 10 and some 200 short tasks a second.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        while True:
            self.wake.clear()
            try:
                self.cycle.get(self._deliver, timeout=timeout)  # type: ignore[union-attr]
            except Empty:
                left = POLLING_INTERVAL if deadline is None else deadline - time.monotonic()
                if left <= 0:
                    raise TimeoutError from None
                self.wake.wait(min(left, POLLING_INTERVAL))
            else:
                return

    def _create_pgmq_client(self) -> PGMQueue:
        # The address given here is not used, but parsed; and without one, DATABASE_URL would be.
        return PGMQueue(
            pool=_connections(self.address),  # type: ignore[arg-type]  # all it uses is there
            conn_string="host=localhost",
            init_extension=False,
        )

    def close_connection(self, connection: Any) -> None:
        """Close the channels; the process keeps its connections."""
        # Not the parent's: it would close the pool that the whole process shares.
        virtual.Transport.close_connection(self, connection)

    def driver_version(self) -> str:
        """What `celery report` shows."""
        return str(psycopg.__version__)

    @classmethod
    def as_uri(cls, uri: str, include_password: bool = False, mask: str = "**") -> str:
        """The address for logs: without password and parameters."""
        return uri if include_password else str(maybe_sanitize_url(uri, mask))


_opened: dict[tuple[int, str], Connections] = {}


def _connections(conninfo: str) -> Connections:
    """This process's connections; a forked child must not use those of its parent."""
    key = (os.getpid(), conninfo)
    if key not in _opened:
        connections = Connections(conninfo)
        install(connections)
        # Of two threads here at once one wins; the other's connection closes with its last use.
        _opened.setdefault(key, connections)
    return _opened[key]
