"""What grants give on assets, derived from them: guardian's rows, and who reads them restricted."""

from collections.abc import Collection, Iterable

from content.models import Asset
from people import deriving
from people.models import Grant

RIGHTS = deriving.Rights(
    "content.Asset",
    held="""
        SELECT g.asset_id AS subject, g.id AS holding FROM people_grant g
        WHERE g.scope = 'asset' AND g.asset_id = ANY(%(ids)s)
    """,
)


def reached(grants: Iterable[Grant]) -> set[int]:
    """Ids of the assets that these grants reach; those on everything need no rows."""
    return {grant.asset_id for grant in grants if grant.asset_id}


def renew(ids: Collection[int]) -> set[int]:
    """Make all that is derived for them what the grants say; the ids of which it was not."""
    changed = deriving.renew_rights(RIGHTS, ids)
    return changed | deriving.renew_readers(RIGHTS, ids, has_team=True)


DERIVED = deriving.Derived(model=Asset, rights=RIGHTS, reached=reached, renew=renew)
