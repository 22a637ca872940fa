"""What is measured of previews: a typical MJML message of 20 KB, against its compiler alone."""

from collections.abc import Iterator
from typing import Any

import mjml as mrml

from bench.figures import Scenario
from content import definition, preview
from content.preview import Look

BYTES = 20_000
HEAD = (
    "<mjml><mj-head><mj-attributes><mj-all font-family='Helvetica, Arial, sans-serif'/>"
    "<mj-text font-size='16px' line-height='1.55' color='#16212b'/></mj-attributes><mj-style>"
    ".quiet { color: #64717f } @media (max-width: 480px) { .wide { padding: 8px } }"
    "@media (prefers-color-scheme: dark) { .quiet { color: #b6c1cc } }</mj-style></mj-head><mj-body>"
)
SECTION = (
    "<mj-section background-color='#ffffff' css-class='wide'><mj-column>"
    "<mj-text font-size='22px'>Hello {{{{ first_name }}}}, part {number}</mj-text>"
    "<mj-text css-class='quiet'>We took the price lists that were public on {{{{ list_date }}}} and "
    "counted a year of ordinary use: a salary, forty card payments, six withdrawals abroad.</mj-text>"
    "<mj-table><tr><td>Larkfield Current</td><td align='right'>34.80 €</td></tr></mj-table>"
    "<mj-image src='https://bank.example/img/{number}.png' alt='A chart' width='300px'/>"
    "<mj-button href='https://bank.example/account/{number}'>See how we counted</mj-button>"
    "</mj-column></mj-section>"
)
VALUES = {"en": {"first_name": "Maya", "list_date": "1 November"}}


def message() -> str:
    """MJML of some 20 KB."""
    parts, number = [HEAD], 0
    while sum(map(len, parts)) < BYTES:
        parts.append(SECTION.format(number=number))
        number += 1
    return "".join([*parts, "</mj-body></mjml>"])


def scenarios() -> Iterator[Scenario]:
    """The page of the preview, at the width of a phone."""
    source = message()
    rendition = {"key": "en", "subject": "S", "format": "mjml", "body": source}
    document = definition.complete({"kind": "email", "renditions": [rendition]})
    look = Look(values=VALUES, width="mobile")

    def run(_prepared: Any) -> None:
        assert "Hello Maya" in preview.page(document, "en", look)

    def below(_prepared: Any) -> int:
        assert mrml.mjml2html(source)
        return 0

    yield Scenario(f"preview of {len(source) // 1000} KB MJML", run, below, aim_ms=50)
