"""Accounts, teams and memberships: the only writer of them.

Each function joins the caller's transaction where there is one: the admin saves a form and its
inlines as a whole. One that may refuse does so within a savepoint, so that the caller may go on.
"""

from collections.abc import Iterable
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group, Permission
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from cjops.core import auditing
from cjops.core.errors import Conflict, Forbidden, Invalid, NotFound
from cjops.core.reactions import announce
from people import events, notices, queries, security
from people.defaults import CHANNELS, ROLES
from people.models import Channel, Locale, Membership, MembershipRole, Role, Team, User
from people.notices import NOWHERE, Where
from people.tokens import end_token, issue_token, token_digest

__all__ = [
    "add_defaults",
    "create_person",
    "create_team",
    "delete_channel",
    "end_token",
    "issue_token",
    "remove_membership",
    "save",
    "save_channel",
    "save_person",
    "save_team",
    "set_channels",
    "set_language",
    "set_membership",
    "set_permissions",
    "set_preferences",
    "token_digest",
]

PREFERENCES = ("name", "locale", "time_zone", "uses_keys", "mails")
# What an administrator edits of an account.
EDITED = ("email", *PREFERENCES, "is_staff", "is_superuser")


def save(row: Any, *, actor: User | None) -> None:
    """Check a row against its own rules and store it, with `actor` in its history.

    Raises `Invalid`, by field.
    """
    try:
        row.full_clean()
    except ValidationError as error:
        raise refused(error) from error
    row._history_user = actor
    row.save()


def refused(error: ValidationError) -> Invalid:
    """Django's refusal as one of ours."""
    errors = {name: list(messages) for name, messages in error.message_dict.items()}
    return Invalid(" ".join(error.messages), errors=errors)


@transaction.atomic(savepoint=True)
def create_person(
    *,
    email: str,
    name: str,
    actor: User | None,
    password: str | None = None,
    locale: str = Locale.EN,
    time_zone: str = "UTC",
    is_staff: bool = False,
    is_superuser: bool = False,
) -> User:
    """A new account. Without `password` nobody signs in to it before a reset.

    Raises `Invalid`, by field: an address in use, a weak password, an unknown language.
    """
    person = User(
        email=email.strip().lower(),
        name=name,
        locale=locale,
        time_zone=time_zone,
        is_staff=is_staff,
        is_superuser=is_superuser,
    )
    if password is not None:
        try:
            validate_password(password, person)
        except ValidationError as error:
            raise Invalid(
                " ".join(error.messages), errors={"password": list(error.messages)}
            ) from error
    person.set_password(password)
    save(person, actor=actor)
    _note_powers(person, frozenset(), actor)
    return person


@transaction.atomic(savepoint=True)
def save_person(
    *,
    person: User,
    actor: User | None,
    fields: Iterable[str] = EDITED,
    where: Where = NOWHERE,
    keep: str | None = None,
) -> None:
    """Store a new account, or of a known one the `fields` that were edited and nothing else: the
    row is read anew first. Whether it is on is up to `people.leaving`, powers to superusers.

    With another address the sign-ins end but the one of the key `keep`, and both addresses are
    mailed. Raises `Invalid`, by field, `Forbidden` for an account that `actor` may not manage (see
    `queries.may_manage`), and `NotFound`.
    """
    person.email = person.email.strip().lower()
    if person.pk is None:
        save(person, actor=actor)
        _note_powers(person, frozenset(), actor)
    else:
        wanted = [name for name in EDITED if name in set(fields)]
        before = _freshen(person, wanted)
        refuse_managing(before, actor)
        _update(person, wanted, actor)
        _note_powers(person, _flags(before), actor)
        if person.email != before.email:
            security.changed(
                user=person, what=security.ADDRESS_CHANGED, actor=actor, where=where, keep=keep
            )
            notices.tell(person=person, what="address_changed", where=where, to=before.email)
    # allauth would let the person in by an address they had before, whoever has it now.
    EmailAddress.objects.filter(user=person).exclude(email=person.email).delete()
    announce("places", people=[person.pk])


