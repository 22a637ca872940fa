"""The only writers of policies: somebody proposes a version, and it is activated or declined."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cjops.core.errors import Conflict, Invalid, NotFound, Stale
from cjops.core.logs import request_id
from cjops.core.schema.text import tidy_text
from governance import coverage
from governance.admission import admit, admit_text
from governance.models import (
    POLICY,
    LedgerEntry,
    Notification,
    NotificationKind,
    Policy,
    PolicyVersion,
)
from governance.queries.ruling import active_rules
from governance.ruling.definitions import Definition, digest
from governance.ruling.evaluating import Rule
from governance.services.locking import lock_policies
from governance.services.recording import after_commit, queue_mail, write_entry
from governance.stewardship import (
    asks_for_second,
    can_activate,
    can_decline,
    can_manage,
    leads_but,
    needs_second,
)
from governance.transitions import Action
from people.models import User

State = PolicyVersion.State
# What an import did with a policy.
UNCHANGED, PROPOSED, ACTIVATED = "unchanged", "proposed", "activated"


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one policy of an import."""

    key: str
    number: int
    outcome: str


@transaction.atomic(durable=True)
def propose_policy(
    *,
    definition: object,
    comment: str,
    actor: User,
    key_expected: str | None = None,
    is_new: bool = False,
    based_on: int | None = None,
) -> PolicyVersion:
    """Put a new policy, or the next version of one, up for activation.

    `key_expected` is the policy it has to be a version of; `is_new` says that there is none of its
    key yet, `based_on` is the newest version that its author knew.
    """
    can_manage(actor).require()
    lock_policies()
    complete = admit(definition)
    if key_expected is not None and complete["key"] != key_expected:
        raise Invalid(
            _("A policy keeps its key."),
            errors={"key": [_("Write “%(key)s” here.") % {"key": key_expected}]},
        )
    policy = _locked(complete["key"])
    if key_expected is not None and policy is None:
        raise _nothing()
    if is_new and policy is not None:
        raise Conflict(
            _("There is a policy with the key “%(key)s” already. Edit that one, or choose another.")
            % {"key": policy.key},
            code="key_taken",
        )
    if policy is not None and based_on is not None:
        _require_newest(policy, based_on)
    return _propose(policy, complete, comment, actor)


@transaction.atomic(durable=True)
def propose_end(*, key: str, comment: str, actor: User) -> PolicyVersion:
    """Put up for activation that a policy ends."""
    can_manage(actor).require()
    lock_policies()
    policy = _locked(key)
    if policy is None:
        raise _nothing()
    if policy.active is None:
        raise Conflict(_("This policy is not in force, so that there is nothing to end."))
    if not tidy_text(comment):
        raise _words_wanted()
    return _propose(policy, None, comment, actor)


@transaction.atomic(durable=True)
def activate(*, key: str, number: int, comment: str, actor: User) -> PolicyVersion:
    """Put a proposed version into force; open changes are asked anew afterwards.

    Raises `Conflict` with the code `catch_all_needed` where something would find nobody to decide
    on it any more.
    """
    policy, version = _version(key, number)
    can_activate(actor, version, policy.active).require()
    before = active_rules()
    _put_in_force(policy, version, comment, actor)
    _require_coverage(before, actor)
    after_commit("retake_all")
    return version


@transaction.atomic(durable=True)
def decline(*, key: str, number: int, comment: str, actor: User) -> PolicyVersion:
    """Take a proposal off the table: its author without a word, anybody else with a reason."""
    _policy, version = _version(key, number)
    can_decline(actor, version).require()
    if version.author_id != actor.pk and not tidy_text(comment):
        raise _words_wanted()
    _decide(version, State.DECLINED, actor)
    _record(version, Action.DECLINE_POLICY, actor, comment)
    return version


@transaction.atomic(durable=True)
def import_policies(
    *, text: str, comment: str, actor: User, activate: bool = False
) -> list[Imported]:
    """Propose what a YAML text says of policies, and with `activate` put it into force: all or
    nothing.

    What is as it was is left alone, and so are policies that the text does not name.
    """
    can_manage(actor).require()
    lock_policies()
    definitions = admit_text(text)
    before = active_rules()
    found = [_import_one(one, comment, actor, activate=activate) for one in definitions]
    if any(one.outcome == ACTIVATED for one in found):
        _require_coverage(before, actor)
        after_commit("retake_all")
    return found


def _import_one(definition: Definition, comment: str, actor: User, *, activate: bool) -> Imported:
    policy = _locked(definition["key"])
    named = digest(definition)
    version = policy.versions.filter(state=State.PROPOSED).first() if policy else None
    if version is None or version.digest != named:
        if policy is not None and policy.active and policy.active.digest == named:
            return Imported(policy.key, policy.active.number, UNCHANGED)
        version = _propose(policy, definition, comment, actor)
    elif not activate:
        return Imported(version.policy.key, version.number, UNCHANGED)
    if not activate:
        return Imported(version.policy.key, version.number, PROPOSED)
    policy = version.policy
    can_activate(actor, version, policy.active).require()
    _put_in_force(policy, version, comment, actor)
    return Imported(policy.key, version.number, ACTIVATED)


def _locked(key: str) -> Policy | None:
    """The policy of that key, its row locked until the transaction ends."""
    rows = Policy.objects.select_for_update(of=("self",), no_key=True).select_related("active")
    return rows.filter(key=key).first()


