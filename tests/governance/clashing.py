"""Changes that stand against each other, for tests."""

import content.services
from governance import services
from governance.clashes import clashes_of
from governance.models import Change
from governance.transitions import Action
from people import granting
from people.models import Role
from tests.cast import email_document, journey_document, take


def told(change, user):
    """Kind, number of the other change, severity and whether it is a conflict, of each clash."""
    found = clashes_of(Change.objects.get(pk=change.pk), user)
    return [(one.kind, one.other.number, one.severity, one.is_conflict) for one in found.items]


def only(change, user):
    """The one clash there is."""
    (clash,) = clashes_of(Change.objects.get(pk=change.pk), user).items
    return clash


def update(element, key, **fields):
    return {"op": "update", "element": element, "key": key, "fields": fields}


def remove(element, key):
    return {"op": "remove", "element": element, "key": key}


def path(source, target, key="", **fields):
    return {
        "op": "add",
        "element": "transitions",
        "key": key or f"{source}-to-{target}",
        "fields": {"source": source, "target": target, "condition": "", **fields},
    }


def filled(version, slot="body", asset="onboarding-welcome"):
    return update(
        "steps",
        "welcome-email",
        **{
            f"slots/{slot}/asset": asset,
            f"slots/{slot}/version": version.number,
            f"slots/{slot}/digest": version.digest,
        },
    )


def version_of(cast, subject):
    document = email_document(subject)
    return content.services.add_version(asset=cast.asset, document=document, actor=cast.mei)


def second_journey(cast, key="second", **fields):
    """Another journey, live and open to all, for which Ana answers."""
    document = journey_document(cast.asset.versions.get(number=1).digest) | fields
    change = services.create_journey(key=key, actor=cast.omar, raw=document | {"name": key})
    manager = Role.objects.get(key="journey-manager")
    granting.give(on=granting.on(change.journey), role=manager, user=cast.ana, actor=None)
    take(change, Action.SUBMIT, cast.omar)
    for name in ("tom", "jun", "ana"):
        take(change, Action.APPROVE, cast.named(name))
    take(change, Action.PUBLISH, cast.ana)
    return change.journey


def change_of(journey, actor, *edits):
    change = services.open_change(kind="journey", key=journey.key, title="Other", actor=actor)
    services.edit_change(number=change.number, actor=actor, edits=list(edits))
    change.refresh_from_db()
    return change
