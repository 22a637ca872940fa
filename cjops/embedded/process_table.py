"""Which processes carry a mark in their command line.

A pid alone proves nothing: it may be a zombie, or have been handed to another program since it was
written down. Command lines can be read of every user's processes, also in a container that may
not trace them.
"""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

PROC = Path("/proc")


def carries(pid: int, mark: str) -> bool:
    """True when the process is alive (not a zombie) and its command line holds the mark."""
    return mark in _command(pid)


def find(mark: str) -> list[int]:
    """The pids of all living processes, but this one, whose command line holds the mark."""
    return sorted(pid for pid in _pids() if pid != os.getpid() and carries(pid, mark))


def find_by_environment(mark: str) -> list[int]:
    """The pids of all processes, but this one, started with `mark` (NAME=value); Linux only."""
    if not PROC.joinpath("self").exists():
        return []
    return sorted(
        pid for pid in _pids() if pid != os.getpid() and mark.encode() in _environment(pid)
    )


def is_gone(pid: int) -> bool:
    """True when no process has the pid any more, or only a zombie; reaps it if it is our child."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    return not _command(pid)


def _pids() -> Iterator[int]:
    if PROC.joinpath("self").exists():
        yield from (int(name) for name in os.listdir(PROC) if name.isdigit())
    else:
        listing = _ps("-axo", "pid=")
        yield from (int(word) for word in listing.split())


def _command(pid: int) -> str:
    """The command line with its words parted by blanks; empty for a zombie or no such process."""
    if not PROC.joinpath("self").exists():
        state, _, command = _ps("-o", "stat=,command=", "-p", str(pid)).strip().partition(" ")
        return "" if state.startswith("Z") else command.strip()
    try:
        # A zombie's command line is empty.
        raw = PROC.joinpath(str(pid), "cmdline").read_bytes()
    except OSError:
        return ""
    return raw.replace(b"\0", b" ").decode(errors="replace").strip()


def _environment(pid: int) -> list[bytes]:
    """The environment it was started with; empty where that is not ours to read."""
    try:
        return PROC.joinpath(str(pid), "environ").read_bytes().split(b"\0")
    except OSError:
        return []


def _ps(*arguments: str) -> str:
    done = subprocess.run(  # noqa: S603 - constant words
        ["/bin/ps", *arguments], capture_output=True, text=True, check=False
    )
    return done.stdout
