"""All rights that a role can give, on what, and in words.

A right is a Django permission. What it is held on follows from where the role was granted: on one
journey `propose_journey` is held there, on everything it is held everywhere. Rights over the portal
itself come only with a role that is granted on everything.
"""

from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Kind = Literal["journey", "asset", "taxonomy", "portal"]


@dataclass(frozen=True, slots=True)
class Right:
    """One of them; `app` is that of its permission."""

    codename: str
    app: str
    kind: Kind
    label: str | Promise

    @property
    def name(self) -> str:
        """As `has_perm` takes it."""
        return f"{self.app}.{self.codename}"


RIGHTS = (
    Right("view_journey", "journeys", "journey", _("sees it")),
    Right("propose_journey", "journeys", "journey", _("proposes changes of any part")),
    Right("publish_journey", "journeys", "journey", _("publishes approved changes")),
    Right("manage_journey", "journeys", "journey", _("answers for it, and may reject changes")),
    Right("view_asset", "content", "asset", _("sees it")),
    Right("propose_asset", "content", "asset", _("writes it and proposes changes")),
    Right("publish_asset", "content", "asset", _("publishes approved changes")),
    Right("manage_asset", "content", "asset", _("answers for it, and may reject changes")),
    Right("view_taxonomy", "tags", "taxonomy", _("sees it")),
    Right("propose_taxonomy", "tags", "taxonomy", _("proposes changes of any part")),
    Right("publish_taxonomy", "tags", "taxonomy", _("publishes approved changes")),
    Right("manage_taxonomy", "tags", "taxonomy", _("answers for it, and may reject changes")),
    Right("see_everything", "people", "portal", _("sees everything, restricted or not")),
    Right("manage_policies", "governance", "portal", _("writes policies as a governance lead")),
    Right("break_glass", "governance", "portal", _("may break glass in an emergency")),
)
KINDS: dict[Kind, str | Promise] = {
    "journey": _("On journeys"),
    "asset": _("On assets"),
    "taxonomy": _("On taxonomies"),
    "portal": _("In the portal, when granted on everything"),
}


def of_kind(kind: Kind) -> tuple[Right, ...]:
    """Those over subjects of one kind, or over the portal."""
    return tuple(right for right in RIGHTS if right.kind == kind)


def complete(codenames: set[str]) -> list[str]:
    """The codenames in their order; whoever may do anything with a subject also sees it."""
    for right in RIGHTS:
        if right.codename in codenames and right.kind != "portal":
            codenames = codenames | {f"view_{right.kind}"}
    return [right.codename for right in RIGHTS if right.codename in codenames]
