"""The check that asks the library: does content say nearly the same as other content?

It is told and never blocks: each reader is told of what they see, and what is submitted must not
depend on who looks.
"""

from dataclasses import dataclass

from cjops.documents import Document
from content import queries
from content.definition import said
from content.models import Asset
from content.rules import Rules, Weight
from content.validation.catalogue import CATALOGUE
from people.models import User

CODE = "nearly-the-same"
MOST_TOLD = 5


@dataclass(frozen=True, slots=True)
class Near:
    """Another asset, how alike it is from 0 to 100, and which rendition of ours says so."""

    asset: Asset
    percent: int
    rendition: str
    severity: Weight


def nearly_the_same(
    user: User, document: Document, *, but: Asset | None, rules: Rules
) -> list[Near]:
    """What the person sees elsewhere that says nearly the same, the likest first.

    What the document was made from says so on purpose, and is left out. Nothing where an admin has
    switched the check off.
    """
    severity = rules.severities.get(CODE, CATALOGUE[CODE].severity)
    if severity == "off":
        return []
    origins = {origin["asset"] for origin in said(document, "adapted_from")}
    found = queries.resembling(user, document, but=but)
    others = [one for one in found if one.asset.key not in origins]
    return [Near(one.asset, one.percent, one.own, severity) for one in others[:MOST_TOLD]]
