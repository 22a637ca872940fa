"""`python -m bench [--size demo,large] [--runs 40] [--only NAME] [--sql]`."""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

from bench import ledger, table
from bench.database import CHECKOUT, FOLDER, SIZES, prepared

FAILED = 1


def main() -> int:
    """Measure every size asked for; JSON under `var/bench`, a table on standard output."""
    options = _options()
    if options.size == "ledger":
        return ledger.main([])
    sizes = options.size.split(",")
    if unknown := set(sizes) - set(SIZES):
        sys.exit(f"No such size: {', '.join(sorted(unknown))}. Use {' or '.join(SIZES)}.")
    FOLDER.mkdir(parents=True, exist_ok=True)
    for size in sizes:
        with prepared(size) as environment:
            out = FOLDER / f"{size}.json"
            arguments = ["--size", size, "--runs", str(options.runs), "--out", str(out)]
            arguments += ["--only", options.only] if options.only else []
            arguments += ["--sql"] if options.sql else []
            done = subprocess.run(
                [sys.executable, "-m", "bench.measure", *arguments],
                cwd=CHECKOUT,
                env=os.environ | environment,
                check=False,
            )
            if done.returncode:
                return FAILED
        _show(size, out)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument(
        "--size",
        default=os.environ.get("BENCH_SIZE", ",".join(SIZES)),
        help="demo, large or both with a comma, or ledger (or BENCH_SIZE)",
    )
    parser.add_argument("--runs", type=int, default=40, help="measured runs of each")
    parser.add_argument("--only", default="", help="only figures whose name holds this")
    parser.add_argument("--sql", action="store_true", help="show each statement with its time")
    return parser.parse_args()


def _show(size: str, out: Path) -> None:
    report = json.loads(out.read_text())
    print(f"\n{size}: {report['contents']}; {report['machine']}; {out}\n")
    print(table.of(report["figures"]))


if __name__ == "__main__":
    sys.exit(main())