def _version(key: str, number: int) -> tuple[Policy, PolicyVersion]:
    """A version of a policy, with everything about policies locked."""
    lock_policies()
    policy = _locked(key)
    if policy is None:
        raise _nothing()
    version = policy.versions.select_related("author").filter(number=number).first()
    if version is None:
        raise _nothing()
    version.policy = policy
    return policy, version


def _nothing() -> NotFound:
    return NotFound(_("There is nothing at this address that you can see."))


def _words_wanted() -> Invalid:
    return Invalid(
        _("Say why: whoever looks later wants to know."), errors={"comment": [_("Say why.")]}
    )


def _require_newest(policy: Policy, based_on: int) -> None:
    newest = policy.versions.order_by("-number").first()
    if newest is not None and newest.number != based_on:
        raise Stale(
            _(
                "%(name)s wrote version %(number)s of this policy since you opened it. Look at "
                "that one first."
            )
            % {"name": newest.author or "CJOps", "number": newest.number}
        )


def _propose(
    policy: Policy | None, definition: Definition | None, comment: str, actor: User
) -> PolicyVersion:
    """The proposal as a row; a policy that is not there yet comes with it."""
    now = timezone.now()
    named = "" if definition is None else digest(definition)
    if policy is None:
        assert definition is not None  # noqa: S101  (an end is that of a policy)
        policy = Policy.objects.create(
            key=definition["key"], created_at=now, updated_at=now, **_names(definition)
        )
    if policy.active is not None and definition is not None and policy.active.digest == named:
        raise Conflict(_("This is what the policy says already."), code="nothing_changes")
    _replace_own(policy, actor)
    newest = policy.versions.order_by("-number").values_list("number", flat=True).first() or 0
    version = PolicyVersion.objects.create(
        policy=policy,
        number=newest + 1,
        definition=definition,
        digest=named,
        state=State.PROPOSED,
        comment=tidy_text(comment),
        author=actor,
        created_at=now,
    )
    entry = _record(version, Action.PROPOSE_POLICY, actor, comment)
    if needs_second(version, policy.active):
        _tell_others(entry, actor)
    return version


def _names(definition: Definition) -> dict[str, str]:
    names = definition["name"]
    return {
        "name": names["en"],
        "name_zh_hans": names.get("zh-hans", ""),
        "name_zh_hant": names.get("zh-hant", ""),
    }


def _replace_own(policy: Policy, actor: User) -> None:
    """Take back what the same author proposed before; nobody writes over another's proposal."""
    waiting = policy.versions.select_related("author").filter(state=State.PROPOSED).first()
    if waiting is None:
        return
    if waiting.author_id != actor.pk:
        raise Conflict(
            _(
                "%(name)s has proposed version %(number)s of “%(policy)s”. It has to be activated "
                "or declined first."
            )
            % {
                "name": waiting.author or "CJOps",
                "number": waiting.number,
                "policy": policy.label,
            },
            code="proposal_open",
        )
    _decide(waiting, State.SUPERSEDED, actor)


def _decide(version: PolicyVersion, state: str, actor: User) -> None:
    version.state = state
    version.decided_by, version.decided_at = actor, timezone.now()
    version.save(update_fields=["state", "decided_by", "decided_at"])


def _put_in_force(policy: Policy, version: PolicyVersion, comment: str, actor: User) -> None:
    """Make it the active version, in place of the one before."""
    if version.definition is not None:
        # Since it was proposed a team may have gone, or a person left.
        admit(version.definition)
    before = policy.active
    replaced = policy.versions.filter(state=State.ACTIVE).first()
    if replaced is not None:
        replaced.state = State.SUPERSEDED
        replaced.save(update_fields=["state"])
    _decide(version, State.ACTIVE, actor)
    policy.active = None if version.definition is None else version
    if version.definition is not None:
        for name, text in _names(version.definition).items():
            setattr(policy, name, text)
    policy.updated_at = timezone.now()
    policy.save()
    data = {
        "before": before.digest if before else "",
        "second": bool(before and asks_for_second(before.definition))
        or asks_for_second(version.definition),
    }
    _record(version, Action.ACTIVATE_POLICY, actor, comment, data)


def _require_coverage(before: list[Rule], actor: User) -> None:
    """Refuse where what is in force now leaves something without anybody to decide."""
    lost = coverage.lost(before, active_rules(), actor)
    if not lost:
        return
    raise Conflict(coverage.sentence(lost), code="catch_all_needed", total=lost.total)


def _record(
    version: PolicyVersion,
    action: Action,
    actor: User,
    comment: str,
    data: dict[str, Any] | None = None,
) -> LedgerEntry:
    return write_entry(
        kind=POLICY,
        policy=version.policy,
        at=timezone.now(),
        actor=actor,
        action=action,
        revision=version.number,
        digest=version.digest,
        reason=tidy_text(comment),
        data={"ends": version.definition is None, **(data or {})},
        request_id=request_id(),
    )


def _tell_others(entry: LedgerEntry, actor: User) -> None:
    """Tell those who may activate what its author may not."""
    rows = Notification.objects.bulk_create(
        [
            Notification(
                user=person,
                kind=NotificationKind.POLICY_PROPOSED,
                entry=entry,
                created_at=entry.at,
            )
            for person in leads_but([actor.pk])
        ]
    )
    if rows:
        queue_mail([row.pk for row in rows])
