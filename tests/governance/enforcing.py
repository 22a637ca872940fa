"""Policies for tests: put in force without anybody's word."""

from typing import Any

from django.utils import timezone

from governance.models import Policy, PolicyVersion
from governance.ruling.definitions import complete, digest


def need(key: str = "decision", **said: Any) -> dict[str, Any]:
    """A requirement: by default the journey manager, on the whole change."""
    return {"key": key, "reviewers": [{"owner": True}], **said}


def policy(key: str, *require: dict[str, Any], when: Any = None, **said: Any) -> dict[str, Any]:
    """A definition that applies to every change unless `when` says more."""
    return {
        "key": key,
        "name": said.pop("name", key.capitalize()),
        "when": {"all": []} if when is None else when,
        "require": list(require) or [need()],
        **said,
    }


def enforce(*definitions: dict[str, Any]) -> None:
    """Put these policies in force beside the others, each as its next version."""
    for raw in definitions:
        definition, now = complete(raw), timezone.now()
        row, _made = Policy.objects.get_or_create(
            key=definition["key"],
            defaults={"name": definition["name"]["en"], "created_at": now, "updated_at": now},
        )
        row.versions.filter(state="active").update(state="superseded")
        row.active = PolicyVersion.objects.create(
            policy=row,
            number=row.versions.count() + 1,
            definition=definition,
            digest=digest(definition),
            state="active",
            created_at=now,
        )
        row.save()


def only(*definitions: dict[str, Any]) -> None:
    """Put these policies in force and no others."""
    Policy.objects.update(active=None)
    PolicyVersion.objects.filter(state="active").update(state="superseded")
    enforce(*definitions)


def leaf(fact: str, op: str, value: Any, **said: Any) -> dict[str, Any]:
    return {"fact": fact, "op": op, "value": value, **said}
