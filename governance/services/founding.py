"""The policies a new portal starts with."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from governance.models import Policy, PolicyVersion
from governance.models.records import POLICY
from governance.ruling.defaults import DEFAULTS
from governance.ruling.definitions import complete, digest
from governance.services.recording import write_entry
from governance.transitions import Action
from people.models import User

State = PolicyVersion.State


@transaction.atomic(savepoint=False)
def add_default_policies(
    *, definitions: Iterable[dict[str, Any]] = DEFAULTS, actor: User | None = None
) -> int:
    """Put those policies in force whose key was never used; how many that were.

    What a governance lead made of them since, an end included, stays.
    """
    known = set(Policy.objects.values_list("key", flat=True))
    missing = [complete(raw) for raw in definitions if raw["key"] not in known]
    for definition in missing:
        _found(definition, actor)
    return len(missing)


def _found(definition: dict[str, Any], actor: User | None) -> None:
    now, name = timezone.now(), definition["name"]
    policy = Policy.objects.create(
        key=definition["key"],
        name=name["en"][:120],
        name_zh_hans=name.get("zh-hans", "")[:120],
        name_zh_hant=name.get("zh-hant", "")[:120],
        created_at=now,
        updated_at=now,
    )
    version = PolicyVersion.objects.create(
        policy=policy,
        number=1,
        definition=definition,
        digest=digest(definition),
        state=State.ACTIVE,
        author=actor,
        created_at=now,
        decided_by=actor,
        decided_at=now,
    )
    policy.active = version
    policy.save(update_fields=["active"])
    write_entry(
        kind=POLICY,
        policy=policy,
        at=now,
        actor=actor,
        action=Action.ACTIVATE_POLICY,
        revision=version.number,
        digest=version.digest,
        data={"version": version.number},
    )
