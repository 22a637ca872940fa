"""`python -m bench.content`: how long the checks of an e-mail of 80 KB take, and of four times that.

Beside each stands a reference of the same run: the same text read by Python's own HTML parser. No
database: checks are functions of a document and of rules.
"""

import datetime as dt
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from html.parser import HTMLParser

import django

SIZE, RUNS = 80_000, 9
# Milliseconds for 80 KB; and how much more four times the text may take than the reference takes.
AIM_MS, AIM_GROWTH = 150, 1.5
SHEET = "<style>p{color:#222}.a{padding:4px}td .b{color:#333}@media (max-width:600px){p{color:#000}}</style>"
ROW = (
    '<tr><td style="background-color:#ffffff;padding:4px" class="a"><p class="b">Hello {{ first_name | '
    'default: "you" }}, your payment of 1,250.00 € is due on 3 December 2026 at 9:30.</p><img '
    'src="https://bank.example/img/a.png" alt="A house" width="120" height="80"><a style="color:'
    '#0b5d5e" href="https://bank.example/pay?utm_source=mail&amp;utm_medium=email">Pay now</a></td></tr>\n'
)
# What a row of MJML becomes.
HTML_OF_ROW = 3_100
LEAVING = '<p><a href="https://bank.example/unsubscribe">Unsubscribe</a></p>'
MJ_ROW = (
    '<mj-section background-color="#ffffff"><mj-column><mj-text color="#222222">Hello {{ first_name | '
    'default: "you" }}, your payment of 1,250.00 € is due on 3 December 2026 at 9:30.</mj-text>'
    '<mj-button href="https://bank.example/pay" background-color="#0b5d5e">Pay now</mj-button>'
    "</mj-column></mj-section>\n"
)


def html_of(size: int) -> str:
    """An HTML e-mail of about that many characters."""
    return f"<html><head>{SHEET}</head><body><table>{ROW * (size // len(ROW))}</table>{LEAVING}</body></html>"


def mjml_of(size: int) -> str:
    """The same as MJML that becomes about so many characters of HTML."""
    rows = MJ_ROW * (size // HTML_OF_ROW)
    return f"<mjml><mj-body>{rows}</mj-body></mjml>"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags += 1


def _timed(*runs: Callable[[], object]) -> list[tuple[float, ...]]:
    """How long each took in each round, in milliseconds: one after the other in every round, so
    that a machine that slows down does so for all."""
    rounds = []
    for _number in range(RUNS):
        took = []
        for run in runs:
            begin = time.perf_counter()
            run()
            took.append((time.perf_counter() - begin) * 1_000)
        rounds.append(tuple(took))
    return rounds


def main() -> int:
    """A line for each; exit 1 where an aim is missed."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cjops.settings")
    django.setup()
    from content import definition, liquid  # noqa: PLC0415
    from content.mjml import compile_mjml  # noqa: PLC0415
    from content.rules import Known, Phrase, Rules  # noqa: PLC0415
    from content.validation import validate  # noqa: PLC0415

    words = [f"forbidden{number}" for number in range(300)]
    rules = Rules(
        phrases=tuple(Phrase(word, "forbidden") for word in words),
        variables={f"name_{number}": Known(f"name_{number}") for number in range(300)}
        | {"first_name": Known("first_name")},
        today=dt.date(2027, 1, 1),
    )

    def checks_of(source: str, written: str) -> Callable[[], object]:
        rendition = {"key": "en", "subject": "Hello", "format": written, "body": source}
        document = definition.complete({"name": "A", "kind": "email", "renditions": [rendition]})

        def run() -> object:
            liquid.parse.cache_clear()
            return validate(document, rules)

        return run

    print(f"\ncontent: Python {platform.python_version()}, {RUNS} runs each\n")
    print(f"{'':<34}{'median':>10}{'best':>10}{'reference':>12}{'ratio':>8}")
    holds = True
    for name, make, written in (("HTML", html_of, "html"), ("MJML", mjml_of, "mjml")):
        times = []
        for size in (SIZE, 4 * SIZE):
            source = make(size)
            sent = compile_mjml(source).html if written == "mjml" else source
            rounds = _timed(checks_of(source, written), lambda text=sent: _Reader().feed(text))  # type: ignore[misc]
            checks, reads = zip(*rounds, strict=True)
            ratio = statistics.median(one / read for one, read in rounds)
            times.append(ratio)
            median = statistics.median(checks)
            label = f"checks of {len(sent.encode()) // 1_000} KB, written as {name}"
            print(
                f"{label:<34}{median:>7.1f} ms{min(checks):>7.1f} ms"
                f"{statistics.median(reads):>9.1f} ms{ratio:>7.1f}x"
            )
            if size == SIZE:
                holds &= median < AIM_MS
        holds &= times[1] < AIM_GROWTH * times[0]
        print(f"{'four times the text, to reference':<34}{times[1] / times[0]:>7.1f} x")
    print(
        f"\naim {AIM_MS} ms for 80 KB, {AIM_GROWTH} x the growth of the reference: {'ok' if holds else 'MISSED'}"
    )
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
