"""Make `.venv` and fill it, from a bare checkout, with nothing but Python.

    python3 tools/bootstrap.py embedded|dev [--chromium]

Quiet and quick when there is nothing to do. Everything that can go wrong is one line that says what
to do, and the next try starts from where it makes sense. No syntax newer than Python 3.6, so that
the line about the Python version can be printed by the wrong one.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "cjops-installed.json"
OLDEST, NEWEST = (3, 11), (3, 13)
# Each list holds those before it.
LISTS = ("base", "embedded", "dev")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class CannotError(Exception):
    """The message is one line for the person at the terminal."""


def main(arguments: "list[str]") -> None:
    """Provide what the arguments name; raises CannotError."""
    wanted = arguments[0]
    # Two `make` at once: the second waits and finds the work done.
    with Path(__file__).open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_installed(wanted):
            install(wanted)
        if "--chromium" in arguments:
            provide_chromium()


# --- packages -----------------------------------------------------------------------------------


def is_installed(wanted: str) -> bool:
    """Whether this very list was installed, and the environment still runs."""
    try:
        stamp = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return False
    return bool(stamp.get(wanted) == digest(wanted)) and runs(PYTHON, "import sys, pip")


def install(wanted: str) -> None:
    """Bring the environment to the list; made anew if it is broken or of another Python."""
    fits = f"import pip, sys; sys.exit(not {OLDEST} <= sys.version_info[:2] <= {NEWEST})"
    if not runs(PYTHON, fits):
        make_venv()
    say(f"Installing requirements/{wanted}.txt (a minute or two the first time) ...")
    if STAMP.exists():
        STAMP.unlink()
    command = [
        str(PYTHON), "-m", "pip", "install", "--require-hashes", "--disable-pip-version-check",
        "--no-input", "--retries", "2", "--timeout", "20", "--progress-bar", "off",
        "-r", str(CHECKOUT / "requirements" / (wanted + ".txt")),
    ]  # fmt: skip
    code, output = run(command, {"PIP_ROOT_USER_ACTION": "ignore"})
    if code != 0:
        raise CannotError(
            f"The packages cannot be installed: {reason(output)}. Is there a network? "
            f"All that pip said: {keep('pip.log', output)}"
        )
    installed = LISTS[: LISTS.index(wanted) + 1]
    STAMP.write_text(json.dumps({name: digest(name) for name in installed}))


def make_venv() -> None:
    """An empty environment in place of whatever is there."""
    if VENV.is_symlink():
        VENV.unlink()
    elif VENV.exists():
        shutil.rmtree(str(VENV))
    code, output = run([suitable_python(), "-m", "venv", str(VENV)])
    if code != 0:
        shutil.rmtree(str(VENV), ignore_errors=True)
        raise CannotError(
            f"Python cannot make a virtual environment: {reason(output)}. On Debian and Ubuntu, "
            "`apt-get install python3-venv` helps."
        )


def suitable_python() -> str:
    """This Python if it will do, else another one that is there."""
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return sys.executable
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found and runs(found, "import venv"):
            return found
    is_now = ".".join(map(str, sys.version_info[:2]))
    raise CannotError(
        f"Python 3.11, 3.12 or 3.13 is needed, and {sys.executable} is {is_now}: install one, or "
        "name it with `make PYTHON=/path/to/python3.12 ...`."
    )


def digest(name: str) -> str:
    """What names the state of a list."""
    path = CHECKOUT / "requirements" / (name + ".txt")
    return hashlib.sha256(path.read_bytes()).hexdigest()


# --- browser ------------------------------------------------------------------------------------


def provide_chromium() -> None:
    """Chromium and a font with Chinese, where Debian's packages can be installed."""
    missing = []
    if not os.environ.get("CHROMIUM") and not any(shutil.which(name) for name in BROWSERS):
        missing.append("chromium")
    if not has_chinese_font():
        missing.append("fonts-noto-cjk")
    if not missing or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    say(f"Installing {' and '.join(missing)} for the browser tests ...")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    output = run(["apt-get", "update", "-qq"], quiet)[1]
    install = ["apt-get", "install", "-qq", "-y", "--no-install-recommends", *missing]
    code, more = run(install, quiet)
    if code != 0:
        say(f"Could not install them ({reason(more)}); see {keep('apt.log', output + more)}.")


def has_chinese_font() -> bool:
    """Whether Chinese text would show as more than boxes."""
    if not shutil.which("fc-list"):
        return False
    return bool(run(["fc-list", ":lang=zh-cn", "family"])[1].strip())


# --- small things -------------------------------------------------------------------------------


def runs(python: "str | Path", code: str) -> bool:
    """Whether this Python is there and the code ends well."""
    try:
        return run([str(python), "-c", code])[0] == 0
    except OSError:
        return False


def run(command: "list[str]", environment: "dict[str, str] | None" = None) -> "tuple[int, str]":
    """The exit code and all that it said."""
    done = subprocess.run(  # noqa: S603 - words of our own
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env=dict(os.environ, **(environment or {})), check=False,
    )  # fmt: skip
    return done.returncode, done.stdout.decode("utf-8", "replace")


def reason(output: str) -> str:
    """The one line of an output that tells why."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.lower().startswith(("error", "e:"))]
    return ((errors or lines or ["it did not say why"])[-1]).rstrip(".")[:300]


def keep(name: str, output: str) -> Path:
    """Where the output was written for later."""
    folder = CHECKOUT / "var" / "log"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(output)
    return folder / name


def say(line: str) -> None:
    """Tell the person at the terminal."""
    print(line, flush=True)  # noqa: T201 - this is the program's output


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except CannotError as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(f"Cannot set up {VENV}: {error}.")
    except KeyboardInterrupt:
        sys.exit(130)
