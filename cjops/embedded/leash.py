"""Become another program that is asked to stop when the process that started it dies.

    python leash.py PARENT_PID PROGRAM [ARGUMENT ...]

Linux only; elsewhere the program simply runs.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(parent: int, command: list[str]) -> None:
    """Tie this process to its parent and turn into the command; does not return."""
    if sys.platform == "linux":
        # SIGTERM, not SIGKILL: the program has children of its own and stops them.
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(1)  # it died before the line above
    os.execv(command[0], command)  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
