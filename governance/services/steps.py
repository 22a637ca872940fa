"""What the handlers of all steps share: the step itself, moving the state, recording it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from governance.models import Change, LedgerEntry
from governance.policies import Standing
from governance.services.claiming import drop_claims
from governance.services.recording import record
from governance.transitions import OPEN_STATES, TRANSITIONS, Action
from people.models import User


@dataclass(slots=True)
class Step:
    """One step being taken: the locked change, who takes it, and what they said."""

    change: Change
    action: Action
    actor: User | None
    standing: Standing | None
    comment: str = ""
    hunks: frozenset[str] | None = None
    publish_at: datetime | None = None
    # Of conflicts with live: what was sent, checked by `rebasing`.
    resolutions: object = None
    # The number of the change that this one is to wait for; 0 for none.
    after: int | None = None
    # Of an appointment: the key of the requirement and the address of the person.
    requirement: str = ""
    person: str = ""
    from_state: str = ""


def move(step: Step, **fields: object) -> None:
    """Write the state that the table names for this step, and any further fields.

    A `state` among them goes beyond the table's: a step that also was the last one needed.
    """
    target = TRANSITIONS[step.action].target
    if target is not None:
        fields.setdefault("state", target)
    fields["updated_at"] = timezone.now()
    for name, value in fields.items():
        setattr(step.change, name, value)
    step.change.save(update_fields=list(fields))
    if step.change.state not in OPEN_STATES and step.from_state in OPEN_STATES:
        drop_claims(change=step.change)


def entry_of(step: Step, **data: object) -> LedgerEntry:
    """The ledger entry of a step that has been written."""
    return record(
        change=step.change,
        action=step.action,
        actor=step.actor,
        from_state=step.from_state,
        reason=step.comment,
        data=data,
    )
