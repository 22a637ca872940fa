"""The traps of running a database server that nobody administers; each has its test."""

import functools
import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
import pytest

from cjops.embedded import places, postgres, process_table, server
from tests.plugins.servers import discard

pytestmark = pytest.mark.servers

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="about the server of root")
# The operating system keeps what a killed server wrote; only a power cut needs fsync.
lease = functools.partial(postgres.lease, durable=False)
CHECKOUT = Path(__file__).resolve().parent.parent.parent


def pid_of(root: Path) -> int:
    pid = server._server_pid(places.home(root))
    assert pid
    return pid


def data(root: Path) -> Path:
    return places.home(root).resolve() / "data"


def write(url: str, text: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS note (text text)")
        connection.execute("INSERT INTO note VALUES (%s)", [text])


def read(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute("SELECT text FROM note")]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def kill(pid: int, number: int = signal.SIGKILL) -> None:
    """Signal, and wait until a killed process is at least a zombie."""
    os.kill(pid, number)
    deadline = time.monotonic() + 5
    while number == signal.SIGKILL and process_table._command(pid):
        assert time.monotonic() < deadline
        time.sleep(0.01)


# --- the plain case -----------------------------------------------------------------------------


def test_last_one_out_stops_it(used_root: Path):
    with lease(used_root) as url:
        pid = pid_of(used_root)
        with lease(used_root):
            write(url, "last_one_out")
            assert pid_of(used_root) == pid
        assert pid_of(used_root) == pid
    assert process_table.is_gone(pid)
    with lease(used_root) as url:
        assert "last_one_out" in read(url)


def test_address_is_known_before_anything_runs_and_holds_no_secret(root: Path):
    before = postgres.url(root)
    assert list(root.iterdir()) == []
    with lease(root) as url:
        assert url == before
        assert (places.home(root) / "pgpass").read_text().strip().rpartition(":")[2] not in url


def test_text_is_unicode_and_sorts_the_same_everywhere(used_root: Path):
    with postgres.lease(used_root) as url, psycopg.connect(url) as connection:
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)
        assert connection.execute("SELECT upper('é') || '客户'").fetchone() == ("É客户",)
        assert connection.execute("SELECT 'B' < 'a'").fetchone() == (True,)
        assert connection.execute("SHOW fsync").fetchone() == ("on",)


# --- who may connect ----------------------------------------------------------------------------


def test_password_is_needed_and_private(used_root: Path):
    with lease(used_root) as url:
        password = places.home(used_root) / "pgpass"
        assert mode(password) == 0o600
        assert mode(places.socket_folder(used_root)) == 0o700
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(url.partition("&passfile")[0] + "&passfile=/dev/null")
        hba = (data(used_root) / "pg_hba.conf").read_text().splitlines()
        rules = [line.split()[-1] for line in hba if line.strip() and not line.startswith("#")]
        assert set(rules) == {"scram-sha-256"}


def test_lost_password_file_is_made_anew(used_root: Path):
    with lease(used_root) as url:
        write(url, "lost_password")
    (places.home(used_root) / "pgpass").unlink()
    with lease(used_root) as url:
        assert "lost_password" in read(url)


# --- root, and not ------------------------------------------------------------------------------


@as_root
def test_root_runs_it_under_another_account(used_root: Path):
    with lease(used_root):
        owner = Path(f"/proc/{pid_of(used_root)}").stat().st_uid
        assert owner != 0
        assert data(used_root).stat().st_uid == owner
        assert data(used_root) == used_root / "postgres" / "data"


@as_root
def test_root_beneath_a_private_folder_opens_nothing(root: Path):
    private = root / "home"
    private.mkdir(mode=0o700)
    var = private / "checkout" / "var"
    try:
        with lease(var) as url:
            write(url, "kept")
            assert places.home(var).is_symlink()
            assert data(var).is_relative_to(places.PRIVATE)
        assert mode(private) == 0o700
        with lease(var) as url:
            assert read(url) == ["kept"]
    finally:
        discard(var)


@as_root
def test_copied_checkout_gets_data_of_its_own(root: Path):
    private = root / "home"
    private.mkdir(mode=0o700)
    first, second = private / "one" / "var", private / "two" / "var"
    try:
        with lease(first) as url:
            write(url, "of the first")
            shutil.copytree(first, second, symlinks=True)
            with lease(second) as other:
                write(other, "of the second")
                assert pid_of(first) != pid_of(second)
            assert read(url) == ["of the first"]
    finally:
        discard(first)
        discard(second)


@as_root
def test_ordinary_user_runs_it_under_the_own_account(root: Path):
    import pwd  # noqa: PLC0415 - not everywhere

    nobody = pwd.getpwnam("nobody")
    var = root / "var"
    var.mkdir()
    os.chown(var, nobody.pw_uid, nobody.pw_gid)
    child = os.fork()
    if child == 0:
        # No exec: the interpreter itself may be out of this account's reach.
        code = 1
        try:
            os.setgroups([])
            os.setgid(nobody.pw_gid)
            os.setuid(nobody.pw_uid)
            with lease(var) as url:
                write(url, "by nobody")
                same = Path(f"/proc/{pid_of(var)}").stat().st_uid == nobody.pw_uid
            code = 0 if same else 2
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    # Root afterwards: the data keeps its owner, and the server runs under that account.
    with lease(var) as url:
        assert read(url) == ["by nobody"]
        assert data(var).stat().st_uid == nobody.pw_uid


# --- killed -------------------------------------------------------------------------------------


