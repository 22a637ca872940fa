"""What grants give on taxonomies: guardian's rows, and who reads them while restricted."""

from collections.abc import Collection, Iterable

from people import deriving
from people.models import Grant
from tags.models import Taxonomy

RIGHTS = deriving.Rights(
    "tags.Taxonomy",
    held="""
        SELECT g.taxonomy_id AS subject, g.id AS holding FROM people_grant g
        WHERE g.scope = 'taxonomy' AND g.taxonomy_id = ANY(%(ids)s)
    """,
)


def reached(grants: Iterable[Grant]) -> set[int]:
    """Ids of the taxonomies that these grants reach; those on everything need no rows."""
    return {grant.taxonomy_id for grant in grants if grant.taxonomy_id}


def renew(ids: Collection[int]) -> set[int]:
    """Make all that is derived for them what the grants say; the ids of which it was not."""
    changed = deriving.renew_rights(RIGHTS, ids)
    return changed | deriving.renew_readers(RIGHTS, ids, has_team=True)


DERIVED = deriving.Derived(model=Taxonomy, rights=RIGHTS, reached=reached, renew=renew)