@transaction.atomic(savepoint=True)
def set_permissions(*, person: User, permissions: Iterable[Permission], actor: User | None) -> None:
    """Make `permissions` those that the person holds by Django's own row. Raises `Forbidden`."""
    before = _freshen(person, ())
    if actor is not None and not actor.is_superuser:
        raise Forbidden(_("Only a superuser hands out powers over the portal."))
    old = _codes(before.user_permissions.all())
    person._history_user = actor  # type: ignore[attr-defined]
    person.user_permissions.set(permissions)
    _note_change(person, old, _codes(person.user_permissions.all()), actor)
    announce("places", people=[person.pk])


def refuse_managing(person: User, actor: User | None) -> None:
    """Raise `Forbidden` where `actor` (None: the portal) may not manage the account."""
    if actor is not None and not queries.may_manage(actor, person):
        raise Forbidden(_("Only a superuser manages the account of somebody with powers."))


def _freshen(person: User, edited: Iterable[str]) -> User:
    """Hold the row and put on `person` what it says but for what was edited; the row itself.

    Raises `NotFound`.
    """
    rows = User.objects.select_for_update(of=("self",), no_key=True)
    stored = rows.filter(pk=person.pk).first()
    if stored is None:
        raise NotFound(_("There is nothing at this address that you can see."))
    for field in User._meta.concrete_fields:
        if field.name not in edited:
            setattr(person, field.attname, getattr(stored, field.attname))
    return stored


def _update(person: User, fields: Iterable[str], actor: User | None) -> None:
    """Check the account and write these fields."""
    try:
        person.full_clean()
    except ValidationError as error:
        raise refused(error) from error
    person._history_user = actor  # type: ignore[attr-defined]
    person.save(update_fields=list(fields))


def _flags(person: User) -> frozenset[str]:
    return frozenset(name for name in ("is_staff", "is_superuser") if getattr(person, name))


def _codes(permissions: Iterable[Permission]) -> frozenset[str]:
    return frozenset(one.codename for one in permissions)


def _note_powers(person: User, before: frozenset[str], actor: User | None) -> None:
    _note_change(person, before, _flags(person), actor)


def _note_change(
    person: User, before: frozenset[str], after: frozenset[str], actor: User | None
) -> None:
    if before != after:
        told = {"added": sorted(after - before), "removed": sorted(before - after)}
        auditing.note(events.PERSON_POWERS, actor=actor, about=person, data=told)


@transaction.atomic(savepoint=True)
def create_team(
    *,
    key: str,
    name: str,
    kind: str,
    actor: User | None,
    channels: Iterable[Channel] = (),
    name_zh_hans: str = "",
    name_zh_hant: str = "",
) -> Team:
    """A new team with the group its rights hang on. Raises `Invalid`, by field."""
    team = Team(key=key, name=name, kind=kind, name_zh_hans=name_zh_hans, name_zh_hant=name_zh_hant)
    save_team(team=team, actor=actor)
    set_channels(team=team, channels=channels, actor=actor)
    return team


@transaction.atomic(savepoint=True)
def save_team(*, team: Team, actor: User | None) -> None:
    """Store a team, new or known; its group carries its key. Raises `Invalid`, by field."""
    try:
        team.full_clean(exclude=["group"])
    except ValidationError as error:
        raise refused(error) from error
    name = f"team:{team.key}"
    if team.group_id is None:
        team.group = Group.objects.create(name=name)
    elif team.group.name != name:
        team.group.name = name
        team.group.save(update_fields=["name"])
    team._history_user = actor  # type: ignore[attr-defined]
    team.save()


@transaction.atomic(savepoint=False)
def set_channels(*, team: Team, channels: Iterable[Channel], actor: User | None) -> None:
    """Make `channels` those the team stewards."""
    _lock(team)
    before = _channels_of(team)
    team._history_user = actor  # type: ignore[attr-defined]
    team.channels.set(channels)
    after = _channels_of(team)
    if before != after:
        told = {"added": sorted(after - before), "removed": sorted(before - after)}
        auditing.note(events.TEAM_CHANNELS, actor=actor, about=team, data=told)
    announce("places", teams=[team.pk])