def test_stale_pid_file_that_names_a_living_process(used_root: Path):
    with lease(used_root) as url:
        write(url, "stale_pid")
        contents = (data(used_root) / "postmaster.pid").read_text().split("\n")
        account = data(used_root).stat()
    switch = {"user": account.st_uid, "group": account.st_gid} if os.geteuid() == 0 else {}
    other = subprocess.Popen(["sleep", "60"], **switch)
    try:
        contents[0] = str(other.pid)
        (data(used_root) / "postmaster.pid").write_text("\n".join(contents))
        with lease(used_root) as url:
            assert "stale_pid" in read(url)
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_zombie_is_not_taken_for_a_server(used_root: Path):
    with lease(used_root) as url:
        write(url, "zombie")
        pid = pid_of(used_root)
        kill(pid)  # our child, which nobody has waited for: a zombie
        assert Path(f"/proc/{pid}").exists() or sys.platform != "linux"
        assert not server.is_running(places.home(used_root))
        assert postgres.revive(used_root, durable=False)
        assert "zombie" in read(url)
        assert pid_of(used_root) != pid


def test_server_of_a_killed_owner_is_used_and_then_stopped(used_root: Path):
    script = (
        "import sys, time; from pathlib import Path; from cjops.embedded import postgres\n"
        "with postgres.lease(Path(sys.argv[1]), durable=False):\n"
        "    print('up', flush=True); time.sleep(60)"
    )
    owner = subprocess.Popen(
        [sys.executable, "-c", script, str(used_root)], cwd=CHECKOUT, stdout=subprocess.PIPE
    )
    assert owner.stdout
    assert owner.stdout.readline() == b"up\n"
    pid = pid_of(used_root)
    owner.kill()
    owner.wait()
    owner.stdout.close()
    with lease(used_root):
        assert pid_of(used_root) == pid
    assert process_table.is_gone(pid)
    assert process_table.find(server._mark(data(used_root))) == []


def test_killed_server_with_a_stuck_backend_recovers(
    used_root: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(server, "PATIENCE", 0.5)
    with lease(used_root) as url:
        write(url, "committed")
        connection = psycopg.connect(url)
        backend = connection.info.backend_pid
        connection.execute("INSERT INTO note VALUES ('not committed')")
        # Cannot notice that its server is gone, so it keeps the shared memory.
        kill(backend, signal.SIGSTOP)
        kill(pid_of(used_root))
        begin = time.monotonic()
        assert postgres.revive(used_root, durable=False)
        assert time.monotonic() - begin < 20
        connection.close()
        assert "committed" in read(url)
        assert "not committed" not in read(url)
        assert process_table.is_gone(backend)


# --- awkward places and broken attempts -----------------------------------------------------------


@pytest.mark.parametrize("name", ["long, with a comma" * 8, "中文 '目录'"])
def test_any_path_will_do(root: Path, name: str):
    var = root / name / "var"
    try:
        with lease(var) as url:
            write(url, "kept")
            folder = places.socket_folder(var)
            assert len(os.fsencode(folder / places.SOCKET_NAME)) <= places.SOCKET_PATH_MAX
            assert mode(folder) == 0o700
        # A folder under /tmp may be swept away between two runs.
        if folder.parent == Path("/tmp"):
            shutil.rmtree(folder)
        with lease(var) as url:
            assert read(url) == ["kept"]
    finally:
        discard(var)


def test_starters_at_the_same_time_share_one_server(root: Path):
    pids, together = [], threading.Barrier(4)

    def start() -> None:
        together.wait()
        with lease(root) as url:
            write(url, "x")
            pids.append(pid_of(root))
            together.wait()

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(pids) == 4
    assert len(set(pids)) == 1
    assert process_table.is_gone(pids[0])


def test_half_finished_creation_does_not_count(root: Path):
    half = places.home(root) / "data.half"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    with lease(root):
        assert not half.exists()


def test_failed_creation_is_one_line_and_leaves_nothing(root: Path, monkeypatch, tmp_path: Path):
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("initdb", "postgres"):
        (programs / name).write_text(
            "#!/bin/sh\n[ $# = 1 ] && exit\necho working\n"
            "echo 'initdb: error: could not write: No space left on device' >&2\nexit 1\n"
        )
        (programs / name).chmod(0o755)
    monkeypatch.setattr(places, "_programs", lambda: tmp_path)
    monkeypatch.setattr(places, "_copied_programs", lambda _: tmp_path)
    monkeypatch.setattr(server, "_as", lambda _: {})
    with pytest.raises(postgres.EmbeddedError, match="No space left on device") as refusal, \
            lease(root):  # fmt: skip
        pass
    assert "\n" not in str(refusal.value)
    assert list(places.home(root).glob("data*")) == []
    assert list(places.home(root).glob("password*")) == []


def test_data_of_another_version_is_refused_in_one_line(used_root: Path):
    with lease(used_root):
        pass
    version = data(used_root) / "PG_VERSION"
    true = version.read_text()
    version.write_text("17\n")
    with pytest.raises(postgres.EmbeddedError, match="PostgreSQL 17, this one is 18") as refusal, \
            lease(used_root):  # fmt: skip
        pass
    version.write_text(true)
    assert "\n" not in str(refusal.value)
    assert not postgres.in_use(used_root)


def test_unusable_folder_is_refused_in_one_line(root: Path):
    (root / "file").touch()
    with pytest.raises(postgres.EmbeddedError, match="Cannot keep the database") as refusal, \
            lease(root / "file" / "var"):  # fmt: skip
        pass
    assert "\n" not in str(refusal.value)


def test_reset_needs_it_to_be_unused(used_root: Path):
    with lease(used_root) as url:
        write(url, "old")
        with pytest.raises(postgres.EmbeddedError, match="in use"):
            postgres.reset(used_root)
        assert "old" in read(url)
    postgres.reset(used_root)
    with lease(used_root) as url, pytest.raises(psycopg.errors.UndefinedTable):
        read(url)