def _lock(team: Team) -> None:
    """Hold the team's row: who is in it and what it stewards is read, then written."""
    Team.objects.select_for_update(of=("self",), no_key=True).only("pk").get(pk=team.pk)


def _channels_of(team: Team) -> set[int]:
    return set(team.channels.order_by().values_list("pk", flat=True))


@transaction.atomic(savepoint=True)
def set_membership(
    *,
    team: Team,
    user: User,
    actor: User | None,
    role: str = MembershipRole.CONTRIBUTOR,
) -> Membership:
    """Make the person a member in that role, whatever they were before."""
    _lock(team)
    membership = Membership.objects.filter(team=team, user=user).first()
    told = {"person": user.pk, "role": str(role)}
    if membership is None:
        membership, action = Membership(team=team, user=user), events.TEAM_JOINED
    elif membership.role == role:
        return membership
    else:
        action, told["before"] = events.TEAM_ROLE, membership.role
    membership.role = role
    save(membership, actor=actor)
    user.groups.add(team.group_id)
    auditing.note(action, actor=actor, about=team, data=told)
    announce("places", teams=[team.pk])
    return membership


@transaction.atomic(savepoint=False)
def remove_membership(*, team: Team, user: User, actor: User | None) -> None:
    """Take the person out of the team, and their rights through it with them."""
    _lock(team)
    membership = Membership.objects.filter(team=team, user=user).first()
    if membership is not None:
        told = {"person": user.pk, "role": membership.role}
        auditing.note(events.TEAM_LEFT, actor=actor, about=team, data=told)
        membership._history_user = actor  # type: ignore[attr-defined]
        membership.delete()
    user.groups.remove(team.group_id)
    announce("places", teams=[team.pk])


@transaction.atomic(savepoint=True)
def set_language(*, user: User, locale: str) -> None:
    """Remember the language a person chose. Raises `Invalid` for one the portal does not speak."""
    if locale not in Locale.values:
        raise Invalid(_("The portal does not speak that language."))
    if user.locale == locale:
        return
    user.locale = locale
    user._history_user = user  # type: ignore[attr-defined]
    user.save(update_fields=["locale"])


@transaction.atomic(savepoint=True)
def set_preferences(
    *,
    user: User,
    name: str,
    locale: str,
    time_zone: str,
    uses_keys: bool,
    mails: str | None = None,
) -> None:
    """Change what a person may change about their own account; without `mails` these stay.

    Raises `Invalid`, by field.
    """
    # All else as it is stored now: whoever was switched off meanwhile stays so.
    _freshen(user, ())
    user.name = name.strip()
    user.locale = locale
    user.time_zone = time_zone
    user.uses_keys = uses_keys
    user.mails = user.mails if mails is None else mails
    _update(user, PREFERENCES, user)


@transaction.atomic(savepoint=False)
def add_defaults(*, actor: User | None = None) -> tuple[int, int]:
    """Add the default roles and channels that are missing; the number of each that was added.

    Rows that exist keep what an admin made of them.
    """
    return add_missing(Role, ROLES, actor=actor), add_missing(Channel, CHANNELS, actor=actor)


def add_missing(
    model: type[Role] | type[Channel], rows: Iterable[dict[str, Any]], *, actor: User | None
) -> int:
    """Store the rows whose key is not there yet, in their order; how many that were."""
    known = set(model.objects.values_list("key", flat=True))
    missing = [
        model(position=position, **row)
        for position, row in enumerate(rows, start=1)
        if row["key"] not in known
    ]
    for row in missing:
        save(row, actor=actor)
    return len(missing)


def save_channel(*, channel: Channel, actor: User | None) -> None:
    """Store a channel, new or known. Raises `Invalid`, by field."""
    save(channel, actor=actor)


@transaction.atomic(savepoint=True)
def delete_channel(*, channel: Channel, actor: User | None) -> None:
    """Delete a channel that nothing uses. Raises `Conflict` where something does."""
    channel._history_user = actor  # type: ignore[attr-defined]
    try:
        channel.delete()
    except ProtectedError as error:
        raise Conflict(_("Steps, content or decisions use this channel, so it stays.")) from error
